"""A model and its images, opened for an evaluation."""

import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import final

from explainers.representative.served.explainer import Representative
from explainers.representative.served.search import References
from reasoned.evaluation.cutting import cut_network
from reasoned.evaluation.evaluation import Request
from reasoned.evaluation.image_polytope import Searching
from reasoned.evaluation.unseen import see
from reasoned.fitting.own_splits import open_own_splits
from reasoned.fitting.pixels import prepare_pixels


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Subject:
    """What is evaluated.

    Attributes
    ----------
    name
        The model's.
    classes
        The class names, in the order of the logits.
    searching
        The network, its training images as references, and its test images.
    rules
        The rule set that the model carries, or None.

    """

    name: str
    classes: tuple[str, ...]
    searching: Searching
    rules: Representative | None


def open_subject(
    request: Request, scratch: Path, progress: Callable[..., Iterable[int]]
) -> Subject:
    """Open a model folder and its data, and run the network over both splits.

    Parameters
    ----------
    request
        Which model, on which data.
    scratch
        A folder for memory maps.
    progress
        Shows the images.

    Raises
    ------
    FolderError
        When the folder is not as it was written.
    DataError
        When the data is not what the model was fitted on, or falls into other splits.
    NetworkError
        When the network cannot be cut at a map, or not be differentiated above it.

    """
    own = open_own_splits(request.model, request.data, request.data_dir, request.groups)
    network = cut_network(request.model / "network.onnx")
    as_input, splits = own.manifest.preprocessing, own.splits
    train, test = (
        prepare_pixels(own.dataset, rows, as_input, scratch / f"{name}.npy", progress)
        for name, rows in (("train", splits.train), ("test", splits.test))
    )
    points, predicted = network.boundary_values(train, progress, "training images")
    unseen = see(network, test, as_input, scratch, progress)
    return Subject(
        name=own.manifest.name,
        classes=own.manifest.classes,
        searching=Searching(network, References(points, predicted), unseen, request.settings.seed),
        rules=_rules(request.model) if Representative.name in own.manifest.methods else None,
    )


def _rules(model: Path) -> Representative:
    return Representative.load(model / "methods")
