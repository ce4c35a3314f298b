"""``reasoned ledger show`` and ``feedback``: one decision."""

import sys
import time

import click
from pydantic import ValidationError

from reasoned.cli.ledger_opening import json_option, ledger_option, opened, tenant_option
from reasoned.cli.ledger_words import said, whole
from reasoned.cli.speaking import FINDING
from reasoned.ledger.feedback import GivenFeedback, give
from reasoned.ledger.reading import read
from reasoned.ledger.records import feedback_record, whole_record

_EPILOG = """\b
Examples:
  reasoned ledger show 6f1c0f6c9d2b4e0fa7a3b1d1c2e4f506
  reasoned ledger show order-17 --json
"""
_FEEDBACK_EPILOG = """\b
Examples:
  reasoned ledger feedback 6f1c0f6c9d2b4e0fa7a3b1d1c2e4f506 --label Sandal
  reasoned ledger feedback order-17 --not-useful --note "names the wrong part"
"""


@click.command("show", short_help="Show one decision.", epilog=_EPILOG)
@click.argument("name", metavar="ID")
@ledger_option
@tenant_option
@json_option
def show_command(name: str, address: str | None, tenant: str | None, *, as_json: bool) -> None:
    """Show one decision, by the reply's ID or the X-Request-ID that the client sent.

    With --json also the reply as it was given. Ends with 1 where there is no such decision.
    """
    with opened(address) as ledger:
        found = read(ledger, name, tenant)
    if found is None:
        _missing(name)
    elif as_json:
        click.echo(whole_record(found))
    else:
        click.echo(whole(found))


@click.command("feedback", short_help="Say what was right.", epilog=_FEEDBACK_EPILOG)
@click.argument("name", metavar="ID")
@click.option("--label", help="The true class.")
@click.option("--useful/--not-useful", default=None, help="Whether the explanation was of use.")
@click.option("--note", help="What else there is to say.")
@ledger_option
@tenant_option
@json_option
def feedback_command(
    name: str,
    address: str | None,
    tenant: str | None,
    *,
    as_json: bool,
    **told: str | bool | None,
) -> None:
    """Say what was right in decision ID, or whether its explanation was of use.

    All that is said is kept, at most 20 times, and the newest counts.
    """
    try:
        given = GivenFeedback.model_validate(told)
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        option = "".join(f"--{part}: " for part in wrong["loc"])
        raise click.UsageError(option + wrong["msg"].removeprefix("Value error, ")) from error
    with opened(address) as ledger:
        written = give(ledger, name, tenant, given, time.time())
    if written is None:
        _missing(name)
    else:
        click.echo(feedback_record(written).model_dump_json() if as_json else said(written))


def _missing(name: str) -> None:
    click.echo(f"The ledger has no decision {name!r}.", err=True)
    sys.exit(FINDING)
