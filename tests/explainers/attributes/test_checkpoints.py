"""A training that was stopped is the training that was not."""

import dataclasses
import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from explainers.attributes.fitting.checkpoints import (
    differences,
    load_checkpoint,
    save_checkpoint,
)
from explainers.attributes.fitting.presets import Preset
from explainers.errors import ArtefactError
from tests.explainers.attributes.small_training import (
    SMALL,
    checkpoint,
    later,
    same,
    train,
    trainer_of,
)

PRESETS = {
    "constant": SMALL,
    "one cycle": later(SMALL, rates="one_cycle"),
    "shifted": later(SMALL, padding=1),
    "slower later": later(SMALL, later_rate=(3, 1e-4)),
    "slower at once": later(SMALL, later_rate=(2, 1e-4)),
}


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
@pytest.mark.parametrize("stops", [(1,), (2,), (1, 2)], ids=str)
def test_it_goes_on_number_for_number(
    preset: Preset, stops: tuple[int, ...], tmp_path: Path
) -> None:
    whole = trainer_of(preset)
    wanted = train(whole, 1, 2, 3)
    done = 0
    records = []
    for stop in (*stops, 3):
        torch.manual_seed(stop)  # nothing that was drawn elsewhere counts
        trainer = trainer_of(preset, seed=0)
        if done:
            records = load_checkpoint(checkpoint(tmp_path), trainer, "{}")
        records += train(trainer, *range(done + 1, stop + 1))
        save_checkpoint(checkpoint(tmp_path), trainer, records, "{}")
        done = stop
        if stop == 3:
            same(trainer, whole)

    one, other = (
        [dataclasses.replace(r, cpu_seconds=0.0) for r in kept] for kept in (records, wanted)
    )
    assert one == other


def test_what_it_wrote_is_whole_and_alone(tmp_path: Path) -> None:
    trainer = trainer_of()
    records = train(trainer, 1)
    save_checkpoint(checkpoint(tmp_path), trainer, records, '{"seed": 0}')
    save_checkpoint(checkpoint(tmp_path), trainer, records, '{"seed": 0}')

    assert [path.name for path in tmp_path.iterdir()] == ["training.safetensors"]
    with safe_open(checkpoint(tmp_path), "pt") as stored:
        assert stored.metadata()["settings"] == '{"seed": 0}'


def test_another_training_is_refused_by_what_differs(tmp_path: Path) -> None:
    trainer = trainer_of()
    there = json.dumps({"preset": dataclasses.asdict(SMALL), "seed": 0})
    here = json.dumps({"preset": dataclasses.asdict(later(SMALL, epochs=9)), "seed": 1})
    save_checkpoint(checkpoint(tmp_path), trainer, train(trainer, 1), there)

    with pytest.raises(
        ArtefactError,
        match=r"another training: preset.epochs is 3 there and 9 here, seed is 0 there and 1 here; "
        "give the same settings to go on with it, or remove",
    ):
        load_checkpoint(checkpoint(tmp_path), trainer, here)


def test_differences_name_stages_by_their_term_and_absent_settings() -> None:
    there = {"schedule": {"stages": [{"term": "l1", "epoch": 3, "weight": 0.1}]}, "sizes": [1, 2]}
    here = {"schedule": {"stages": [{"term": "l1", "epoch": 2, "weight": 0.1}]}, "sizes": [1, 3]}

    assert differences(json.dumps(there), json.dumps(here)) == (
        "schedule.stages.l1 from epoch 3.term is l1 there and nothing here, "
        "schedule.stages.l1 from epoch 3.epoch is 3 there and nothing here, "
        "schedule.stages.l1 from epoch 3.weight is 0.1 there and nothing here, "
        "sizes is [1, 2] there and [1, 3] here, "
        "schedule.stages.l1 from epoch 2.term is nothing there and l1 here, and 2 more"
    )


def test_words_that_are_no_json_are_repeated() -> None:
    assert differences("mine", "yours") == "mine there, yours here"


def test_what_is_no_state_is_refused(tmp_path: Path) -> None:
    path = checkpoint(tmp_path)
    path.write_bytes(b"no tensors")
    with pytest.raises(
        ArtefactError, match=r"is not the state of a training: .*remove it to begin"
    ):
        load_checkpoint(path, trainer_of(), "{}")


@pytest.mark.parametrize("metadata", [None, {"log": "[]"}, {"log": "[{}]", "settings": "{}"}])
def test_a_state_without_its_card_is_refused(
    metadata: dict[str, str] | None, tmp_path: Path
) -> None:
    path = checkpoint(tmp_path)
    save_file({"weights.x": torch.zeros(1)}, path, metadata=metadata)

    with pytest.raises(ArtefactError, match=r"is not the state of a training"):
        load_checkpoint(path, trainer_of(), "{}")


@pytest.mark.parametrize("lost", ["weights.1.head.weight", "adam.0.exp_avg"])
def test_a_state_with_something_missing_is_refused(lost: str, tmp_path: Path) -> None:
    path, trainer = checkpoint(tmp_path), trainer_of()
    save_checkpoint(path, trainer, train(trainer, 1), "{}")
    tensors = load_file(path)
    with safe_open(path, "pt") as stored:
        metadata = stored.metadata()
    del tensors[lost]
    save_file(tensors, path, metadata=metadata)

    with pytest.raises(ArtefactError, match=r"does not fit the networks in training"):
        load_checkpoint(path, trainer_of(), "{}")


def test_a_state_of_other_sizes_is_refused(tmp_path: Path) -> None:
    path, trainer = checkpoint(tmp_path), trainer_of()
    save_checkpoint(path, trainer, train(trainer, 1), "{}")
    other = trainer_of(
        later(SMALL, architecture=dataclasses.replace(SMALL.architecture, attributes=7))
    )

    with pytest.raises(ArtefactError, match=r"does not fit the networks in training"):
        load_checkpoint(path, other, "{}")


def test_a_parameter_that_nothing_reads_has_no_moments(tmp_path: Path) -> None:
    def idle() -> torch.nn.Parameter:
        return torch.nn.Parameter(torch.ones(2))

    trainers = []
    for _ in range(2):
        trainer = trainer_of()
        network = trainer.source.network()
        assert network is not None
        network.register_parameter("idle", idle())
        trainer.optimiser.add_param_group({"params": [network.get_parameter("idle")]})
        trainers.append(trainer)
    first, second = trainers
    # The optimiser knows the parameter by another number than the modules do.
    first.optimiser = torch.optim.Adam(first.modules.parameters(), 1e-3, fused=True)
    second.optimiser = torch.optim.Adam(second.modules.parameters(), 1e-3, fused=True)
    records = train(first, 1)
    save_checkpoint(checkpoint(tmp_path), first, records, "{}")
    load_checkpoint(checkpoint(tmp_path), second, "{}")

    same(first, second)
    train(first, 2)
    train(second, 2)
    same(first, second)
