import numpy as np
import pytest

from explainers.representative.served.search import (
    boundary_weights,
    channel_weights,
    heat_map,
    normalised,
)


def normals() -> np.ndarray:
    """Two facets of two channels of 1 x 2: means (2, -1) and (0, 3)."""
    return np.array([[[[1.0, 3.0]], [[-1.0, -1.0]]], [[[4.0, -4.0]], [[3.0, 3.0]]]])


def test_weights_worked_by_hand() -> None:
    np.testing.assert_allclose(boundary_weights(normals()), [[2.0, -1.0], [0.0, 3.0]])
    np.testing.assert_allclose(channel_weights(normals()), [1.0, 1.0])


def test_unit_norm_takes_the_length_out() -> None:
    lengths = np.array([[12.0**0.5], [50.0**0.5]])
    expected = np.array([[2.0, -1.0], [0.0, 3.0]]) / lengths

    np.testing.assert_allclose(boundary_weights(normals(), unit_norm=True), expected)
    np.testing.assert_allclose(
        channel_weights(100.0 * normals(), unit_norm=True), expected.mean(axis=0)
    )
    assert not boundary_weights(np.zeros((1, 2, 2, 2)), unit_norm=True).any()


def test_no_facet_looks_at_nothing() -> None:
    assert channel_weights(np.zeros((0, 3, 2, 2))).tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_boundary_that_reads_one_channel_shows_that_channel(sign: float) -> None:
    # The same weights serve any image: nothing but its feature map is asked for.
    rng = np.random.default_rng(0)
    reading = np.zeros((1, 3, 4, 5))
    reading[:, 1] = sign * 0.25
    weights = channel_weights(reading)

    for _ in range(2):
        psi = rng.normal(size=(3, 4, 5)).astype(np.float32)
        wanted = np.maximum(sign * psi[1].astype(np.float64), 0.0)
        found = normalised(heat_map(weights, psi))
        np.testing.assert_allclose(
            found, (wanted - wanted.min()) / (wanted.max() - wanted.min()), rtol=0, atol=1e-12
        )


def test_a_flat_map_is_all_zero() -> None:
    assert not normalised(np.full((2, 2), 7.0)).any()
    assert not heat_map(np.array([-1.0]), np.ones((1, 2, 2), dtype=np.float32)).any()
