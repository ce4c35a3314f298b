"""``reasoned drift acknowledge``."""

import getpass
import json

import click

from reasoned.cli.drift_alarms import alarm_record, alarm_text
from reasoned.cli.ledger_opening import json_option, ledger_option, opened
from reasoned.drift.alarms import acknowledge

EPILOG = """\b
Examples:
  reasoned drift acknowledge 3
  reasoned drift acknowledge 3 --by anna --note "new camera in hall 2"
"""


@click.command("acknowledge", epilog=EPILOG)
@click.argument("number", type=click.IntRange(1))
@click.option("--by", help="Who has seen it.  [default: the user's name]")
@click.option("--note", default="", help="What was found.")
@ledger_option
@json_option
def command(number: int, by: str | None, note: str, address: str | None, *, as_json: bool) -> None:
    """Note that the alarm NUMBER was seen; if the change goes on, it raises a new one."""
    with opened(address) as ledger:
        alarm = acknowledge(ledger, number, by or getpass.getuser(), note)
    click.echo(json.dumps(alarm_record(alarm)) if as_json else alarm_text(alarm))
