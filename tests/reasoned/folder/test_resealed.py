"""A folder whose digests were computed anew around what must not be used."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from safetensors.numpy import load, save

from explainers.arrays import AnyArray
from reasoned.errors import FolderError, UnanswerableImageError
from reasoned.folder.checking import digest, digest_line, read_manifest
from reasoned.folder.manifest import DIGEST, MANIFEST
from reasoned.folder.writing import seal
from reasoned.model import ExplainedModel
from reasoned.reply.schema import Reply

Change = Callable[[Path], None]
SHADES = (0, 255, 90)


def resealed(folder: Path, change: Change) -> None:
    manifest, _ = read_manifest(folder)
    (folder / MANIFEST).unlink()
    (folder / DIGEST).unlink()
    change(folder)
    seal(folder, manifest)


def arrays(name: str, key: str, change: Callable[[AnyArray], AnyArray]) -> Change:
    """Change one array of a safetensors file."""

    def changed(folder: Path) -> None:
        path = folder / f"{name}.safetensors"
        held = {k: v.copy() for k, v in load(path.read_bytes()).items()}
        held[key] = np.ascontiguousarray(change(held[key]))
        path.write_bytes(save(held))

    return changed


def plain(name: str, key: str, change: Callable[[Any], Any]) -> Change:
    """Change one field of a JSON file."""

    def changed(folder: Path) -> None:
        path = folder / f"{name}.json"
        held = json.loads(path.read_text("utf-8"))
        path.write_text(json.dumps(held | {key: change(held[key])}), "utf-8")

    return changed


def both(one: Change, other: Change) -> Change:
    """Change two things."""

    def changed(folder: Path) -> None:
        one(folder)
        other(folder)

    return changed


def layout(change: Callable[[dict[str, int]], object]) -> Change:
    """Change what the graph says of its heads."""

    def changed(folder: Path) -> None:
        model = onnx.load(folder / "network.onnx")
        stored = next(p for p in model.metadata_props if p.key == "reasoned.heads")
        stored.value = json.dumps(change(json.loads(stored.value)))
        onnx.save(model, folder / "network.onnx")

    return changed


def multiplied(output: str, factor: float) -> Change:
    """Let the graph give an output times a factor."""

    def changed(folder: Path) -> None:
        model = onnx.load(folder / "network.onnx")
        for node in model.graph.node:
            names = ["inner" if name == output else name for name in node.output]
            del node.output[:]
            node.output.extend(names)
        value = onnx.numpy_helper.from_array(np.array(factor, np.float32), "factor")
        model.graph.initializer.append(value)
        model.graph.node.append(onnx.helper.make_node("Mul", ["inner", "factor"], [output]))
        onnx.save(model, folder / "network.onnx")

    return changed


def first(value: object) -> Callable[[AnyArray], AnyArray]:
    def changed(array: AnyArray) -> AnyArray:
        array.flat[0] = value
        return array

    return changed


NEAR, TRACE, SUM = "neighbours/representatives", "methods/meta_forest", "methods/additive"
REFUSED: dict[str, tuple[Change, str]] = {
    "a label of no class": (arrays(NEAR, "labels", first(10)), "labels must lie in"),
    "a label below zero": (arrays(NEAR, "labels", first(-1)), "labels must lie in"),
    "other classes": (
        plain(SUM, "class_names", lambda x: [*x[1:], "z"]),
        "additive explains other",
    ),
    "an id that climbs": (plain(NEAR, "ids", lambda x: ["../x", *x[1:]]), "ids must be 1 to 100"),
    "an id without a picture": (plain(NEAR, "ids", lambda x: ["x", *x[1:]]), "no thumbnail of x"),
    "vectors of fewer units": (arrays(NEAR, "vectors", lambda x: x[:, 1:]), "do not fit together"),
    "clusters of fewer units": (arrays(TRACE, "centroids", lambda x: x[:, 1:]), "do not fit"),
    "weights of fewer units": (arrays(SUM, "weights", lambda x: x[:, 1:]), "do not fit together"),
    "vectors without end": (arrays(NEAR, "vectors", first(3e38)), "vectors must be finite and at"),
    "one class has all": (arrays(TRACE, "cluster_classes", np.zeros_like), "must lie in"),
    "blocks of another input": (
        arrays("support/support", "pixel_centres", lambda x: x[:, 1:]),
        "support.safetensors: whitening must have shape (blocks=15, across=15), not (16, 16)",
    ),
    "a rule without a list": (plain("status", "lists", lambda _: {}), "a decision list for every"),
    "a rule that asks another": (
        plain("status", "lists", lambda x: {"additive": x["meta_forest"]}),
        "the status rule must have a decision list for every set of ['meta_forest']",
    ),
    "no statement for what is asked": (
        both(
            plain("reliability", "statements", lambda _: {}),
            plain("reliability", "overall", lambda _: {}),
        ),
        "reliability must be stated for ['meta_forest'], but is stated for []",
    ),
    "a statement of no rule": (
        both(
            plain("reliability", "statements", lambda x: x | {"additive": x["meta_forest"]}),
            plain("reliability", "overall", lambda x: x | {"additive": x["meta_forest"]}),
        ),
        "reliability must be stated for ['meta_forest'], but is stated for ['additive', ",
    ),
    "an overall share without statements": (
        plain("reliability", "statements", lambda _: {}),
        "must have statements and overall shares of the same sets of methods, not of [] and ['met",
    ),
    "a bound above the counts": (
        plain("reliability", "statements", lambda _: {"meta_forest": {"weak": (0, 9, 9, 1, 1)}}),
        "lower <= agreed/of, not (0, 9, 9, 1.0, 1.0)",
    ),
    "a rule of very many methods": (
        plain("status", "methods", lambda _: [f"m{i}" for i in range(40)]),
        "the status rule must be of at most 8 methods, not 40",
    ),
    "an impossible statement": (
        plain("reliability", "statements", lambda _: {"meta_forest": {"weak": (5, 4, 3, 0.5, 0)}}),
        "the statement of meta_forest, weak must be agreed <= of",
    ),
    "a head too long": (layout(lambda x: x | {"support": 3}), "network.onnx has heads of"),
    "a head too many": (layout(lambda x: x | {"evil": 1}), "network.onnx has heads of"),
    "a head too few": (layout(lambda x: {"support": x["support"]}), "network.onnx has heads of"),
    "an endless head": (layout(lambda x: x | {"support": 1e999}), "layout of its heads is broken"),
}


@pytest.mark.parametrize(("change", "told"), REFUSED.values(), ids=REFUSED.keys())
def test_what_does_not_fit_is_refused_at_load(copied: Path, change: Change, told: str) -> None:
    resealed(copied, change)

    with pytest.raises(FolderError, match=re.escape(told)):
        ExplainedModel.load(copied)


@pytest.mark.parametrize("factor", [np.nan, np.inf, -1.0, 1e30, 0.0])
def test_a_graph_whose_heads_lie_gets_valid_replies(copied: Path, factor: float) -> None:
    resealed(copied, multiplied("reasoned.heads", factor))
    model = ExplainedModel.load(copied)

    for shade in SHADES:
        reply = model.reply(np.full((8, 8, 1), shade, np.uint8))
        assert Reply.model_validate_json(reply).examples
        assert b"nan" not in reply
        assert b"inf" not in reply


@pytest.mark.parametrize("output", ["logits", "hidden"])
def test_an_image_for_which_nothing_is_finite_is_told_and_not_reported(
    copied: Path, output: str
) -> None:
    resealed(copied, multiplied(output, np.nan))
    model = ExplainedModel.load(copied)

    with pytest.raises(UnanswerableImageError, match="no finite numbers for this image"):
        model.reply(np.zeros((8, 8, 1), np.uint8))


def test_weights_outside_the_folder_are_not_read(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("near.bin").write_bytes(bytes(4))

    def outward(folder: Path) -> None:
        model = onnx.load(folder / "network.onnx")
        held = onnx.TensorProto(name="far", data_type=1, dims=[1])
        held.data_location = onnx.TensorProto.EXTERNAL
        for key, value in {"location": "near.bin", "offset": "0", "length": "4"}.items():
            held.external_data.add(key=key, value=value)
        model.graph.initializer.append(held)
        model.graph.node.append(onnx.helper.make_node("Identity", ["far"], ["unused"]))
        (folder / "network.onnx").write_bytes(model.SerializeToString())

    resealed(copied, outward)

    with pytest.raises(FolderError, match="is not a graph that onnxruntime can load"):
        ExplainedModel.load(copied)


@pytest.mark.parametrize("name", [MANIFEST, DIGEST])
def test_a_pipe_is_refused_and_not_waited_for(copied: Path, name: str) -> None:
    (copied / name).unlink()
    os.mkfifo(copied / name)

    with pytest.raises(FolderError, match=f"{re.escape(name)} is not a regular file"):
        ExplainedModel.load(copied)


def test_nesting_without_end_is_no_json(copied: Path) -> None:
    data = b'{"schema_version":3,"x":' + b"[" * 100_000
    (copied / MANIFEST).write_bytes(data)
    (copied / DIGEST).write_bytes(digest_line(digest(data)))

    with pytest.raises(FolderError, match=r"manifest\.json is not JSON: depth limit"):
        ExplainedModel.load(copied)
