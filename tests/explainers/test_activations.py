import dataclasses

import numpy as np

from tests.explainers.planting import Planted


def test_one_image_is_a_row_of_every_array(planted: Planted) -> None:
    table = planted.test
    one = table.one(5)

    assert one.predicted == int(table.predicted[5])
    for name in ("logits", "hidden", "pixels", "convolution", "affine_input"):
        np.testing.assert_array_equal(getattr(one, name), getattr(table, name)[5])


def test_what_a_network_does_not_have_stays_none(planted: Planted) -> None:
    one = dataclasses.replace(planted.test, convolution=None, affine_input=None).one(0)

    assert (one.convolution, one.affine_input) == (None, None)


def test_its_length_is_its_number_of_images(planted: Planted) -> None:
    assert len(planted.test) == len(planted.test.hidden)
