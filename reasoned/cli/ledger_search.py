"""``reasoned ledger search`` and ``cited``: which decisions."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar, get_args

import click
import orjson
from pydantic import ValidationError

from reasoned.cli.ledger_opening import json_option, ledger_option, opened, tenant_option
from reasoned.cli.ledger_words import rows_table
from reasoned.errors import OptionsError
from reasoned.ledger.query import MOST_ROWS, Query, Said
from reasoned.ledger.records import decision_record
from reasoned.ledger.search import Page, search
from reasoned.reply.schema import Status

_EPILOG = """\b
Examples:
  reasoned ledger search --status out_of_support --since 24h
  reasoned ledger search --disagrees --class Sneaker --since 2026-11-01 --until 2026-11-08
  reasoned ledger search --cited example=train-000017 --json
  reasoned ledger search --feedback wrong --limit 200
"""
_CITED_EPILOG = """\b
Examples:
  reasoned ledger cited leaf leaf-12
  reasoned ledger cited example train-000017 --json
"""
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}
_AGO: Final = re.compile(r"(\d{1,6})([mhd])")
# Options whose names are not the query's.
_OPTIONS: Final = {
    "label": "--class",
    "agrees": "--agrees",
    "image_sha256": "--image-sha256",
    "client_id": "--client-id",
}
Command = TypeVar("Command", bound=Callable[..., Any])


def moment_option(
    _ctx: click.Context, _param: click.Parameter, value: str | None
) -> datetime | None:
    """Read a time, UTC where it says nothing else, or how long ago: ``90m``, ``24h``, ``7d``."""
    if value is None:
        return None
    if ago := _AGO.fullmatch(value):
        return datetime.now(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        found = datetime.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter(
            f"wanted 24h, 7d, 2026-11-22 or 2026-11-22T08:00:00Z, not {value!r}"
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _paged(command: Command) -> Command:
    """Give a command the options of a list."""
    limit = click.IntRange(1, MOST_ROWS)
    command = click.option("--cursor", help="Go on where a page ended.")(command)
    command = click.option("--limit", type=limit, default=50, show_default=True)(command)
    return ledger_option(tenant_option(json_option(command)))


@click.command("search", short_help="Find decisions, the newest first.", epilog=_EPILOG)
@click.option("--class", "label", help="The network's class.")
@click.option("--status", type=click.Choice(get_args(Status)))
@click.option("--agrees/--disagrees", default=None, help="Whether the first choice agrees.")
@click.option("--carrier", help="The method that carries the network's class.")
@click.option("--first", help="The method of first choice.")
@click.option("--model", help="The first digits of a model's digest.")
@click.option("--since", callback=moment_option, help="A time, or how long ago, as 24h.")
@click.option("--until", callback=moment_option, help="Before this time.")
@click.option("--cited", metavar="KIND=KEY", help="What the explanation went through or shows.")
@click.option("--image-sha256", help="The digest of an image file.")
@click.option("--feedback", type=click.Choice(get_args(Said)))
@click.option("--client-id", help="The X-Request-ID that the client sent.")
@_paged
def search_command(
    *,
    address: str | None,
    as_json: bool,
    **asked: Any,  # noqa: ANN401  click passes a mapping
) -> None:
    """Find decisions, the newest first.

    With --json one line for each, and where there are more, a last line with the cursor.
    """
    _list(asked, address, as_json=as_json)


@click.command(
    "cited", short_help="Find every decision that cited something.", epilog=_CITED_EPILOG
)
@click.argument("kind")
@click.argument("key")
@_paged
def cited_command(
    kind: str,
    key: str,
    *,
    address: str | None,
    as_json: bool,
    **asked: Any,  # noqa: ANN401  click passes a mapping
) -> None:
    """Find every decision that cited KEY: an example, a leaf, whatever KIND it is of.

    Kinds are leaf, polytope, attribute, component, cluster and example.
    """
    _list({**asked, "cited": (kind, key)}, address, as_json=as_json)


def _list(asked: dict[str, Any], address: str | None, *, as_json: bool) -> None:
    with opened(address) as ledger:
        page = search(ledger, _query(asked))
    for line in _lines(page) if as_json else [_text(page)]:
        click.echo(line)


def _query(asked: dict[str, Any]) -> Query:
    try:
        return Query(**asked)
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        field = str(wrong["loc"][0])
        said = wrong["msg"].removeprefix("Value error, ")
        raise OptionsError(f"{_OPTIONS.get(field, '--' + field)}: {said}") from error


def _lines(page: Page) -> list[str]:
    lines = [decision_record(found).model_dump_json() for found in page.rows]
    if page.cursor is not None:
        lines.append(orjson.dumps({"cursor": page.cursor}).decode())
    return lines


def _text(page: Page) -> str:
    if not page.rows:
        return "No decision is like that."
    more = [] if page.cursor is None else [f"\nThere are more: --cursor {page.cursor}"]
    return "\n".join([rows_table(page.rows), *more])
