import numpy as np
import pytest

from explainers.mixture.fitting.densities import Size, log_elastic_net
from explainers.mixture.fitting.penalties import Lengths, Nets
from explainers.mixture.fitting.prior import Prior


def lengths_of(b: list[list[float]], s2: list[float]) -> Lengths:
    rows = np.array(b)
    return Lengths(np.abs(rows).sum(axis=1), (rows**2).sum(axis=1), np.array(s2), rows.shape[1])


def test_the_density_is_the_samplers() -> None:
    lengths = lengths_of([[1.0, -2.0], [0.1, 0.0]], [0.5, 2.0])

    found = lengths.log_density(1.5, 0.7)

    wanted = [
        log_elastic_net(Size(float(one), float(two), 2), float(s2), 1.5, 0.7)
        for one, two, s2 in zip(lengths.absolute, lengths.squared, lengths.s2, strict=True)
    ]
    np.testing.assert_allclose(found, wanted, rtol=1e-13)


def test_the_nets_start_from_dense_to_sparse_around_the_priors_means() -> None:
    found = Nets.spread(Prior(nets=3))

    np.testing.assert_allclose(found.l1, [0.2, 2.0, 20.0])
    np.testing.assert_allclose(found.l2, [80.0, 8.0, 0.8])
    np.testing.assert_allclose(Nets.spread(Prior(nets=1)).l1, [2.0])


def test_components_that_differ_end_on_nets_of_their_own() -> None:
    sparse = [3.0, -3.0] + [0.01] * 58
    dense = list(0.6 * np.random.default_rng(0).standard_normal(60))
    lengths = lengths_of([sparse, dense], [0.3, 0.3])
    nets, c = Nets.spread(Prior(nets=3)), np.array([1, 1])

    for _ in range(5):
        nets, c = nets.updated(c, lengths, Prior(nets=3))

    assert c[0] != c[1]
    assert nets.l1[c[0]] > 5.0 * nets.l1[c[1]]
    assert nets.l2[c[1]] > 5.0 * nets.l2[c[0]]


def test_components_that_are_alike_share_one() -> None:
    lengths = lengths_of([[0.5, 0.4, -0.6], [0.6, -0.5, 0.4]], [1.0, 1.0])

    nets, c = Nets.spread(Prior(nets=3)).updated(np.array([1, 1]), lengths, Prior(nets=3))

    np.testing.assert_array_equal(c, [1, 1])
    assert nets.w[1] == pytest.approx((2 + 1 / 3) / 3)
