"""``reasoned decision``: one decision as a page."""

import dataclasses
import re
from pathlib import Path

import click
from sqlalchemy import select

from reasoned.cli.ledger_opening import ledger_option, opened
from reasoned.errors import ReplayError
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.reading import Stored, read
from reasoned.ledger.tables import OPT_OUT
from reasoned.model import ExplainedModel
from reasoned.pages.decision_page import decision_page
from reasoned.replay.disclosed import read_ids
from reasoned.reply.disclosure import Disclosure

EPILOG = """\b
Examples:
  reasoned decision 3f0c9a... --out decision.html
  reasoned decision 3f0c9a... --model models/fashion --out decision.html --ledger ledger.sqlite3
"""
_WITHHELD = re.compile(" withheld:.*")


@click.command(epilog=EPILOG)
@click.argument("name", metavar="ID")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--model",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The model that answered, for its pictures.",
)
@ledger_option
@click.option(
    "--opt-out-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Ids that must not appear, beside those in the ledger.",
)
@click.option("--replace", is_flag=True, help="Write over a file that is there.")
def command(
    name: str,
    out: Path,
    *,
    folder: Path | None,
    address: str | None,
    opt_out_file: Path | None,
    replace: bool,
) -> None:
    """Write one decision as a page that needs nothing else.

    ID is the reply's id, or what the client called the request. Training images are shown as
    the answer was allowed to show them, and those withheld since not at all.
    """
    if out.exists() and not replace:
        raise click.UsageError(f"--out {out} exists; pass --replace, or choose another")
    with opened(address) as ledger:
        stored = _found(ledger, name)
        withheld = _withheld(ledger)
        if opt_out_file is not None:
            withheld |= read_ids(opt_out_file)
        model = None if folder is None else _disclosed(folder, stored, withheld)
        page = decision_page(stored, model, withheld)
    try:
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"--out {out} cannot be written: {error.strerror}") from error
    click.echo(f"{out}: the decision {stored.decision.id}")


def _found(ledger: Ledger, name: str) -> Stored:
    found = read(ledger, name, None)
    if found is None:
        raise ReplayError(f"the ledger has no decision {name[:80]!r}")
    return found


def _withheld(ledger: Ledger) -> frozenset[str]:
    with ledger.engine.connect() as connection:
        return frozenset(connection.execute(select(OPT_OUT.c.example)).scalars())


def _disclosed(folder: Path, stored: Stored, withheld: frozenset[str]) -> ExplainedModel:
    shown = Disclosure.read(_WITHHELD.sub("", stored.decision.disclosure))
    model = ExplainedModel.load(folder)
    return model.disclosing(dataclasses.replace(shown, withheld=withheld))
