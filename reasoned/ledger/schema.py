"""The ledger's tables, made and brought up to date where a ledger is opened."""

import threading
import time
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from reasoned.errors import LedgerError

MIGRATIONS: Final = Path(__file__).resolve().parent / "migrations"
VERSION_TABLE: Final = "ledger_version"
HEAD: Final = "0001"  # the newest of `migrations/versions`
_LOCK: Final = 0x7265_6173  # any number that no other program takes
_PATIENCE: Final = 10.0  # seconds
_PAUSE: Final = 0.02
# Alembic keeps what it works on in one place for the whole process.
_ONE_AT_A_TIME: Final = threading.Lock()


def bring_up(engine: Engine, where: str) -> None:
    """Make the tables, or bring those of an older ledger up to date.

    Workers that start at once wait for each other, and all but the first find it done.

    Parameters
    ----------
    engine
        Of the database.
    where
        What the ledger is called in messages, without a password.

    Raises
    ------
    LedgerError
        When a later version has written the ledger, or the database cannot be used.

    """
    try:
        found = _brought_up(engine)
    except SQLAlchemyError as error:
        raise LedgerError(f"the ledger {where} cannot be used: {_reason(error)}") from error
    if found > HEAD:
        raise LedgerError(
            f"the ledger {where} was written by a later version of reasoned (its tables are at "
            f"{found}, this version knows them up to {HEAD}); update reasoned, or choose another"
        )


def _brought_up(engine: Engine) -> str:
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            _log_ahead(connection)
        found = _version(connection)
    if found is not None and found >= HEAD:
        return found
    with engine.connect() as connection:
        _lock(connection)
        found = _version(connection)
        if found is None or found < HEAD:
            _upgrade(connection)
            found = HEAD
        connection.commit()
    return found


def _log_ahead(connection: Connection) -> None:
    """Have SQLite keep a write-ahead log: one writes while others read.

    The file remembers it, so it is set once; while somebody else writes SQLite refuses to
    change it, and does not wait as it does elsewhere.
    """
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL").scalar_one()
        except OperationalError as error:
            if "locked" not in str(error.orig) or time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
        else:
            return


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    asked = text(f"SELECT max(version_num) FROM {VERSION_TABLE}")  # noqa: S608  a constant
    found: str | None = connection.execute(asked).scalar_one_or_none()
    return found


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _upgrade(connection: Connection) -> None:
    # Only where there is something to do: to import Alembic takes longer than to open.
    from alembic import command  # noqa: PLC0415  see above
    from alembic.config import Config  # noqa: PLC0415  see above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    with _ONE_AT_A_TIME:
        command.upgrade(config, "head")


def _reason(error: SQLAlchemyError) -> str:
    """Say what a database said, without the statement that it said it to."""
    if "not a database" in str(error):
        return "the file is no SQLite database; name another, or move it away"
    return " ".join(str(getattr(error, "orig", None) or error).split())
