"""``reasoned ledger``: what was answered before."""

import click

from reasoned.cli.ledger_decision import feedback_command, show_command
from reasoned.cli.ledger_search import cited_command, search_command
from reasoned.cli.ledger_upkeep import (
    backup_command,
    prune_command,
    stats_command,
    vacuum_command,
)

_EPILOG = """\b
Examples:
  reasoned ledger search --status weak --since 24h
  reasoned ledger show 6f1c0f6c9d2b4e0fa7a3b1d1c2e4f506
  reasoned ledger cited example train-000017
  reasoned ledger stats --ledger postgresql://reasoned@db/ledger
"""


@click.group("ledger", epilog=_EPILOG)
def command() -> None:
    """Look up what was answered before, say what was right, keep the ledger small.

    Times are in UTC.
    """


command.add_command(show_command)
command.add_command(search_command)
command.add_command(cited_command)
command.add_command(feedback_command)
command.add_command(stats_command)
command.add_command(prune_command)
command.add_command(vacuum_command)
command.add_command(backup_command)
