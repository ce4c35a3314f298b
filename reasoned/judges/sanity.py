"""Sanity checks: what holds on the trained network, and must not hold on one that knows nothing."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Final, final

import numpy as np

from explainers.arrays import FloatArray, IntArray, check_shape
from explainers.contract import Explainer
from reasoned.judges.figures import SanityFigures
from reasoned.judges.network import JudgedNetwork
from reasoned.judges.pictures import PictureMethod
from reasoned.judges.similarity import picture_similarity

LEAST_AGREEMENT: Final = 0.5
LEAST_LIKENESS: Final = 0.5
NAMES: Final = "names the network's class"
LOOKS: Final = "gives the pictures of the trained network"
TRUE: Final = "names the true class"
_NOBODY: Final = -1


@final
@dataclasses.dataclass(frozen=True)
class Check:
    """One check on one network.

    Attributes
    ----------
    check
        What is claimed.
    method
        Of whom.
    figure
        Agreement beyond chance (Cohen's kappa), or mean rank correlation of pictures; 1 is
        all, 0 what chance gives.
    limit
        The least figure with which the claim holds.

    """

    check: str
    method: str
    figure: float
    limit: float

    @property
    def holds(self) -> bool:
        """Whether the claim holds."""
        return self.figure >= self.limit


def check_faithful(
    explainers: Mapping[str, Explainer],
    pictures: Sequence[PictureMethod],
    own: JudgedNetwork,
    given: JudgedNetwork,
    pixels: FloatArray,
) -> tuple[Check, ...]:
    """Hold a model's explanations against a network that may be another one.

    Every tap is run on the network given; what was fitted on the own network stays. On the
    own network each check holds. On a network that knows nothing of the classes a faithful
    explanation no longer names the class, and pictures are others.

    Parameters
    ----------
    explainers
        The model's methods.
    pictures
        Their pictures, and those of others.
    own
        The network that the model was fitted on.
    given
        The network that is explained.
    pixels
        Shape (images, channels, rows, columns).

    References
    ----------
    Adebayo et al., Sanity checks for saliency maps, NeurIPS 2018.

    """
    table = given.tabulate(pixels)
    activations = [table.one(i) for i in range(len(pixels))]
    named = {
        name: np.array([_named(method.explain(one).names) for one in activations])
        for name, method in explainers.items()
    }
    classes = own.logits(pixels).argmax(axis=1).astype(np.int64)
    agreements = [
        Check(NAMES, name, agreement(found, table.predicted), LEAST_AGREEMENT)
        for name, found in named.items()
    ]
    likenesses = []
    for method in pictures:
        first, second = (method.attribute(network, pixels, classes) for network in (own, given))
        likeness = float(picture_similarity(first, second).mean())
        likenesses.append(Check(LOOKS, method.name, likeness, LEAST_LIKENESS))
    return (*agreements, *likenesses)


def check_true(given: JudgedNetwork, pixels: FloatArray, labels: IntArray) -> Check:
    """Hold a network's own classes against the true ones."""
    predicted = given.logits(pixels).argmax(axis=1)
    return Check(TRUE, "network", agreement(predicted, labels), LEAST_AGREEMENT)


def agreement(first: IntArray, second: IntArray) -> float:
    """Give Cohen's kappa of two columns of classes; 0 where chance alone would agree.

    Parameters
    ----------
    first, second
        Shape (images). -1 is nobody's class.

    References
    ----------
    Cohen, A coefficient of agreement for nominal scales, 1960.

    """
    check_shape("first", first, "images")
    check_shape("second", second, "images", images=len(first))
    observed = float((first == second).mean())
    classes = np.union1d(first, second)
    chance = float(sum((first == label).mean() * (second == label).mean() for label in classes))
    return (observed - chance) / (1.0 - chance) if chance < 1.0 else 0.0


def sanity_figures(
    trained: Sequence[Check],
    redrawn: Sequence[Check],
    shuffled: Sequence[Check],
    stays: Mapping[str, str],
) -> tuple[SanityFigures, ...]:
    """Put the checks on the three networks side by side.

    Parameters
    ----------
    trained, redrawn, shuffled
        The same checks in the same order, on the three networks.
    stays
        By method what does not change with the network.

    """
    return tuple(
        SanityFigures(
            check=one.check,
            method=one.method,
            trained=one.figure,
            redrawn=other.figure,
            shuffled_labels=another.figure,
            limit=one.limit,
            passed=one.holds and not other.holds and not another.holds,
            note=stays.get(one.method, "") if one.check == LOOKS else "",
        )
        for one, other, another in zip(trained, redrawn, shuffled, strict=True)
    )


def _named(label: int | None) -> int:
    return _NOBODY if label is None else label
