"""The regression of one class's log-odds."""

import dataclasses
from typing import final

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import DoubleArray, IntArray
from explainers.errors import NotApplicableError
from explainers.mixture.fitting.features import Features, design, select
from explainers.mixture.fitting.options import MixtureOptions
from explainers.mixture.fitting.regression import Regression
from explainers.mixture.fitting.targets import log_odds, natural_weights, rows_of_class


@final
@dataclasses.dataclass(frozen=True, eq=False)
class ClassRows:
    """What is regressed for one class.

    Attributes
    ----------
    number
        The class.
    rows
        Shape (rows). Positions in the training table, ascending.
    selected
        Shape (selected). The features that are read, ascending.
    regression
        Features and log-odds of these rows.
    weights
        Shape (rows). How much each counts where the class is to be as frequent as it is.

    """

    number: int
    rows: IntArray
    selected: IntArray
    regression: Regression
    weights: DoubleArray

    def seen(self, values: DoubleArray) -> DoubleArray:
        """Give what the regression reads of features of shape (images, features)."""
        return design(values[:, self.selected], intercept=self.regression.intercept)


def class_rows(
    table: ActivationTable,
    features: Features,
    number: int,
    options: MixtureOptions,
    rng: np.random.Generator,
) -> ClassRows:
    """Draw the rows, select the features that vary most among them, and take the log-odds.

    Raises
    ------
    NotApplicableError
        When there are too few rows, or no feature varies.

    """
    rows = rows_of_class(table, number, options, rng)
    values = features.values(table, rows)
    selected = select(values, options.most_features)
    if not len(selected):
        raise NotApplicableError(
            f"mixture needs features that vary, but all {features.kind} of class {number}'s "
            "training images are constant"
        )
    y = log_odds(table.logits[rows], options.limit)[:, number]
    x = design(values[:, selected], intercept=options.intercept)
    weights = np.ones(len(rows))
    if options.contrast:
        weights = natural_weights(table.predicted, rows, number)
    return ClassRows(number, rows, selected, Regression(x, y, options.intercept), weights)
