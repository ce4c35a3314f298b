"""Fit methods again under several seeds; what is done is kept."""

import dataclasses
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, final

import numpy as np

from explainers.contract import Explainer
from explainers.fitting_contract import FittingData
from explainers.fitting_registry import FITTERS
from explainers.registry import METHODS
from reasoned.errors import DataError

Progress = Callable[..., Iterable[int]]
_RECORD: Final = "fit.json"


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Refit:
    """One method, fitted under one seed.

    Attributes
    ----------
    method
        The fitted method.
    seconds
        What the fit took, of wall time.

    """

    method: Explainer
    seconds: float


@final
@dataclasses.dataclass(frozen=True)
class Keeping:
    """Where fits are kept, and of what.

    Attributes
    ----------
    folder
        Where the fits are, one folder each.
    sha256
        Of the model whose network is explained: a fit for another one is done again.

    """

    folder: Path
    sha256: str


def refit(
    name: str,
    data: FittingData,
    seeds: tuple[int, ...],
    keeping: Keeping | None,
    progress: Progress,
) -> list[Refit]:
    """Fit one method under each seed, or take the fit that was kept.

    A method that was trained together with its network is fitted afterwards here: the network
    stays as it is.

    Parameters
    ----------
    name
        The method's.
    data
        What it is fitted with, its options too.
    seeds
        The seed of each fit.
    keeping
        Where fits are kept, or None.
    progress
        Shows long work.

    Raises
    ------
    NotApplicableError
        When the method cannot explain the network.
    DataError
        When what was kept is broken.

    """
    return [_one(name, data, seed, keeping, progress) for seed in seeds]


def _one(
    name: str, data: FittingData, seed: int, keeping: Keeping | None, progress: Progress
) -> Refit:
    place = None if keeping is None else keeping.folder / f"{name}-{seed}"
    about = {"model": None if keeping is None else keeping.sha256, "options": dict(data.options)}
    if place is not None and (stored := _kept(place, name, about)) is not None:
        return stored
    # As long work keeps it, to go on from there.
    under_way = None if place is None else place.with_name(f"{place.name}.fitting")
    began = time.perf_counter()
    method = FITTERS[name](
        dataclasses.replace(data, kept=under_way),
        np.random.default_rng([seed, 3, list(FITTERS).index(name)]),
        progress,
    )
    found = Refit(method, round(time.perf_counter() - began, 1))
    if place is not None:
        _keep(place, found, about)
        shutil.rmtree(place.with_name(f"{place.name}.fitting"), ignore_errors=True)
    return found


def _kept(place: Path, name: str, about: Mapping[str, Any]) -> Refit | None:
    if not (place / _RECORD).is_file():
        return None
    path = place / _RECORD
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        seconds, found = float(record["seconds"]), {key: record.get(key) for key in about}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DataError(
            f"{path} must be the record of a fit that was kept, and is not: {error!r}; delete "
            f"{place}"
        ) from error
    return Refit(METHODS[name].load(place), seconds) if found == about else None


def _keep(place: Path, found: Refit, about: Mapping[str, Any]) -> None:
    """Write a fit beside its place and move it there whole."""
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{place.name}.", dir=place.parent))
    try:
        found.method.save(beside)
        record = {**about, "seconds": found.seconds}
        (beside / _RECORD).write_text(json.dumps(record) + "\n", encoding="utf-8")
        shutil.rmtree(place, ignore_errors=True)
        beside.replace(place)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def seeded(methods: Iterable[str]) -> tuple[str, ...]:
    """Name those of the methods whose fit draws anything, in the order of the registry."""
    asked = set(methods)
    return tuple(name for name in FITTERS if name in asked and name != "additive")
