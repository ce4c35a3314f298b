"""Insertion and deletion, on a network whose curves are known."""

import numpy as np
from scipy import special

from explainers.arrays import DoubleArray, FloatArray
from reasoned.judges.curves import areas, deletion, insertion
from reasoned.judges.explaining_again import Judged
from reasoned.judges.network import JudgedNetwork
from reasoned.judges.peers import SaliencyMaps
from reasoned.judges.settings import JudgeSettings

SETTINGS = JudgeSettings()


def judged(network: JudgedNetwork, picture: DoubleArray) -> Judged:
    return Judged(SaliencyMaps(), network, pixels(), np.array([0]), picture[None])


def pixels() -> FloatArray:
    # Only the first pixels of the quarters count for class 0.
    found = np.zeros((1, 1, 4, 4), np.float32)
    found[0, 0, ::2, ::2] = 2.0
    return found


def chance(first: float, last: float) -> float:
    """The probability of class 0 for the sums over the quarters' first and last pixels."""
    return float(special.softmax([2 * first, 3 * last, -first - last])[0])


def test_deletion_puts_the_mean_in_place_of_the_first_pixels(small: JudgedNetwork) -> None:
    picture = np.zeros((4, 4))
    picture[::2, ::2] = 1.0
    found = deletion(judged(small, picture), SETTINGS)
    # The mean is 0.5: first it takes the four that count, then it fills in all others too.
    expected = [chance(8.0, 0.0), chance(2.0, 0.0)]
    np.testing.assert_allclose(found[0, :2], expected, rtol=1e-5)
    np.testing.assert_allclose(found[0, -1], chance(2.0, 2.0), rtol=1e-5)
    assert found.shape == (1, 5)


def test_a_picture_upside_down_deletes_later_and_inserts_later(small: JudgedNetwork) -> None:
    picture = np.zeros((4, 4))
    picture[::2, ::2] = 1.0
    good, bad = judged(small, picture), judged(small, -picture)
    assert areas(deletion(good, SETTINGS))[0] < areas(deletion(bad, SETTINGS))[0]
    assert areas(insertion(good, SETTINGS))[0] > areas(insertion(bad, SETTINGS))[0]


def test_insertion_ends_with_the_image_and_starts_from_its_blur(small: JudgedNetwork) -> None:
    found = insertion(judged(small, np.zeros((4, 4))), SETTINGS)
    np.testing.assert_allclose(found[0, -1], chance(8.0, 0.0), rtol=1e-5)
    assert found[0, 0] < found[0, -1]


def test_the_area_is_a_share_of_the_largest() -> None:
    curves = np.array([[1.0, 1.0, 1.0], [1.0, 0.5, 0.0], [0.0, 0.0, 1.0]])
    np.testing.assert_allclose(areas(curves), [1.0, 0.5, 0.25])
