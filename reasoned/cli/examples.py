"""``reasoned examples``: which training images are shown no more."""

import getpass
import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from pydantic import TypeAdapter, ValidationError

from explainers.neighbours.served import is_usual
from reasoned.cli.ledger_opening import json_option, ledger_option, opened
from reasoned.cli.speaking import table
from reasoned.folder.checking import check_files, read_manifest
from reasoned.folder.thumbnails import FILE, read_thumbnails
from reasoned.ledger.opt_outs import OptOut, read_opt_outs, restore, withhold
from reasoned.ledger.word import Note

_EPILOG = """\b
Examples:
  reasoned examples withhold train-004711 --model models/fashion \\
      --reason "asked by letter, 12 November"
  reasoned examples list
  reasoned examples restore train-004711
\b
Exit codes: 0 ok; 1 it was so already; 2 usage.
"""
_REASON: TypeAdapter[str] = TypeAdapter(Note)


@click.group("examples", epilog=_EPILOG)
def command() -> None:
    """Withhold training images, without fitting anew.

    A service that writes into the same ledger shows them no more a second later: not in
    answers, not in pictures, not in what was recorded before.
    """


@command.command("withhold", short_help="Show a training image no more.")
@click.argument("example")
@click.option("--reason", help="Why; kept with the list.")
@click.option(
    "--model",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Check that this model folder shows such an image.",
)
@ledger_option
@json_option
def withhold_command(
    example: str, reason: str | None, model: Path | None, address: str | None, *, as_json: bool
) -> None:
    """Show a training image no more; EXAMPLE is its id, such as train-004711."""
    with opened(address) as ledger:
        _check(example, reason, model)
        one = OptOut(example, time.time(), _user(), reason)
        new = withhold(ledger, one)
    if model is None:
        click.echo("no model was checked; --model DIR checks that it can be shown", err=True)
    words = "is withheld now" if new else "was withheld already"
    click.echo(json.dumps({"example": example, "new": new}) if as_json else f"{example} {words}.")
    click.get_current_context().exit(0 if new else 1)


@command.command("restore", short_help="Show a training image again.")
@click.argument("example")
@ledger_option
@json_option
def restore_command(example: str, address: str | None, *, as_json: bool) -> None:
    """Show a training image again; EXAMPLE is its id."""
    with opened(address) as ledger:
        gone = restore(ledger, example, _user(), time.time())
    words = "is shown again" if gone else "was not withheld"
    click.echo(
        json.dumps({"example": example, "restored": gone}) if as_json else f"{example} {words}."
    )
    click.get_current_context().exit(0 if gone else 1)


@command.command("list", short_help="List the training images that are withheld.")
@ledger_option
@json_option
def list_command(address: str | None, *, as_json: bool) -> None:
    """List the training images that are withheld, since when, by whom and why."""
    with opened(address) as ledger:
        found = [_record(one) for one in read_opt_outs(ledger)]
    if as_json:
        for one in found:
            click.echo(json.dumps(one))
    elif found:
        click.echo(table([tuple(str(value or "-") for value in one.values()) for one in found]))
    else:
        click.echo("No training image is withheld.")


def _record(one: OptOut) -> dict[str, Any]:
    at = datetime.fromtimestamp(one.at, UTC).isoformat(timespec="seconds")
    return {"example": one.example, "at": at, "by": one.by, "reason": one.reason}


def _check(example: str, reason: str | None, model: Path | None) -> None:
    if reason is not None:
        try:
            _REASON.validate_python(reason)
        except ValidationError as error:
            wrong = error.errors(include_url=False)[0]["msg"]
            raise click.BadParameter(wrong, param_hint="--reason") from error
    if model is None:
        if not is_usual(example):
            raise click.BadParameter(
                f"{example!r} does not read like train-004711; name the model that shows it with "
                "--model",
                param_hint="EXAMPLE",
            )
        return
    manifest, _ = read_manifest(model)
    check_files(model, manifest)
    if example not in read_thumbnails(model):
        raise click.BadParameter(
            f"{model} shows no image {example!r} (see its {FILE})", param_hint="EXAMPLE"
        )


def _user() -> str:
    return f"{getpass.getuser()} on the command line"
