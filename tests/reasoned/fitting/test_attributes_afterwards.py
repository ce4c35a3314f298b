"""Attributes for a fixed network, through the whole fit, pictures included."""

from pathlib import Path

import numpy as np
import pytest
import torch

from explainers.attributes.served import Attributes
from explainers.fitting_contract import silent
from reasoned import ExplainedModel
from reasoned.datasets.sources import open_dataset
from reasoned.fitting.pipeline import fit_model
from reasoned.fitting.settings import FitSettings, InputSettings, NetworkSettings
from reasoned.folder.writing import new_folder
from tests.reasoned.fitting.normed import normed


def settings() -> FitSettings:
    return FitSettings(
        dataset=open_dataset("digits"),
        spec="digits",
        name="normed",
        network=NetworkSettings("tests.reasoned.fitting.normed:normed", layer="6"),
        inputs=InputSettings(mean=(0.0,), std=(1.0,)),
        methods=("attributes", "additive"),
        options={"attributes": {"epochs": "12", "batch": "32", "rounds": "1", "attributes": "12"}},
        threads=1,
    )


def fitted(out: Path) -> Path:
    with new_folder(out, replace=False) as folder:
        fit_model(settings(), folder, silent)
    return out


@pytest.fixture(scope="module")
def before() -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in normed().state_dict().items()}


@pytest.fixture(scope="module")
def first(before: dict[str, torch.Tensor], tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert before
    return fitted(tmp_path_factory.mktemp("afterwards") / "first")


def test_the_network_stays_bit_by_bit_as_it_was(
    before: dict[str, torch.Tensor], first: Path
) -> None:
    network = normed()

    assert first.is_dir()
    assert "1.running_mean" in before
    for name, value in network.state_dict().items():
        assert torch.equal(value, before[name]), name
    assert all(parameter.requires_grad for parameter in network.parameters())
    assert not any(m.training or m._forward_hooks for m in network.modules())  # noqa: SLF001  torch shows them nowhere else


def test_equal_fits_give_equal_bytes(first: Path, tmp_path: Path) -> None:
    second = fitted(tmp_path / "second")

    for name in ("attributes.safetensors", "attributes.json"):
        assert (first / "methods" / name).read_bytes() == (second / "methods" / name).read_bytes()


def test_the_pictures_raise_their_attributes_and_can_be_looked_at(first: Path) -> None:
    model = ExplainedModel.load(first)
    method = model.explaining.parts.explainers["attributes"]

    assert isinstance(method, Attributes)
    assert not method.by_design
    assert method.maximised == 3 * len(method.pairs)
    assert method.raised >= 0.95 * method.maximised
    assert method.above_original >= 0.95 * method.maximised
    png = model.region_png("attributes", method.regions()[0])
    assert png is not None
    assert png.startswith(b"\x89PNG")
    assert method.validation_fidelity > 0.8
    assert method.input_error < method.mean_error


def test_the_graph_gives_the_logit_that_the_parts_add_up_to(first: Path) -> None:
    model = ExplainedModel.load(first)
    method = model.explaining.parts.explainers["attributes"]
    assert isinstance(method, Attributes)
    pixels = model.explaining.parts.preprocessing.apply(open_dataset("digits").image(3))

    told = model.explaining.parts.network.run(pixels).heads["attributes"]
    found = method.explain(model.explaining.parts.network.run(pixels))

    phi, logits = np.array(told[:12]), np.array(told[12:])
    total = method.class_weights.astype(np.float64) @ phi + method.class_bias
    np.testing.assert_allclose(total, logits, atol=1e-5)
    assert found.names == int(logits.argmax())
