"""Changed images."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.arrays import ByteArray
from reasoned.assessment.shifts import SEVERITIES, SHIFTS, Shift, add_noise, fade, occlude, rotate

BY_NAME = {shift.name: shift for shift in SHIFTS}
every_shift = pytest.mark.parametrize("shift", SHIFTS, ids=lambda shift: shift.name)


def picture(rows: int = 12, columns: int = 16, channels: int = 1) -> ByteArray:
    rng = np.random.default_rng(3)
    return rng.integers(0, 256, (rows, columns, channels)).astype(np.uint8)


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def distance(one: ByteArray, other: ByteArray) -> float:
    return float(np.abs(one.astype(np.float64) - other).mean())


@every_shift
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_size_channels_and_bytes_stay(shift: Shift, channels: int) -> None:
    image = picture(channels=channels)

    for severity in SEVERITIES:
        changed = shift.apply(image, severity, rng())
        assert (changed.shape, changed.dtype) == (image.shape, image.dtype)
    assert distance(image, picture(channels=channels)) == 0.0  # the original is left alone


@every_shift
def test_no_severity_is_no_change_and_the_same_draws_are_the_same_images(shift: Shift) -> None:
    image = picture()

    assert shift.apply(image, 0, rng()) is image
    assert shift.what(0) == "as they are"
    np.testing.assert_array_equal(shift.apply(image, 4, rng()), shift.apply(image, 4, rng()))
    assert shift.apply(image, 1, rng()).tobytes() != image.tobytes()


@every_shift
def test_severities_grow(shift: Shift) -> None:
    # Smooth, so that each further turn or blur changes more.
    rows, columns = np.mgrid[0:64, 0:64]
    image = (127 + 100 * np.sin(rows / 9) * np.cos(columns / 7)).astype(np.uint8)[:, :, None]

    away = [distance(image, shift.apply(image, severity, rng())) for severity in SEVERITIES]

    assert away == sorted(away)
    assert away[0] < away[-1]


@every_shift
@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1)])
def test_the_smallest_images_can_be_changed(shift: Shift, size: tuple[int, int]) -> None:
    image = picture(*size)

    for severity in SEVERITIES:
        assert shift.apply(image, severity, rng()).shape == image.shape


def test_noise_has_the_deviation_that_is_said() -> None:
    grey = np.full((200, 200, 1), 127, np.uint8)

    changed = add_noise(grey, 20.0, rng()).astype(np.float64)

    np.testing.assert_allclose([changed.mean(), changed.std()], [127, 20], rtol=0.02)
    assert BY_NAME["noise"].what(2) == "normal noise of 20 grey levels"


def test_a_turn_by_a_right_angle_is_a_turn_and_corners_get_the_border() -> None:
    image = picture(8, 8, 3)
    quarters = [np.rot90(image, k=k).tolist() for k in (1, -1)]

    assert rotate(image, 90.0, rng()).tolist() in quarters

    framed = np.full((9, 9, 2), (40, 200), np.uint8)
    framed[3:6, 3:6] = 0
    for seed in range(8):
        turned = rotate(framed, 45.0, np.random.default_rng(seed))
        assert turned[0, 0].tolist() == [40, 200]


def test_both_sides_are_turned_to() -> None:
    image = picture(8, 8)
    found = {rotate(image, 20.0, np.random.default_rng(seed)).tobytes() for seed in range(20)}

    assert len(found) == 2


@given(st.integers(4, 30), st.integers(4, 30), st.sampled_from([2, 5, 10, 20, 30]))
def test_a_patch_covers_what_is_said_and_lies_inside(rows: int, columns: int, share: int) -> None:
    black = np.zeros((rows, columns, 1), np.uint8)

    covered = occlude(black, float(share), rng())[:, :, 0] > 0

    high, wide = covered.any(axis=1).sum(), covered.any(axis=0).sum()
    assert covered.sum() == high * wide  # one whole rectangle
    assert abs(high - rows * (share / 100) ** 0.5) <= 1
    assert abs(wide - columns * (share / 100) ** 0.5) <= 1


def test_fading_by_hand() -> None:
    image = np.array([[[0], [100]], [[200], [100]]], np.uint8)

    assert fade(image, 50.0, rng()).ravel().tolist() == [50, 100, 150, 100]
    assert fade(image, 100.0, rng()).tolist() == image.tolist()


def test_blur_keeps_the_mean_and_loses_the_contrast() -> None:
    image = picture(40, 40)

    changed = BY_NAME["blur"].apply(image, 5, rng())

    np.testing.assert_allclose(changed.mean(), image.mean(), atol=3)
    assert changed.std() < image.std() / 3
