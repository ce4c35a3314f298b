"""The tables of a CNN-INTE study, from a model folder and its data."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from explainers.activations import ActivationTable
from reasoned.datasets.dataset import Dataset
from reasoned.datasets.splits import Splits
from reasoned.fitting.activations import tabulate
from reasoned.fitting.own_splits import open_own_splits
from reasoned.fitting.pixels import prepare_pixels
from reasoned.fitting.progress import bar
from reasoned.fitting.study_tables import StudyTables, UntrainedTables
from reasoned.images.preprocessing import Preprocessing
from reasoned.inference import Network
from reasoned.network.untrained import untrained_copy

STUDIED = ("train", "validation", "test")


def load_tables(
    folder: Path, spec: str, data_dir: Path | None = None, groups: str | None = None
) -> StudyTables:
    """Run a fitted network, and an untrained copy of it, over the splits of its data.

    Parameters
    ----------
    folder
        A model folder.
    spec
        The data set that the model was fitted on.
    data_dir
        Where its files lie.
    groups
        The pattern by which the fit told objects apart, if it did.

    Raises
    ------
    FolderError
        When the folder is not as it was written.
    DataError
        When the data is not what the model was fitted on, or falls into other splits.

    """
    own = open_own_splits(folder, spec, data_dir, groups)
    manifest, data = own.manifest, (own.dataset, own.splits)
    rng = np.random.default_rng([manifest.seed, 5])
    with _scratch() as scratch:
        untrained_copy(folder / "network.onnx", scratch / "untrained.onnx", rng)
        found = {
            name: _tables(graph, data, manifest.preprocessing, scratch / name)
            for name, graph in (
                ("trained", folder / "network.onnx"),
                ("untrained", scratch / "untrained.onnx"),
            )
        }
    trained = found["trained"]
    return StudyTables(
        train=trained["train"],
        validation=trained["validation"],
        test=trained["test"],
        untrained=UntrainedTables(**found["untrained"]),
        classes=manifest.classes,
    )


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    """Give a folder for memory maps; on Linux they stay readable when it is removed."""
    with tempfile.TemporaryDirectory(prefix="reasoned-study-") as folder:
        yield Path(folder)


def _tables(
    graph: Path, data: tuple[Dataset, Splits], preprocessing: Preprocessing, scratch: Path
) -> dict[str, ActivationTable]:
    network = Network.load(graph)
    dataset, splits = data
    found = {}
    for name in STUDIED:
        rows = getattr(splits, name)
        place = scratch / name
        place.mkdir(parents=True)
        pixels = prepare_pixels(dataset, rows, preprocessing, place / "pixels.npy", bar)
        found[name] = tabulate(network, pixels, rows, dataset.labels[rows], place, bar)
    return found
