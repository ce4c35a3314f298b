"""Rankings of features, one per image: the mixture's own, and those it is compared with."""

import dataclasses
from typing import Final, final

import numpy as np

from explainers.arrays import AnyArray, BoolArray, DoubleArray, FloatArray, IntArray

OWN: Final = ("mixture", "mixture_signed", "mixture_mean")
NAMES: Final = {
    "mixture": "mixture by |b|",
    "mixture_signed": "mixture by contribution",
    "mixture_mean": "mixture against the mean",
    "random_within": "random among the same features",
    "random_all": "random among all features",
    "variance": "variance",
    "ridge": "one ridge by |b|",
    "ridge_signed": "one ridge by contribution",
    "ridge_mean": "one ridge against the mean",
    "gradient_input": "gradient x input (captum)",
    "integrated_gradients": "integrated gradients (captum)",
    "lime": "LIME (captum)",
    "shap": "Kernel SHAP (captum)",
}


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Materials:
    """What rankings of one class's images are made from.

    Attributes
    ----------
    features
        Shape (images, features).
    null, others
        Shape (features). The features of a null image, and the mean of training images that
        the network gives other classes.
    selected
        Shape (features). Which the class's regression read.
    weights
        Shape (images, features). The gated coefficients.
    ridge
        Shape (features). One ridge's coefficients.
    variance
        Shape (features). Within the class's training images.

    """

    features: AnyArray
    null: AnyArray
    others: AnyArray
    selected: BoolArray
    weights: DoubleArray
    ridge: DoubleArray
    variance: AnyArray


def own_rankings(given: Materials, rng: np.random.Generator) -> dict[str, IntArray]:
    """Rank by the mixture, one ridge, the variance and at random.

    Returns
    -------
    dict
        By name, shape (images, ranked): features, the most important first. ``mixture`` is
        by |b|, as in the paper; ``_signed`` by the contribution b (x - null), the largest
        positive one first; ``_mean`` by b (x - the mean of other classes), which also counts
        pixels that speak for the class by being dark.

    """
    images, features = given.features.shape
    x = given.features.astype(np.float64)
    lit, apart = x - given.null, x - given.others
    everywhere, ridge = np.ones(features, np.bool_), np.tile(given.ridge, (images, 1))
    return {
        "mixture": ranked(np.abs(given.weights), given.selected),
        "mixture_signed": ranked(given.weights * lit, given.selected),
        "mixture_mean": ranked(given.weights * apart, given.selected),
        "random_within": ranked(rng.random((images, features)), given.selected),
        "random_all": ranked(rng.random((images, features)), everywhere),
        "variance": ranked(np.tile(given.variance, (images, 1)), given.selected),
        "ridge": ranked(np.abs(ridge), given.selected),
        "ridge_signed": ranked(ridge * lit, given.selected),
        "ridge_mean": ranked(ridge * apart, given.selected),
    }


def ranked(scores: AnyArray, among: BoolArray) -> IntArray:
    """Order features by falling score, of equal ones the lower; (images, ranked).

    Parameters
    ----------
    scores
        Shape (images, features).
    among
        Shape (features). The features that are ranked at all.

    """
    features = np.flatnonzero(among)
    order = np.argsort(-scores[:, features], axis=1, kind="stable")
    return features[order].astype(np.int64)


def by_feature(scores: DoubleArray, cells: IntArray) -> DoubleArray:
    """Add up scores of values, (images, values), over each feature; (images, features)."""
    found = np.zeros((len(scores), int(cells.max()) + 1))
    np.add.at(found.T, cells, scores.T)
    return found


def class_variance(features: FloatArray) -> DoubleArray:
    """Give each feature's variance over images (images, features)."""
    return np.asarray(features.var(axis=0, dtype=np.float64))
