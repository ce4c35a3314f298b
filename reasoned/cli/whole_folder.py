"""A folder of results that appears whole or not at all."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click


@contextlib.contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """Give a folder beside `out` to write into; it becomes `out` when all went well.

    It is made at once, so that a place that cannot be written is known before long work.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise click.UsageError(f"--out {out} cannot be made: {error}") from error
    try:
        whole = beside / out.name
        whole.mkdir()
        yield whole
        whole.rename(out)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
