"""The whole fit: which images it may see, and that it can be repeated."""

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from safetensors.torch import load_file

from explainers.activations import ActivationTable
from explainers.errors import FittingError, NotApplicableError
from explainers.fitting_contract import silent
from reasoned.cli.main import cli
from reasoned.datasets.digits import open_digits
from reasoned.datasets.folder import open_folder
from reasoned.datasets.splits import make_splits
from reasoned.errors import NetworkError, OptionsError
from reasoned.fitting.inputs import Built
from reasoned.fitting.pipeline import (
    Tables,
    calibration_seen,
    check_methods,
    check_options,
    fit_model,
)
from reasoned.fitting.settings import FitSettings, InputSettings, NetworkSettings
from reasoned.folder.checking import list_files
from reasoned.folder.writing import new_folder
from reasoned.model import ExplainedModel
from reasoned.network.tapping import TappedGraph
from tests.reasoned.conftest import GROUPS, Fitted, Shapes
from tests.reasoned.small_networks import COLOUR, SIZE


def test_only_training_images_are_shown_or_mentioned(
    digits_model: ExplainedModel, shapes_model: ExplainedModel, shapes: Shapes
) -> None:
    photos = open_folder(shapes.data, classes=shapes_model.classes, groups=GROUPS)
    for model, dataset, own in ((digits_model, open_digits(), True), (shapes_model, photos, False)):
        rng = np.random.default_rng([model.manifest.seed, 1])
        splits = make_splits(dataset, rng, own_calibration=own)
        parts, train = model.explaining.parts, set(splits.train.tolist())

        assert len(train) == model.manifest.data.train
        assert set(parts.representatives.rows.tolist()) <= train
        assert int(parts.representatives.stands_for.sum()) == len(train)
        cited = [row for method in parts.explainers.values() for row in method.cites()]
        assert cited
        assert set(cited) <= train


def test_every_calibration_image_is_counted_once_and_no_other(
    digits_model: ExplainedModel, shapes_model: ExplainedModel
) -> None:
    for model in (digits_model, shapes_model):
        leaves = model.explaining.parts.reliability.counts["meta_forest"].values()
        of = sum(counts[1] for statuses in leaves for counts in statuses.values())
        assert of == model.manifest.data.calibration


def test_no_object_is_parted_between_the_splits(shapes: Shapes) -> None:
    photos = open_folder(shapes.data, groups=GROUPS)
    splits = make_splits(photos, np.random.default_rng([0, 1]), own_calibration=False)
    assert photos.groups is not None
    sides = [
        set(photos.groups[getattr(splits, s)].tolist()) for s in ("train", "validation", "test")
    ]

    assert sum(len(side) for side in sides) == len(set.union(*sides)) == 120


def test_the_reported_figures_are_those_of_the_test_split(
    digits_model: ExplainedModel, digits_folder: Path
) -> None:
    dataset, model = open_digits(), digits_model
    splits = make_splits(dataset, np.random.default_rng([0, 1]))
    replies = [model.explain(dataset.image(row), neighbours=0) for row in splits.test.tolist()]
    found = [reply.explanation for reply in replies if reply.explanation is not None]
    right = [
        reply.prediction.index == dataset.labels[row]
        for reply, row in zip(replies, splits.test.tolist(), strict=True)
    ]
    supported = [bool(one.agrees) for one in found if one.status == "supported"]
    figures = model.manifest.figures

    assert figures["images"] == len(found) == len(splits.test)
    assert figures["accuracy"] == round(float(np.mean(right)), 6)
    assert figures["first_choice_fidelity"] == round(
        float(np.mean([bool(one.agrees) for one in found])), 6
    )
    assert figures["supported_share"] == round(len(supported) / len(found), 6)
    assert figures["supported_fidelity"] == round(float(np.mean(supported)), 6)
    assert json.loads((digits_folder / "manifest.json").read_bytes())["figures"] == figures


def timeless(folder: Path) -> dict[str, Any]:
    """Give the manifest without what differs from run to run by design."""
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
    return {k: v for k, v in found.items() if k not in ("request_ms", "command", "name")}


def test_the_same_seed_gives_the_same_bytes(
    shapes: Shapes, shapes_fitted: Fitted, tmp_path: Path
) -> None:
    again = tmp_path / "shapes"
    found = CliRunner().invoke(cli, shapes.arguments(again))
    assert found.exit_code == 0, found.output

    names = list_files(shapes_fitted.folder)
    assert list_files(again) == names
    for name in names:
        if not name.startswith("manifest."):
            assert (again / name).read_bytes() == (shapes_fitted.folder / name).read_bytes(), name
    assert timeless(again) == timeless(shapes_fitted.folder)
    assert "Serve it: reasoned serve" in found.stdout
    assert found.stderr == ""


def built(*, trained_here: bool) -> Built:
    tapped = TappedGraph((1, 8, 8), "act", 12, 10, None, "")
    return Built(tapped, None, None, trained_here)  # type: ignore[arg-type]  # never looked at


def pictures(*values: float) -> ActivationTable:
    count, flat = len(values), np.zeros((len(values), 2), np.float32)
    pixels = np.full((count, 1, 4, 4), 1, np.float32) * np.reshape(values, (count, 1, 1, 1))
    none = np.zeros(count, np.int64)
    return ActivationTable(none, none, none, flat, flat, pixels.astype(np.float32))


NEW = Tables(pictures(1, 2), pictures(3), pictures(4, 5), pictures(6))


def test_calibration_images_are_held_out_where_that_is_known() -> None:
    own = FitSettings(dataset=open_digits(), spec="digits", name="digits")
    apart = dataclasses.replace(own, calibration=open_digits())

    assert calibration_seen(own, built(trained_here=True), NEW) == "held_out"
    assert calibration_seen(own, built(trained_here=False), NEW) == "may_have_been_seen"
    assert calibration_seen(apart, built(trained_here=False), NEW) == "held_out"


@pytest.mark.parametrize(("shared", "seen"), [(2, True), (3, True), (6, False), (7, False)])
@pytest.mark.parametrize("trained_here", [True, False])
def test_images_given_apart_that_the_fit_sees_are_not_held_out(
    *, shared: float, seen: bool, trained_here: bool
) -> None:
    own = FitSettings(dataset=open_digits(), spec="digits", name="digits")
    apart = dataclasses.replace(own, calibration=open_digits())
    tables = dataclasses.replace(NEW, calibration=pictures(4, shared))

    found = calibration_seen(apart, built(trained_here=trained_here), tables)

    assert found == ("may_have_been_seen" if seen else "held_out")


def test_an_unknown_method_is_refused_before_any_work() -> None:
    with pytest.raises(OptionsError, match=r"must be among .*, representative, .*, not 'lime'"):
        check_methods(("additive", "lime"))


def own_network(shapes: Shapes, tmp_path: Path, source: str) -> FitSettings:
    return FitSettings(
        dataset=open_folder(shapes.data, classes=tuple(shapes.classes.read_text().split("\n")[:3])),
        spec=f"folder:{shapes.data}",
        name="shapes",
        network=NetworkSettings(source=source, weights=shapes.weights, layer="act"),
        inputs=InputSettings((SIZE, SIZE), 3, mean=(0.5,), std=(0.5,)),
        threads=1,
        scratch=tmp_path,
    )


def test_a_network_without_an_affine_head_is_fitted_without_the_sum(
    shapes: Shapes, tmp_path: Path
) -> None:
    settings = own_network(shapes, tmp_path, COLOUR.replace(":colour", ":twice"))
    with new_folder(tmp_path / "model", replace=False) as folder:
        fit_model(settings, folder, silent)
    model = ExplainedModel.load(tmp_path / "model")

    assert model.methods == ("meta_forest",)
    assert list(model.manifest.refused) == ["additive"]
    assert "this one was refused: the logits come from" in model.manifest.refused["additive"]
    assert model.manifest.data.calibration_seen == "may_have_been_seen"
    said = model.explain(settings.dataset.image(0), explain="full").explanation
    assert said is not None
    assert "which the network may have been trained on" in said.sentence
    assert [evidence.method for evidence in said.evidence] == ["meta_forest"]

    only = dataclasses.replace(settings, methods=("additive",))
    with pytest.raises(NotApplicableError, match="additive needs a network whose logits come from"):
        fit_model(only, Path(shutil.copytree(shapes.apart, tmp_path / "folder")), silent)
    assert not list(tmp_path.glob("reasoned-*"))  # no scratch is left


def test_the_sum_alone_makes_a_model_too(shapes: Shapes, tmp_path: Path) -> None:
    settings = dataclasses.replace(
        own_network(shapes, tmp_path, COLOUR), methods=("additive",), scratch=None
    )
    with new_folder(tmp_path / "model", replace=False) as folder:
        figures = fit_model(settings, folder, silent)
    model = ExplainedModel.load(tmp_path / "model")
    reply = model.explain(settings.dataset.image(0))

    assert set(figures) == {"images", "accuracy"}
    assert reply.explanation is not None
    assert (reply.explanation.carrier, reply.explanation.agrees) == ("additive", True)
    assert (reply.explanation.status, reply.explanation.reliability) == ("weak", None)
    assert "nothing was counted for it" in reply.explanation.sentence


def test_a_network_that_does_not_know_the_data_is_refused_and_leaves_nothing(
    shapes: Shapes, tmp_path: Path
) -> None:
    # The folders' own order is not that of the outputs, so the outer two are exchanged.
    settings = dataclasses.replace(
        own_network(shapes, tmp_path, COLOUR), dataset=open_folder(shapes.data)
    )

    def fit() -> None:
        with new_folder(tmp_path / "models" / "wrong", replace=False) as folder:
            fit_model(settings, folder, silent)

    words = "its outputs read as teal cross, blue square, amber disc it would be right for"
    with pytest.raises(NetworkError, match=words):
        fit()
    assert list((tmp_path / "models").iterdir()) == []
    assert not list(tmp_path.glob("reasoned-*"))
    assert load_file(shapes.weights)["fc2.bias"].shape == torch.Size([3])


def test_options_are_refused_before_any_work() -> None:
    check_options({"representative": {"boundaries": "5"}})
    with pytest.raises(FittingError, match="representative has no option 'foo'; it has mode, "):
        check_options({"representative": {"foo": "1"}})
    with pytest.raises(OptionsError, match=r"--set additive\.x: additive has no options"):
        check_options({"additive": {"x": "3"}})
