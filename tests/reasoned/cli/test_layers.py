"""``reasoned layers``."""

from pathlib import Path

from reasoned.network.exporting import export
from tests.reasoned.cli.conftest import Run
from tests.reasoned.small_networks import COLOUR, perceptron


def test_the_reference_has_its_layers_in_order(run: Run) -> None:
    found = run("layers", "reference", "--json")
    layers = found.record["layers"]

    assert found.code == 0
    assert {"layer": "hidden", "kind": "Sequential", "shape": [128]} in layers
    assert layers[-1] == {"layer": "head", "kind": "Linear", "shape": [10]}
    assert layers[0] == {"layer": "features.0", "kind": "Conv2d", "shape": [32, 28, 28]}


def test_people_get_a_table(run: Run) -> None:
    found = run("layers", "reference", "--size", "32", "--channels", "3")

    assert found.out.splitlines()[0].split() == ["layer", "kind", "shape"]
    assert "features.0  Conv2d      32x32x32" in found.out
    assert found.err == ""


def test_an_own_factory_is_listed_without_weights(run: Run) -> None:
    found = run("layers", COLOUR, "--size", "16", "--json")

    assert [one["layer"] for one in found.record["layers"]] == [
        *("conv", "relu", "pool", "flat", "fc1", "act", "fc2")
    ]


def test_an_onnx_file_is_listed_by_its_nodes(run: Run, tmp_path: Path) -> None:
    export(perceptron().eval(), "2", (1, 4, 4), tmp_path / "mine.onnx")
    found = run("layers", tmp_path / "mine.onnx", "--json")

    assert found.code == 0
    assert [one["shape"] for one in found.record["layers"]][-1] == [4]
    assert {one["kind"] for one in found.record["layers"]} >= {"Relu", "Gemm"}


def test_what_cannot_be_listed_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.onnx").write_bytes(b"broken")
    cases = {
        ("colour",): "must be 'reference', a .onnx file or package.module:factory",
        ("no.such:build",): "run where the package can be imported, or install it",
        (COLOUR, "--size", "17x9"): "does not run on images of (3, 17, 9)",
        ("reference", "--size", "big"): "must be 64 or 48x64 (rows x columns), not 'big'",
        (str(tmp_path / "broken.onnx"),): "broken.onnx is not a valid ONNX model",
        ("absent.onnx",): "absent.onnx is not a valid ONNX model",
    }
    for arguments, words in cases.items():
        found = run("layers", *arguments)
        assert (found.code, found.out) == (2, "")
        assert words in found.err
