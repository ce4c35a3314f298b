"""What the darkest and the lightest pixel become."""

import numpy as np

from reasoned.fitting.input_range import input_range
from reasoned.images.preprocessing import Preprocessing


def test_it_goes_by_mean_and_std_of_each_channel() -> None:
    mean, std = (0.5, 0.25, 0.0), (0.5, 0.25, 1.0)
    found = input_range(Preprocessing(height=3, width=5, channels=3, mean=mean, std=std))

    np.testing.assert_array_equal(found, [[-1, -1, 0], [1, 3, 1]])
    assert found.dtype == np.float32


def test_grey_has_one_channel() -> None:
    given = Preprocessing(
        height=2, width=2, channels=1, resize="pad", mean=(0.1307,), std=(0.3081,)
    )

    expected = np.array([[(0 - 0.1307) / 0.3081], [(1 - 0.1307) / 0.3081]], np.float32)
    np.testing.assert_array_equal(input_range(given), expected)
