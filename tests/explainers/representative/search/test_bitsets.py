import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from explainers.arrays import BoolArray
from explainers.representative.served.search.bitsets import count, count_by_table, pack, unpack

flags = st.integers(0, 200).flatmap(lambda images: arrays(np.bool_, (3, images)))


def test_the_first_image_is_the_lowest_bit_and_the_padding_is_zero() -> None:
    flag = np.zeros((1, 70), dtype=np.bool_)
    flag[0, [0, 3, 65]] = True

    assert pack(flag).tolist() == [[0b1001, 0b10]]


@given(flags)
def test_packing_loses_nothing(flags: BoolArray) -> None:
    np.testing.assert_array_equal(unpack(pack(flags), flags.shape[1]), flags)


@given(flags)
def test_counts_are_those_of_the_flags_either_way(flags: BoolArray) -> None:
    expected = flags.sum(axis=1)

    np.testing.assert_array_equal(count(pack(flags)), expected)
    np.testing.assert_array_equal(count_by_table(pack(flags)), expected)


@pytest.mark.parametrize("images", [0, 1, 64, 65])
def test_one_set_is_packed_like_many(images: int) -> None:
    flag = np.ones(images, dtype=np.bool_)

    assert int(count(pack(flag))) == images
    assert unpack(pack(flag), images).all()
