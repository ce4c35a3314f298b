"""Which pixels are kept, and what stands where the others were."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from explainers.arrays import DoubleArray
from explainers.errors import ShapeError
from reasoned.errors import OptionsError
from reasoned.evaluation.masking import Fill, Masking, kept_pixels, masked, upsampled
from reasoned.images.preprocessing import Preprocessing

GREY = Preprocessing(height=10, width=10, channels=1, mean=(0.25,), std=(0.5,))


@given(
    arrays(np.float64, (7, 9), elements=st.integers(-2, 2).map(float)),
    st.sampled_from([0.05, 0.2, 0.5, 0.9]),
)
def test_exactly_the_share_is_kept_and_none_more_important_is_left(
    heat: DoubleArray, share: float
) -> None:
    kept = kept_pixels(heat, share)

    assert kept.sum() == round(share * 63)
    assert heat[kept].min() >= heat[~kept].max()


def test_of_equal_pixels_the_first_are_kept() -> None:
    heat = np.array([[1.0, 1.0, 3.0], [1.0, 1.0, 1.0]])

    np.testing.assert_array_equal(
        kept_pixels(heat, 0.5), [[True, True, True], [False, False, False]]
    )


def test_a_fifth_of_an_image_is_kept() -> None:
    # 0.2 * 28 * 28 = 156.8
    assert kept_pixels(np.zeros((28, 28)), 0.2).sum() == 157


def test_enlarging_is_bilinear_between_the_centres() -> None:
    found = upsampled(np.array([[[0.0, 4.0]]]), (1, 4))

    np.testing.assert_allclose(found, [[[0.0, 1.0, 3.0, 4.0]]], atol=1e-12)


@pytest.mark.parametrize(("fill", "dark"), [("mean", 0.0), ("black", -0.5)])
def test_the_rest_is_filled_in(fill: Fill, dark: float) -> None:
    pixels = np.full((2, 1, 10, 10), 0.7, np.float32)
    heats = np.zeros((2, 10, 10))
    heats[0, :2], heats[1, 8:] = 1.0, 1.0

    found = masked(pixels, heats, Masking(0.2, fill), GREY)

    expected = np.full((2, 1, 10, 10), dark, np.float32)
    expected[0, 0, :2], expected[1, 0, 8:] = 0.7, 0.7
    np.testing.assert_array_equal(found, expected)
    assert found.dtype == np.float32


def test_blur_keeps_the_mean_and_loses_the_detail() -> None:
    pixels = np.zeros((1, 1, 16, 16), np.float32)
    pixels[0, 0, :, ::2] = 1.0
    heats = np.zeros((1, 16, 16))
    heats[0, :, :4] = 1.0

    found = masked(pixels, heats, Masking(0.25, "blur"), GREY)

    np.testing.assert_array_equal(found[0, 0, :, :4], pixels[0, 0, :, :4])
    np.testing.assert_allclose(found[0, 0, :, 4:], 0.5, atol=0.11)  # less at the border


def test_black_is_black_in_every_channel() -> None:
    colour = Preprocessing(
        height=2, width=2, channels=3, mean=(0.5, 0.25, 0.0), std=(0.5, 0.5, 1.0)
    )
    pixels = np.ones((1, 3, 2, 2), np.float32)

    found = masked(pixels, np.zeros((1, 2, 2)), Masking(0.25, "black"), colour)

    np.testing.assert_array_equal(found[0, :, 1, 1], [-1.0, -0.5, 0.0])
    np.testing.assert_array_equal(found[0, :, 0, 0], 1.0)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.2])
def test_a_share_of_nothing_or_of_all_is_refused(share: float) -> None:
    with pytest.raises(OptionsError, match=r"pixels kept must lie in \(0, 1\), not"):
        Masking(share)


def test_a_map_for_each_image_is_needed() -> None:
    with pytest.raises(ShapeError, match=r"heats must have shape \(images=2, rows, columns\)"):
        masked(np.zeros((2, 1, 4, 4), np.float32), np.zeros((1, 2, 2)), Masking(), GREY)
