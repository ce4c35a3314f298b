import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.arrays import FloatArray
from explainers.errors import ShapeError
from explainers.representative.served.heat import channel_heat, facet_weights
from explainers.representative.served.search import Boundaries
from tests.explainers.representative.served.worked import single

WEIGHTS = single([[1, -1], [0.5, 2], [-1, -1]])


def read(text: str) -> FloatArray:
    return single(json.loads(text))


@given(
    seed=st.integers(0, 1000),
    rows=st.integers(1, 32),
    columns=st.integers(1, 32),
    channels=st.integers(1, 6),
)
def test_it_is_the_weighted_sum_of_the_channels_cut_at_0_and_brought_to_shares(
    seed: int, rows: int, columns: int, channels: int
) -> None:
    rng = np.random.default_rng(seed)
    weights = single(rng.normal(size=(3, channels)))
    psi = single(np.abs(rng.normal(size=(channels, rows, columns))))

    found = read(channel_heat(weights, 1, psi))

    summed = sum(float(weights[1, c]) * psi[c].astype(float) for c in range(channels))
    heat = np.maximum(np.asarray(summed), 0.0)
    span = heat.max() - heat.min()
    expected = (heat - heat.min()) / (span if span > 0 else 1.0)
    assert found.shape == (rows, columns)
    # Three decimals are written.
    np.testing.assert_allclose(found, expected, rtol=0, atol=5.1e-4)


@given(rows=st.integers(1, 400), columns=st.integers(1, 400))
def test_a_large_map_is_thinned_evenly_to_no_more_shares_than_32_by_32(
    rows: int, columns: int
) -> None:
    psi = np.ones((2, rows, columns), dtype=np.float32)
    psi[0] += np.arange(rows)[:, None] + np.arange(columns)

    found = read(channel_heat(WEIGHTS, 0, psi))

    assert found.size <= 32 * 32
    if rows * columns <= 32 * 32:
        assert found.shape == (rows, columns)
    assert found.min() >= 0.0
    assert found.max() <= 1.0
    # What is kept lies evenly over the whole map, so that it can be drawn upon the image.
    step = next(
        tried for tried in range(1, 99) if -(-rows // tried) * -(-columns // tried) <= 32 * 32
    )
    heat = np.add.outer(np.arange(rows), np.arange(columns)) / max(rows + columns - 2, 1)
    np.testing.assert_allclose(found, heat[::step, ::step], rtol=0, atol=5.1e-4)


def test_every_polytope_has_its_own() -> None:
    psi = single([[[1, 2], [3, 4]], [[1, 1], [0, 6]]])

    # 0.5 a + 2 b: 2.5, 3, 1.5, 14; a span of 12.5 above 1.5.
    found = read(channel_heat(WEIGHTS, 1, psi))
    np.testing.assert_allclose(found, np.array([[0.08, 0.12], [0.0, 1.0]]), rtol=0, atol=1e-6)
    # -a - b is nowhere positive.
    assert channel_heat(WEIGHTS, 2, psi) == "[[0.000,0.000],[0.000,0.000]]"


@pytest.mark.parametrize(
    ("weights", "psi"),
    [
        (WEIGHTS, None),
        (WEIGHTS, np.ones(2, dtype=np.float32)),
        (np.zeros((0, 0), dtype=np.float32), np.ones((2, 4, 4), dtype=np.float32)),
    ],
    ids=["no psi", "psi is no map", "no weights"],
)
def test_where_there_is_no_map_there_is_none(weights: FloatArray, psi: FloatArray | None) -> None:
    assert channel_heat(weights, 0, psi) == "null"


def test_a_map_with_other_channels_is_refused() -> None:
    with pytest.raises(ShapeError, match=r"psi must have shape \(channels=2, rows, columns\), not"):
        channel_heat(WEIGHTS, 0, np.zeros((3, 4, 4), np.float32))


def facets(normals: FloatArray, flipped: list[bool]) -> Boundaries:
    zeros = np.zeros(len(normals), dtype=np.int64)
    return Boundaries(
        normals.astype(np.float64), zeros.astype(float), zeros, zeros + 1, np.array(flipped)
    )


def test_a_facet_whose_side_was_turned_weighs_as_it_points_to_the_class() -> None:
    # Two channels of one row and two columns.
    three = single([[1, 3, -2, 4], [1, 3, -2, 4], [0, 2, 5, 7]])

    weights = facet_weights(facets(three, [False, True, False]), (2, 1, 2), None)

    assert weights.tolist() == [[2, 1], [-2, -1], [1, 6]]


def test_a_turned_facet_is_turned_back_before_the_affine_map_too() -> None:
    channel_map = single([[1, 2, 0], [0, -1, 4]])

    weights = facet_weights(facets(single([[1, 3], [1, 3]]), [False, True]), (3, 5, 5), channel_map)

    assert weights.tolist() == [[1, -1, 12], [-1, 1, -12]]
