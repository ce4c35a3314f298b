import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from explainers.errors import FittingError
from explainers.mixture.fitting.elastic_net import Penalty, elastic_net_mode, weighted_gram
from explainers.mixture.fitting.em import begun, expected, maximised, refined
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.regression import Regression
from tests.explainers.mixture.regimes import small


def test_it_finds_two_regimes_from_random_labels_and_empties_the_rest() -> None:
    regression = small(200)
    labels = np.random.default_rng(0).integers(4, size=200)

    found = refined(regression, Prior(4), begun(Prior(4), 4, np.eye(4)[labels]), 100)

    clear = np.abs(regression.x[:, 0]) > 0.2  # the others lie on both regimes at once
    z = found.responsibilities.argmax(axis=1)
    assert adjusted_rand_score(np.arange(200)[clear] % 2, z[clear]) == 1.0
    large = found.pi > 0.05
    assert np.count_nonzero(large) == 2
    slopes = sorted(found.components[j].b[0] for j in np.flatnonzero(large))
    np.testing.assert_allclose(slopes, [-3.0, 3.0], atol=0.05)


def test_an_m_step_on_sure_labels_is_an_elastic_net_per_label() -> None:
    regression = small(80)
    responsibilities = np.eye(2)[np.arange(80) % 2]
    start = begun(Prior(2, nets=1), 4, responsibilities)

    found = maximised(regression, Prior(2, nets=1), start)

    for j in range(2):
        sums = weighted_gram(regression, responsibilities[:, j])
        mode = elastic_net_mode(sums, Penalty(2.0, 8.0, None), np.zeros(4), tolerance=1e-12)
        np.testing.assert_allclose(found.components[j].b, mode, atol=1e-3)
    np.testing.assert_allclose(found.pi, [0.5, 0.5])


def test_the_variance_is_at_its_mode_with_b_integrated_out() -> None:
    # Ridge alone (l1 = 0 in effect): y' (I - X R X') y + 2 b over n + 2 a + 2.
    regression = small(60, 2)
    prior = Prior(1, nets=1, big_l=1e-9, big_r=4.0)
    start = begun(prior, 2, np.ones((60, 1)))

    found = maximised(regression, prior, start).components[0]

    inverse = np.linalg.inv(regression.x.T @ regression.x + 8.0 * np.eye(2))
    kernel = np.eye(60) - regression.x @ inverse @ regression.x.T
    s2 = (1.0 + regression.y @ kernel @ regression.y) / (60 + 3.0)
    assert found.s2 == pytest.approx(s2, rel=1e-5)


def test_a_component_pays_for_what_it_does_not_know() -> None:
    # Two components with the same coefficients and noise, one sure and one not: a row of
    # average leverage goes to the sure one.
    regression = small(80)
    found = maximised(regression, Prior(2), begun(Prior(2), 4, np.full((80, 2), 0.5)))
    sure, unsure = found.components
    unsure.factor[:] = 0.1 * sure.factor

    shares = expected(regression, found).responsibilities

    assert np.all(shares[:, 0] >= shares[:, 1])
    assert shares[:, 0].mean() > 0.9


def test_a_likelihood_that_is_not_a_number_is_an_error() -> None:
    regression = Regression(np.full((9, 1), 1e200), np.linspace(0.0, 1e200, 9), intercept=False)
    with (
        np.errstate(all="ignore"),
        pytest.raises((FittingError, ValueError), match=r"finite|infs or NaNs"),
    ):
        refined(regression, Prior(1), begun(Prior(1), 1, np.ones((9, 1))))
