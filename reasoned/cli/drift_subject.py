"""Which model's detectors a command is about."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from reasoned.drift.reference import Reference
from reasoned.errors import FolderError
from reasoned.folder.checking import check_files, read_manifest

Command = TypeVar("Command", bound=Callable[..., Any])
RUN_LENGTH = 100_000


def model_argument(command: Command) -> Command:
    """Give a command the model folder as its argument."""
    path = click.Path(exists=True, file_okay=False, path_type=Path)
    return click.argument("model", type=path)(command)


def read_reference(folder: Path) -> Reference:
    """Read the reference of a model folder.

    Raises
    ------
    FolderError
        When the folder is not as it was written, or has no reference.

    """
    manifest, _ = read_manifest(folder)
    check_files(folder, manifest)
    reference = Reference.load(folder)
    if reference is None:
        raise FolderError(
            f"{folder} was fitted before drift references were measured: there is nothing to "
            "compare with; measure one with `reasoned drift reference`"
        )
    return reference
