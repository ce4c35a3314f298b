"""Measure the drift reference of a model folder that is there, into a new one."""

import dataclasses
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Self, final

import numpy as np

from reasoned.datasets.dataset import Dataset
from reasoned.datasets.sources import open_dataset
from reasoned.drift.reference import PLACE, ReferenceRecord, write_reference
from reasoned.errors import DataError
from reasoned.fitting.drift_images import Held, answer_held
from reasoned.fitting.drift_reference import measure
from reasoned.fitting.own_splits import open_own_splits
from reasoned.folder.checking import check_files, read_manifest
from reasoned.folder.manifest import DIGEST, MANIFEST
from reasoned.folder.writing import new_folder, seal
from reasoned.model import ExplainedModel

LEAST: Final = 100  # images of traffic, in each half


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Measured:
    """What a reference is measured on.

    Attributes
    ----------
    limits
        Images for the quantiles of distances, and for what has a member.
    bounds
        Others, for shares and bounds.
    source
        Where they are from, in words.

    """

    limits: Held
    bounds: Held
    source: str

    @classmethod
    def of_fit(
        cls, folder: Path, spec: str, data_dir: Path | None = None, groups: str | None = None
    ) -> Self:
        """Take the fit's own validation and calibration splits.

        Raises
        ------
        DataError
            When the data is not what the model was fitted on, or calibration images came apart.

        """
        own = open_own_splits(folder, spec, data_dir, groups)
        if not len(own.splits.calibration):
            raise DataError(
                f"{folder} was calibrated on images that were given apart "
                f"({own.manifest.data.calibration_source}): give those, or others that are new to "
                "the model, with --traffic"
            )
        return cls(
            Held(own.dataset, own.splits.validation),
            Held(own.dataset, own.splits.calibration),
            "the fit's calibration split",
        )

    @classmethod
    def of_traffic(cls, dataset: Dataset, spec: str, rng: np.random.Generator) -> Self:
        """Take images that are new to the model, half for limits and half for bounds.

        Raises
        ------
        DataError
            When there are too few.

        """
        if len(dataset) < 2 * LEAST:
            raise DataError(
                f"a reference needs at least {2 * LEAST} images of traffic, but {spec} has "
                f"{len(dataset)}"
            )
        rows = rng.permutation(len(dataset))
        half = len(dataset) // 2
        limits, bounds = Held(dataset, np.sort(rows[:half])), Held(dataset, np.sort(rows[half:]))
        return cls(limits, bounds, f"images given as traffic: {spec}")


def open_traffic(
    folder: Path, spec: str, data_dir: Path | None = None, groups: str | None = None
) -> Dataset:
    """Open images in the order of a model's classes."""
    manifest, _ = read_manifest(folder)
    return open_dataset(spec, data_dir=data_dir, classes=manifest.classes, groups=groups)


def with_reference(
    folder: Path,
    measured: Measured,
    target: Path,
    progress: Callable[..., Iterable[int]],
    *,
    replace: bool = False,
) -> ReferenceRecord:
    """Copy a model folder and put a new reference into the copy.

    Raises
    ------
    FolderError
        When the folder is not as it was written, or the target cannot be made.

    """
    model = ExplainedModel.load(folder)
    limits = answer_held(model.explaining, measured.limits, progress)
    bounds = answer_held(model.explaining, measured.bounds, progress)
    record = measure(limits.outcomes, bounds, model.classes, measured.source)
    with new_folder(target, replace=replace) as made:
        manifest, _ = read_manifest(folder)
        check_files(folder, manifest)
        left_out = shutil.ignore_patterns(MANIFEST, DIGEST)
        shutil.copytree(folder, made, ignore=left_out, dirs_exist_ok=True)
        (made / PLACE).unlink(missing_ok=True)
        write_reference(made, record)
        seal(made, manifest)
    return record
