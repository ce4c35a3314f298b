"""The images whose explanation moved most, in the models' own words."""

import dataclasses
from typing import Final, final

import numpy as np

from explainers.arrays import ByteArray, IntArray
from reasoned.comparing.changes import changed, name_of
from reasoned.comparing.figures import MovedImage, Told
from reasoned.comparing.pair import Pair
from reasoned.comparing.sides import Side
from reasoned.model import ExplainedModel

COUNT: Final = 10


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Moved:
    """An image whose explanation moved, with its picture of shape (rows, columns, channels)."""

    figures: MovedImage
    picture: ByteArray


def most_moved(before: Side, after: Side, count: int = COUNT) -> IntArray:
    """Give the positions of the images whose explanation moved most; shape (at most count).

    First those whose network's class stayed and whose first choice names another, then
    those with another status, then with another carrier, last those with another network's
    class; within each the ones of which both models had been surest.
    """
    flags = changed(before, after)
    stayed = ~flags["class"]
    rank = np.select(
        [stayed & flags["evidence"], stayed & flags["status"], stayed & flags["carrier"], ~stayed],
        [0, 1, 2, 3],
        4,
    )
    estimates = np.nan_to_num(np.stack([before.answers.estimate, after.answers.estimate]))
    order = np.lexsort((-estimates.sum(axis=0), rank))
    found: IntArray = order[rank[order] < 4][:count]
    return found


def moved_images(pair: Pair, before: Side, after: Side) -> tuple[Moved, ...]:
    """Let both models tell of the images whose explanation moved most.

    Parameters
    ----------
    pair
        The models and the images.
    before, after
        What the models answer to them.

    """
    images, classes = pair.images, pair.before.classes
    found = []
    for place in most_moved(before, after).tolist():
        row, picture = int(pair.rows[place]), images[place]
        figures = MovedImage(
            id=pair.dataset.example_id(row),
            label=classes[int(pair.dataset.labels[row])],
            before=_told(pair.before, before, place, picture),
            after=_told(pair.after, after, place, picture),
        )
        found.append(Moved(figures, picture))
    return tuple(found)


def _told(model: ExplainedModel, side: Side, place: int, picture: ByteArray) -> Told:
    answers = side.answers
    # Every method is asked, so that the carrier is the one of the figures.
    said = model.explain(picture, explain="full", neighbours=0).explanation
    estimate = float(answers.estimate[place])
    return Told(
        predicted=model.classes[int(answers.predicted[place])],
        first=str(answers.first[place]),
        names=name_of(int(answers.first_names[place]), model.classes),
        status=str(answers.status[place]),
        estimate=estimate if np.isfinite(estimate) else None,
        carrier=None if said is None else said.carrier,
        sentence="" if said is None else said.sentence,
    )
