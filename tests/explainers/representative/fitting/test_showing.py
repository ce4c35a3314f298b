import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest

from explainers.activations import ActivationTable
from explainers.arrays import BoolArray, DoubleArray, FloatArray, IntArray
from explainers.representative.fitting.candidates import Candidate
from explainers.representative.fitting.maps import SIDES, draw_maps
from explainers.representative.fitting.showing import KEPT, NEAREST, kept_members
from explainers.representative.served.search import (
    Found,
    boundary_weights,
    heat_map,
    normalised,
    pack,
    unpack,
)
from explainers.representative.served.showcase import SHOWN
from tests.explainers.representative.planted import boundaries_of


def candidate(
    seed: int, normals: DoubleArray, offsets: DoubleArray, points: FloatArray
) -> Candidate:
    facets = boundaries_of(normals, offsets)
    members: BoolArray = np.all(facets.values(points.astype(np.float64)) > 0.0, axis=1)
    return Candidate(seed, Found(0, facets, pack(members), *[0] * 7))


def quadrant(points: FloatArray) -> Candidate:
    """The points whose two coordinates are positive; its seed is the first point."""
    return candidate(0, np.eye(2), np.zeros(2), points)


def spread(points: FloatArray, rng_seed: int = 0) -> IntArray:
    return kept_members(quadrant(points), points, np.random.default_rng(rng_seed))


def random_points(images: int) -> FloatArray:
    points = np.random.default_rng(7).normal(size=(images, 2)).astype(np.float32)
    points[0] = [0.5, 0.5]
    return points


@pytest.mark.parametrize("images", [1, 2, 20, 60, 300, 5000])
def test_the_seed_comes_first_and_all_that_are_shown_are_inside(images: int) -> None:
    points = random_points(images)

    shown = spread(points)

    assert shown[0] == 0
    assert (points[shown] > 0).all()
    assert len(set(shown.tolist())) == len(shown)
    assert len(shown) <= KEPT == 48
    assert len(shown) >= min(40, int((points > 0).all(axis=1).sum()))


def test_the_nearest_to_the_seed_come_next() -> None:
    points = random_points(5000)
    inside = np.flatnonzero((points > 0).all(axis=1))
    # The semantic distance under facets along the axes is the city-block distance.
    away = np.abs(points[inside].astype(float) - points[0]).sum(axis=1)

    shown = spread(points)

    assert shown[1 : NEAREST + 1].tolist() == inside[np.argsort(away)][1 : NEAREST + 1].tolist()


def test_few_members_are_all_shown() -> None:
    points = random_points(40)
    inside = np.flatnonzero((points > 0).all(axis=1))
    assert 1 < len(inside) < KEPT

    assert sorted(spread(points).tolist()) == inside.tolist()


def test_the_same_draws_show_the_same() -> None:
    points = random_points(5000)

    np.testing.assert_array_equal(spread(points), spread(points))
    assert spread(points).tolist() != spread(points, 1).tolist()


def test_they_are_spread_over_what_is_inside() -> None:
    # Sixty heaps of thirty around a seed with eight neighbours of its own: forty heaps are met.
    rng = np.random.default_rng(0)
    centres = np.array([[10 * a + 30, 10 * b + 30] for a in range(10) for b in range(6)])
    heaps = np.repeat(centres, 30, axis=0) + rng.uniform(-0.1, 0.1, (1800, 2))
    own = 5 + rng.uniform(-0.1, 0.1, (8, 2))
    points = np.vstack([[5.0, 5.0], own, heaps]).astype(np.float32)

    shown = spread(points)

    met = set(((shown[shown > 8] - 9) // 30).tolist())
    assert len(met) >= 38


def test_images_that_are_the_same_are_shown_once() -> None:
    points = np.repeat(np.array([[1, 1], [2, 3], [4, 4]], dtype=np.float32), 20, axis=0)

    shown = spread(points)

    # Nor is an image shown that is the same as the seed.
    assert points[shown].tolist() == [[1, 1], [2, 3], [4, 4]]
    assert shown[0] == 0


def table(psi: FloatArray | None, boundary: FloatArray) -> ActivationTable:
    images = len(boundary)
    return ActivationTable(
        rows=np.arange(images),
        labels=np.zeros(images, dtype=np.int64),
        predicted=np.zeros(images, dtype=np.int64),
        logits=np.zeros((images, 2), dtype=np.float32),
        hidden=boundary,
        pixels=np.zeros((images, 1, 1, 1), dtype=np.float32),
        psi=psi,
        boundary=boundary,
    )


@dataclasses.dataclass(frozen=True, eq=False)
class Mapped:
    """A feature map of 3 channels, 2 rows and 4 columns, and an affine map of it to 5 units."""

    psi: FloatArray
    affine: DoubleArray
    candidates: list[Candidate]
    shown: Sequence[IntArray]

    @property
    def boundary(self) -> FloatArray:
        flat = self.psi.reshape(len(self.psi), -1).astype(np.float64)
        boundary: FloatArray = (flat @ self.affine.T).astype(np.float32)
        return boundary


def mapped(affine: DoubleArray) -> Mapped:
    rng = np.random.default_rng(3)
    psi = np.abs(rng.normal(size=(9, 3, 2, 4))).astype(np.float32)
    points = (psi.reshape(9, -1) @ affine.T).astype(np.float32)
    candidates = [
        candidate(0, rng.normal(size=(facets, len(affine))), np.full(facets, 50.0), points)
        for facets in (1, 4)
    ]
    return Mapped(psi, affine, candidates, [np.array([0, 5, 8]), np.array([0])])


@pytest.mark.parametrize("through", ["an affine layer", "psi itself"])
def test_weights_are_the_mean_over_facets_and_places_of_the_paper_s_normals(through: str) -> None:
    rng = np.random.default_rng(0)
    affine = rng.normal(size=(5, 24)) if through == "an affine layer" else np.eye(24)
    case = mapped(affine)
    channel_map = (
        affine.reshape(-1, 3, 8).mean(axis=2).astype(np.float32) if len(affine) == 5 else None
    )

    maps = draw_maps(
        [one.found.facets for one in case.candidates],
        case.shown,
        table(case.psi, case.boundary),
        channel_map,
    )

    assert maps.channel_weights.shape == (2, 3)
    assert maps.heats.shape == (2, SHOWN, 2, 4)
    for place, one in enumerate(case.candidates):
        # W_h lives in psi: what the affine map carries each normal back to.
        raw = (one.found.normals @ affine).reshape(-1, 3, 2, 4)
        expected = boundary_weights(raw).mean(axis=0)
        # Kept in float32.
        np.testing.assert_allclose(maps.channel_weights[place], expected, rtol=1e-5, atol=1e-6)
        for column, row in enumerate(case.shown[place].tolist()):
            heat = 255 * normalised(heat_map(expected, case.psi[row]))
            np.testing.assert_allclose(maps.heats[place, column], heat, rtol=0, atol=0.51)
        assert not maps.heats[place, len(case.shown[place]) :].any()
        assert maps.side_heats.shape == (2, SIDES, 2, 4)
        for column, alone in enumerate(boundary_weights(raw)):
            side = 255 * normalised(heat_map(alone, case.psi[case.shown[place][0]]))
            np.testing.assert_allclose(maps.side_heats[place, column], side, rtol=0, atol=0.51)
    assert maps.heats.max() == 255


@pytest.mark.parametrize("shape", [None, (9, 24), (9, 24, 1, 1)], ids=str)
def test_where_psi_is_no_map_there_are_none(shape: tuple[int, ...] | None) -> None:
    case = mapped(np.eye(24))
    psi = None if shape is None else case.psi.reshape(shape)

    maps = draw_maps(
        [one.found.facets for one in case.candidates], case.shown, table(psi, case.boundary), None
    )

    assert (maps.channel_weights.shape, maps.heats.shape) == ((0, 0), (0, 0, 0, 0))


def test_members_are_those_of_the_planted_quadrant() -> None:
    points = random_points(100)

    np.testing.assert_array_equal(
        unpack(quadrant(points).found.members, 100), (points > 0).all(axis=1)
    )
