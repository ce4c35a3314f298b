import json
import math
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pydantic import ValidationError

from explainers.arrays import ByteArray, DoubleArray
from explainers.errors import ShapeError
from reasoned.images.preprocessing import Preprocessing

Resize = Literal["stretch", "crop", "pad"]


def bytes_kept(height: int, width: int, resize: Resize, channels: Literal[1, 3]) -> Preprocessing:
    """Declare a preprocessing that leaves the values as they are: std 1/255."""
    shape = {"height": height, "width": width, "channels": channels, "resize": resize}
    return Preprocessing.model_validate(
        shape | {"mean": [0.0] * channels, "std": [1 / 255] * channels}
    )


def grey(height: int, width: int, resize: Resize = "stretch") -> Preprocessing:
    return bytes_kept(height, width, resize, 1)


def colour(height: int, width: int, resize: Resize = "stretch") -> Preprocessing:
    return bytes_kept(height, width, resize, 3)


def noise(rows: int, columns: int, channels: int, seed: int = 5) -> ByteArray:
    values = np.random.default_rng(seed).integers(0, 256, (rows, columns, channels))
    return values.astype(np.uint8)


def triangle(size: int, target: int) -> DoubleArray:
    """Weights of bilinear resampling: a triangle as wide as the reduction, shape (target, size)."""
    scale = size / target
    reach = max(scale, 1.0)
    weights = np.zeros((target, size))
    for row in range(target):
        centre = (row + 0.5) * scale
        for column in range(size):
            weights[row, column] = max(0.0, 1 - abs(column + 0.5 - centre) / reach)
    shares: DoubleArray = weights / weights.sum(axis=1, keepdims=True)
    return shares


def rederived(image: ByteArray, height: int, width: int) -> DoubleArray:
    down, across = triangle(image.shape[0], height), triangle(image.shape[1], width)
    drawn: DoubleArray = np.einsum("rh,cw,hwk->krc", down, across, image.astype(np.float64))
    return drawn


def test_normalisation_worked_by_hand() -> None:
    # (51/255 - 0.2)/0.5 = 0, (0 - 0.2)/0.5 = -0.4, (1 - 0.2)/0.5 = 1.6, (102/255 - 0.2)/0.5 = 0.4
    preprocessing = Preprocessing(height=2, width=2, channels=1, mean=(0.2,), std=(0.5,))

    found = preprocessing.apply(np.array([[[51], [0]], [[255], [102]]], np.uint8))

    assert found.dtype == np.float32
    np.testing.assert_allclose(found, [[[0.0, -0.4], [1.6, 0.4]]], rtol=0, atol=1e-7)


def test_every_channel_has_its_own_mean_and_std() -> None:
    preprocessing = Preprocessing(
        height=1, width=1, channels=3, mean=(0.0, 0.5, 1.0), std=(1.0, 0.5, 0.25)
    )

    found = preprocessing.apply(np.array([[[255, 0, 0]]], np.uint8))

    np.testing.assert_allclose(found[:, 0, 0], [1.0, -1.0, -4.0], rtol=0, atol=1e-7)


def test_normalisation_agrees_with_float64_for_every_value() -> None:
    preprocessing = Preprocessing(
        height=16, width=16, channels=3, mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225)
    )
    image = np.repeat(np.arange(256, dtype=np.uint8).reshape(16, 16, 1), 3, axis=2)

    wanted = (image / 255.0 - np.array(preprocessing.mean)) / np.array(preprocessing.std)

    found = preprocessing.apply(image).transpose(1, 2, 0)
    np.testing.assert_allclose(found, wanted, rtol=0, atol=2e-7)  # float32: 24 bits of up to 2.7


def test_the_right_size_is_not_resampled() -> None:
    image = noise(9, 7, 3)

    for resize in ("stretch", "crop", "pad"):
        np.testing.assert_array_equal(colour(9, 7, resize).resized(image), image)


@pytest.mark.parametrize(("rows", "columns"), [(20, 30), (64, 64), (5, 6), (8, 100), (3, 50)])
def test_stretching_agrees_with_a_triangle_filter(rows: int, columns: int) -> None:
    image = noise(rows, columns, 3)

    found = colour(12, 10).apply(image)
    # Pillow rounds to bytes after each of its two passes: half a step each.
    np.testing.assert_allclose(found, rederived(image, 12, 10), rtol=0, atol=1.01)


def test_halving_worked_by_hand() -> None:
    # Two pixels become one. The triangle reaches two pixels to each side of the centre, so
    # that both weigh the same: (10 + 20) / 2.
    found = grey(1, 1).apply(np.array([[[10], [20]]], np.uint8))

    assert found.tolist() == [[[15.0]]]


@pytest.mark.parametrize("seed", range(6))
def test_cropping_is_scaling_until_covered_and_cutting_the_centre(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, columns = (int(size) for size in rng.integers(10, 90, 2))
    height, width = (int(size) for size in rng.integers(5, 40, 2))
    image = noise(rows, columns, 3, seed)
    scale = max(height / rows, width / columns)
    tall, wide = max(height, int(rows * scale + 1e-9)), max(width, int(columns * scale + 1e-9))
    whole = Image.fromarray(image).resize((wide, tall), Image.Resampling.BILINEAR)
    top, left = round((tall - height) / 2), round((wide - width) / 2)

    found = colour(height, width, "crop").resized(image).astype(int)

    wanted = np.asarray(whole)[top : top + height, left : left + width].astype(int)
    # The two ways round in another order: one step, and that seldom.
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1)


def test_cropping_worked_by_hand() -> None:
    # 2 x 6 to 2 x 2: the height fits already, the two middle columns stay.
    image = np.array([[0, 1, 2, 3, 4, 5], [10, 11, 12, 13, 14, 15]], np.uint8)[..., np.newaxis]

    assert grey(2, 2, "crop").apply(image).tolist() == [[[2.0, 3.0], [12.0, 13.0]]]


def test_padding_worked_by_hand() -> None:
    # 1 x 3 to 3 x 3: the width fits already, black above and below.
    image = np.array([[[7], [8], [9]]], np.uint8)

    assert grey(3, 3, "pad").apply(image).tolist() == [[[0, 0, 0], [7, 8, 9], [0, 0, 0]]]


def test_padding_keeps_the_whole_image_in_the_middle() -> None:
    found = colour(20, 20, "pad").resized(np.full((40, 10, 3), 200, np.uint8))

    inside = np.zeros((20, 20), bool)
    inside[:, 7:12] = True  # 40 x 10 becomes 20 x 5
    np.testing.assert_array_equal(found[inside], 200)
    np.testing.assert_array_equal(found[~inside], 0)


@pytest.mark.parametrize("resize", ["stretch", "crop", "pad"])
@pytest.mark.parametrize("shape", [(1, 200_000, 3), (200_000, 1, 1), (1, 1, 3), (1, 2, 1)])
def test_extreme_proportions_neither_fail_nor_grow(
    resize: Resize, shape: tuple[int, int, int]
) -> None:
    found = colour(16, 24, resize).apply(np.full(shape, 90, np.uint8))

    assert found.shape == (3, 16, 24)
    np.testing.assert_allclose(found.max(), 90.0, rtol=0, atol=1e-4)  # float32 of 90


def test_grey_from_colour_is_the_luma() -> None:
    image = noise(30, 30, 3)
    red, green, blue = (image[..., channel].astype(np.int64) for channel in range(3))

    found = grey(30, 30).resized(image)

    # ITU-R 601 in 16 bits.
    wanted = (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16
    np.testing.assert_array_equal(found[..., 0], wanted)


@given(st.integers(0, 255))
def test_grey_stays_grey_through_colour_and_back(value: int) -> None:
    image = np.full((2, 2, 1), value, np.uint8)

    threefold = colour(2, 2).resized(image)

    np.testing.assert_array_equal(threefold, np.full((2, 2, 3), value))
    np.testing.assert_array_equal(grey(2, 2).resized(threefold), image)


@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from([1, 3]), st.integers(0, 9))
def test_it_gives_the_same_twice_and_leaves_its_input_alone(
    rows: int, columns: int, channels: int, seed: int
) -> None:
    image = noise(rows, columns, channels, seed)
    before = image.copy()

    first, second = colour(8, 9, "crop").apply(image), colour(8, 9, "crop").apply(image)

    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(image, before)
    assert first.shape == (3, 8, 9)


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((1, 4, 4, 3), np.uint8),
        np.zeros((4, 4, 3), np.float32),
    ],
)
def test_another_array_is_refused(image: Any) -> None:  # noqa: ANN401  wrong types are the point
    with pytest.raises(ShapeError, match=r"image must have shape \(rows, columns, channels=1 or 3"):
        colour(4, 4).apply(image)


GOOD: dict[str, object] = {"height": 4, "width": 4, "channels": 1, "mean": [0.5], "std": [0.5]}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"mean": [0.5, 0.5]}, r"mean must hold one number per channel \(1\), not 2"),
        ({"std": []}, r"std must hold one number per channel \(1\), not 0"),
        ({"channels": 3}, r"mean must hold one number per channel \(3\), not 1"),
        ({"std": [0.0]}, "greater than 0"),
        ({"std": [-1.0]}, "greater than 0"),
        ({"std": [math.nan]}, "std"),
        ({"mean": [math.inf]}, "finite number"),
        ({"height": 0}, "greater than or equal to 1"),
        ({"width": 5000}, "less than or equal to 4096"),
        ({"channels": 2}, "1 or 3"),
        ({"resize": "tile"}, "'stretch', 'crop' or 'pad'"),
        ({"interpolation": "nearest"}, "bilinear_antialiased"),
        ({"scale": 1}, "Extra inputs are not permitted"),
    ],
)
def test_a_wrong_declaration_is_refused(change: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Preprocessing.model_validate(GOOD | change)


def test_it_survives_json_and_cannot_be_changed() -> None:
    declared = Preprocessing.model_validate(GOOD)
    declared.apply(noise(5, 5, 1))  # what it remembers for speed must not reach the record

    again = Preprocessing.model_validate(json.loads(declared.model_dump_json()))

    assert again == declared
    with pytest.raises(ValidationError, match="frozen"):
        declared.height = 5  # type: ignore[misc]  # frozen is the point
