"""How far the mixture's predictions lie from the network, on unseen images."""

import dataclasses
from typing import final

import numpy as np
from sklearn.linear_model import Ridge

from explainers.arrays import DoubleArray, FloatArray, IntArray
from reasoned.errors import DataError
from reasoned.evaluation.mixture_explanations import ClassMixture, class_mixture
from reasoned.evaluation.mixture_figures import ErrorFigures
from reasoned.evaluation.mixture_subject import MixtureSubject, Seen
from reasoned.evaluation.mixture_targets import Targets

_PENALTY = 1.0


@final
@dataclasses.dataclass(frozen=True, eq=False)
class RidgeFit:
    """One linear model of a class's log-odds.

    Attributes
    ----------
    weights
        Shape (features). Exactly 0 where the class's regression reads nothing.
    intercept
        Added.

    """

    weights: DoubleArray
    intercept: float

    def predict(self, features: FloatArray) -> DoubleArray:
        """Give log-odds for (images, features)."""
        found: DoubleArray = features.astype(np.float64) @ self.weights + self.intercept
        return found


def fit_ridge(subject: MixtureSubject, explained: int, rng: np.random.Generator) -> RidgeFit:
    """Fit one ridge as the class's mixture was: training images, the same features and targets.

    Raises
    ------
    DataError
        When there are no such images.

    """
    train, selected = subject.train, subject.stored.selected[explained]
    targets = Targets.of(subject.stored)
    rows = targets.rows(train.labels, train.predicted, explained, rng)
    if not len(rows):
        raise DataError(
            f"the network gives class {subject.stored.class_names[explained]} to none of the "
            "training images; name other classes by --class"
        )
    x = train.features[rows][:, selected].astype(np.float64)
    fitted = Ridge(alpha=_PENALTY).fit(x, targets.y(train.logits[rows], explained))
    weights = np.zeros(len(selected))
    weights[selected] = fitted.coef_
    return RidgeFit(weights, float(fitted.intercept_))


def class_errors(
    subject: MixtureSubject, explained: int, ridge: RidgeFit, rng: np.random.Generator
) -> ErrorFigures | None:
    """Compare assigned, predictive and one ridge's log-odds with the network's.

    Parameters
    ----------
    subject
        What is evaluated.
    explained
        The class.
    ridge
        Fitted to it.
    rng
        Draws as many images of other classes.

    Returns
    -------
    ErrorFigures or None
        Nothing where the network gives the class to no test image.

    """
    test, model = subject.test, class_mixture(subject.stored, explained)
    targets = Targets.of(subject.stored)
    rows = targets.rows(test.labels, test.predicted, explained, rng)
    if not len(rows):
        return None
    y, features = targets.y(test.logits[rows], explained), test.features[rows]
    gated, assigned = model.gated(features, test.read[rows]), model.assigned(features, y)
    each = model.each(features)
    given = np.flatnonzero(test.predicted == explained)
    return ErrorFigures(
        name=subject.stored.class_names[explained],
        components=len(model.s2),
        images=len(rows),
        assigned_rmse=_rmse(each[np.arange(len(rows)), assigned] - y),
        predictive_rmse=_rmse(gated.predicted - y),
        ridge_rmse=_rmse(ridge.predict(features) - y),
        deviation=float(y.std()),
        gate_accuracy=float((gated.component == assigned).mean()),
        dominant=_dominant(model, test, given),
    )


def _dominant(model: ClassMixture, test: Seen, given: IntArray) -> float | None:
    if not len(given):
        return None
    shares = model.responsibilities(test.read[given])
    return float((shares.max(axis=1) >= model.dominance).mean())


def _rmse(errors: DoubleArray) -> float:
    return float(np.sqrt((errors**2).mean()))


def named_classes(subject: MixtureSubject) -> IntArray:
    """Give the class that the mixture names on every test image: the largest prediction."""
    test, stored = subject.test, subject.stored
    predicted = [
        class_mixture(stored, c).gated(test.features, test.read).predicted
        for c in range(len(stored.class_names))
    ]
    found: IntArray = np.argmax(predicted, axis=0).astype(np.int64)
    return found
