import numpy as np
import pytest
from sklearn.datasets import load_digits

from reasoned.datasets.digits import open_digits
from reasoned.errors import DataError


def test_the_values_are_spread_over_bytes() -> None:
    bundled, found = load_digits(), open_digits()

    assert len(found) == 1797
    assert found.classes == tuple("0123456789")
    assert not found.official_test.any()
    assert found.groups is None
    assert found.image(0).shape == (8, 8, 1)
    for row in (0, 900, 1796):
        assert found.labels[row] == bundled.target[row]
        # 16 becomes 255; a byte is at most half a step off.
        np.testing.assert_allclose(
            found.image(row)[..., 0].astype(float) * 16 / 255,
            bundled.images[row],
            rtol=0,
            atol=0.5 * 16 / 255,
        )


def test_it_is_the_same_data_every_time() -> None:
    assert open_digits().checksum() == open_digits().checksum()


def test_the_classes_may_come_in_another_order() -> None:
    found = open_digits(tuple("9876543210"))

    assert found.labels.tolist() == (9 - open_digits().labels).tolist()
    with pytest.raises(DataError, match="classes of digits; not found there: 'ten'"):
        open_digits((*"012345678", "ten"))
