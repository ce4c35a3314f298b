"""``reasoned keys``: make API keys, and see what a file of them lets in."""

import json
from pathlib import Path

import click

from reasoned.cli.key_lines import append, check_name, line_of, new_key, rotated
from reasoned.cli.speaking import say, spoken, table
from reasoned.errors import SettingsError
from service.api_keys import (
    DEFAULT_SCOPES,
    MOST_LIVE,
    NAME,
    NAMED,
    ApiKey,
    keys_of_file,
    parse_scopes,
)
from service.arrival import DEFAULT_TENANT
from service.caller import SCOPES

EPILOG = """\b
Examples:
  reasoned keys new --tenant acme --scopes predict,read --name phone --append keys.txt
  reasoned keys rotate --name phone keys.txt
  reasoned keys list keys.txt
  REASONED_API_KEYS_FILE=keys.txt reasoned serve models/digits --host 0.0.0.0
"""
_NEW_EPILOG = """\b
Examples:
  reasoned keys new
  reasoned keys new --tenant acme --scopes predict,read
  reasoned keys new --name dashboard --scopes read --append keys.txt

A running service reads its file again within a second or two. A second key for the same
callers is made by `reasoned keys rotate`.
"""
_ROTATE_EPILOG = """\b
Examples:
  reasoned keys rotate --name phone keys.txt
  reasoned keys rotate --name phone --tenant acme keys.txt --json

Both keys open until the old line is deleted: move the callers over, then delete it. A running
service reads its file again within a second or two.
"""
_LIST_EPILOG = """\b
Examples:
  reasoned keys list keys.txt
  reasoned keys list keys.txt --json
"""


def _named(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not NAME.fullmatch(value):
        raise click.BadParameter(f"wanted {NAMED}, not {value!r}")
    return value


def _scopes(_ctx: click.Context, _param: click.Parameter, value: str) -> frozenset[str]:
    try:
        return parse_scopes(value)
    except SettingsError as error:
        raise click.BadParameter(f"{error}, not {value!r}") from error


@click.group(epilog=EPILOG)
def command() -> None:
    """Make API keys, and see what a file of them lets in.

    A service keeps the SHA-256 of a key, and never the key itself.
    """


@command.command(epilog=_NEW_EPILOG)
@click.option(
    "--tenant",
    default=DEFAULT_TENANT,
    show_default=True,
    callback=_named,
    help="Whose rows its holder sees.",
)
@click.option(
    "--scopes",
    default=",".join(_s for _s in SCOPES if _s in DEFAULT_SCOPES),
    show_default=True,
    callback=_scopes,
    help=f"Some of {', '.join(SCOPES)}, joined by commas; none implies another.",
)
@click.option(
    "--name", callback=_named, help=f"What it is called; {MOST_LIVE} of a name may be live."
)
@click.option(
    "--append",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write its line at the end of this file, which is made if it is not there.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def new(
    tenant: str, scopes: frozenset[str], name: str | None, path: Path | None, *, as_json: bool
) -> None:
    """Make a key, print it this once, and its line."""
    key = new_key()
    line = line_of(key, tenant, scopes, name)
    if path is not None:
        with spoken():
            check_name(path, tenant, name)
            append(path, line)
    _tell(key, line, path, as_json=as_json)


@command.command(epilog=_ROTATE_EPILOG)
@click.option("--name", required=True, callback=_named, help="What the key is called.")
@click.option("--tenant", callback=_named, help="Whose it is, where several have such a name.")
@click.argument(
    "path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rotate(name: str, tenant: str | None, path: Path, *, as_json: bool) -> None:
    """Make a second key of a name in FILE, for the same tenant and scopes; print it this once."""
    key = new_key()
    with spoken():
        caller = rotated(path, name, tenant).caller
        line = line_of(key, caller.tenant, caller.scopes, name)
        append(path, line)
    _tell(key, line, path, as_json=as_json)


@command.command("list", epilog=_LIST_EPILOG)
@click.argument(
    "path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
def list_keys(path: Path, *, as_json: bool) -> None:
    """List the keys of a FILE: whose they are and what they may."""
    with spoken():
        keys = keys_of_file(path)
    records = [_record(key) for key in keys]
    if as_json:
        for record in records:
            click.echo(json.dumps(record))
        return
    head = ("digest", "tenant", "scopes", "name")
    click.echo(table([head, *(tuple(record[word] or "-" for word in head) for record in records)]))


def _tell(key: str, line: str, path: Path | None, *, as_json: bool) -> None:
    where = "" if path is None else f"\n{path}: the line is there"
    record = {"key": key, "line": line, "file": None if path is None else str(path)}
    say(record, as_json=as_json, text=f"key   {key}\nline  {line}{where}")


def _record(key: ApiKey) -> dict[str, str | None]:
    caller = key.caller
    return {
        "digest": key.digest.hex()[:8],
        "tenant": caller.tenant,
        "scopes": ",".join(scope for scope in SCOPES if scope in caller.scopes),
        "name": caller.name if key.named else None,
    }
