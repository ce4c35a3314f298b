"""From options to what is trained and fitted."""

from pathlib import Path
from typing import Any

import pytest

from explainers.attributes.fitting.presets import POOLED
from reasoned.cli.train_options import settle
from reasoned.errors import OptionsError
from reasoned.fitting.by_design import ByDesignSettings
from reasoned.fitting.by_design_predictors import OwnPredictor

OPTIONS: dict[str, Any] = {
    "data": "digits",
    "data_dir": None,
    "calibration": None,
    "groups": None,
    "classes": None,
    "size": None,
    "channels": None,
    "resize": "stretch",
    "mean": None,
    "std": None,
    "options": {},
    "examples": "representatives",
    "seed": 3,
    "threads": 2,
    "scratch": None,
    "name": None,
    "model_version": "7",
    "methods": ("attributes",),
    "preset": None,
    "epochs": None,
    "batch": None,
    "rate": None,
    "attributes": None,
    "weights": {},
    "variant": None,
    "positive_head": False,
    "leaky": None,
    "network": None,
    "attribute_layers": (),
    "layer": None,
    "precision": "float32",
}
OWN: dict[str, Any] = {"network": "a.b:c", "attribute_layers": ("x", "y"), "layer": "z"}


def test_what_was_left_out_is_the_preset_s() -> None:
    fit, design, source = settle(Path("mine"), OPTIONS)

    assert design == ByDesignSettings(POOLED, seed=3, threads=2)
    assert source == "trained by design: pooled"
    assert (fit.name, fit.version, fit.seed, fit.threads) == ("mine", "7", 3, 2)
    assert (fit.inputs.mean, fit.inputs.std) == ((0.0,), (1.0,))


def test_channels_that_were_asked_for_choose_the_preset() -> None:
    fit, design, source = settle(Path("mine"), OPTIONS | {"channels": "3", "std": (0.5,)})

    assert source == "trained by design: cifar10"
    assert fit.inputs.channels == 3
    assert (fit.inputs.mean, fit.inputs.std) == ((0.4914, 0.4822, 0.4465), (0.5,))
    assert design.preset.predictor == "resnet"


def test_one_s_own_scaling_makes_any_preset_fit() -> None:
    fit, _, _ = settle(Path("mine"), OPTIONS | {"preset": "cifar10", "mean": (0.5,), "std": (0.5,)})

    assert (fit.inputs.mean, fit.inputs.std) == ((0.5,), (0.5,))


def test_one_s_own_predictor_is_named() -> None:
    fit, design, source = settle(Path("mine"), OPTIONS | OWN)

    assert design.network == OwnPredictor("a.b:c", ("x", "y"), "z")
    assert source == "trained by design: pooled, a.b:c"
    assert fit.network.attribute_layers == ("x", "y")


@pytest.mark.parametrize("lacking", OWN)
def test_one_s_own_predictor_is_named_whole(lacking: str) -> None:
    with pytest.raises(OptionsError, match=rf"together; --{lacking.replace('_', '-')} is missing"):
        settle(Path("mine"), OPTIONS | OWN | {lacking: None})


def test_calibration_images_may_lie_apart(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=str(tmp_path / "nothing")):
        settle(Path("mine"), OPTIONS | {"calibration": str(tmp_path / "nothing")})
