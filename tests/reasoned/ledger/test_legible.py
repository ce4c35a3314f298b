"""Rows that somebody changed by hand, on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import update

from reasoned.ledger.ledger import Ledger
from reasoned.ledger.legible import read_numbers, read_options
from reasoned.ledger.query import Query
from reasoned.ledger.reading import read
from reasoned.ledger.retention import Retention
from reasoned.ledger.search import search
from reasoned.ledger.tables import DECISION
from reasoned.ledger.tally import Size
from tests.reasoned.ledger.both import KINDS, empty, opened
from tests.reasoned.ledger.recorded import decision

BROKEN = ("", "{", '{"a":1}', "7", '["a"]', "[true]", "[0]", "[1.5]", "[99999999999999999999]")


@pytest.fixture(scope="module", params=KINDS)
def used(request: pytest.FixtureRequest) -> Iterator[Ledger]:
    with opened(request, "legible") as found:
        yield found


@pytest.fixture
def ledger(used: Ledger) -> Ledger:
    empty(used)
    used.write([decision(n) for n in range(3)])
    return used


def change(ledger: Ledger, number: int, **values: str) -> None:
    with ledger.engine.begin() as connection:
        connection.execute(update(DECISION).where(DECISION.c.id == decision(number).id), values)


@pytest.mark.parametrize("cited", BROKEN)
def test_one_broken_row_hides_no_other(
    ledger: Ledger, cited: str, caplog: pytest.LogCaptureFixture
) -> None:
    change(ledger, 1, cited=cited)

    found = search(ledger, Query(tenant="acme")).rows
    one = read(ledger, decision(1).id, "acme")

    whole = decision(0).cited
    assert [row.decision.cited for row in found] == [whole, (), whole]
    assert one is not None
    assert one.decision.cited == ()
    assert f"decision '{decision(1).id}': its cited cannot be read" in caplog.text


@pytest.mark.parametrize("cited", BROKEN)
def test_retention_deletes_broken_rows_too(ledger: Ledger, cited: str) -> None:
    change(ledger, 1, cited=cited)

    assert Retention(days=1.0, rows=9, bytes=10**9).apply(ledger) == 3
    assert ledger.size() == Size(0, 0)


def test_what_is_whole_is_read_in_silence(caplog: pytest.LogCaptureFixture) -> None:
    assert read_numbers("[3,1]", "x") == [3, 1]
    assert read_numbers("[]", "x") == []
    assert read_options('{"explain":"trace"}', "x") == {"explain": "trace"}
    assert caplog.text == ""
