"""Arrays as PNG pictures."""

import base64
import io

import numpy as np
from PIL import Image

from explainers.arrays import AnyArray
from explainers.meta_forest.fitting.inte.atlas import Atlas, ClusterPortrait
from reasoned.fitting.study_pictures import DisplayScale, atlas_png, heat_uri


def decoded(uri: str) -> AnyArray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))))


def test_grey_runs_from_the_lowest_to_the_highest_value() -> None:
    pixels = np.array([[[[-1.0, 0.0], [0.5, 1.0]]]], dtype=np.float32)

    found = decoded(DisplayScale.of(pixels).uri(pixels[0]))

    np.testing.assert_array_equal(found, [[0, 128], [191, 255]])


def test_colour_channels_are_scaled_each_for_itself() -> None:
    pixels = np.stack(
        [np.full((3, 2, 2), v) * np.array([1, 10, 100])[:, None, None] for v in (0, 1)]
    )

    found = decoded(DisplayScale.of(pixels.astype(np.float32)).uri(pixels[1].astype(np.float32)))

    np.testing.assert_array_equal(found, np.full((2, 2, 3), 255))


def test_a_constant_channel_is_black() -> None:
    pixels = np.full((2, 1, 2, 2), 3.0, dtype=np.float32)

    np.testing.assert_array_equal(DisplayScale.of(pixels).shown(pixels[0]), np.zeros((2, 2)))


def test_heat_is_white_for_nothing_and_dark_red_for_the_most() -> None:
    found = decoded(heat_uri(np.array([0.0, 0.2, 0.0, 0.2, 0.0, 0.0, 0.0, 0.4]), (2, 2, 2)))

    np.testing.assert_array_equal(found[0, 0], [255, 255, 255])
    np.testing.assert_array_equal(found[1, 1], [140, 10, 20])


def test_the_atlas_has_a_row_for_each_factor() -> None:
    def portrait(factor: int, cluster: int) -> ClusterPortrait:
        image = np.full((1, 2, 2), factor, dtype=np.float32)
        return ClusterPortrait(factor, cluster, np.array([1]), image, np.array([0]))

    atlas = Atlas(
        portraits=((portrait(0, 0), portrait(0, 1)), (portrait(1, 0),)),
        units=(np.array([0]), np.array([1])),
        titles=("a", "b"),
    )
    scale = DisplayScale(np.array([0.0]), np.array([2.0]))

    found = np.asarray(Image.open(io.BytesIO(atlas_png(atlas, scale))))

    assert found.shape == (10, 10)
    np.testing.assert_array_equal(found[2:4, 2:4], np.zeros((2, 2)))
    np.testing.assert_array_equal(found[6:8, 2:4], np.full((2, 2), 128))
    np.testing.assert_array_equal(found[6:8, 6:8], np.full((2, 2), 255))
