"""How commands speak: errors in a line, results as text or JSON."""

import contextlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence

import click

from explainers.errors import ReasonedError

OK, FINDING, USAGE = 0, 1, 2


@contextlib.contextmanager
def spoken(*, as_finding: bool = False) -> Iterator[None]:
    """Turn errors raised on purpose into one line on standard error and an exit code."""
    try:
        yield
    except ReasonedError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(FINDING if as_finding else USAGE)


def say(record: Mapping[str, object], *, as_json: bool, text: str) -> None:
    """Print a result, for a machine or for a person."""
    click.echo(json.dumps(record, indent=2, ensure_ascii=False) if as_json else text)


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Lay rows out in columns."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)


def share(value: object) -> str:
    """Write a share as a percentage, or a dash where there is none."""
    return f"{100 * value:.2f} %" if isinstance(value, (int, float)) else "-"
