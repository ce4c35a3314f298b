import dataclasses
import math

import numpy as np
import pytest

from explainers.arrays import DoubleArray
from explainers.mixture.fitting.class_rows import ClassRows
from explainers.mixture.fitting.gate import Gate, fit_gate
from explainers.mixture.fitting.judging import DOMINANCE, Judged, Seen, judge_gates, ridge_error
from explainers.mixture.fitting.regression import Regression
from explainers.mixture.fitting.summary import Posterior
from tests.explainers.mixture.regimes import a_posterior

FEATURES, SELECTED = 5, np.array([1, 3, 4])
B = np.array([[4.0, -1.0, 0.5, 1.0], [-3.0, 2.0, 0.0, -0.5]])  # the last is the intercept
PI = np.array([0.7, 0.3])
NUMBER = 1


def class_of(rows: int, *, intercept: bool = True) -> tuple[ClassRows, Posterior]:
    """Draw a class's regression of two components, which the first selected feature divides."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((rows, len(SELECTED)))
    x = np.column_stack([x, np.ones(rows)]) if intercept else x
    b = B if intercept else B[:, :-1]
    side = (x[:, 0] > 0.2).astype(np.int64)
    y = np.einsum("ip,ip->i", x, b[side]) + 0.5 * rng.standard_normal(rows)
    regression = Regression(x, y, intercept)
    own = ClassRows(NUMBER, 3 * np.arange(rows), SELECTED, regression, np.ones(rows))
    return own, a_posterior(regression, b, 0.1, PI)


def unseen(images: int) -> Seen:
    rng = np.random.default_rng(1)
    values = rng.standard_normal((images, FEATURES))
    inputs = {"features": values, "hidden": rng.standard_normal((images, 2))}
    return Seen(values, inputs, 3.0 * rng.standard_normal((images, 3)))


def judged(seen: Seen, rows: int = 60) -> dict[str, Judged]:
    own, posterior = class_of(rows)
    rng = np.random.default_rng(2)
    read = {"features": rng.standard_normal((rows, FEATURES)), "hidden": rng.random((rows, 2))}
    read["features"][:, SELECTED] = own.regression.x[:, :-1]
    weights = np.where(np.arange(rows) % 3 == 0, 2.0, 0.5)
    return judge_gates(dataclasses.replace(own, weights=weights), posterior, read, seen)


def by_hand(gate: Gate, inputs: DoubleArray) -> list[float]:
    scores = [
        math.exp(float(row @ inputs + bias))
        for row, bias in zip(gate.weights, gate.bias, strict=True)
    ]
    return [score / sum(scores) for score in scores]


@pytest.mark.parametrize("kind", ["features", "hidden"])
def test_errors_are_those_of_loops_over_five_images(kind: str) -> None:
    seen = unseen(5)
    found = judged(seen)[kind]

    served, best_of_all, agreed = [], [], []
    for image in range(5):
        x = [*seen.values[image, SELECTED], 1.0]
        y = seen.log_odds[image, NUMBER]
        lines = [sum(b * value for b, value in zip(row, x, strict=True)) for row in B]
        shares = by_hand(found.gate, seen.inputs[kind][image])
        top = shares.index(max(shares))
        mean = sum(share * line for share, line in zip(shares, lines, strict=True))
        served.append(lines[top] if shares[top] >= DOMINANCE else mean)
        # By the posterior, whose noise is 1 in both components.
        odds = [pi * math.exp(-((y - line) ** 2) / 2) for pi, line in zip(PI, lines, strict=True)]
        likely = odds.index(max(odds))
        best_of_all.append(lines[likely])
        agreed.append(top == likely)
    wanted = seen.log_odds[:, NUMBER]
    np.testing.assert_allclose(found.predicted, served)
    assert found.predictive_rmse == pytest.approx(rmse(wanted, served))
    assert found.assigned_rmse == pytest.approx(rmse(wanted, best_of_all))
    assert found.accuracy == np.mean(agreed)


def rmse(wanted: DoubleArray, found: list[float]) -> float:
    return math.sqrt(sum((y - one) ** 2 for y, one in zip(wanted, found, strict=True)) / 5)


def test_five_images_hold_both_cases() -> None:
    seen = unseen(5)
    found = judged(seen)

    for kind, alone in (("features", True), ("hidden", False)):
        shares = found[kind].gate.responsibilities(seen.inputs[kind]).max(axis=1)
        assert np.any((shares >= DOMINANCE) == alone)
    assert {one.assigned_rmse for one in found.values()} == {found["hidden"].assigned_rmse}
    assert found["features"].predictive_rmse != found["hidden"].predictive_rmse


def test_gates_learn_the_posteriors_components_of_the_rows_as_they_weigh() -> None:
    own, posterior = class_of(60)
    rng = np.random.default_rng(2)
    read, weights = rng.standard_normal((60, 2)), rng.random(60)
    seen = unseen(5)

    weighed = dataclasses.replace(own, weights=weights)
    found = judge_gates(weighed, posterior, {"hidden": read}, seen)

    wanted = fit_gate(read, posterior.z, weights, 2)
    np.testing.assert_array_equal(found["hidden"].gate.weights, wanted.weights)
    plain = fit_gate(read, posterior.z, np.ones(60), 2)
    assert np.any(plain.weights != wanted.weights)


@pytest.mark.parametrize("intercept", [True, False])
def test_a_ridge_is_fitted_to_the_rows_as_they_weigh(
    intercept: bool,  # noqa: FBT001  a case
) -> None:
    own, _ = class_of(40, intercept=intercept)
    seen = unseen(5)
    weights = np.random.default_rng(3).uniform(0.2, 3.0, 40)

    found = ridge_error(dataclasses.replace(own, weights=weights), seen)

    # The normal equations, without a penalty on the intercept.
    x, y = own.regression.x, own.regression.y
    penalty = np.diag([1.0] * 3 + [0.0] * intercept)
    b = np.linalg.solve(x.T @ (weights[:, None] * x) + penalty, x.T @ (weights * y))
    images = seen.values[:, SELECTED] @ b[:3] + (b[3] if intercept else 0.0)
    wanted = rmse(seen.log_odds[:, NUMBER], images.tolist())
    assert found == pytest.approx(wanted, rel=1e-6)
    assert ridge_error(own, seen) != pytest.approx(found, rel=1e-3)
