"""The images that a model was fitted on, in the fit's own splits."""

import dataclasses
from pathlib import Path
from typing import final

import numpy as np

from explainers.neighbours.served import Representatives
from reasoned.datasets.dataset import Dataset
from reasoned.datasets.sources import open_dataset
from reasoned.datasets.splits import Splits, make_splits
from reasoned.errors import DataError
from reasoned.folder.checking import check_files, read_manifest
from reasoned.folder.manifest import Manifest

_COUNTED = ("train", "validation", "test")


@final
@dataclasses.dataclass(frozen=True, eq=False)
class OwnSplits:
    """A model's card, and the data that it speaks of.

    Attributes
    ----------
    manifest
        Of the model folder.
    dataset
        The images.
    splits
        Which of them the fit saw, and which it did not.

    """

    manifest: Manifest
    dataset: Dataset
    splits: Splits


def open_own_splits(
    folder: Path, spec: str, data_dir: Path | None = None, groups: str | None = None
) -> OwnSplits:
    """Open a checked model folder and its data, and split it as the fit did.

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
    manifest, _ = read_manifest(folder)
    check_files(folder, manifest)
    try:
        dataset = open_dataset(spec, data_dir=data_dir, classes=manifest.classes, groups=groups)
    except DataError as error:
        raise DataError(
            f"{folder} was fitted on {manifest.data.spec}, and {spec} cannot be read as that: "
            f"{error}"
        ) from error
    if dataset.checksum() != manifest.data.sha256:
        raise DataError(
            f"{folder} was fitted on {manifest.data.spec}, and {spec} holds other images; give the "
            "data that the model was fitted on"
        )
    splits = make_splits(
        dataset,
        np.random.default_rng([manifest.seed, 1]),
        own_calibration=manifest.data.calibration_source == "a split of the data",
    )
    _check_splits(folder, manifest, splits)
    return OwnSplits(manifest, dataset, splits)


def _check_splits(folder: Path, manifest: Manifest, splits: Splits) -> None:
    """Refuse to judge a model on images that its fit may have seen."""
    shown = Representatives.load(folder / "neighbours").rows
    counts = {name: len(getattr(splits, name)) for name in _COUNTED}
    fitted = {name: getattr(manifest.data, name) for name in _COUNTED}
    if counts != fitted or not np.isin(shown, splits.train).all():
        raise DataError(
            f"{folder} was fitted on other splits ({_listed(fitted)}) than the data gives here "
            f"({_listed(counts)}); give --groups as it was given to `reasoned fit`"
        )


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())
