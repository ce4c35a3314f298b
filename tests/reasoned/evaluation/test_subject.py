"""A model folder, cut at its map and opened with its data."""

from pathlib import Path

import numpy as np
import onnx
import pytest

from explainers.fitting_contract import silent
from reasoned.errors import DataError, NetworkError
from reasoned.evaluation.cutting import cut_network
from reasoned.evaluation.evaluation import Request
from reasoned.evaluation.figures import EvaluationSettings
from reasoned.evaluation.subject import open_subject
from reasoned.inference import Network
from reasoned.model import ExplainedModel
from tests.reasoned.conftest import Shapes

SETTINGS = EvaluationSettings(
    images=5, similar=3, top=0.2, fill="mean", boundaries=20, seeds=2, seed=0
)


def test_the_halves_are_the_network_that_is_served(digits_folder: Path, tmp_path: Path) -> None:
    request = Request(digits_folder, "digits", None, None, SETTINGS)
    subject = open_subject(request, tmp_path, silent)
    data = ExplainedModel.load(digits_folder).manifest.data
    unseen, searching = subject.searching.unseen, subject.searching

    assert (len(searching.references), len(unseen)) == (data.train, data.test)
    assert (subject.name, subject.rules) == ("digits", None)
    # The reference network's hidden layer comes straight after the map.
    assert searching.references.points.shape[1] == 128
    pixels = np.array(unseen.pixels[:32])
    logits = Network.load(digits_folder / "network.onnx").run_many(pixels)["logits"]
    np.testing.assert_allclose(searching.network.run(pixels).logits, logits, atol=1e-4)
    points = unseen.boundary[:32].astype(np.float64)
    np.testing.assert_allclose(searching.network.above.logits(points), logits, atol=1e-4)


def test_other_data_is_refused(digits_folder: Path, shapes: Shapes, tmp_path: Path) -> None:
    request = Request(digits_folder, f"folder:{shapes.data}", None, None, SETTINGS)

    with pytest.raises(DataError, match="class"):
        open_subject(request, tmp_path, silent)


def test_a_network_without_a_map_is_refused(digits_folder: Path, tmp_path: Path) -> None:
    model = onnx.load(digits_folder / "network.onnx")
    kept = [p for p in model.metadata_props if p.key != "reasoned.convolution"]
    del model.metadata_props[:]
    model.metadata_props.extend(kept)
    onnx.save(model, tmp_path / "flat.onnx")

    with pytest.raises(NetworkError, match="has no convolutional map, and heat maps need one"):
        cut_network(tmp_path / "flat.onnx")
