"""Results that a later run need not find again."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from pydantic import ValidationError

from reasoned.errors import DataError
from reasoned.folder.manifest import Frozen
from reasoned.judges.settings import JudgeSettings

Record = TypeVar("Record", bound=Frozen)
# What says which results there are, and not what they are.
_CHOICES: Final = frozenset({"metrics", "sampling_peers"})


def kept_folder(kept: Path | None, sha256: str, settings: JudgeSettings) -> Path | None:
    """Name the folder for one model and one set of parameters, and make it.

    Parameters
    ----------
    kept
        Where results are kept, or None where they are not.
    sha256
        Of the model.
    settings
        All but the choice of metrics and peers counts.

    Raises
    ------
    DataError
        When it cannot be made.

    """
    if kept is None:
        return None
    said = f"{sha256} {settings.model_dump_json(exclude=set(_CHOICES))}"
    folder = kept / hashlib.sha256(said.encode()).hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"{folder} must be a folder to keep results in: {error}") from error
    return folder


def kept_or_made(
    folder: Path | None, name: str, record: type[Record], make: Callable[[], Record]
) -> Record:
    """Read a result, or find it and write it down.

    Raises
    ------
    DataError
        When a file is there that is no such result, or none can be written.

    """
    if folder is None:
        return make()
    path = folder / f"{name}.json"
    if path.exists():
        try:
            return record.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise DataError(
                f"{path} must be a result that an earlier run kept, and is not: {error}; delete it"
            ) from error
    made = make()
    unfinished = path.with_suffix(".part")
    try:
        unfinished.write_text(made.model_dump_json() + "\n", encoding="utf-8")
        unfinished.replace(path)  # a run that is stopped leaves no half result
    except OSError as error:
        raise DataError(f"{path} must be written to keep a result: {error}") from error
    return made
