"""The base learners: one random forest per factor, from an image to its cluster id."""

import dataclasses
import warnings
from typing import Self, final

import numpy as np
from sklearn.ensemble import RandomForestClassifier

from explainers.arrays import AnyArray, DoubleArray, FloatArray, IntArray, check_shape
from explainers.errors import FittingError
from explainers.meta_forest.fitting.inte.nominal import appearance_order


@final
@dataclasses.dataclass(frozen=True, slots=True)
class ForestSettings:
    """The size of a forest.

    Attributes
    ----------
    trees
        How many.
    max_samples
        The share of the training images that each tree draws, in (0, 1].
    most_rows
        The most images that each tree draws, whatever the share. It bounds the time on
        large sets: 200 trees over 784 pixels take about 8 CPU seconds per 5,000 images,
        so a study of 50,000 images stays within some minutes.
    jobs
        Threads to fit with; the result does not depend on it.

    """

    trees: int = 200
    max_samples: float = 0.5
    most_rows: int = 10_000
    jobs: int = 1

    def __post_init__(self) -> None:
        if self.trees < 1 or not 0 < self.max_samples <= 1 or self.most_rows < 1:
            raise FittingError(
                "a forest needs trees >= 1, max_samples in (0, 1] and most_rows >= 1, "
                f"not {self.trees}, {self.max_samples} and {self.most_rows}"
            )

    def rows_per_tree(self, images: int) -> int:
        """Give the number of images that each tree draws, with replacement."""
        return max(1, min(int(self.max_samples * images), self.most_rows))


@final
@dataclasses.dataclass(frozen=True, eq=False)
class BaseLearners:
    """The forests, and how well they do on images that their trees did not draw.

    Attributes
    ----------
    forests
        One for each factor. A forest's class ``i`` is the cluster ``orders[factor][i]``.
    orders
        For each factor an array of shape (clusters that occur).
    out_of_bag
        Shape (factors). The share of training images whose id the trees that never drew
        them name, of those that some tree did not draw; NaN when it was not asked for.

    """

    forests: tuple[RandomForestClassifier, ...]
    orders: tuple[IntArray, ...]
    out_of_bag: DoubleArray

    @classmethod
    def fit(
        cls,
        inputs: AnyArray,
        codes: IntArray,
        settings: ForestSettings,
        rng: np.random.Generator,
        *,
        out_of_bag: bool = True,
    ) -> Self:
        """Fit one forest per factor.

        Parameters
        ----------
        inputs
            Shape (images, features): pixels, or activations for the optional variant.
        codes
            Shape (images, factors). What the forests learn to name.
        settings
            The size of each forest.
        rng
            Seeds the forests.
        out_of_bag
            Whether to score the forests on the images that their trees did not draw.

        """
        check_shape("codes", codes, "images", "factors", images=len(inputs))
        forests, orders = [], []
        for factor in range(codes.shape[1]):
            order = appearance_order(codes[:, factor])
            target = np.argsort(order)[np.searchsorted(np.sort(order), codes[:, factor])]
            forests.append(fit_forest(inputs, target, settings, rng, out_of_bag=out_of_bag))
            orders.append(order)
        scores = [
            _out_of_bag_accuracy(forest, order, codes[:, factor]) if out_of_bag else np.nan
            for factor, (forest, order) in enumerate(zip(forests, orders, strict=True))
        ]
        return cls(tuple(forests), tuple(orders), np.array(scores, dtype=np.float64))

    def codes(self, inputs: AnyArray) -> IntArray:
        """Name each image's cluster in every factor, shape (images, factors)."""
        named = [
            order[forest.predict(inputs)]
            for forest, order in zip(self.forests, self.orders, strict=True)
        ]
        return np.stack(named, axis=1)


def fit_forest(
    inputs: AnyArray,
    target: IntArray,
    settings: ForestSettings,
    rng: np.random.Generator,
    *,
    out_of_bag: bool = False,
) -> RandomForestClassifier:
    """Fit one forest from inputs of shape (images, features) to labels (images)."""
    forest = RandomForestClassifier(
        settings.trees,
        max_samples=settings.rows_per_tree(len(inputs)),
        oob_score=out_of_bag,
        n_jobs=settings.jobs,
        random_state=int(rng.integers(2**31)),
    )
    with warnings.catch_warnings():
        # With few trees some images are in every bag; they are left out of the score.
        warnings.filterwarnings("ignore", "Some inputs do not have OOB scores", UserWarning)
        forest.fit(inputs, target)
    # Threads add the trees' votes in varying order, which can turn a tie: predict on one.
    return forest.set_params(n_jobs=1)


def _out_of_bag_accuracy(forest: RandomForestClassifier, order: IntArray, ids: IntArray) -> float:
    votes = np.asarray(forest.oob_decision_function_)  # (images, clusters that occur)
    voted = votes.sum(axis=1) > 0
    return float((order[votes[voted].argmax(axis=1)] == ids[voted]).mean())


def pixel_rows(pixels: FloatArray) -> FloatArray:
    """Flatten images of shape (images, channels, rows, columns) to (images, features)."""
    return pixels.reshape(len(pixels), -1)
