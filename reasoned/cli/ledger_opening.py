"""Which ledger a command is about."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy.exc import DBAPIError

from reasoned.cli.speaking import spoken
from reasoned.errors import LedgerError
from reasoned.ledger.address import OFF, address_url, default_address
from reasoned.ledger.ledger import Ledger

Command = TypeVar("Command", bound=Callable[..., Any])


def ledger_option(command: Command) -> Command:
    """Give a command the option that names a ledger."""
    return click.option(
        "--ledger",
        "address",
        envvar="REASONED_LEDGER",
        metavar="ADDRESS",
        help="A SQLite file or postgresql://...  [default: $REASONED_LEDGER, else the file that "
        "the service writes]",
    )(command)


def tenant_option(command: Command) -> Command:
    """Give a command the option that leaves others' decisions out."""
    return click.option("--tenant", help="Only this tenant's decisions.  [default: all]")(command)


def json_option(command: Command) -> Command:
    """Give a command the option for machines."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


@contextlib.contextmanager
def opened(address: str | None) -> Iterator[Ledger]:
    """Open a ledger that is there, and close it; errors are told in a line."""
    with spoken():
        ledger = Ledger.open(_known(address or default_address()))
        try:
            yield ledger
        except DBAPIError as error:
            raise LedgerError(f"the ledger cannot be used: {error.orig}") from error
        finally:
            ledger.close()


def _known(address: str) -> str:
    """Refuse an address where nothing was ever recorded, in place of making a ledger there."""
    if address == OFF:
        raise LedgerError("REASONED_LEDGER=off: nothing is recorded; name a ledger with --ledger")
    url = address_url(address)
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file():
        raise LedgerError(
            f"there is no ledger {url.database}; name one with --ledger or REASONED_LEDGER"
        )
    return address
