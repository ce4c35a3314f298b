"""``reasoned compare``: what moved between two models, and whether it moved too far."""

import contextlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from explainers.errors import ReasonedError
from reasoned.cli.speaking import FINDING, table
from reasoned.cli.whole_folder import whole_folder
from reasoned.comparing.comparing import Comparison, compare_models
from reasoned.comparing.pair import CompareRequest
from reasoned.comparing.thresholds import Thresholds, read_thresholds
from reasoned.fitting.progress import bar

_HELP = """Compare the explanations of two models, A in use and B that may follow it.

Asks both about the test images of A's data that neither has seen, and tells which
predictions, rules, clusters, examples, fidelities and statements moved. Rules and regions
are matched by the images in them, never by name. A figure crosses its threshold where it
lies beyond it and its 95 % interval excludes that nothing changed, so that chance holds
back no release. With --out also writes comparison.json and comparison.html to a new folder.

\b
Examples:
  reasoned compare models/fashion models/fashion-next --data fashion-mnist
  reasoned compare models/fashion models/fashion-next --data fashion-mnist \\
      --images 2000 --max-evidence-change 0.01 --out comparisons/next
  reasoned compare models/a models/b --data folder:./photos --groups '^(\\d+)_' \\
      --thresholds gate.json --json

\b
A file of thresholds holds some of them, by the options' names; options count more:
  {"max_fidelity_drop": 0.002, "min_region_agreement": 0.9}

\b
Exit codes:
  0  no threshold is crossed
  1  at least one is crossed; the first table and the lines below the tables say which
  2  the models cannot be compared, or an option cannot be used
"""
_folder = click.Path(exists=True, file_okay=False, path_type=Path)


def _thresholds(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command one option for each threshold."""
    for name, field in reversed(Thresholds.model_fields.items()):
        kind = click.IntRange(0) if field.annotation is int else click.FloatRange(0, 1)
        add = click.option(
            f"--{name.replace('_', '-')}",
            name,
            type=kind,
            help=f"{field.description}  [default: {field.default}]",
        )
        command = add(command)
    return command


@click.command("compare", help=_HELP)
@click.argument("a", type=_folder)
@click.argument("b", type=_folder)
@click.option("--data", required=True, help="A data set's name, or folder:PATH; what A was fit on.")
@click.option("--data-dir", type=_folder, help="Where its files lie.")
@click.option("--groups", help="As it was given to `reasoned fit`; it shapes the splits.")
@click.option("--images", type=click.IntRange(1), help="Draw so many test images.  [default: all]")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option(
    "--thresholds",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A JSON file of thresholds.",
)
@_thresholds
@click.option("--out", type=click.Path(path_type=Path), help="A folder to be made.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(
    a: Path,
    b: Path,
    *,
    out: Path | None,
    as_json: bool,
    file: Path | None,
    **chosen: Any,  # noqa: ANN401  click passes a mapping
) -> None:
    """Compare, print, write, and end with the gate's verdict."""
    if out is not None and out.exists():
        raise click.UsageError(f"--out must name a new folder, but {out} exists")
    given = {name: chosen.pop(name) for name in Thresholds.model_fields}
    # Made first: a comparison that cannot be written is not worth its wait.
    with contextlib.nullcontext() if out is None else whole_folder(out) as folder:
        try:
            thresholds = read_thresholds(file, **given)
            request = CompareRequest(before=a, after=b, thresholds=thresholds, **chosen)
            found = compare_models(request, bar)
        except ReasonedError as error:
            raise click.UsageError(str(error)) from error
        click.echo(found.figures.model_dump_json(indent=2) if as_json else _text(found, out))
        if folder is not None:
            found.save(folder)
    if found.figures.crossed:
        sys.exit(FINDING)


def _text(found: Comparison, out: Path | None) -> str:
    parts = [
        f"{section.heading}\n{section.note}\n\n{table(section.rows)}\n"
        for section in found.sections
    ]
    page = [] if out is None else [f"Page: {out / 'comparison.html'}"]
    return "\n".join([*parts, *found.sentences, *page])
