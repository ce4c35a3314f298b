"""The gate of one class, and the errors of its mixture on validation images."""

import dataclasses
from typing import final

import numpy as np
from sklearn.linear_model import Ridge

from explainers.arrays import AnyArray, DoubleArray, IntArray
from explainers.mixture.fitting.class_rows import ClassRows
from explainers.mixture.fitting.gate import Gate, fit_gate, gated
from explainers.mixture.fitting.regression import Regression
from explainers.mixture.fitting.summary import Posterior, responsibilities_of

DOMINANCE = 0.8
RIDGE_PENALTY = 1.0


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Seen:
    """Images on which gates are judged.

    Attributes
    ----------
    values
        Shape (images, features).
    inputs
        What each kind of gate reads, shape (images, inputs).
    log_odds
        Shape (images, classes).

    """

    values: AnyArray
    inputs: dict[str, AnyArray]
    log_odds: DoubleArray


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Judged:
    """One class under one kind of gate.

    Attributes
    ----------
    gate
        The gate.
    predicted
        Shape (images). What is served.
    predictive_rmse
        Of that.
    accuracy
        How often the gate's component is the posterior's, which knows the log-odds.
    assigned_rmse
        The error of the posterior's component.

    """

    gate: Gate
    predicted: DoubleArray
    predictive_rmse: float
    accuracy: float
    assigned_rmse: float


def judge_gates(
    own: ClassRows,
    posterior: Posterior,
    trained_on: dict[str, AnyArray],
    seen: Seen,
) -> dict[str, Judged]:
    """Fit each kind of gate to the posterior assignment, and judge it on other images.

    Parameters
    ----------
    own, posterior
        The class's regression, and what was found.
    trained_on
        What each kind of gate reads of the regression's rows.
    seen
        The images to judge by.

    """
    return {
        kind: _judged(own, posterior, inputs, seen, kind) for kind, inputs in trained_on.items()
    }


def _judged(
    own: ClassRows,
    posterior: Posterior,
    inputs: AnyArray,
    seen: Seen,
    kind: str,
) -> Judged:
    x, y = own.seen(seen.values), seen.log_odds[:, own.number]
    gate = fit_gate(inputs, posterior.z, own.weights, len(posterior.b))
    found = gate.responsibilities(seen.inputs[kind])
    predictions = x @ posterior.b.T
    predicted = gated(predictions, found, DOMINANCE)
    best = _assigned(own, posterior, x, y)
    return Judged(
        gate=gate,
        predicted=predicted,
        predictive_rmse=_rmse(y, predicted),
        accuracy=float((found.argmax(axis=1) == best).mean()),
        assigned_rmse=_rmse(y, predictions[np.arange(len(best)), best]),
    )


def _assigned(own: ClassRows, posterior: Posterior, x: DoubleArray, y: DoubleArray) -> IntArray:
    """Give the component of each image by the posterior, which looks at its log-odds."""
    rows = Regression(x, y, own.regression.intercept)
    shares = responsibilities_of(rows, posterior.b, posterior.s2, posterior.pi)
    found: IntArray = shares.argmax(axis=1).astype(np.int64)
    return found


def ridge_error(own: ClassRows, seen: Seen) -> float:
    """Give the error of one ridge regression on the same rows and features."""
    selected = own.regression.x[:, : len(own.selected)]
    ridge = Ridge(alpha=RIDGE_PENALTY, fit_intercept=own.regression.intercept)
    ridge.fit(selected, own.regression.y, sample_weight=own.weights)
    return _rmse(seen.log_odds[:, own.number], ridge.predict(seen.values[:, own.selected]))


def _rmse(wanted: DoubleArray, found: DoubleArray) -> float:
    return float(np.sqrt(np.mean((wanted - found) ** 2)))
