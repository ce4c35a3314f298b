"""What the fitter does not take, and why."""

import dataclasses

import numpy as np
import pytest

from explainers.errors import FittingError, NotApplicableError
from explainers.fitting_contract import FittingData
from tests.explainers.representative.fitting.small_networks import fit


def test_an_unknown_option_is_refused(network: FittingData) -> None:
    with pytest.raises(FittingError, match="representative has no option 'facets'; it has mode"):
        fit(network, facets="3")


def test_without_the_network_above_it_says_why(network: FittingData) -> None:
    refused = dataclasses.replace(network, upper=None, upper_reason="it recurs")

    with pytest.raises(NotApplicableError, match=r"the explained map; .* refused: it recurs$"):
        fit(refused)


@pytest.mark.parametrize("split", ["train", "validation"])
def test_without_the_tap_it_says_what_it_needs(network: FittingData, split: str) -> None:
    bare = dataclasses.replace(getattr(network, split), boundary=None)

    with pytest.raises(NotApplicableError, match="needs the tap `boundary` of every image"):
        fit(dataclasses.replace(network, **{split: bare}), seeds="2")


def test_a_network_that_knows_one_class_has_no_boundary(network: FittingData) -> None:
    train = dataclasses.replace(network.train, predicted=np.zeros(1200, dtype=np.int64))

    with pytest.raises(NotApplicableError, match=r"found no boundary: .* all training images one"):
        fit(dataclasses.replace(network, train=train))
