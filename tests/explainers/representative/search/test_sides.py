import numpy as np
import pytest

from explainers.representative.served.search import References, cut_sets, unpack
from tests.explainers.representative.planted import boundaries_of


@pytest.mark.parametrize("images", [1, 64, 1000])
@pytest.mark.parametrize("boundaries", [1, 500])
def test_sides_are_those_in_float64_image_by_image(images: int, boundaries: int) -> None:
    rng = np.random.default_rng(images)
    points = rng.normal(size=(images, 30)).astype(np.float32)
    # Lengths and offsets far apart: the test may not depend on them.
    normals = rng.normal(size=(boundaries, 30)) * 10.0 ** rng.integers(-20, 20, (boundaries, 1))
    offsets = rng.normal(size=boundaries) * np.linalg.norm(normals, axis=1)
    references = References(points, np.zeros(images, dtype=np.int64))

    cut = unpack(cut_sets(boundaries_of(normals, offsets), references), images)

    expected = [[normal @ point + offset <= 0 for point in points.astype(float)]
                for normal, offset in zip(normals, offsets, strict=True)]  # fmt: skip
    np.testing.assert_array_equal(cut, expected)


def test_a_point_just_beside_a_boundary_is_on_the_side_that_float64_says() -> None:
    # Each boundary passes a billionth beside its own point, which float32 cannot tell.
    rng = np.random.default_rng(1)
    points = rng.normal(size=(200, 16)).astype(np.float32)
    normals = rng.normal(size=(200, 16))
    # Half of them also pass the origin closely: their offsets say nothing of their lengths.
    through = points[:100].astype(np.float64)
    normals[:100] -= (
        np.einsum("bu,bu->b", normals[:100], through)[:, None]
        * through
        / np.einsum("bu,bu->b", through, through)[:, None]
    )
    beside = np.where(np.arange(200) % 2, 1e-9, -1e-9)
    offsets = beside - np.einsum("bu,bu->b", normals, points.astype(np.float64))
    lengths = 10.0 ** rng.integers(-12, 12, 200)
    planes = boundaries_of(normals * lengths[:, None], offsets * lengths)
    references = References(points, np.zeros(200, dtype=np.int64))

    cut = unpack(cut_sets(planes, references), 200)

    np.testing.assert_array_equal(np.diag(cut), beside < 0.0)


def test_a_point_exactly_on_a_boundary_is_cut_off_from_either_side() -> None:
    planes = boundaries_of(np.array([[1.0, 0.0], [-1.0, 0.0]]), np.array([-1.0, 1.0]))
    points = np.array([[1.0, 7.0], [2.0, 0.0], [0.0, 0.0]], dtype=np.float32)

    cut = unpack(cut_sets(planes, References(points, np.zeros(3, dtype=np.int64))), 3)

    assert cut.tolist() == [[True, False, True], [True, True, False]]


def test_no_boundary_cuts_nothing() -> None:
    references = References(np.zeros((70, 2), dtype=np.float32), np.zeros(70, dtype=np.int64))

    cut = cut_sets(boundaries_of(np.zeros((0, 2)), np.zeros(0)), references)

    assert cut.shape == (0, 2)
