"""``reasoned fit``, from the command line to a model that answers."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from reasoned.datasets.folder import open_folder
from reasoned.folder.manifest import MANIFEST
from reasoned.model import ExplainedModel
from reasoned.network.exporting import export
from tests.reasoned.cli.conftest import Run
from tests.reasoned.conftest import GROUPS, Fitted, Shapes
from tests.reasoned.small_networks import COLOUR, SIZE, colour


def test_an_own_colour_network_becomes_a_model(
    shapes: Shapes, shapes_fitted: Fitted, shapes_model: ExplainedModel
) -> None:
    found, model = shapes_fitted.printed, shapes_model

    assert found["out"] == str(shapes_fitted.folder)
    assert found["figures"] == model.manifest.figures
    assert found["figures"]["accuracy"] > 0.9
    assert model.classes == ("teal cross", "blue square", "amber disc")
    data, network = model.manifest.data, model.manifest.network
    assert (data.calibration, data.calibration_seen) == (90, "held_out")
    assert data.calibration_source == f"folder:{shapes.apart}"
    assert data.train + data.validation + data.test == 360
    assert (network.source, network.layer, network.units) == (COLOUR, "act", 12)
    assert (network.shape, network.trained_here) == ((3, SIZE, SIZE), False)
    assert model.manifest.preprocessing.mean == model.manifest.preprocessing.std == (0.5,) * 3
    assert model.name == "shapes"


def test_the_model_names_what_was_drawn_and_shows_the_like(
    shapes: Shapes, shapes_model: ExplainedModel
) -> None:
    apart = open_folder(shapes.apart, classes=shapes_model.classes)
    right = []
    for row in range(len(apart)):
        reply = shapes_model.explain(apart.image(row), explain="full")
        right.append(reply.prediction.index == apart.labels[row])
        assert reply.explanation is not None
        assert reply.explanation.names is not None
        assert reply.explanation.names.index == reply.prediction.index
        assert reply.examples
    assert np.mean(right) > 0.9


def test_a_network_that_is_onnx_only_becomes_a_model(
    run: Run, shapes: Shapes, shapes_model: ExplainedModel, tmp_path: Path
) -> None:
    network = colour().eval()
    network.load_state_dict(load_file(shapes.weights))
    export(network, "act", (3, SIZE, SIZE), tmp_path / "mine.onnx")
    listed = run("layers", tmp_path / "mine.onnx", "--json").record["layers"]
    layer = [one["layer"] for one in listed if one["kind"] == "Relu"][-1]
    asked = ["fit", "--network", tmp_path / "mine.onnx", "--layer", layer, "--threads", 1]
    asked += ["--data", f"folder:{shapes.data}", "--classes", shapes.classes, "--groups", GROUPS]
    asked += ["--mean", "0.5", "--std", "0.5", "--out", tmp_path / "model", "--name", "onnx"]
    found = run(*asked)

    assert (found.code, found.err) == (0, "")
    assert "first choice fidelity" in found.out
    model = ExplainedModel.load(tmp_path / "model")
    assert (model.name, model.methods) == ("onnx", ("meta_forest", "additive"))
    assert model.manifest.network.export_max_logit_difference is None
    assert model.manifest.data.calibration_seen == "may_have_been_seen"
    assert model.manifest.preprocessing == shapes_model.manifest.preprocessing
    image = open_folder(shapes.apart).image(0)
    mine, theirs = model.predict(image), shapes_model.predict(image)
    assert mine.label == theirs.label
    assert mine.probability == pytest.approx(theirs.probability, abs=1e-4)
    with torch.no_grad():
        logits = network(torch.from_numpy(model.manifest.preprocessing.apply(image))[None])
    assert mine.probability == pytest.approx(float(logits.softmax(1).max()), abs=1e-4)


def test_a_model_is_kept_unless_told_to_replace_it(
    run: Run, shapes: Shapes, shapes_fitted: Fitted
) -> None:
    before = (shapes_fitted.folder / MANIFEST).read_bytes()
    found = run(*shapes.arguments(shapes_fitted.folder))

    assert (found.code, found.out) == (2, "")
    assert "holds a model; pass --replace, or choose another --out" in found.err
    assert (shapes_fitted.folder / MANIFEST).read_bytes() == before


def test_what_cannot_be_fitted_is_wrong_usage_and_leaves_nothing(
    run: Run, shapes: Shapes, tmp_path: Path
) -> None:
    out = tmp_path / "models" / "x"
    usual = dict(zip(shapes.arguments(out)[1::2], shapes.arguments(out)[2::2], strict=True))
    few = tmp_path / "few.txt"
    few.write_text("teal cross\nblue square\n")
    cases = {
        ("--network", "colour"): "--network must be 'reference', a .onnx file or",
        ("--layer", "fc9"): "--layer must be one of the network's modules, not 'fc9'",
        ("--data", "folder:/no/such"): "/no/such must be a folder with one folder per class",
        ("--data", "minst"): "--groups goes by file names: only folder:PATH has them, not minst",
        ("--classes", str(few)): "there but not named: 'amber disc'",
        ("--groups", "("): "must be a regular expression",
        ("--size", "20"): "check --size and --channels",
        ("--mean", "0.5,0.5"): "one number per channel (3), not 2",
        ("--mean", "grey"): "must be numbers, such as 0.485,0.456,0.406",
        ("--std", "0"): "greater than 0",
        (
            "--methods",
            "meta_forest,lime",
        ): "must be among meta_forest, representative, attributes, mixture, additive, not 'lime'",
        ("--methods", ","): "methods must be given, each once",
        ("--attribute-layers", "relu"): "--attribute-layers is read by none of the methods",
        ("--attribute-layers", "a,b,c"): "must be one layer, or two that differ, not a, b, c",
        ("--calibration", "folder:/no/such"): "/no/such must be a folder",
    }
    for (option, value), words in cases.items():
        given = {**usual, option: value}
        found = run("fit", *(part for pair in given.items() for part in pair))
        assert (found.code, found.out) == (2, ""), (option, found.err)
        assert words in found.err, found.err
        assert not out.parent.exists() or list(out.parent.iterdir()) == []


def test_the_wrong_class_order_is_refused_with_the_right_one(
    run: Run, shapes: Shapes, tmp_path: Path
) -> None:
    wrong = tmp_path / "classes.txt"
    wrong.write_text("blue square\nteal cross\namber disc\n")
    arguments = shapes.arguments(tmp_path / "model")
    arguments[arguments.index(str(shapes.classes))] = str(wrong)
    found = run(*arguments)

    if found.code == 0:  # one class in three is right, which may pass the bar
        pytest.fail("a network that is right for a third must be refused")
    assert found.code == 2
    assert "with its outputs read as teal cross, blue square, amber disc it would be" in found.err
    assert "list the classes in the order of the network's outputs with --classes" in found.err
