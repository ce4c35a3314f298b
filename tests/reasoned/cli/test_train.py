"""``reasoned train --by-design``, from the command line to a model that answers."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explainers.arrays import ByteArray
from reasoned.model import ExplainedModel
from tests.reasoned.cli.conftest import Run

TRAIN = ("train", "--by-design", "--data", "digits", "--threads", "1")
QUICK = ("--rate", "3e-3", "--batch", "32", "--epochs", "6", "--attributes", "12")
QUICKER = ("--methods", "attributes", "--set", "attributes.pictures=false")


def command(out: Path, *more: str) -> list[str]:
    asked = [*TRAIN, *QUICK, *QUICKER, "--out", str(out), *more]
    return [sys.executable, "-c", "from reasoned.cli.main import cli; cli()", *asked]


def files(model: Path) -> dict[str, bytes]:
    """Read everything that does not name the time or the command."""
    return {
        str(path.relative_to(model)): path.read_bytes()
        for path in sorted(model.rglob("*"))
        if path.is_file() and not path.name.startswith("manifest")
    }


@pytest.mark.slow
def test_it_becomes_a_model_that_says_it_was_trained_so(
    run: Run, tmp_path: Path, digits_images: list[ByteArray]
) -> None:
    out = tmp_path / "digits"
    found = run(*TRAIN, *QUICK, "--set", "attributes.pictures=false", "--out", out, "--json")
    record = found.record

    assert found.code == 0
    assert record["trained"]["source"] == "trained by design: pooled"
    assert record["trained"]["f"] == pytest.approx(record["figures"]["accuracy"], abs=1e-6)
    assert record["trained"]["fidelity"] == pytest.approx(
        record["figures"]["attributes_fidelity"], abs=0.01
    )
    assert record["trained"]["f"] > 0.9
    assert "making the pictures come after it and are not counted." in found.err
    assert found.err.index("L_of, g follows f") < found.err.index("6 epochs will take about")
    assert found.err.count("epoch ") == 6
    model = ExplainedModel.load(out)
    assert model.methods == ("meta_forest", "attributes", "additive")
    assert model.manifest.network.trained_here
    assert model.manifest.network.source == "trained by design: pooled"
    assert model.manifest.data.calibration_seen == "held_out"
    assert model.manifest.preprocessing.mean == (0.0,)
    reply = model.explain(digits_images[3], explain="full", methods=("attributes",))
    assert reply.prediction.index == 3
    assert reply.explanation is not None
    assert not (tmp_path / "digits.training").exists()


def stopped_after(line: str, out: Path, how: signal.Signals = signal.SIGTERM) -> str:
    """Train in a process of its own, end it by a signal after a line, and give its last words."""
    with subprocess.Popen(command(out), stderr=subprocess.PIPE, text=True) as started:
        assert started.stderr is not None
        for said in started.stderr:
            if said.startswith(line):
                started.send_signal(how)
                break
        last = started.stderr.read()
    assert started.returncode == 128 + how
    return last


def test_after_ctrl_c_one_line_says_what_was_kept(tmp_path: Path) -> None:
    said = stopped_after("epoch 1/6", tmp_path / "digits", signal.SIGINT)
    *before, last = said.splitlines()

    assert "Aborted" not in said
    assert all(line.startswith("epoch ") for line in before)
    assert last == (
        f"Stopped. {tmp_path / 'digits.training'} keeps every epoch that was finished; the same "
        "command goes on from there."
    )


@pytest.mark.slow
def test_a_stopped_training_goes_on_and_ends_as_if_it_had_not_been(
    run: Run, tmp_path: Path
) -> None:
    out, whole = tmp_path / "digits", tmp_path / "whole" / "digits"
    assert run(*command(whole)[3:]).code == 0
    said = stopped_after("epoch 2/6", out)
    assert "digits.training keeps every epoch that was finished; the same command goes on" in said
    assert not out.exists()
    assert (tmp_path / "digits.training" / "training.safetensors").is_file()

    other = run(*command(out, "--seed", "1")[3:])
    assert other.code == 2
    assert "belongs to another training: " in other.err
    assert "--seed was 0 and is 1 now; give the same" in other.err
    assert f"remove {out}.training to begin anew" in other.err
    again = run(*command(out, "--keep-training")[3:])
    assert again.code == 0
    assert "Going on after epoch " in again.err
    assert files(out) == files(whole)
    assert (tmp_path / "digits.training" / "training.safetensors").is_file()


def test_an_own_predictor_is_trained_from_scratch(run: Run, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for label, name in enumerate(("left", "middle", "right")):
        (tmp_path / "data" / name).mkdir(parents=True)
        for number in range(60):
            image = rng.integers(0, 60, (12, 12))
            image[:, 4 * label : 4 * label + 4] += 150
            path = tmp_path / "data" / name / f"{number}.png"
            Image.fromarray(image.astype(np.uint8)).save(path)
    own = ["--network", "tests.reasoned.fitting.own_predictor:build", "--layer", "8"]
    own += ["--attribute-layers", "3,5", "--data", f"folder:{tmp_path / 'data'}", "--size", "12"]
    own += ["--channels", "1", "--epochs", "30", "--batch", "16", "--rate", "5e-3", "--threads"]
    own += ["1", "--weight", "delta=0.05", "--weight", "l1=0.01", "--mean", "0.5", "--std", "0.25"]
    found = run("train", "--by-design", *own, *QUICKER, "--out", tmp_path / "own")

    assert found.code == 0, found.err
    assert "accuracy of the interpreter, g" in found.out
    assert f"Serve it: reasoned serve {tmp_path / 'own'}" in found.out
    assert found.out.endswith(f"reasoned explain {tmp_path / 'own'} IMAGE --explain full\n")
    model = ExplainedModel.load(tmp_path / "own")
    assert model.manifest.network.source == (
        "trained by design: pooled, tests.reasoned.fitting.own_predictor:build"
    )
    assert (model.manifest.network.layer, model.manifest.network.units) == ("8", 8)
    assert model.manifest.preprocessing.std == (0.25,)
    shape = json.loads((tmp_path / "own" / "manifest.json").read_text())["network"]["shape"]
    assert shape == [1, 12, 12]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--weight", "beta"), "must be TERM=VALUE, as beta=0.5, with a term among beta, gamma"),
        (("--weight", "epsilon=1"), "not 'epsilon=1'"),
        (("--weight", "beta=-1"), "a value of 0 or more, not 'beta=-1'"),
        (("--weight", "beta=nan"), "not 'beta=nan'"),
        (("--weight", "beta=1", "--weight", "beta=2"), "sets beta twice"),
        (("--weight", "delta=1", "--weight", "diversity=1"), "is the weight of both"),
        (("--epochs", "3"), "--epochs 3 ends before every term of the loss has begun"),
        (("--preset", "cub"), "'cub' is not one of"),
        (("--preset", "cifar10"), "made for images of 3 channels, not 1"),
        (("--preset", "quickdraw"), "at least 25 rows and columns, not 8 x 8"),
        (("--rate", "0"), "not in the range"),
        (("--network", "a.b:c"), "--attribute-layers, --layer is missing"),
        (("--layer", "hidden"), "--network, --attribute-layers is missing"),
        (("--methods", "meta_forest"), "--methods must hold it, but is meta_forest"),
        (("--methods", "attributes,magic"), "--methods must be among"),
        (
            ("--set", "attributes.rate=1"),
            "only tau, samples, pictures, maximisation, rounds may be set",
        ),
        (("--set", "attributes.tau=0"), "attributes.tau cannot be '0'"),
        (("--data", "mnits"), "did you mean mnist?"),
        (("--mean", "0.5,0.5"), "mean must hold one number per channel"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(
    run: Run, more: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    found = run(*TRAIN, "--out", tmp_path / "none", *more)

    assert found.code == 2
    assert said in " ".join(found.err.split())
    assert not (tmp_path / "none").exists()


def test_by_design_must_be_said(run: Run, tmp_path: Path) -> None:
    found = run("train", "--data", "digits", "--out", tmp_path / "none")

    assert found.code == 2
    assert "give --by-design" in found.err
    assert "reasoned fit --methods meta_forest,attributes" in found.err


def test_a_model_that_is_there_is_not_replaced_unasked(run: Run, digits_folder: Path) -> None:
    found = run(*TRAIN, "--out", digits_folder)

    assert found.code == 2
    assert "pass --replace" in found.err
    assert not digits_folder.with_name("digits.training").exists()
