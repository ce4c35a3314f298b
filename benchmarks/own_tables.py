"""The splits of a model folder as its own network sees them, and a method's view of them."""

from collections.abc import Mapping
from pathlib import Path

from explainers.activations import ActivationTable
from explainers.fitting_contract import FittingData
from reasoned.fitting.activations import tabulate
from reasoned.fitting.input_range import input_range
from reasoned.fitting.own_splits import OwnSplits
from reasoned.fitting.pixels import prepare_pixels
from reasoned.fitting.progress import bar
from reasoned.inference import Network


def own_tables(own: OwnSplits, model: Path, scratch: Path) -> dict[str, ActivationTable]:
    """Run the packaged network over the training, validation and test images."""
    network, found = Network.load(model / "network.onnx"), {}
    for name in ("train", "validation", "test"):
        rows = getattr(own.splits, name)
        path = scratch / f"{name}.npy"
        pixels = prepare_pixels(own.dataset, rows, own.manifest.preprocessing, path, bar)
        labels = own.dataset.labels[rows]
        found[name] = tabulate(network, pixels, rows, labels, scratch / name, bar)
    return found


def fitting_data(own: OwnSplits, tables: Mapping[str, ActivationTable]) -> FittingData:
    """Give what a method is fitted with, but for what only some read."""
    return FittingData(
        train=tables["train"],
        validation=tables["validation"],
        classes=own.manifest.classes,
        example_ids=own.dataset.example_id,
        head=None,
        head_reason="not asked for",
        input_range=input_range(own.manifest.preprocessing),
    )
