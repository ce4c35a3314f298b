"""One ledger, and one export of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reasoned.ledger.ledger import Ledger
from tests.reasoned.audit.filled import exported, fill


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    found = Ledger.open(str(tmp_path_factory.mktemp("ledger") / "ledger.sqlite3"))
    fill(found)
    yield found
    found.close()


@pytest.fixture(scope="module")
def whole(ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("audit") / "whole"
    exported(ledger, out, replies=True)
    return out
