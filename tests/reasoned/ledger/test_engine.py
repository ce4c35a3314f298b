import ssl
import sys
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from reasoned.errors import LedgerError
from reasoned.ledger.address import address_url
from reasoned.ledger.engine import connect
from tests.postgres_server import PostgresServer

SERVER = "postgresql://ada:secret@db.example/ledger"


def test_a_driver_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pg8000", None)

    with pytest.raises(LedgerError, match=r"needs pg8000: pip install 'reasoned\[postgres\]'"):
        connect(address_url(SERVER))


def test_how_a_server_is_spoken_to_is_checked() -> None:
    with pytest.raises(LedgerError, match="sslmode must be one of disable, require, verify-full"):
        connect(address_url(f"{SERVER}?sslmode=prefer"))


def test_a_server_without_tls_is_not_spoken_to_where_it_is_wanted(
    postgres: PostgresServer,
) -> None:
    engine = connect(address_url(f"{postgres.address('postgres')}&sslmode=require"))

    with pytest.raises(DBAPIError, match=r"(?i)ssl"):
        engine.connect()
    engine.dispose()


@pytest.mark.parametrize(
    ("mode", "verified"), [("require", ssl.CERT_NONE), ("verify-full", ssl.CERT_REQUIRED)]
)
def test_a_certificate_is_looked_at_where_that_is_asked(mode: str, verified: int) -> None:
    engine, seen = connect(address_url(f"{SERVER}?sslmode={mode}")), list[dict[str, Any]]()

    @event.listens_for(engine, "do_connect")
    def _look(*said: Any) -> None:  # noqa: ANN401  what SQLAlchemy hands over
        seen.append(said[-1])
        raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        engine.connect()
    assert seen[0]["ssl_context"].verify_mode == verified
    assert seen[0]["ssl_context"].check_hostname == (mode == "verify-full")
    assert "sslmode" not in seen[0]
