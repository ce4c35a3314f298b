"""The digits before their judges: the fitted network with taps, a mixture, and images."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from explainers.arrays import FloatArray, IntArray
from explainers.mixture.served import Mixture
from reasoned.fitting.own_splits import OwnSplits, open_own_splits
from reasoned.judges.mixture_pictures import Contributions
from reasoned.judges.network import JudgedNetwork
from reasoned.judges.peers import RandomMaps, gradient_peers
from reasoned.judges.polytope_pictures import SearchedPolytopes
from reasoned.judges.subject import JudgeSubject
from reasoned.model import ExplainedModel
from reasoned.network.graph import read_graph
from tests.reasoned.evaluation.hand_built_mixture import add_mixture
from tests.reasoned.judges.judged_networks import by_hand, with_boundaries

JUDGED, TRAINED = 24, 300


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def small(tmp_path: Path) -> JudgedNetwork:
    return JudgedNetwork(read_graph(by_hand(tmp_path / "small.onnx")))


@pytest.fixture(scope="session")
def digits_network(digits_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> JudgedNetwork:
    target = tmp_path_factory.mktemp("judged") / "network.onnx"
    return JudgedNetwork(read_graph(with_boundaries(digits_folder / "network.onnx", target)))


@pytest.fixture(scope="session")
def digits_mixture(digits_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Mixture:
    copied = tmp_path_factory.mktemp("mixed") / "digits"
    shutil.copytree(digits_folder, copied)
    return add_mixture(copied)


@pytest.fixture(scope="session")
def digits_own(digits_folder: Path) -> OwnSplits:
    return open_own_splits(digits_folder, "digits")


def read(own: OwnSplits, rows: IntArray) -> tuple[FloatArray, IntArray]:
    as_input = own.manifest.preprocessing
    pixels = np.stack([as_input.apply(own.dataset.image(row)) for row in rows.tolist()])
    return pixels, own.dataset.labels[rows].astype(np.int64)


@pytest.fixture(scope="session")
def digits_subject(
    digits_model: ExplainedModel,
    digits_own: OwnSplits,
    digits_network: JudgedNetwork,
    digits_mixture: Mixture,
) -> JudgeSubject:
    pixels, labels = read(digits_own, digits_own.splits.test[:JUDGED])
    train_pixels, train_labels = read(digits_own, digits_own.splits.train[:TRAINED])
    black = np.array(digits_mixture.black, np.float32)
    ours = (SearchedPolytopes(train_pixels), Contributions(digits_mixture))
    return JudgeSubject(
        name="digits",
        sha256="0" * 64,
        explainers=digits_model.explaining.parts.explainers,
        network=digits_network,
        network_difference=0.0,
        pictures=(*ours, *gradient_peers(digits_network, black), RandomMaps(0)),
        without={"meta_forest": "a path"},
        pixels=pixels,
        labels=labels,
        train_pixels=train_pixels,
        train_labels=train_labels,
    )
