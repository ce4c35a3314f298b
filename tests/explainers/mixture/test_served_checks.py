"""Every stored part that does not fit is refused, and named."""

from typing import Any

import numpy as np
import pytest

from explainers.errors import ArtefactError, ShapeError
from tests.explainers.mixture.stored import two

NAN = np.array([1.0, np.nan])
SUPERPIXELS = {"features": "superpixels"}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"class_names": ("boot",)}, "two classes or more, not 1"),
        ({"features": "edges"}, "features must be one of pixels, superpixels, hidden, not 'edges'"),
        ({"gate_reads": "logits"}, "gate_reads must be one of features, hidden, not 'logits'"),
        ({"verdicts": ("",)}, "a verdict per class, 2, not 1"),
        ({"verdicts": ("x" * 1001, "")}, "at most 1000 letters"),
        ({"settings": "{"}, "settings must be JSON"),
        ({"settings": "[]"}, "settings must be a JSON object, not list"),
        ({"settings": '{"a": NaN}'}, "settings must be JSON"),
        ({"settings": "[" * 5000}, "settings must be JSON: depth limit"),
        ({"settings": "{}" + " " * 100_000}, "settings must have at most 100000 letters"),
        ({"shape": np.array([1, 2])}, "shape must have shape"),
        ({"shape": np.array([1, 0, 2])}, "shape must lie in"),
        ({"shape": np.array([2, 1, 1])}, "1 or 3 channels, not 2"),
        ({"shape": np.array([1, 4096, 4096])}, "values of the input must lie in"),
        ({"shape": np.array([1, 1, 3])}, r"weights must have shape \(components, features=3\)"),
        ({"black": np.zeros(2, np.float32)}, "black must have shape"),
        ({"white": np.array([np.inf], np.float32)}, "white must lie in"),
        ({"white": np.zeros(1, np.float32)}, "black and white must differ"),
        ({"cells": np.zeros(2, np.int64)}, r"cells must have shape \(values=0\)"),
        (SUPERPIXELS, r"cells must have shape \(values=2\)"),
        (SUPERPIXELS | {"cells": np.array([0, 2])}, "cells must lie in"),
        (SUPERPIXELS | {"cells": np.array([1, 1])}, "cells must hold each of the 2 features"),
        ({"owner": np.array([0, 1, 2])}, "owner must lie in"),
        ({"owner": np.array([1, 0, 1])}, "owner must be ascending and hold every class"),
        ({"owner": np.array([0, 0, 0])}, "owner must be ascending and hold every class"),
        ({"owner": np.repeat([0, 1], [501, 1])}, r"components of a class must lie in \[1, 500\]"),
        ({"weights": np.full((3, 2), np.nan)}, "weights must lie in"),
        ({"weights": np.zeros((2, 2))}, "weights must have shape"),
        ({"deviations": np.full((3, 2), -1.0)}, "deviations must lie in"),
        ({"deviations": np.zeros((3, 3))}, "deviations must have shape"),
        ({"certain": np.zeros((3, 1), np.bool_)}, "certain must have shape"),
        ({"selected": np.zeros((3, 2), np.bool_)}, "selected must have shape"),
        ({"selected": np.zeros((2, 2), np.bool_)}, "weights must be 0 where"),
        ({"intercepts": np.zeros(2)}, "intercepts must have shape"),
        ({"s2": np.array([-1.0, 1.0, 1.0])}, "s2 must lie in"),
        ({"shares": np.array([0.75, 0.75, 1.0])}, "shares, summed within a class, must lie in"),
        ({"shares": np.array([2.0, 0.75, 1.0])}, "shares must lie in"),
        ({"l1": np.array([np.nan, 1.0, 1.0])}, "l1 must lie in"),
        ({"l2": np.zeros((3, 1))}, "l2 must have shape"),
        ({"nets": np.array([0, 3, 0])}, "nets must lie in"),
        ({"gate_weights": np.zeros((2, 2))}, "gate_weights must have shape"),
        ({"gate_weights": np.zeros((3, 3))}, r"gate_weights must have shape \(components, read=2"),
        ({"gate_weights": np.full((3, 2), np.inf)}, "gate_weights must lie in"),
        ({"gate_bias": np.zeros(2)}, "gate_bias must have shape"),
        ({"gate_bias": np.full(3, np.nan)}, "gate_bias must lie in"),
        ({"limit": 0.5}, "limit must lie in"),
        ({"dominance": 0.5}, "dominance must lie in"),
        ({"dominance": float("nan")}, "dominance must lie in"),
        ({"example_ids": ("a", "b", "a")}, "example_ids must differ"),
        ({"example_rows": np.array([1, 2])}, "example_rows must have shape"),
        ({"example_rows": np.array([1, 2, -1])}, "example_rows must lie in"),
        ({"example_rows": np.array([1, 2, 2])}, "example_rows must differ"),
        ({"members": np.zeros((3, 7), np.int64)}, "members must have shape"),
        ({"members": np.full((3, 8), 3)}, "members must lie in"),
        ({"members": np.full((3, 8), -2)}, "members must lie in"),
        ({"assigned_rmse": NAN}, "assigned_rmse must be finite"),
        ({"predictive_rmse": np.zeros(3)}, "predictive_rmse must have shape"),
        ({"ridge_rmse": -np.ones(2)}, "ridge_rmse must lie in"),
        ({"gate_accuracy": np.full(2, 1.5)}, "gate_accuracy must lie in"),
        ({"r_hat": NAN}, "r_hat must be finite"),
        ({"validation_fidelity": 1.5}, "validation_fidelity must lie in"),
    ],
)
def test_what_does_not_fit_together_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises((ArtefactError, ShapeError), match=message):
        two(**changed)
