"""The cases that an explanation should have got right and did not, the most confident first."""

import dataclasses
from collections.abc import Sequence
from typing import final

import numpy as np

from explainers.arrays import BoolArray, ByteArray, IntArray
from reasoned.answers import Answers
from reasoned.assessment.page_blocks import gallery_jpeg, image_png
from reasoned.model import ExplainedModel
from reasoned.reply.schema import Reply


@final
@dataclasses.dataclass(frozen=True)
class CaseExample:
    """A training image near a case.

    Attributes
    ----------
    id, predicted
        Its name, and the class that the network gives it.
    distance
        In the explained layer.
    png
        Its thumbnail, or None where the model has none.

    """

    id: str
    predicted: str
    distance: float
    png: bytes | None


@final
@dataclasses.dataclass(frozen=True, eq=False)
class WorstCase:
    """One image, and everything that is shown of it.

    Attributes
    ----------
    id
        What the image is called.
    parted
        Whether the first choice names another class than the network; else the network is
        wrong.
    image
        PNG.
    true
        Its true class, or None where it has none.
    estimate, lower
        The reply's statement; None where nothing was counted.
    reply
        The model's full reply.
    region, region_jpeg
        The method and region of the first evidence that has a picture of its region, and the
        picture.
    same, other
        The nearest training image that the network puts in its class for this image, and the
        nearest in another.

    """

    id: str
    parted: bool
    image: bytes
    true: str | None
    estimate: float | None
    lower: float | None
    reply: Reply
    region: tuple[str, str] | None
    region_jpeg: bytes | None
    same: CaseExample | None
    other: CaseExample | None


def worst_cases(
    model: ExplainedModel,
    answers: Answers,
    images: Sequence[ByteArray],
    ids: Sequence[str],
    count: int = 20,
) -> tuple[WorstCase, ...]:
    """Explain the worst cases in full.

    Parameters
    ----------
    model
        Whose answers they are.
    answers
        To `images`.
    images
        Each of shape (rows, columns, channels).
    ids
        What each image is called.
    count
        How many at most.

    """
    return tuple(_case(model, answers, images, ids, row) for row in worst_rows(answers, count))


def worst_rows(answers: Answers, count: int) -> list[int]:
    """Choose and order the images.

    First those whose first choice names another class than the network, then those for which
    the network is wrong; within each the highest estimate first (none at all last), of equal
    ones the network's most confident first, then by position. An explanation that names no
    class is no case: it claims nothing.
    """
    parted = (answers.first_names >= 0) & ~answers.faithful
    wrong = (answers.labels >= 0) & ~answers.right & ~parted
    return [*_ordered(answers, parted), *_ordered(answers, wrong)][:count]


def _ordered(answers: Answers, chosen: BoolArray) -> list[int]:
    rows: IntArray = np.flatnonzero(chosen).astype(np.int64)
    estimate = np.nan_to_num(answers.estimate[rows], nan=-1.0)
    ranks = np.lexsort((rows, -answers.confidence[rows], -estimate))
    found: list[int] = rows[ranks].tolist()
    return found


def _case(
    model: ExplainedModel,
    answers: Answers,
    images: Sequence[ByteArray],
    ids: Sequence[str],
    row: int,
) -> WorstCase:
    image = images[row]
    reply = model.explain(image, explain="full")
    label = int(answers.labels[row])
    region = _pictured(model, reply)
    return WorstCase(
        id=ids[row],
        parted=bool(answers.first_names[row] >= 0 and not answers.faithful[row]),
        image=image_png(image),
        true=model.classes[label] if label >= 0 else None,
        estimate=_number(float(answers.estimate[row])),
        lower=_number(float(answers.lower[row])),
        reply=reply,
        region=None if region is None else region[0],
        region_jpeg=None if region is None else gallery_jpeg(region[1]),
        same=_same(model, image, reply.prediction.index),
        other=_other(model, reply),
    )


def _number(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _pictured(model: ExplainedModel, reply: Reply) -> tuple[tuple[str, str], bytes] | None:
    for one in () if reply.explanation is None else reply.explanation.evidence:
        png = None if one.region is None else model.region_png(one.method, one.region)
        if one.region is not None and png is not None:
            return (one.method, one.region), png
    return None


def _same(model: ExplainedModel, image: ByteArray, predicted: int) -> CaseExample | None:
    """Search all stored examples: among mistakes the nearest few are often of another class."""
    parts = model.explaining.parts
    stored = parts.representatives
    places = np.flatnonzero(stored.predicted == predicted)
    if not len(places):
        return None
    hidden = parts.network.run(parts.preprocessing.apply(image)).hidden
    distances = np.linalg.norm(stored.vectors[places].astype(np.float64) - hidden, axis=1)
    nearest = int(np.argmin(distances))
    identity = stored.ids[int(places[nearest])]
    label = model.classes[predicted]
    return CaseExample(identity, label, float(distances[nearest]), model.example_png(identity))


def _other(model: ExplainedModel, reply: Reply) -> CaseExample | None:
    one = reply.contrast
    if one is None:
        return None
    return CaseExample(one.id, one.predicted, one.distance, model.example_png(one.id))
