import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.arrays import DoubleArray
from explainers.errors import ShapeError
from explainers.fitting_contract import Upper
from explainers.representative.served.search import DenseTail
from tests.explainers.representative.planted import half_plane, random_tail


def patterns(tail: DenseTail, points: DoubleArray) -> DoubleArray:
    """Say which units are active at each point, layer upon layer, written anew."""
    signs, values = [points > 0.0], points
    for weight, bias, slope in zip(tail.weights, tail.biases, tail.slopes, strict=True):
        values = np.maximum(values, 0.0) + slope * np.minimum(values, 0.0)
        values = np.array([weight @ value + bias for value in values])
        signs.append(values > 0.0)
    return np.concatenate(signs[:-1], axis=1)


def test_it_is_what_the_search_and_the_fit_ask_of_a_network() -> None:
    upper: Upper = half_plane()

    assert upper.approximate == ""
    assert upper.single_piece
    assert not random_tail(np.random.default_rng(0), (4, 3)).single_piece


def test_logits_and_boundary_worked_by_hand() -> None:
    # u = (2, -1): the leaky step gives (2, -0.1), the first map (2 - 0.1, -2) = (1.9, -2),
    # the ReLU (1.9, 0), the last map (1.9 + 1, 3.8).
    tail = DenseTail(
        weights=(np.array([[1.0, 1.0], [-1.0, 0.0]]), np.array([[1.0, 5.0], [2.0, 7.0]])),
        biases=(np.zeros(2), np.array([1.0, 0.0])),
        slopes=(0.1, 0.0),
    )
    point = np.array([[2.0, -1.0]])

    normals, offsets = tail.local(point, np.array([0]), np.array([1]))

    np.testing.assert_allclose(tail.logits(point), [[2.9, 3.8]], rtol=1e-12)
    # G_0 - G_1 = 1 - h_0 with h_0 = u_0 + 0.1 u_1, while h_1 is off.
    np.testing.assert_allclose(normals, [[-1.0, -0.1]], rtol=1e-12)
    np.testing.assert_allclose(offsets, [1.0], rtol=1e-12)


@given(
    st.integers(0, 10_000),
    st.sampled_from([(6, 4), (6, 5, 3), (6, 8, 7, 4)]),
    st.sampled_from([0.0, 0.01, 1.0]),
)
def test_the_local_form_is_the_network_itself_all_over_the_piece(
    seed: int, widths: tuple[int, ...], slope: float
) -> None:
    rng = np.random.default_rng(seed)
    tail = random_tail(rng, widths, slope)
    points = rng.normal(size=(20, 6))
    first, second = rng.integers(0, widths[-1], (2, 20))
    near = points + 1e-4 * rng.normal(size=points.shape)
    same = (patterns(tail, points) == patterns(tail, near)).all(axis=1)
    rows = np.arange(20)

    normals, offsets = tail.local(points, first, second)

    assert same.sum() > 10
    for where, keep in ((points, rows), (near, rows[same])):
        logits = tail.logits(where)
        # float64 sums of a few dozen terms of order one.
        np.testing.assert_allclose(
            (np.einsum("pu,pu->p", normals, where) + offsets)[keep],
            (logits[rows, first] - logits[rows, second])[keep],
            rtol=0,
            atol=1e-12,
        )


def test_maps_that_do_not_follow_are_refused() -> None:
    with pytest.raises(ShapeError, match=r"weights of a dense tail must have shape .*inputs=3"):
        DenseTail((np.zeros((3, 2)), np.zeros((2, 4))), (np.zeros(3), np.zeros(2)), (0.0, 0.0))
    with pytest.raises(ShapeError, match=r"biases of a dense tail must have shape .*outputs=3"):
        DenseTail((np.zeros((3, 2)),), (np.zeros(2),), (0.0,))
    with pytest.raises(ShapeError, match=r"as many weights as biases and slopes.* not 1, 1 and 2"):
        DenseTail((np.zeros((3, 2)),), (np.zeros(3),), (0.0, 0.0))
