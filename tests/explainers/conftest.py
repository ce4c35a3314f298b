"""What the explainers' tests share: planted data, and every method fitted on it once."""

import numpy as np
import pytest

from explainers.activations import Activations
from explainers.contract import Explainer
from explainers.fitting_contract import silent
from explainers.fitting_registry import FITTERS
from explainers.meta_forest.served import MetaForest
from explainers.registry import METHODS
from tests.explainers.planting import Planted, plant, quick


@pytest.fixture(scope="session")
def planted() -> Planted:
    return plant(0)


@pytest.fixture(scope="session")
def fitted_methods(planted: Planted) -> dict[str, Explainer]:
    return {
        name: fit(quick(planted.data, name), np.random.default_rng(1), silent)
        for name, fit in FITTERS.items()
    }


@pytest.fixture(scope="session")
def planted_trace(fitted_methods: dict[str, Explainer]) -> MetaForest:
    found = fitted_methods["meta_forest"]
    if not isinstance(found, MetaForest):
        pytest.fail("the registered fitter of meta_forest must give a MetaForest")
    return found


@pytest.fixture(params=list(METHODS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def method(name: str, fitted_methods: dict[str, Explainer]) -> Explainer:
    return fitted_methods[name]


@pytest.fixture
def rows(planted: Planted) -> list[Activations]:
    return [planted.test.one(i) for i in range(100)]
