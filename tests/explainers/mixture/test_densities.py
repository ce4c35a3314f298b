import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from explainers.mixture.fitting.densities import (
    Size,
    log_elastic_net,
    log_mixing,
    log_normaliser,
    sizes_of,
)

PENALTIES = st.floats(-3.0, 3.0).map(lambda power: 10.0**power)
VARIANCES = st.floats(-6.0, 6.0).map(lambda power: 10.0**power)
CORNERS = [
    (s2, l1, l2) for s2 in (1e-6, 1.0, 1e6) for l1 in (1e-3, 1.0, 1e3) for l2 in (1e-3, 1.0, 1e3)
]


def integrated_normaliser(s2: float, l1: float, l2: float) -> float:
    """Integrate over b in units in which neither penalty falls off faster than exp(-1)."""
    unit = min(2.0 * s2 / l1, math.sqrt(2.0 * s2 / l2))
    first, second = l1 * unit / (2.0 * s2), l2 * unit**2 / (2.0 * s2)
    area = quad(
        lambda t: math.exp(-first * t - second * t * t), 0.0, np.inf, epsabs=0.0, epsrel=1e-11
    )[0]
    return math.log(2.0 * unit * area)


def integrated_mixing(tau: float, d: float) -> float:
    """Normalise tau^(-3/2) exp(-d / tau) over (0, 1), with d (1/tau - 1) = t^2."""
    inner = quad(
        lambda t: 2.0 * t * math.exp(-t * t) / math.sqrt(1.0 + t * t / d),
        0.0,
        7.0,
        points=[min(math.sqrt(d), 6.0)],
        epsabs=0.0,
        epsrel=1e-11,
        limit=200,
    )[0]
    return -1.5 * math.log(tau) - d * (1.0 - tau) / tau - math.log(inner / d)


@pytest.mark.parametrize(("s2", "l1", "l2"), CORNERS)
def test_the_normaliser_is_the_integral_at_the_corners(s2: float, l1: float, l2: float) -> None:
    assert log_normaliser(s2, l1, l2) == pytest.approx(
        integrated_normaliser(s2, l1, l2), rel=0.0, abs=1e-8
    )


@settings(max_examples=100, deadline=None)
@given(s2=VARIANCES, l1=PENALTIES, l2=PENALTIES)
def test_the_normaliser_is_the_integral(s2: float, l1: float, l2: float) -> None:
    assert log_normaliser(s2, l1, l2) == pytest.approx(
        integrated_normaliser(s2, l1, l2), rel=0.0, abs=1e-8
    )


@settings(max_examples=100, deadline=None)
@given(s2=VARIANCES, l1=PENALTIES, l2=PENALTIES, tau=st.floats(0.05, 0.95))
def test_the_density_of_tau_is_normalised(s2: float, l1: float, l2: float, tau: float) -> None:
    d = l1 * l1 / (8.0 * l2 * s2)
    expected = integrated_mixing(tau, d)

    found = log_mixing(np.array([tau]), s2, l1, l2)

    assert math.isfinite(found)
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-8)


def test_tau_integrated_out_of_the_normals_leaves_the_elastic_net() -> None:
    s2, l1, l2, b = 0.7, 1.9, 0.6, 0.8

    def joint(tau: float) -> float:
        spread = math.sqrt(s2 * (1.0 - tau) / l2)
        mixing = math.exp(log_mixing(np.array([tau]), s2, l1, l2))
        return float(norm.pdf(b, scale=spread)) * mixing

    expected = quad(joint, 0.0, 1.0, epsabs=0.0, epsrel=1e-10)[0]

    found = log_elastic_net(Size(b, b * b, 1), s2, l1, l2)

    assert found == pytest.approx(math.log(expected), rel=0.0, abs=1e-8)


def test_a_vector_is_as_probable_as_its_coefficients_together() -> None:
    b = np.array([[0.3, -2.0, 0.0], [1.0, 1.0, -1.0]])
    alone = [Size(abs(value), value * value, 1) for value in b[0].tolist()]

    sizes = sizes_of(b)

    assert sizes[1] == Size(absolute=3.0, squared=3.0, count=3)
    assert log_elastic_net(sizes[0], 2.0, 3.0, 0.5) == pytest.approx(
        sum(log_elastic_net(one, 2.0, 3.0, 0.5) for one in alone)
    )
    assert log_mixing(np.array([0.2, 0.9]), 2.0, 3.0, 0.5) == pytest.approx(
        sum(log_mixing(np.array([tau]), 2.0, 3.0, 0.5) for tau in (0.2, 0.9))
    )
