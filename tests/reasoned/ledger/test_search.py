"""Searching, against a filter in plain Python; and which index leads."""

import dataclasses
import itertools
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reasoned.errors import OptionsError
from reasoned.ledger.decision import Decision
from reasoned.ledger.feedback import GivenFeedback, give
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.query import Query
from reasoned.ledger.search import search
from tests.reasoned.ledger.both import KINDS, opened
from tests.reasoned.ledger.plans import plans
from tests.reasoned.ledger.recorded import START, decision

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="module", params=KINDS)
def ledger(request: pytest.FixtureRequest) -> Iterator[Ledger]:
    """One ledger of each kind for all: each test has a tenant of its own."""
    with opened(request, "search") as found:
        yield found


@pytest.fixture(scope="module")
def lite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    found = Ledger.open(str(tmp_path_factory.mktemp("lite") / "ledger.sqlite3"))
    yield found
    found.close()


@pytest.fixture
def tenant() -> str:
    return f"tenant-{next(_NUMBERS)}"


@final
@dataclasses.dataclass(frozen=True)
class Row:
    """A decision to be written, and the labels that are told of it afterwards."""

    decision: Decision
    labels: tuple[str, ...]


def moment(second: int) -> datetime:
    return datetime.fromtimestamp(START + second, UTC)


def written(ledger: Ledger, rows: Sequence[Row], tenant: str) -> list[Row]:
    """Write rows under a tenant, each with an id of its own."""
    named = [
        dataclasses.replace(
            row,
            decision=dataclasses.replace(row.decision, id=f"{next(_NUMBERS):032x}", tenant=tenant),
        )
        for row in rows
    ]
    ledger.write([row.decision for row in named])
    for row in named:
        for label in row.labels:
            give(ledger, row.decision.id, tenant, GivenFeedback(label=label), 1.0)
    return named


CITED = (("leaf", "leaf-1"), ("leaf", "leaf-2"), ("example", "leaf-1"))
ROWS = st.builds(
    Row,
    st.builds(
        decision,
        st.integers(0, 5),  # seconds: several at the same time, and not in their order
        label=st.sampled_from(["cat", "dog"]),
        status=st.sampled_from(["supported", "weak", "out_of_support", None]),
        agrees=st.sampled_from([True, False, None]),
        carrier=st.sampled_from(["meta_forest", "mixture", None]),
        first=st.sampled_from(["meta_forest", "mixture"]),
        model=st.sampled_from(["ab" * 32, "cd" * 32]),
        image_sha256=st.sampled_from(["1" * 64, "2" * 64]),
        client_id=st.sampled_from(["order/1", "order/2", None]),
        cited=st.lists(st.sampled_from(CITED), unique=True).map(tuple),
    ),
    st.lists(st.sampled_from(["cat", "dog"]), max_size=2).map(tuple),
)
WANTED: dict[str, st.SearchStrategy[Any]] = {
    "label": st.sampled_from(["cat", "bird"]),
    "status": st.sampled_from(["supported", "weak", "out_of_support"]),
    "agrees": st.booleans(),
    "carrier": st.just("mixture"),
    "first": st.just("mixture"),
    "model": st.sampled_from(["ababab", "cd" * 32]),
    "since": st.integers(0, 6).map(moment),
    "until": st.integers(0, 6).map(moment),
    "cited": st.sampled_from([*CITED, ("leaf", "leaf-3")]),
    "image_sha256": st.just("1" * 64),
    "client_id": st.just("order/1"),
    "feedback": st.sampled_from(["wrong", "right", "any", "none"]),
}


def fits(row: Row, query: Query) -> bool:
    """Say the same in plain Python."""
    found = row.decision
    equal = ("label", "status", "agrees", "carrier", "first", "image_sha256", "client_id")
    wanted = {name: getattr(query, name) for name in equal}
    return (
        all(value in (None, getattr(found, name)) for name, value in wanted.items())
        and found.model.startswith(query.model or "")
        and (query.since is None or found.at >= query.since.timestamp())
        and (query.until is None or found.at < query.until.timestamp())
        and (query.cited is None or query.cited in found.cited)
        and _said(row, query.feedback)
    )


def _said(row: Row, feedback: str | None) -> bool:
    if feedback in (None, "none"):
        return feedback is None or not row.labels
    if feedback == "any" or not row.labels:
        return bool(row.labels)
    return (row.labels[-1] != row.decision.label) == (feedback == "wrong")


def newest_first(rows: Sequence[Row], query: Query) -> list[str]:
    """Filter and sort rows that were written in this order."""
    found = [(place, row) for place, row in enumerate(rows) if fits(row, query)]
    if query.cited is None and query.image_sha256 is None:
        found.sort(key=lambda pair: (pair[1].decision.at, pair[0]))
    return [row.decision.id for _, row in reversed(found)]


@pytest.mark.parametrize("field", WANTED)
@settings(max_examples=6)
@given(data=st.data(), before=st.lists(ROWS, min_size=4, max_size=10), limit=st.integers(1, 3))
def test_the_pages_joined_are_the_filtered_list_while_rows_are_added(
    ledger: Ledger, field: str, data: st.DataObject, before: list[Row], limit: int
) -> None:
    tenant = f"tenant-{next(_NUMBERS)}"
    # Most have one condition: of more, few rows would fit.
    other = data.draw(st.sampled_from([field, field, *WANTED]))
    wanted = {name: data.draw(WANTED[name], label=name) for name in {field: 0, other: 0}}
    between = data.draw(st.lists(ROWS, max_size=2))
    query = Query(tenant=tenant, limit=limit, **wanted)
    rows = written(ledger, before, tenant)
    found: list[str] = []
    page = search(ledger, query)
    while True:
        found += [row.decision.id for row in page.rows]
        assert len(page.rows) == limit or page.cursor is None
        assert len(found) <= len(rows)  # else they might go on without end
        if page.cursor is None:
            break
        written(ledger, between, tenant)
        page = search(ledger, query.model_copy(update={"cursor": page.cursor}))

    assert found == newest_first(rows, query)


def test_what_is_written_later_belongs_to_no_page_however_early_it_was_answered(
    ledger: Ledger, tenant: str
) -> None:
    rows = written(ledger, [Row(decision(n), ()) for n in (5, 7)], tenant)
    query = Query(tenant=tenant, limit=1)
    cursor = search(ledger, query).cursor
    written(ledger, [Row(decision(n), ()) for n in (4, 6)], tenant)

    page = search(ledger, query.model_copy(update={"cursor": cursor}))

    assert [row.decision.id for row in page.rows] == [rows[0].decision.id]
    assert page.cursor is None


def test_rows_come_whole_but_for_the_bytes(ledger: Ledger, tenant: str) -> None:
    row, other = written(ledger, [Row(decision(1), ("dog",)), Row(decision(2), ())], tenant)

    found = search(ledger, Query(tenant=tenant)).rows

    assert [r.decision for r in found] == [
        dataclasses.replace(r.decision, reply=None) for r in (other, row)
    ]
    assert [told.label for told in found[1].feedback] == ["dog"]
    assert found[1].seq + 1 == found[0].seq


@pytest.mark.parametrize("wanted", [{"cited": ("leaf", "rare")}, {"image_sha256": "1" * 64}])
@pytest.mark.parametrize("number", [1, 2000, 40_000])
def test_the_rare_is_found_far_back(tmp_path: Path, number: int, wanted: dict[str, Any]) -> None:
    # Citations and images lie in blocks of 1,024 decisions, and are looked for in ever more.
    rare = [decision(n, cited=(("leaf", "rare"),), image_sha256="1" * 64) for n in (1, 2)]
    ledger = Ledger.open(str(tmp_path / "ledger.sqlite3"))
    ledger.write(rare[:1])
    with ledger.writing() as connection:
        connection.exec_driver_sql("UPDATE tally SET seq = ?", (number,))
    ledger.write([decision(3, cited=(("leaf", "often"),)), rare[1]])
    found = search(ledger, Query(tenant="acme", **wanted))
    ledger.close()

    assert [row.decision.id for row in found.rows] == [rare[1].id, rare[0].id]


def test_an_empty_ledger_has_no_rows(tmp_path: Path) -> None:
    ledger = Ledger.open(str(tmp_path / "ledger.sqlite3"))
    assert search(ledger, Query()).rows == ()
    ledger.close()


def test_a_cursor_of_another_tenant_is_refused(ledger: Ledger, tenant: str) -> None:
    written(ledger, [Row(decision(n), ()) for n in range(3)], tenant)
    cursor = search(ledger, Query(tenant=tenant, limit=2)).cursor

    with pytest.raises(OptionsError, match="it belongs to another query"):
        search(ledger, Query(tenant="other", limit=2, cursor=cursor))


def test_nobodys_rows_are_everybodys_to_none(ledger: Ledger, tenant: str) -> None:
    mine = {r.decision.id for r in written(ledger, [Row(decision(9**9), ())] * 2, tenant)}

    assert mine <= {row.decision.id for row in search(ledger, Query(limit=2)).rows}
    assert not search(ledger, Query(tenant=tenant + "x")).rows


@pytest.mark.parametrize("tenant", ["acme", None])
@pytest.mark.parametrize(
    ("wanted", "leads"),
    [
        ({}, ("decision_tenant (tenant=? AND at<?)", "decision_at (at<?)")),
        ({"label": "cat"}, ("decision_tenant (tenant=? AND at<?)", "decision_at (at<?)")),
        (
            {"since": moment(1), "until": moment(2)},
            ("decision_tenant (tenant=? AND at>? AND at<?)", "decision_at (at>? AND at<?)"),
        ),
        ({"status": "weak"}, ("decision_unsure (tenant=? AND at<?)", "decision_at (at<?)")),
        ({"agrees": False}, ("decision_unsure (tenant=? AND at<?)", "decision_at (at<?)")),
        (
            {"image_sha256": "1" * 64, "since": moment(1), "until": moment(9), "status": "weak"},
            ("decision_image (<expr>=? AND image_sha256=? AND rowid<?)",) * 2,
        ),
        ({"feedback": "wrong", "since": moment(1)}, ("PRIMARY KEY (rowid=?)",) * 2),
        ({"client_id": "order/1", "status": "weak"}, ("decision_client (client_id=?",) * 2),
        ({"feedback": "none"}, ("decision_tenant (tenant=? AND at<?)", "decision_at (at<?)")),
        (
            {"cited": CITED[0], "since": moment(1), "until": moment(9), "status": "weak"},
            ("citation USING PRIMARY KEY (block=? AND cited=? AND seq<?)",) * 2,
        ),
    ],
)
def test_an_index_leads(
    lite: Ledger, tenant: str | None, wanted: dict[str, Any], leads: tuple[str, str]
) -> None:
    written(lite, [Row(decision(1, cited=CITED), ())], "acme")
    query = Query(tenant=tenant, **wanted)
    steps = plans(lite, lambda: search(lite, query))

    assert any(leads[tenant is None] in plan[0] for plan in steps)
    assert not [step for plan in steps for step in plan if step.startswith("SCAN decision")]
