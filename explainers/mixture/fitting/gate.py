"""The served assignment: which component answers, learned from the image alone."""

import dataclasses
import warnings
from typing import Final, final

import numpy as np
from scipy.special import softmax
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from explainers.arrays import AnyArray, DoubleArray, IntArray

STEPS: Final = 200
PENALTY: Final = 1.0
NEVER: Final = -1e4  # as a score, of a component without rows


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Gate:
    """One class's gate: softmax of an affine map.

    Attributes
    ----------
    weights
        Shape (components, inputs).
    bias
        Shape (components).

    """

    weights: DoubleArray
    bias: DoubleArray

    def responsibilities(self, inputs: AnyArray) -> DoubleArray:
        """Give how probable each component is, shape (images, components)."""
        found: DoubleArray = softmax(np.asarray(inputs, np.float64) @ self.weights.T + self.bias, 1)
        return found


def fit_gate(inputs: AnyArray, assigned: IntArray, weights: DoubleArray, components: int) -> Gate:
    """Learn the posterior assignment by logistic regression.

    Parameters
    ----------
    inputs
        Shape (rows, inputs).
    assigned
        Shape (rows). Each row's component by the posterior, which knew its log-odds.
    weights
        Shape (rows). How much each row counts.
    components
        How many there are; one that no row belongs to never answers.

    """
    found = np.zeros((components, inputs.shape[1]))
    bias = np.full(components, NEVER)
    present = np.unique(assigned)
    if len(present) == 1:
        bias[present] = 0.0
        return Gate(found, bias)
    scaler = StandardScaler().fit(np.asarray(inputs, np.float64))
    model = LogisticRegression(C=1.0 / PENALTY, max_iter=STEPS, tol=1e-3)
    with warnings.catch_warnings():
        # A gate that is not at its optimum yet is a gate still: its accuracy is reported.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(scaler.transform(inputs), assigned, sample_weight=weights)
    slopes, offsets = model.coef_, model.intercept_
    if len(present) == 2:  # scikit-learn gives one row for two classes
        slopes, offsets = np.vstack([-slopes, slopes]) / 2.0, np.append(-offsets, offsets) / 2.0
    found[present] = slopes / scaler.scale_
    bias[present] = offsets - found[present] @ scaler.mean_
    return Gate(found, bias)


def gated(predictions: AnyArray, responsibilities: AnyArray, dominance: float) -> DoubleArray:
    """Give what is served: the dominant component's prediction, else the weighted mean.

    Parameters
    ----------
    predictions, responsibilities
        Shape (images, components).
    dominance
        From which responsibility on one component answers alone.

    """
    best = np.argmax(responsibilities, axis=1)
    rows = np.arange(len(best))
    alone = responsibilities[rows, best] >= dominance
    mixed = (responsibilities * predictions).sum(axis=1)
    found: DoubleArray = np.where(alone, predictions[rows, best], mixed)
    return found
