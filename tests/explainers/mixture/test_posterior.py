import dataclasses
import itertools
import math

import numpy as np
import pytest
from scipy.integrate import dblquad
from scipy.stats import gamma, norm

from explainers.mixture.fitting.grams import Grams
from explainers.mixture.fitting.posterior import log_assignment, log_posterior, log_posterior_of
from explainers.mixture.fitting.prior import Prior
from tests.explainers.mixture.tiny import WITH, WITHOUT, tiny


def test_assignments_are_as_probable_as_sticks_integrated_by_quadrature() -> None:
    rows, alpha = np.array([2, 1, 3]), 1.7

    def integrand(second: float, first: float) -> float:
        pi = (first, (1.0 - first) * second, (1.0 - first) * (1.0 - second))
        density = alpha**2 * ((1.0 - first) * (1.0 - second)) ** (alpha - 1.0)
        return float(density * np.prod(np.array(pi) ** rows))

    expected = dblquad(integrand, 0.0, 1.0, 0.0, 1.0)[0]

    assert log_assignment(rows, alpha) == pytest.approx(math.log(expected), abs=1e-7)


def test_probabilities_of_all_assignments_add_up_to_one() -> None:
    total = sum(
        math.exp(log_assignment(np.bincount(z, minlength=3), 0.6))
        for z in itertools.product(range(3), repeat=5)
    )

    assert total == pytest.approx(1.0)


@pytest.mark.parametrize("prior", [WITHOUT, WITH], ids=["without", "with an intercept"])
def test_the_density_is_the_sum_of_the_models_own(prior: Prior) -> None:
    regression, state = tiny(prior)
    fitted = np.array([row @ state.b[j] for row, j in zip(regression.x, state.z, strict=True)])
    expected = float(np.sum(norm.logpdf(regression.y, fitted, np.sqrt(state.s2[state.z]))))
    expected += float(gamma.logpdf(state.alpha, prior.e, scale=1.0 / prior.f))
    expected += log_assignment(np.bincount(state.z, minlength=3), state.alpha)
    grams = Grams.of(regression, state.z, 3)

    found = log_posterior(state, regression, prior)

    assert found == pytest.approx(expected, abs=1e-9)
    assert found == pytest.approx(
        log_posterior_of(state, grams.rows, grams.residual_squares(state.b), prior), abs=1e-9
    )


def test_components_without_rows_say_nothing() -> None:
    regression, state = tiny(WITHOUT)
    b, s2 = state.b.copy(), state.s2.copy()
    b[2], s2[2] = 1e6, 1e-6

    found = log_posterior(dataclasses.replace(state, b=b, s2=s2), regression, WITHOUT)

    assert found == pytest.approx(log_posterior(state, regression, WITHOUT), abs=1e-9)
