"""What a model's methods were fitted on, tabulated again by its own network."""

import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, final

from explainers.activations import ActivationTable
from explainers.attributes.served import Attributes
from explainers.fitting_contract import FittingData
from reasoned.fitting.activations import tabulate
from reasoned.fitting.input_range import input_range
from reasoned.fitting.own_splits import OwnSplits
from reasoned.fitting.pixels import prepare_pixels
from reasoned.inference import Network
from reasoned.inference.session import PREFIX
from reasoned.network.graph import read_graph
from reasoned.network.lower import tapped_lower
from reasoned.network.upper import channel_map
from reasoned.network.upper_dense import dense_tail
from reasoned.network.upper_graph import read_upper
from reasoned.network.upper_torch import torch_upper

Progress = Callable[..., Iterable[int]]
_SPLITS = ("train", "validation", "test")


@final
@dataclasses.dataclass(frozen=True, eq=False)
class OwnData:
    """A model's data as its own network sees it.

    Attributes
    ----------
    given
        What a method is fitted with: training and validation images.
    test
        Images that no fit sees.

    """

    given: FittingData
    test: ActivationTable


def own_data(
    own: OwnSplits, model: Path, scratch: Path, progress: Progress, threads: int = 1
) -> OwnData:
    """Run a model's network over its splits, and read what lies above and below its taps.

    Parameters
    ----------
    own
        The model's data, from `open_own_splits`.
    model
        Its folder.
    scratch
        An existing folder for memory maps.
    progress
        Shows the images.
    threads
        How many cores a fit may use.

    """
    path, as_input = model / "network.onnx", own.manifest.preprocessing
    network, tables = Network.load(path, threads=threads), dict[str, ActivationTable]()
    for name in _SPLITS:
        rows = getattr(own.splits, name)
        pixels = prepare_pixels(own.dataset, rows, as_input, scratch / f"{name}.npy", progress)
        labels = own.dataset.labels[rows]
        tables[name] = tabulate(network, pixels, rows, labels, scratch / name, progress)
    given = FittingData(
        train=tables["train"],
        validation=tables["validation"],
        classes=own.manifest.classes,
        example_ids=own.dataset.example_id,
        head=None,
        head_reason="the sum over the last layer has no seed",
        input_range=input_range(as_input),
        threads=threads,
        **_above(path),
    )
    if Attributes.name in own.manifest.methods:
        layers = Attributes.load(model / "methods").layers
        lower = tapped_lower(path, network, layers, tables["train"].pixels)
        given = dataclasses.replace(given, lower=lower)
    return OwnData(given, tables["test"])


def _above(path: Path) -> dict[str, Any]:
    """Give `upper`, `upper_reason` and `channel_map` of `FittingData`."""
    graph = read_graph(path)
    taps = graph.metadata()
    if f"{PREFIX}psi" not in taps:
        return {"upper": None, "upper_reason": "the model's graph has no tap `psi`"}
    found = read_upper(graph, taps[f"{PREFIX}psi"], taps[f"{PREFIX}logits"])
    if isinstance(found, str) or found.obstacles:
        reason = found if isinstance(found, str) else found.approximate
        return {"upper": None, "upper_reason": reason}
    # The fit has settled the space of its boundaries.
    found = dataclasses.replace(found, boundary=taps.get(f"{PREFIX}boundary", found.boundary))
    mapped = channel_map(found)
    upper = dense_tail(found) or torch_upper(found)
    return {"upper": upper, "upper_reason": "", "channel_map": mapped}
