"""Long work that goes on where a fit was stopped."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import click

from explainers.fitting_registry import FITTERS


@contextlib.contextmanager
def keeping(kept: Path | None) -> Iterator[None]:
    """Remove what a fit kept once it is done; say where it is when the fit ends otherwise."""
    try:
        yield
    except BaseException:
        if kept is not None and kept.exists():
            click.echo(
                f"{kept} keeps what was done; the same command goes on from there.", err=True
            )
        raise
    if kept is not None and kept.exists():
        _remove(kept)


def _remove(kept: Path) -> None:
    """Remove what methods kept, and the folder if nothing else is in it."""
    for name in FITTERS:
        shutil.rmtree(kept / name, ignore_errors=True)
    with contextlib.suppress(OSError):
        kept.rmdir()
