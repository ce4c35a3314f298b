"""A small random network, and the method fitted on it once."""

import pytest

from explainers.fitting_contract import FittingData
from explainers.representative.served import Representative
from tests.explainers.representative.fitting.small_networks import fit, random_network


@pytest.fixture(scope="session")
def network() -> FittingData:
    return random_network()


@pytest.fixture(scope="session")
def fitted(network: FittingData) -> Representative:
    return fit(network)
