import dataclasses
from collections.abc import Iterator

import pytest

from reasoned.ledger.decision import Kept
from reasoned.ledger.feedback import GivenFeedback, give
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.reading import Feedback, read
from tests.reasoned.ledger.both import KINDS, empty, opened
from tests.reasoned.ledger.plans import plans
from tests.reasoned.ledger.recorded import decision


@pytest.fixture(scope="module", params=KINDS)
def used(request: pytest.FixtureRequest) -> Iterator[Ledger]:
    with opened(request, "reading") as found:
        yield found


@pytest.fixture
def ledger(used: Ledger) -> Ledger:
    empty(used)
    return used


def test_a_decision_comes_back_as_it_was_written(ledger: Ledger) -> None:
    cited = (("example", "train-9"), ("leaf", "leaf-7"), ("cluster", 'a "b" ü'), ("leaf", "leaf-1"))
    written = decision(1, cited=cited, kept=Kept("thumbnail", b"\x89PNG\0\xff"), trace_id="12")
    ledger.write([written, decision(2)])

    found = read(ledger, written.id, "acme")

    assert found is not None
    assert found.decision == written
    assert found.feedback == ()


def test_a_bare_decision_comes_back_too(ledger: Ledger) -> None:
    nothing = dict.fromkeys(["status", "carrier", "agrees", "first", "outside", "nearest", "reply"])
    written = decision(1, cited=(), sampled=False, **nothing)
    ledger.write([written])

    found = read(ledger, written.id, None)

    assert found is not None
    assert found.decision == written


def test_the_newest_of_a_clients_own_id_counts(ledger: Ledger) -> None:
    ledger.write([decision(n, client_id="order-17") for n in (1, 2, 3)])
    ledger.write([decision(4, client_id="order-17", tenant="other")])

    assert ids(ledger, "order-17", "acme") == decision(3).id
    assert ids(ledger, "order-17", None) == decision(4).id


def test_the_replys_id_counts_more_than_a_clients(ledger: Ledger) -> None:
    ledger.write([decision(1), decision(2, client_id=decision(1).id)])

    assert ids(ledger, decision(1).id, "acme") == decision(1).id


def test_no_tenant_sees_anothers(ledger: Ledger) -> None:
    ledger.write([decision(1, client_id="order-17")])

    assert read(ledger, decision(1).id, "other") is None
    assert read(ledger, "order-17", "other") is None
    assert read(ledger, decision(1).id, "acme") is not None


@pytest.mark.parametrize("name", ["", "order-17", "a\0b", "%", "ü" * 500])
def test_what_was_never_written_is_not_found(ledger: Ledger, name: str) -> None:
    ledger.write([decision(1)])

    assert read(ledger, name, "acme") is None


def test_all_feedback_comes_along_in_its_order(ledger: Ledger) -> None:
    ledger.write([decision(1), decision(2)])
    give(ledger, decision(1).id, "acme", GivenFeedback(label="dog"), 10.5)
    give(ledger, decision(2).id, "acme", GivenFeedback(useful=True), 11.5)
    give(ledger, decision(1).id, "acme", GivenFeedback(label="cat", note="no"), 12.5)

    found = read(ledger, decision(1).id, "acme")

    assert found is not None
    assert [dataclasses.replace(told, number=0) for told in found.feedback] == [
        Feedback(0, 10.5, "dog", wrong=True, useful=None, note=None),
        Feedback(0, 12.5, "cat", wrong=False, useful=None, note="no"),
    ]
    assert found.feedback[0].number < found.feedback[1].number


@pytest.mark.parametrize("tenant", ["acme", None])
def test_an_index_leads(ledger: Ledger, tenant: str | None) -> None:
    if ledger.dialect != "sqlite":
        return  # which has figures of its tables, and chooses by them
    ledger.write([decision(1, client_id="order-17")])
    found = [
        step for plan in plans(ledger, lambda: read(ledger, "order-17", tenant)) for step in plan
    ]

    by_tenant = "client_id=? AND tenant=?" if tenant else "client_id=?"
    assert "SEARCH decision USING INDEX sqlite_autoindex_decision_1 (id=?)" in found
    assert f"SEARCH decision USING INDEX decision_client ({by_tenant})" in found
    assert not [step for step in found if step.startswith("SCAN")]


def ids(ledger: Ledger, name: str, tenant: str | None) -> str | None:
    found = read(ledger, name, tenant)
    return None if found is None else found.decision.id
