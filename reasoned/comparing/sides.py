"""What both models answer to the same images."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import final

import numpy as np

from explainers.arrays import BoolArray
from reasoned.answers import Answers, TextArray, answer_images
from reasoned.comparing.nearest import NearestExamples, nearest_examples
from reasoned.comparing.pair import Pair
from reasoned.model import ExplainedModel


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Side:
    """One model's answers.

    Attributes
    ----------
    answers
        To the images.
    nearest
        Their nearest examples.

    """

    answers: Answers
    nearest: NearestExamples

    @property
    def carriers(self) -> TextArray:
        """Name the method that carries the network's class; "" for none with regions.

        Shape (images). The first, in order of lower bound, that names the network's class.
        """
        found = np.full(len(self.answers), "", object)
        best = np.full(len(self.answers), -1.0)
        for name, columns in self.answers.methods.items():
            lower = np.nan_to_num(columns.lower, nan=0.0)
            better = (columns.names == self.answers.predicted) & (lower > best)
            found[better] = name
            best[better] = lower[better]
        return found


def ask(
    model: ExplainedModel, pair: Pair, progress: Callable[..., Iterable[int]], name: str
) -> Side:
    """Let one model of a pair answer.

    Parameters
    ----------
    model
        One of the two.
    pair
        Its images.
    progress
        Shows the images.
    name
        What the progress bar calls the model.

    """
    parts, images = model.explaining.parts, pair.images
    labels = pair.dataset.labels[pair.rows]
    return Side(
        answers=answer_images(parts, images, labels, progress, f"answers of {name}"),
        nearest=nearest_examples(parts, images, progress, f"examples of {name}"),
    )


def agreed(before: Side, after: Side) -> BoolArray:
    """Tell to which images both networks give one class; shape (images)."""
    found: BoolArray = before.answers.predicted == after.answers.predicted
    return found


def in_both(before: Side, after: Side) -> tuple[str, ...]:
    """Name the methods with regions that both models package, in A's order."""
    return tuple(name for name in before.answers.methods if name in after.answers.methods)
