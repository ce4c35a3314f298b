"""Going on with a training, and being told which option differs."""

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from explainers.attributes.fitting.presets import Preset
from explainers.errors import ArtefactError
from reasoned.cli.train_resuming import check_same_training
from reasoned.fitting.by_design import CHECKPOINT, ByDesignSettings
from reasoned.fitting.by_design_predictors import OwnPredictor
from reasoned.fitting.preset_choices import PresetChoices, settle_preset


def kept(folder: Path, design: ByDesignSettings) -> Path:
    stored = {
        "preset": dataclasses.asdict(design.preset),
        "seed": design.seed,
        "precision": design.precision,
    }
    metadata = {"settings": json.dumps(stored)}
    save_file({"one": np.zeros(1, np.float32)}, folder / CHECKPOINT, metadata=metadata)
    return folder


def with_choices(**changed: Any) -> Preset:  # noqa: ANN401  fields of several types
    usual = {"rate": 0.002, "batch": 128, "leaky": False, "weights": {"beta": 2.0}}
    return settle_preset(PresetChoices(**{**usual, **changed}), 1)[1]


# Whatever the preset itself has.
BASE = with_choices()


def test_the_same_training_and_none_at_all_are_let_through(tmp_path: Path) -> None:
    design = ByDesignSettings(BASE)

    check_same_training(tmp_path / "none", design)
    check_same_training(kept(tmp_path, design), dataclasses.replace(design, threads=2))


def test_what_is_no_checkpoint_is_left_to_the_training(tmp_path: Path) -> None:
    (tmp_path / CHECKPOINT).write_bytes(b"nothing")

    check_same_training(tmp_path, ByDesignSettings(BASE))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            ByDesignSettings(dataclasses.replace(BASE, rate=0.003)),
            "--rate was 0.002 and is 0.003 now;",
        ),
        (ByDesignSettings(dataclasses.replace(BASE, batch=7)), "--batch was 128 and is 7 now;"),
        (ByDesignSettings(with_choices(leaky=True)), "--leaky was no and is yes now;"),
        (
            ByDesignSettings(with_choices(variant="printed")),
            "--variant was released and is printed now;",
        ),
        (
            ByDesignSettings(with_choices(weights={"beta": 1.0})),
            "--weight beta was 2.0 and is 1.0 now;",
        ),
        (
            ByDesignSettings(BASE, seed=3, precision="bfloat16"),
            "--seed was 0 and is 3 now, --precision was float32 and is bfloat16 now;",
        ),
        (
            ByDesignSettings(BASE, network=OwnPredictor("a.b:c", ("d",), "e")),
            "--network was not given and is a.b:c now;",
        ),
    ],
)
def test_options_are_named_as_they_are_typed(
    asked: ByDesignSettings, said: str, tmp_path: Path
) -> None:
    folder = kept(tmp_path, ByDesignSettings(BASE))

    with pytest.raises(ArtefactError, match=re.escape(f"belongs to another training: {said}")):
        check_same_training(folder, asked)
    with pytest.raises(ArtefactError, match=re.escape(f"remove {folder} to begin anew")):
        check_same_training(folder, asked)
