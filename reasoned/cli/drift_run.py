"""``reasoned drift run``."""

import os
import secrets
import signal
import socket
import threading
from pathlib import Path

import click

from reasoned.cli.drift_subject import RUN_LENGTH, model_argument, read_reference
from reasoned.cli.ledger_opening import ledger_option, opened
from reasoned.cli.speaking import spoken
from reasoned.drift.following import follow
from reasoned.drift.monitor import Monitor
from reasoned.drift.watch import MOST_RUN_LENGTH

EPILOG = """\b
Examples:
  reasoned drift run models/fashion
  reasoned drift run models/fashion --run-length 1000000 --feedback
  reasoned drift run models/fashion --once
"""


@click.command("run", epilog=EPILOG)
@model_argument
@click.option(
    "--run-length",
    type=click.IntRange(1, MOST_RUN_LENGTH),
    default=RUN_LENGTH,
    show_default=True,
    envvar="REASONED_RUN_LENGTH",
    help="Requests between false alarms, on average and at the least.",
)
@click.option("--feedback", is_flag=True, help="Watch the errors that feedback tells of, too.")
@click.option("--once", is_flag=True, help="Count what is there, and end.")
@ledger_option
def command(
    model: Path, run_length: int, address: str | None, *, feedback: bool, once: bool
) -> None:
    """Count what is recorded of a MODEL folder, until it is told to end.

    For services that run with REASONED_RUN_LENGTH=0. Beside a service that counts itself, one of
    the two waits for the other.

    Where the ledger's file is deleted or replaced it goes on in the file that is there then, as
    the service does. Where the ledger cannot be used any more it ends, with exit code 2: have it
    started again.
    """
    with spoken():
        reference = read_reference(model)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    with opened(address) as ledger:
        monitor = Monitor(ledger, reference, run_length=run_length, feedback=feedback, owner=owner)
        counted = follow(
            ledger, monitor, lambda more: stop.is_set() if more else once or stop.wait(1.0)
        )
        monitor.close()
    click.echo(f"{counted:,} requests counted.")
