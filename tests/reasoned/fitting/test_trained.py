"""A network that was trained on the fit's own training split, and what came with it."""

import dataclasses
import json
from pathlib import Path
from typing import final

import numpy as np
import pytest
import torch
from torch import nn

from explainers.arrays import FloatArray, IntArray
from explainers.attributes.fitting.architecture import Architecture
from explainers.attributes.fitting.interpreter import Interpreter
from explainers.attributes.served import Attributes
from explainers.fitting_contract import Companion, silent
from reasoned.datasets.digits import open_digits
from reasoned.errors import OptionsError
from reasoned.fitting.inputs import build, settle_preprocessing
from reasoned.fitting.pipeline import fit_model, fit_splits
from reasoned.fitting.pixels import prepare_pixels
from reasoned.fitting.settings import FitSettings, NetworkSettings, Trained
from reasoned.folder.writing import new_folder
from reasoned.model import ExplainedModel
from reasoned.network.reference import Training, train_reference

LAYERS = ("features.1", "features.4")
LAYERS_HELD = ("intermediate", "second_intermediate")
SETTINGS = FitSettings(open_digits(), "digits", "digits", threads=1, seed=3)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Before:
    """What there is before the fit: a network, and the images that it was trained on."""

    network: nn.Module
    pixels: FloatArray
    labels: IntArray


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Before:
    rows = fit_splits(SETTINGS).train
    path = tmp_path_factory.mktemp("before") / "train.npy"
    pixels = prepare_pixels(SETTINGS.dataset, rows, settle_preprocessing(SETTINGS), path, silent)
    labels = SETTINGS.dataset.labels[rows]
    training = Training(epochs=8, seed=3, threads=1)
    return Before(train_reference(pixels, labels, 10, training, silent), pixels, labels)


def taken_over(before: Before, methods: tuple[str, ...], **companions: Companion) -> FitSettings:
    trained = Trained(before.network, "hidden", LAYERS, companions, "trained by design: small")
    return dataclasses.replace(SETTINGS, methods=methods, trained=trained)


def untrained_interpreter(classes: int) -> Companion:
    torch.manual_seed(0)
    architecture = Architecture(attributes=6, width=4)
    interpreter = Interpreter(((32, 8, 8), (64, 4, 4)), (1, 8, 8), classes, architecture)
    arrays = {name: value.numpy() for name, value in interpreter.state_dict().items()}
    settings = json.dumps({"architecture": dataclasses.asdict(architecture), "log": []})
    return Companion(arrays, settings)


def test_it_becomes_a_model_that_says_where_it_is_from(before: Before, tmp_path: Path) -> None:
    state = {name: value.clone() for name, value in before.network.state_dict().items()}
    with new_folder(tmp_path / "model", replace=False) as folder:
        figures = fit_model(taken_over(before, ("additive",)), folder, silent)
    model = ExplainedModel.load(tmp_path / "model")
    card = model.manifest

    assert (card.network.source, card.network.layer) == ("trained by design: small", "hidden")
    assert card.network.trained_here
    assert card.data.calibration_seen == "held_out"
    assert card.data.train == len(before.labels)
    assert isinstance(figures["accuracy"], float)
    assert figures["accuracy"] > 0.9
    # No packaged method reads the layers of attribute functions: they are not tapped.
    network = model.explaining.parts.network
    assert set(network.taps) == {"logits", "hidden", "convolution", "affine_input"}
    for name, value in before.network.state_dict().items():
        assert torch.equal(value, state[name]), name
    with torch.no_grad():
        wanted = before.network(torch.from_numpy(before.pixels[:5].copy())).numpy()
    found = network.run_many(np.array(before.pixels[:5]))["logits"]
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-4)


def test_a_method_takes_over_what_was_trained_with_it(before: Before, tmp_path: Path) -> None:
    settings = taken_over(before, ("attributes", "additive"), attributes=untrained_interpreter(10))
    settings = dataclasses.replace(settings, options={"attributes": {"pictures": "false"}})
    with new_folder(tmp_path / "model", replace=False) as folder:
        fit_model(settings, folder, silent)
    model = ExplainedModel.load(tmp_path / "model")
    method = model.explaining.parts.explainers["attributes"]

    assert isinstance(method, Attributes)
    assert method.by_design
    assert method.layers == LAYERS
    assert method.shapes.tolist() == [[32, 8, 8], [64, 4, 4]]
    taps = model.explaining.parts.network.taps
    assert (taps["intermediate"], taps["second_intermediate"]) == LAYERS_HELD
    replied = model.explain(settings.dataset.image(0), explain="full").explanation
    assert replied is not None
    assert {one.method for one in replied.evidence} == {"attributes", "additive"}


@pytest.mark.parametrize(("method", "layers"), [("additive", None), ("attributes", LAYERS)])
def test_its_layers_are_tapped_where_a_method_reads_them(
    before: Before, tmp_path: Path, method: str, layers: tuple[str, ...] | None
) -> None:
    settings, preprocessing = taken_over(before, (method,)), settle_preprocessing(SETTINGS)
    built = build(settings, preprocessing, (before.pixels, before.labels), tmp_path, silent)

    assert built.trained_here
    assert built.difference is not None
    assert [path.name for path in tmp_path.iterdir()] == ["network.onnx"]
    if layers is None:
        assert built.lower is None
        return
    assert built.lower is not None
    assert (built.lower.layers, built.lower.reason) == (layers, "")


def test_the_split_that_it_may_see_is_the_fits_own(before: Before) -> None:
    apart = dataclasses.replace(SETTINGS, calibration=open_digits())
    splits = fit_splits(SETTINGS)

    assert len(fit_splits(apart).calibration) == 0
    assert len(splits.train) == len(before.labels) == 1150
    np.testing.assert_array_equal(splits.train, fit_splits(SETTINGS).train)
    other = dataclasses.replace(SETTINGS, seed=4)
    assert not np.array_equal(splits.train, fit_splits(other).train)


def test_layers_are_named_with_a_reader_only(before: Before, tmp_path: Path) -> None:
    network = NetworkSettings(attribute_layers=LAYERS)
    settings = dataclasses.replace(SETTINGS, network=network, methods=("additive",))
    words = "--attribute-layers is read by none of the methods additive; leave it out, or add attr"
    with pytest.raises(OptionsError, match=words):
        build(
            settings,
            settle_preprocessing(settings),
            (before.pixels, before.labels),
            tmp_path,
            silent,
        )
