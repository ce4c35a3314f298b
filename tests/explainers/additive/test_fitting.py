import dataclasses

import numpy as np
import pytest

from explainers.additive.fitting import fit_additive
from explainers.errors import NotApplicableError
from explainers.fitting_contract import silent
from tests.explainers.planting import Planted


def test_a_network_without_an_affine_end_is_refused_with_the_reason(planted: Planted) -> None:
    data = dataclasses.replace(planted.data, head=None, head_reason="its last node is Relu")
    told = (
        "additive needs a network whose logits come from an affine layer with constant weights; "
        "this one was refused: its last node is Relu"
    )

    with pytest.raises(NotApplicableError, match=told):
        fit_additive(data, np.random.default_rng(0), silent)


def test_it_always_names_the_networks_class(planted: Planted) -> None:
    method = fit_additive(planted.data, np.random.default_rng(0), silent)

    for i in range(len(planted.test)):
        one = planted.test.one(i)
        assert method.explain(one).names == one.predicted
