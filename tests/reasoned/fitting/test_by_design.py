"""Predictor and interpreter, trained together in one folder."""

import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
import torch

from explainers.attributes.fitting.architecture import Architecture
from explainers.attributes.fitting.observing import Scale
from explainers.attributes.fitting.presets import MNIST_64, Preset
from explainers.attributes.fitting.training import EpochRecord
from explainers.errors import ArtefactError, FittingError, NotApplicableError
from explainers.fitting_contract import silent
from reasoned.errors import NetworkError
from reasoned.fitting.by_design import (
    CHECKPOINT,
    ByDesignSettings,
    Images,
    Together,
    train_by_design,
)
from reasoned.fitting.by_design_predictors import OwnPredictor
from reasoned.fitting.by_design_watching import Begun
from tests.reasoned.fitting.own_predictor import SOURCE

PRESET = dataclasses.replace(
    MNIST_64, architecture=Architecture(attributes=4, width=8), epochs=4, batch=16
)
OWN = OwnPredictor(f"{SOURCE}:build", ("3", "5"), "8")


@pytest.fixture
def images() -> Images:
    rng = np.random.default_rng(0)
    pixels = rng.random((50, 1, 12, 12), dtype=np.float32)
    scale = Scale(np.zeros(1, np.float32), np.ones(1, np.float32))
    return Images(pixels, np.arange(50, dtype=np.int64) % 3, 3, scale)


class Heard:
    """Keeps what it is told, and stops a training after an epoch."""

    def __init__(self, stop: int = 0) -> None:
        self.begun: list[Begun] = []
        self.epochs: list[int] = []
        self.stop = stop

    def begins(self, begun: Begun) -> None:
        self.begun.append(begun)

    def passed(self, record: EpochRecord) -> None:
        self.epochs.append(record.epoch)
        if record.epoch == self.stop:
            raise KeyboardInterrupt


def same(one: Together, other: Together) -> None:
    for first, second in (
        (one.predictor, other.predictor),
        (one.interpreter, other.interpreter),
    ):
        for name, value in first.state_dict().items():
            torch.testing.assert_close(value, second.state_dict()[name], rtol=0, atol=0, msg=name)
    kept, again = (
        [dataclasses.replace(r, cpu_seconds=0.0) for r in together.records]
        for together in (one, other)
    )
    assert kept == again


@pytest.mark.parametrize("own", [None, OWN], ids=["preset", "own"])
@pytest.mark.parametrize(
    "preset",
    [
        PRESET,
        dataclasses.replace(PRESET, rates="one_cycle", padding=2),
        dataclasses.replace(PRESET, later_rate=(3, 1e-5)),
    ],
    ids=["constant", "one cycle, shifted", "later rate"],
)
def test_a_training_that_was_stopped_is_the_one_that_was_not(
    images: Images, preset: Preset, own: OwnPredictor | None, tmp_path: Path
) -> None:
    settings = ByDesignSettings(preset, seed=5, network=own)
    (tmp_path / "whole").mkdir()
    (tmp_path / "parts").mkdir()
    whole = train_by_design(images, settings, tmp_path / "whole", silent)
    for stop in (1, 3):
        with pytest.raises(KeyboardInterrupt):
            train_by_design(images, settings, tmp_path / "parts", silent, Heard(stop))
    heard = Heard()
    found = train_by_design(images, settings, tmp_path / "parts", silent, heard)

    same(whole, found)
    assert heard.epochs == [4]
    assert [(begun.done, begun.epochs, begun.per_epoch) for begun in heard.begun] == [(3, 4, 3)]


def test_a_stop_inside_an_epoch_loses_that_epoch_only(images: Images, tmp_path: Path) -> None:
    settings = ByDesignSettings(PRESET)
    (tmp_path / "whole").mkdir()
    whole = train_by_design(images, settings, tmp_path / "whole", silent)

    def stopping(steps: Iterable[int], label: str) -> Iterable[int]:
        for step in steps:
            if label.startswith("epoch 3") and step == 1:
                raise KeyboardInterrupt
            yield step

    with pytest.raises(KeyboardInterrupt):
        train_by_design(images, settings, tmp_path, stopping)
    heard = Heard()
    found = train_by_design(images, settings, tmp_path, silent, heard)

    assert heard.epochs == [3, 4]
    same(whole, found)


def test_estimating_the_time_changes_nothing(images: Images, tmp_path: Path) -> None:
    settings = ByDesignSettings(PRESET)
    for name in ("plain", "watched"):
        (tmp_path / name).mkdir()
    heard = Heard()
    plain = train_by_design(images, settings, tmp_path / "plain", silent)
    watched = train_by_design(images, settings, tmp_path / "watched", silent, heard)

    same(plain, watched)
    assert heard.begun[0].seconds > 0
    assert heard.epochs == [1, 2, 3, 4]


def test_a_finished_training_is_taken_as_it_is(images: Images, tmp_path: Path) -> None:
    settings = ByDesignSettings(PRESET)
    first, heard = train_by_design(images, settings, tmp_path, silent), Heard()
    again = train_by_design(images, settings, tmp_path, silent, heard)

    same(first, again)
    assert heard.begun == [Begun(4, 4, 3, 0.0)]
    assert heard.epochs == []


def test_all_modules_end_in_eval_mode(images: Images, tmp_path: Path) -> None:
    found = train_by_design(images, ByDesignSettings(PRESET, network=OWN), tmp_path, silent)

    assert not any(m.training for m in [*found.predictor.modules(), *found.interpreter.modules()])
    assert (found.layers, found.layer) == (("3", "5"), "8")
    assert len(found.interpreter.psi.convolutions) == 2
    # Its buffers were trained with it.
    assert found.predictor.get_buffer("1.num_batches_tracked") == 12


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"seed": 1}, "seed is 0 there and 1 here"),
        ({"precision": "bfloat16"}, "precision is float32 there and bfloat16 here"),
        ({"data": {"images": "b"}}, "data.images is a there and b here"),
        ({"network": OWN}, "network.source is nothing there and tests.reasoned"),
        ({"preset": dataclasses.replace(PRESET, rate=1.0)}, "preset.rate is 0.0003 there and 1.0"),
    ],
)
def test_other_settings_do_not_go_on(
    images: Images, changed: dict[str, object], said: str, tmp_path: Path
) -> None:
    settings = ByDesignSettings(PRESET, data={"images": "a"})
    with pytest.raises(KeyboardInterrupt):
        train_by_design(images, settings, tmp_path, silent, Heard(1))

    with pytest.raises(ArtefactError, match=said):
        train_by_design(
            images,
            dataclasses.replace(settings, **changed),  # type: ignore[arg-type]  # fields of any type
            tmp_path,
            silent,
        )


def test_threads_may_change(images: Images) -> None:
    one, two = ByDesignSettings(PRESET, threads=1), ByDesignSettings(PRESET, threads=2)

    assert one.described(images) == two.described(images)


def test_a_description_is_short_where_there_is_nothing_to_add(images: Images) -> None:
    assert json.loads(ByDesignSettings(PRESET).described(images)).keys() == {
        "preset",
        "seed",
        "precision",
        "images",
        "classes",
    }


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (OwnPredictor(f"{SOURCE}:build", ("3", "nine"), "8"), "--attribute-layers must be one of"),
        (OwnPredictor(f"{SOURCE}:build", ("3",), "nine"), "--layer must be one of"),
        (OwnPredictor(f"{SOURCE}:nothing", ("3",), "8"), "cannot import 'nothing'"),
    ],
)
def test_an_own_predictor_that_cannot_be_made_is_refused(
    images: Images, own: OwnPredictor, said: str, tmp_path: Path
) -> None:
    with pytest.raises(NetworkError, match=said):
        train_by_design(images, ByDesignSettings(PRESET, network=own), tmp_path, silent)


def test_an_own_predictor_of_other_classes_is_refused(images: Images, tmp_path: Path) -> None:
    images = dataclasses.replace(images, classes=4)

    with pytest.raises(NetworkError, match=r"must give 4 logits.*output of shape \(1, 3\)"):
        train_by_design(images, ByDesignSettings(PRESET, network=OWN), tmp_path, silent)


def test_an_own_predictor_of_other_images_is_refused(images: Images, tmp_path: Path) -> None:
    images = dataclasses.replace(images, pixels=np.zeros((50, 1, 20, 20), np.float32))

    with pytest.raises(
        NetworkError, match=r"does not run on images of 1 x 20 x 20 .*another --size"
    ):
        train_by_design(images, ByDesignSettings(PRESET, network=OWN), tmp_path, silent)


def test_the_paper_s_resnet_refuses_tiny_images(images: Images, tmp_path: Path) -> None:
    preset = dataclasses.replace(PRESET, predictor="resnet")

    with pytest.raises(
        NetworkError, match=r"at least 25 rows and columns, not 12 x 12; .*--preset"
    ):
        train_by_design(images, ByDesignSettings(preset), tmp_path, silent)


def test_layers_that_psi_cannot_join_are_refused(images: Images, tmp_path: Path) -> None:
    own = OwnPredictor(f"{SOURCE}:build", ("2", "4", "5"), "8")

    with pytest.raises(NotApplicableError, match=r"Psi reads one or two layers, not 3"):
        train_by_design(images, ByDesignSettings(PRESET, network=own), tmp_path, silent)


def test_a_training_that_diverges_says_so_and_keeps_no_state(
    images: Images, tmp_path: Path
) -> None:
    own = OwnPredictor(f"{SOURCE}:exploding", ("5",), "8")

    with pytest.raises(FittingError, match=r"diverged in epoch 1: prediction.*give a lower --rate"):
        train_by_design(images, ByDesignSettings(PRESET, network=own), tmp_path, silent)
    assert not (tmp_path / CHECKPOINT).exists()
