"""Where a ledger is: a SQLite file, or a PostgreSQL database."""

from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from reasoned.errors import LedgerError
from reasoned.ledger.whereabouts import OFF, default_address

__all__ = ["OFF", "address_url", "default_address"]

_POSTGRES: Final = ("postgresql", "postgres", "postgresql+pg8000")
_OPTIONS: Final = ("sslmode", "unix_sock")
_SQLITE: Final = ("sqlite", "sqlite+pysqlite")


def address_url(address: str) -> URL:
    """Read a ledger's address as SQLAlchemy has it.

    Parameters
    ----------
    address
        The path of a SQLite file, or a URL: ``sqlite:///FILE``,
        ``postgresql://USER:PASSWORD@HOST/DATABASE``.

    Raises
    ------
    LedgerError
        When it is neither, or names a database of another kind, or has an unknown option.

    """
    if not address.strip():
        raise LedgerError("the ledger's address is empty; give a file or a postgresql:// URL")
    if "://" not in address:
        return URL.create("sqlite+pysqlite", database=str(Path(address).expanduser().absolute()))
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise LedgerError(f"{_shown(address)} is no address of a ledger: {error}") from error
    _check_options(url)
    if url.drivername in _POSTGRES:
        return url.set(drivername="postgresql+pg8000")
    if url.drivername in _SQLITE and url.database not in (None, "", ":memory:"):
        return url.set(
            drivername="sqlite+pysqlite", database=str(Path(str(url.database)).absolute())
        )
    raise LedgerError(
        f"{_shown(address)} is no address of a ledger: wanted the path of a SQLite file, "
        "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE"
    )


def _check_options(url: URL) -> None:
    """Refuse what a driver would trip over, and a password where everybody shows it."""
    known = _OPTIONS if url.drivername in _POSTGRES else ()
    for name in url.query:
        if name not in known:
            raise LedgerError(
                f"the ledger's address {url.set(query={}).render_as_string()} has an option "
                f"{name!r} that is not known; wanted {' or '.join(known) or 'none'}, and name and "
                "password before the host: postgresql://USER:PASSWORD@HOST/DATABASE"
            )
        if not isinstance(url.query[name], str):
            raise LedgerError(f"the ledger's address has the option {name!r} twice; give it once")


def address_shown(url: URL) -> str:
    """Call a ledger by its file, or by its URL without the password."""
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string()


def _shown(address: str) -> str:
    """Show an address without what may be a password."""
    head, at, tail = address.partition("?")[0].rpartition("@")
    return repr(f"{head.partition('://')[0]}://...@{tail}" if at else tail)
