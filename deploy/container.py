"""Build the container images, run them as in production, and say what was found.

Run by ``make container``, as root or with Docker; not by the tests.
"""

import contextlib
import dataclasses
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from deploy.trial.base import MADE, ready_base
from deploy.trial.commands import run
from deploy.trial.engine import Engine, find_engine
from deploy.trial.errors import ForbiddenError
from deploy.trial.images import ROUTES
from deploy.trial.trial import Trial, check_bars, tried
from explainers.errors import ReasonedError
from reasoned.cli.speaking import table

HELP = """Build and run the container images of a model, and check what they promise.

\b
Examples:
  python -m deploy.container --model models/digits
  python -m deploy.container --model models/digits --make-base --route both --json container.json

Where a machine cannot run containers, exit code 1 says so; in CI (CI or REASONED_CI set)
the same words are printed and the exit code is 0.
"""


@click.command(help=HELP)
@click.option(
    "--model",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder that `reasoned fit` wrote.",
)
@click.option(
    "--base", default="docker.io/library/python:3.11-slim", show_default=True, help="The base."
)
@click.option("--make-base", "base", flag_value=MADE, help="Make the base with debootstrap.")
@click.option(
    "--route",
    type=click.Choice([*ROUTES, "both"]),
    default="dockerfile",
    show_default=True,
    help="Our Dockerfile, or `reasoned build` and `bentoml containerize`.",
)
@click.option(
    "--storage",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where podman keeps images; default: a folder that is removed in the end.",
)
@click.option("--keep", is_flag=True, help="Keep that folder, too.")
@click.option(
    "--json", "out", type=click.Path(dir_okay=False, path_type=Path), help="Write JSON to a file."
)
def command(
    model: Path,
    base: str,
    route: str,
    storage: Path | None,
    out: Path | None,
    *,
    keep: bool,
) -> None:
    """Run the trials that were asked for."""
    routes = ROUTES if route == "both" else (route,)
    try:
        with _scratch(keep=keep) as scratch:
            engine = find_engine((storage or scratch / "storage").resolve())
            with _emptied(engine, scratch / "storage", keep=keep or storage is not None):
                ready_base(engine, base, scratch)
                found = [tried(engine, one, base, model.resolve(), scratch) for one in routes]
        _tell(found, out)
    except ForbiddenError as error:
        sys.exit(_forbidden(error))
    except ReasonedError as error:
        click.echo(f"FAILED: {error}", err=True)
        sys.exit(1)


def _tell(found: Sequence[Trial], out: Path | None) -> None:
    """Print and write what was found, then hold it against the bars."""
    click.echo(report(found))
    if out is not None:
        text = json.dumps([dataclasses.asdict(one) for one in found], indent=2)
        out.write_text(text + "\n", encoding="utf-8")
    if any(one.busy for one in found):
        click.echo("The machine was busy: how long a start takes was not judged.", err=True)
    for one in found:
        check_bars(one)


def report(found: Sequence[Trial]) -> str:
    """Lay out what was found, one line for each image."""
    head = (
        "route",
        "MB on base",
        "MB image",
        "ready s",
        "CPU s",
        "uid",
        "capabilities",
        "root",
        "stopped",
    )
    rows = [
        (
            one.route,
            f"{one.container_mb:.1f}",
            f"{one.image_mb:.1f}",
            f"{one.container_ready_seconds:.2f}" + (" (busy)" if one.busy else ""),
            f"{one.ready_cpu_seconds:.2f}",
            str(one.confined.uid),
            one.confined.capabilities,
            "read-only" if one.confined.read_only_root else "writable",
            str(one.stopped),
        )
        for one in found
    ]
    return table([head, *rows])


def _forbidden(error: ForbiddenError) -> int:
    """Say loudly that nothing was tried; only in CI is that no failure."""
    click.echo(f"NOT TRIED: no container was run. {error}", err=True)
    return 0 if os.environ.get("CI") or os.environ.get("REASONED_CI") else 1


@contextlib.contextmanager
def _scratch(*, keep: bool) -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="reasoned-container-"))
    try:
        yield place
    finally:
        if keep:
            click.echo(f"Kept {place}", err=True)
        else:
            shutil.rmtree(place, ignore_errors=True)


@contextlib.contextmanager
def _emptied(engine: Engine, storage: Path, *, keep: bool) -> Iterator[None]:
    """Let the engine remove its own images before their folder goes."""
    try:
        yield
    finally:
        if not keep and engine.name == "podman":
            with contextlib.suppress(ReasonedError):
                engine.call("rmi", "--all", "--force")
                # podman leaves its folder mounted on itself.
                run(["umount", "--lazy", str(storage / "overlay" / "overlay")])


if __name__ == "__main__":
    command()
