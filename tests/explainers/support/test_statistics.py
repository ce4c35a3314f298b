import numpy as np
import pytest

from explainers.activations import Activations
from explainers.arrays import AnyArray
from explainers.support.served.statistics import block_means, block_size, map_statistics


def _seen(pixels: AnyArray, convolution: AnyArray | None = None) -> Activations:
    return Activations(
        logits=np.zeros(2, dtype=np.float32),
        hidden=np.zeros(1, dtype=np.float32),
        predicted=0,
        pixels=pixels.astype(np.float32),
        convolution=None if convolution is None else convolution.astype(np.float32),
    )


def test_the_channels_of_a_map_worked_by_hand() -> None:
    convolution = np.array([[[3, 4], [0, 0]], [[1, 1], [1, 1]], [[-2, 2], [-2, 2]]])

    found = map_statistics(_seen(np.zeros((1, 9, 9)), convolution))

    # means 7/4, 1, 0; root mean squares sqrt(25/4), 1, 2
    np.testing.assert_allclose(found, [1.75, 1, 0, 2.5, 1, 2], rtol=1e-6)


def test_the_blocks_of_pixels_worked_by_hand() -> None:
    # 4 x 8 pixels are cut into 4 x 4 blocks of 1 x 2 pixels.
    pixels = np.arange(32).reshape(1, 4, 8)

    found = map_statistics(_seen(pixels))

    first, second = np.arange(0, 32, 2), np.arange(1, 32, 2)
    np.testing.assert_allclose(found[:16], (first + second) / 2, rtol=1e-6)
    np.testing.assert_allclose(found[16:], np.sqrt((first**2 + second**2) / 2), rtol=1e-6)


def test_blocks_do_not_mix_channels_or_places() -> None:
    pixels = np.zeros((2, 8, 8))
    pixels[1, 2:4, 6:8] = 5.0  # channel 1, second row of blocks, last column

    found = map_statistics(_seen(pixels))

    expected = np.zeros(32)
    expected[16 + 4 + 3] = 5.0
    np.testing.assert_allclose(found, np.concatenate([expected, expected]), rtol=1e-6)


@pytest.mark.parametrize(
    ("size", "blocks"),
    [
        ((1, 1), 1),
        ((2, 3), 6),
        ((4, 4), 16),
        ((5, 7), 2 * 3),
        ((11, 9), 3 * 3),
        ((28, 28), 16),
        ((30, 64), 3 * 4),
        ((224, 224), 16),
    ],
)
def test_there_are_up_to_four_by_four_blocks(size: tuple[int, int], blocks: int) -> None:
    found = map_statistics(_seen(np.ones((3, *size))))

    assert found.shape == (2 * 3 * blocks,)
    np.testing.assert_allclose(found, 1.0, rtol=1e-6)  # sums in float32


def test_the_finer_blocks_of_pixels_worked_by_hand() -> None:
    # 2 x 8 pixels: rows of one pixel, columns of two.
    pixels = np.arange(16, dtype=np.float32).reshape(1, 2, 8)

    assert block_size(2, 8) == (1, 2)
    np.testing.assert_array_equal(block_means(pixels), [0.5, 2.5, 4.5, 6.5, 8.5, 10.5, 12.5, 14.5])


def test_what_fills_no_block_is_left_out_on_the_right_and_below() -> None:
    # 15 x 15 pixels: blocks of 3 x 3, five of them each way; 16 x 16: still 3 x 3, one over.
    pixels = np.zeros((1, 16, 16), np.float32)
    pixels[:, 15], pixels[:, :, 15] = 9.0, 9.0

    assert block_size(15, 15) == block_size(16, 16) == (3, 3)
    np.testing.assert_array_equal(block_means(pixels), np.zeros(25))


def test_the_finer_blocks_do_not_mix_channels_or_places() -> None:
    pixels = np.zeros((2, 28, 28), np.float32)
    pixels[1, 4:8, 24:28] = 5.0  # channel 1, second row of blocks, last column

    expected = np.zeros(2 * 49)
    expected[49 + 7 + 6] = 5.0
    np.testing.assert_allclose(block_means(pixels), expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("size", "blocks"),
    [((1, 1), 1), ((2, 3), 6), ((7, 7), 49), ((8, 8), 16), ((28, 28), 49), ((224, 100), 7 * 6)],
)
def test_there_are_up_to_seven_by_seven_finer_blocks(size: tuple[int, int], blocks: int) -> None:
    found = block_means(np.ones((3, *size), np.float32))

    assert found.shape == (3 * blocks,)
    np.testing.assert_allclose(found, 1.0, rtol=1e-6)  # sums in float32
