"""A model and its images, opened for its judges."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Final, final

import numpy as np

from explainers.arrays import FloatArray, IntArray
from explainers.contract import Explainer
from explainers.mixture.served import Mixture
from explainers.representative.served.explainer import Representative
from reasoned.fitting.input_range import input_range
from reasoned.fitting.own_splits import OwnSplits, open_own_splits
from reasoned.judges.mixture_pictures import mixture_pictures
from reasoned.judges.network import JudgedNetwork, open_network
from reasoned.judges.peers import RandomMaps, gradient_peers
from reasoned.judges.pictures import PictureMethod
from reasoned.judges.polytope_pictures import polytope_pictures
from reasoned.judges.sampling_peers import sampling_peers
from reasoned.judges.settings import JudgeSettings
from reasoned.model import ExplainedModel

# Of the other methods nothing that a reply says of a request is a picture of it.
_NO_PICTURE: Final = {
    "meta_forest": "a path of tests on the hidden layer, which have no places in the image",
    "attributes": (
        "contributions of attributes, each a number; its pictures are made when the model is "
        "fitted and show attributes, not the image that is asked about"
    ),
    "additive": "contributions of hidden units, which have no places in the image",
    "mixture": "regressions on hidden units, which have no places in the image",
    "representative": "the explained layer is no map, and a polytope has no heat map",
}


@final
@dataclasses.dataclass(frozen=True, eq=False)
class JudgeSubject:
    """What is judged.

    Attributes
    ----------
    name, sha256
        The model's.
    explainers
        Its methods.
    network
        Its network in torch.
    network_difference
        How far that one's logits are from the served ones, as a share of the largest.
    pictures
        Every method that draws: ours, peers and a control.
    without
        By method of ours why it draws nothing.
    pixels, labels
        Shapes (images, channels, rows, columns) and (images). Test images.
    train_pixels, train_labels
        The same of training images.

    """

    name: str
    sha256: str
    explainers: Mapping[str, Explainer]
    network: JudgedNetwork
    network_difference: float
    pictures: tuple[PictureMethod, ...]
    without: Mapping[str, str]
    pixels: FloatArray
    labels: IntArray
    train_pixels: FloatArray
    train_labels: IntArray


def open_judge_subject(
    model: Path, data: str, data_dir: Path | None, groups: str | None, settings: JudgeSettings
) -> JudgeSubject:
    """Open a model folder, and read the images that are needed of its data.

    Parameters
    ----------
    model
        A model folder.
    data, data_dir, groups
        The data that it was fitted on, as `reasoned fit` was told.
    settings
        How many images.

    Raises
    ------
    FolderError
        When the folder is not as it was written.
    DataError
        When the data is not what the model was fitted on, or falls into other splits.
    NetworkError
        When the network cannot be rebuilt in torch.

    """
    own = open_own_splits(model, data, data_dir, groups)
    loaded = ExplainedModel.load(model)
    rng = np.random.default_rng([settings.seed, 2])
    test = _some(own.splits.test, settings.images, rng)
    most = max(settings.references, settings.shuffled_images)
    train = _some(own.splits.train, most, rng)
    pixels, train_pixels = _read(own, test), _read(own, train)
    network, difference = open_network(model / "network.onnx", pixels)
    explainers = loaded.explaining.parts.explainers
    drawing = _ours(explainers, train_pixels[: settings.references])
    black = input_range(own.manifest.preprocessing)[0]
    return JudgeSubject(
        name=own.manifest.name,
        sha256=loaded.sha256,
        explainers=explainers,
        network=network,
        network_difference=difference,
        pictures=(
            *(method for methods in drawing.values() for method in methods),
            *gradient_peers(network, black),
            *sampling_peers(black, settings),
            RandomMaps(settings.seed),
        ),
        without={
            name: _NO_PICTURE.get(name, "it draws no picture of the image")
            for name in explainers
            if not drawing.get(name)
        },
        pixels=pixels,
        labels=own.dataset.labels[test].astype(np.int64),
        train_pixels=train_pixels,
        train_labels=own.dataset.labels[train].astype(np.int64),
    )


def _ours(
    explainers: Mapping[str, Explainer], references: FloatArray
) -> dict[str, list[PictureMethod]]:
    found: dict[str, list[PictureMethod]] = {}
    for name, method in explainers.items():
        if isinstance(method, Representative):
            found[name] = polytope_pictures(method, references)
        elif isinstance(method, Mixture):
            found[name] = mixture_pictures(method)
    return found


def _some(rows: IntArray, count: int, rng: np.random.Generator) -> IntArray:
    return np.sort(rng.permutation(rows)[:count])


def _read(own: OwnSplits, rows: IntArray) -> FloatArray:
    as_input = own.manifest.preprocessing
    return np.stack([as_input.apply(own.dataset.image(row)) for row in rows.tolist()])
