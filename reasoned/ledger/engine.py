"""Connections to the database that holds a ledger."""

import ssl
from typing import Any, Final, Literal, cast

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext

from reasoned.errors import LedgerError

Dialect = Literal["sqlite", "postgresql"]
_BUSY_MS: Final = 10_000  # how long one process waits for another that writes
_PAGE: Final = 8192  # a reply fits into one
# A transaction that does not fit would write its pages several times.
_CACHE_KIB: Final = 16_000
# Pages of the write-ahead log after which it is copied into the file, and how large it stays.
_CHECKPOINT: Final = 2000
_LOG_BYTES: Final = 64_000_000
_TIMEOUT: Final = 30.0  # seconds for one answer of a server
# Fields of PostgreSQL's errors: severity, code, message, and the names of what they are about.
_TOLD: Final = frozenset("SVCMsctdn")
_TLS: Final = ("disable", "require", "verify-full")


def connect(url: URL) -> Engine:
    """Make an engine; nothing is asked of the database yet.

    Raises
    ------
    LedgerError
        When the database's driver is not installed, or what the URL wants of the connection is
        not known.

    """
    return _sqlite(url) if dialect_of(url) == "sqlite" else _postgresql(url)


def dialect_of(url: URL) -> Dialect:
    """Say which kind of database an address is of."""
    return cast("Dialect", url.get_backend_name())


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: DBAPIConnection, _record: object) -> None:
    """Set what SQLite forgets with each connection."""
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={_BUSY_MS}",
        f"page_size={_PAGE}",
        f"cache_size=-{_CACHE_KIB}",
        "synchronous=NORMAL",
        f"wal_autocheckpoint={_CHECKPOINT}",
        f"journal_size_limit={_LOG_BYTES}",
    ):
        cursor.execute(f"PRAGMA {pragma}")


def _postgresql(url: URL) -> Engine:
    arguments: dict[str, Any] = {"timeout": _TIMEOUT, "application_name": "reasoned"}
    mode = url.query.get("sslmode", "disable")
    if mode not in _TLS:
        raise LedgerError(f"sslmode must be one of {', '.join(_TLS)}, not {mode!r}")
    if mode != "disable":
        arguments["ssl_context"] = _tls(verified=mode == "verify-full")
    try:
        engine = create_engine(
            url.difference_update_query(["sslmode"]),
            connect_args=arguments,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    except ModuleNotFoundError as error:
        raise LedgerError(
            f"a ledger in PostgreSQL needs {error.name}: pip install 'reasoned[postgres]'"
        ) from error
    event.listen(engine, "handle_error", _hide_rows)
    return engine


def _hide_rows(context: ExceptionContext) -> None:
    """Take out of an error what PostgreSQL quotes of a row: such as the reply itself."""
    cause, error = context.original_exception, context.sqlalchemy_exception
    whole = str(cause)
    step: BaseException | None = cause
    while step is not None:  # pg8000 raises one while it handles another
        if step.args and isinstance(step.args[0], dict):
            kept = {field: value for field, value in step.args[0].items() if field in _TOLD}
            step.args = (kept, *step.args[1:])
        step = step.__context__
    if error is not None and whole != str(cause):
        # SQLAlchemy has written it into its own message already.
        error.args = tuple(str(word).replace(whole, str(cause)) for word in error.args)


def _tls(*, verified: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
