"""Pictures for their judges: ranks, what Quantus refuses, and models that are none."""

import numpy as np
import pytest
from torch import nn

from explainers.arrays import DoubleArray
from reasoned.errors import NetworkError
from reasoned.judges.explaining_again import Judged, accepted
from reasoned.judges.network import JudgedNetwork
from reasoned.judges.peers import SaliencyMaps
from tests.reasoned.judges.judged_networks import image


def judged(network: JudgedNetwork, pictures: DoubleArray) -> Judged:
    pixels = np.repeat(image(1.0, 0.0), len(pictures), axis=0)
    return Judged(SaliencyMaps(), network, pixels, np.zeros(len(pictures), np.int64), pictures)


def test_ranks_keep_the_order_and_break_ties_at_random(small: JudgedNetwork) -> None:
    picture = np.zeros((40, 2, 2))
    picture[:, 0, 0], picture[:, 1, 1] = -1.0, 5.0
    ranks = judged(small, picture).ranked(0)
    np.testing.assert_allclose(ranks[:, 0, 0], 0.0)
    np.testing.assert_allclose(ranks[:, 1, 1], 1.0)
    middle = np.sort(np.stack([ranks[:, 0, 1], ranks[:, 1, 0]]), axis=0)
    np.testing.assert_allclose(middle, [[1 / 3] * 40, [2 / 3] * 40])
    assert 5 < (ranks[:, 0, 1] < ranks[:, 1, 0]).sum() < 35
    np.testing.assert_array_equal(ranks, judged(small, picture).ranked(0))


def test_pictures_are_scaled_and_drawn_again(small: JudgedNetwork) -> None:
    own = Judged.of(SaliencyMaps(), small, image(1.0, 1.0), np.array([1]))
    assert own.pictures.max() == 1.0
    np.testing.assert_array_equal(
        own.again(small, image(1.0, 1.0).astype(np.float64), np.array([1]))[:, 0], own.pictures
    )
    with pytest.raises(NetworkError, match="of a JudgedNetwork, not of a Linear"):
        own.again(nn.Linear(1, 1), image(1.0, 1.0), np.array([1]))


@pytest.mark.parametrize("value", [0.0, -0.5, 1.0])
def test_what_quantus_refuses_is_changed_in_one_number(value: float) -> None:
    flat = np.full((2, 2, 2), value)
    found = accepted(flat)
    assert (found != flat).sum() == 1
    assert np.ptp(found) > 0
    assert found.max() >= 0.0
    again = accepted(found)
    assert again is found
