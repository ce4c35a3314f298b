"""A training on a fit's own training split, and what is handed over."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from pydantic import TypeAdapter

from explainers.attributes.fitting.architecture import Architecture
from explainers.attributes.fitting.presets import MNIST_64, Preset
from explainers.fitting_contract import silent
from reasoned.datasets.sources import open_dataset
from reasoned.errors import FolderError
from reasoned.fitting.by_design import CHECKPOINT, ByDesignSettings
from reasoned.fitting.settings import FitSettings, InputSettings
from reasoned.fitting.training_log import TrainingLog
from reasoned.fitting.training_run import TrainingRun, remove_checkpoint, train_for_fit

PRESET = dataclasses.replace(
    MNIST_64, architecture=Architecture(attributes=6, width=8), epochs=5, rate=2e-3
)


def asked(**changed: object) -> FitSettings:
    return dataclasses.replace(
        FitSettings(
            dataset=open_dataset("digits"),
            spec="digits",
            name="digits",
            inputs=InputSettings(mean=(0.5,), std=(0.5,)),
            threads=1,
        ),
        **changed,  # type: ignore[arg-type]  # fields of any type
    )


def run_in(folder: Path, design: ByDesignSettings | None = None) -> TrainingRun:
    chosen = design or ByDesignSettings(PRESET)
    return train_for_fit(asked(), chosen, "trained by design: small", folder, silent, TrainingLog())


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> TrainingRun:
    return run_in(tmp_path_factory.mktemp("run") / "digits.training")


def test_the_network_is_handed_over_plain_and_fixed(run: TrainingRun) -> None:
    network = run.trained.network
    assert isinstance(network, torch.nn.Module)

    assert (run.trained.layer, run.trained.layers) == ("hidden", ("features",))
    assert run.trained.source == "trained by design: small"
    assert not any(module.training for module in network.modules())
    assert not any(parameter.requires_grad for parameter in network.parameters())
    assert all(parameter.is_contiguous() for parameter in network.parameters())
    assert not any(module._forward_hooks for module in network.modules())  # noqa: SLF001  torch tells it nowhere else


def test_the_companion_is_the_interpreter_and_its_log(run: TrainingRun) -> None:
    companion = run.trained.companions["attributes"]
    settings = json.loads(companion.settings)

    assert TypeAdapter(Architecture).validate_python(settings["architecture"]) == (
        PRESET.architecture
    )
    assert TypeAdapter(Preset).validate_python(settings["preset"]) == PRESET
    assert [epoch["epoch"] for epoch in settings["log"]] == [1, 2, 3, 4, 5]
    assert [epoch["weights"]["output_fidelity"] for epoch in settings["log"]] == [0, 0, *[0.5] * 3]
    assert all(array.dtype == np.float32 for array in companion.arrays.values())
    assert companion.arrays["psi.attributes.weight"].shape == (6, 72)
    assert companion.arrays["head.weight"].shape == (10, 6)


def test_it_is_measured_on_the_test_split(run: TrainingRun) -> None:
    assert run.test.f > 0.8
    assert 0 <= run.test.fidelity <= 1
    assert run.cpu_seconds > 0


def test_the_same_again_is_byte_for_byte_the_same(run: TrainingRun, tmp_path: Path) -> None:
    again = run_in(tmp_path / "again")
    one, other = (found.trained.companions["attributes"] for found in (run, again))

    assert one.settings == other.settings
    for name, array in one.arrays.items():
        np.testing.assert_array_equal(array, other.arrays[name])


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(FolderError, match=r"for the state of the training, cannot be made"):
        run_in(tmp_path / "file" / "digits.training")


def test_only_what_it_kept_is_removed(tmp_path: Path) -> None:
    folder = tmp_path / "mine.training"
    folder.mkdir()
    (folder / CHECKPOINT).write_bytes(b"x")
    (folder / "training.part").write_bytes(b"x")
    (folder / "notes.txt").write_bytes(b"mine")
    remove_checkpoint(folder)
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]

    (folder / "notes.txt").unlink()
    remove_checkpoint(folder)
    assert not folder.exists()
    remove_checkpoint(folder)
