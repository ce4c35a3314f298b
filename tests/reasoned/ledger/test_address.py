from pathlib import Path

import pytest

from reasoned.errors import LedgerError
from reasoned.ledger.address import address_url, default_address


def test_a_path_is_a_sqlite_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    url = address_url("state/ledger.sqlite3")

    assert url.drivername == "sqlite+pysqlite"
    assert url.database == str(tmp_path / "state" / "ledger.sqlite3")


def test_a_home_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)

    assert address_url("~/l.db").database == "/home/ada/l.db"
    assert default_address() == "/home/ada/.local/state/reasoned/ledger.sqlite3"


def test_the_state_folder_may_be_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/var/state")

    assert default_address() == "/var/state/reasoned/ledger.sqlite3"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+pg8000"])
def test_postgresql_is_spoken_to_by_one_driver(scheme: str) -> None:
    url = address_url(f"{scheme}://ada:secret@db.example/ledger")

    assert url.drivername == "postgresql+pg8000"
    assert (url.username, url.password, url.host) == ("ada", "secret", "db.example")


def test_a_sqlite_url_is_a_file() -> None:
    assert address_url("sqlite:////var/l.db").database == "/var/l.db"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("", "the ledger's address is empty"),
        ("  ", "the ledger's address is empty"),
        (
            "postgresql://db/ledger?password=secret",
            r"postgresql://db/ledger has an option 'password' that is not known; wanted sslmode or",
        ),
        (
            "postgresql://ada:secret@db/ledger?nosuch=1",
            r"postgresql://ada:\*\*\*@db/ledger has an option 'nosuch' that is not known",
        ),
        ("postgresql://db/l?sslmode=disable&sslmode=require", "the option 'sslmode' twice"),
        ("sqlite:////var/l.db?mode=ro", "an option 'mode' that is not known; wanted none"),
        ("mysql://db/ledger?password=secret", "has an option 'password'"),
        ("postgresql://db:port/ledger?password=secret", "'postgresql://db:port/ledger' is no addr"),
        ("mysql://ada:secret@db/ledger", r"'mysql://\.\.\.@db/ledger' is no address of a ledger"),
        ("sqlite://", "wanted the path of a SQLite file"),
        ("sqlite:///:memory:", "wanted the path of a SQLite file"),
        ("postgresql://db:port/ledger", "is no address of a ledger"),
    ],
)
def test_what_is_no_address_is_refused(address: str, told: str) -> None:
    with pytest.raises(LedgerError, match=told) as caught:
        address_url(address)

    assert "secret" not in str(caught.value)
