"""How many images of each kind there are, and how replies to them did."""

import numpy as np

from explainers.arrays import BoolArray
from explainers.status import STATUSES
from reasoned.answers import Answers
from reasoned.assessment.figures import ShareFigures


def by_status(answers: Answers) -> tuple[ShareFigures, ...]:
    """Give share, fidelity and accuracy per status; all statuses, also those without images."""
    return tuple(
        share_of(answers, status, answers.status == status, answers.faithful) for status in STATUSES
    )


def by_class(answers: Answers, classes: tuple[str, ...]) -> tuple[ShareFigures, ...]:
    """Give share, fidelity and accuracy per class that the network gives."""
    return tuple(
        share_of(answers, name, answers.predicted == position, answers.faithful)
        for position, name in enumerate(classes)
    )


def on_errors(answers: Answers) -> ShareFigures:
    """Give share and fidelity of the images for which the network is wrong."""
    wrong = ~answers.right & (answers.labels >= 0)
    return share_of(answers, "the network is wrong", wrong, answers.faithful)


def by_method(answers: Answers) -> tuple[ShareFigures, ...]:
    """Give what each method covers, and its own fidelity and the accuracy there."""
    return tuple(
        share_of(answers, name, column.regions != "", column.names == answers.predicted)
        for name, column in answers.methods.items()
    )


def share_of(answers: Answers, name: str, chosen: BoolArray, agreed: BoolArray) -> ShareFigures:
    """Count the chosen images.

    Parameters
    ----------
    answers
        All of them.
    name
        What the chosen ones are called.
    chosen
        Shape (images).
    agreed
        Shape (images). Whose fidelity is meant: where the network's class was named.

    """
    labelled = chosen & (answers.labels >= 0)
    return ShareFigures(
        name=name,
        of=int(chosen.sum()),
        share=float(chosen.mean()) if len(answers) else 0.0,
        fidelity=mean(agreed[chosen]),
        accuracy=mean(answers.right[labelled]),
    )


def mean(values: BoolArray) -> float | None:
    """Give the share of true ones, or None where there is nothing to count."""
    return float(np.mean(values)) if values.size else None
