"""A quick look before workers start."""

from pathlib import Path

import pytest

from reasoned.errors import LedgerError
from reasoned.ledger.glance import glance
from reasoned.ledger.ledger import Ledger


def test_what_can_become_a_ledger_is_let_through(tmp_path: Path) -> None:
    file = tmp_path / "new" / "ledger.sqlite3"
    glance(file)
    Ledger.open(str(file)).close()

    glance(file)


@pytest.mark.parametrize(
    "name", ["/proc/no/ledger.sqlite3", "/proc/ledger.sqlite3", "/dev/null/ledger.sqlite3"]
)
def test_where_no_file_can_be_made_nobody_starts(name: str) -> None:
    with pytest.raises(LedgerError, match=f"the ledger {name} cannot be written: .*set REASONED"):
        glance(Path(name))


def test_something_else_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("no database " * 100, encoding="utf-8")
    with pytest.raises(LedgerError, match="cannot be used: file is not a database"):
        glance(text)
    with pytest.raises(LedgerError, match="it is not a file that can be written"):
        glance(tmp_path)
    with pytest.raises(LedgerError, match="its name is blank"):
        glance(Path(" "))
