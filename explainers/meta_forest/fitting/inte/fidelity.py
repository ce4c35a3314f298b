"""Figures for how faithful the reconstruction is to the network."""

import dataclasses
from typing import final

import numpy as np
from scipy.stats import binomtest

from explainers.arrays import BoolArray, DoubleArray, IntArray, check_shape
from explainers.meta_forest.fitting.inte.nominal_tree import NominalTree

CLAIM_TOLERANCE = 0.02


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Rate:
    """How often something held.

    Attributes
    ----------
    count, of
        It held `count` times in `of`.
    lower, upper
        The exact two-sided 95 % binomial interval (Clopper-Pearson).

    """

    count: int
    of: int
    lower: float
    upper: float

    @property
    def share(self) -> float:
        """`count` in `of`; NaN when there was nothing to count."""
        return self.count / self.of if self.of else float("nan")


def rate(held: BoolArray) -> Rate:
    """Count how often something held, with its interval."""
    count, of = int(held.sum()), len(held)
    if of == 0:
        return Rate(0, 0, 0.0, 1.0)
    interval = binomtest(count, of).proportion_ci(0.95, method="exact")
    return Rate(count, of, float(interval.low), float(interval.high))


def agreement(named: IntArray, wanted: IntArray) -> Rate:
    """Count how often two labellings of the same images agree."""
    check_shape("named", named, "images", images=len(wanted))
    return rate(named == wanted)


def agreement_on_errors(named: IntArray, predicted: IntArray, labels: IntArray) -> Rate:
    """Count agreement with the network where the network is wrong.

    A stand-in that merely knows the classes well would score low here.
    """
    wrong = predicted != labels
    return agreement(named[wrong], predicted[wrong])


def confusion(rows: IntArray, columns: IntArray, classes: int) -> IntArray:
    """Cross-tabulate two labellings, shape (classes, classes)."""
    flat = np.bincount(rows * classes + columns, minlength=classes * classes)
    return flat.reshape(classes, classes).astype(np.int64)


def id_accuracy(network_codes: IntArray, forest_codes: IntArray) -> DoubleArray:
    """Give, for each factor, how often the base learner names the network's cluster."""
    check_shape("forest_codes", forest_codes, "images", "factors", images=len(network_codes))
    return np.asarray((network_codes == forest_codes).mean(axis=0), dtype=np.float64)


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Complexity:
    """How much there is to read.

    Attributes
    ----------
    leaves
        Of the whole tree.
    mean_path_length
        Conditions on a path, averaged over images.
    mean_factors_on_path
        Different factors on a path, averaged over images.

    """

    leaves: int
    mean_path_length: float
    mean_factors_on_path: float


def complexity(tree: NominalTree, codes: IntArray) -> Complexity:
    """Measure a tree on images with ids of shape (images, factors)."""
    leaves, visits = np.unique(tree.leaf_of(codes), return_counts=True)
    paths = [tree.path_to(int(leaf)).conditions for leaf in leaves]
    lengths = np.array([len(path) for path in paths])
    factors = np.array([len({condition.factor for condition in path}) for path in paths])
    return Complexity(
        leaves=len(tree.leaves),
        mean_path_length=float(np.average(lengths, weights=visits)),
        mean_factors_on_path=float(np.average(factors, weights=visits)),
    )


@final
@dataclasses.dataclass(frozen=True, slots=True)
class AccuracyClaim:
    """Whether the paper's one claim, no loss of accuracy, was met.

    Attributes
    ----------
    difference
        ``abs(accuracy of the tree by the forest route - accuracy of the network)``.
    reproduced
        Whether it is at most 0.02.
    words
        What a report must print.

    """

    difference: float
    reproduced: bool
    words: str


def accuracy_claim(tree_accuracy: float, network_accuracy: float) -> AccuracyClaim:
    """Judge the paper's claim by the accuracies of its own route and of the network."""
    difference = abs(tree_accuracy - network_accuracy)
    # Accuracies are ratios of counts: a difference of exactly 0.02 must not fail by rounding.
    reproduced = difference <= CLAIM_TOLERANCE + 1e-9
    figures = (
        f"the tree by the forest route is right on {tree_accuracy:.4f} of the test images, "
        f"the network on {network_accuracy:.4f}; they differ by {difference:.4f}, "
        f"where {CLAIM_TOLERANCE} was the bar"
    )
    verdict = (
        "This reconstruction meets the paper's claim of no loss of accuracy"
        if reproduced
        else "The paper's claim of no loss of accuracy was not reproduced"
    )
    return AccuracyClaim(difference, reproduced, f"{verdict}: {figures}.")
