from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from reasoned.errors import FeedbackError
from reasoned.ledger.feedback import MOST, GivenFeedback, give
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.retention import Retention
from reasoned.ledger.tables import DECISION, FEEDBACK
from reasoned.ledger.tally import Size
from tests.reasoned.ledger.both import KINDS, empty, opened
from tests.reasoned.ledger.recorded import decision


@pytest.fixture(scope="module", params=KINDS)
def used(request: pytest.FixtureRequest) -> Iterator[Ledger]:
    with opened(request, "feedback") as found:
        yield found


@pytest.fixture
def ledger(used: Ledger) -> Ledger:
    empty(used)
    used.write([decision(1, label="cat", client_id="order-17"), decision(2, tenant="other")])
    return used


def rows(ledger: Ledger) -> list[dict[str, Any]]:
    with ledger.engine.connect() as connection:
        found = connection.execute(select(FEEDBACK).order_by(FEEDBACK.c.number))
        return [dict(row) for row in found.mappings()]


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (GivenFeedback(label="cat"), False),
        (GivenFeedback(label="dog"), True),
        (GivenFeedback(useful=False), None),
        (GivenFeedback(note="hm"), None),
    ],
)
def test_it_is_wrong_where_the_label_is_another(
    ledger: Ledger,
    given: GivenFeedback,
    wrong: bool | None,  # noqa: FBT001  pytest gives it by name
) -> None:
    found = give(ledger, decision(1).id, "acme", given, 5.0)

    assert found is not None
    assert found.wrong is wrong
    assert rows(ledger) == [
        {
            "number": found.number,
            "id": decision(1).id,
            "seq": 1,
            "tenant": "acme",
            "model": decision(1).model,
            "at": 5.0,
            "label": given.label,
            "wrong": wrong,
            "useful": given.useful,
            "note": given.note,
        }
    ]


def test_all_that_is_said_is_kept(ledger: Ledger) -> None:
    said = GivenFeedback(label="dog")
    numbers = [give(ledger, "order-17", "acme", said, 5.0) for _ in range(3)]

    assert len({found.number for found in numbers if found}) == 3
    assert [row["id"] for row in rows(ledger)] == [decision(1).id] * 3


def test_a_decision_takes_so_much_and_no_more(ledger: Ledger) -> None:
    said = GivenFeedback(note="hm")
    for _ in range(MOST):
        give(ledger, "order-17", "acme", said, 5.0)

    with pytest.raises(FeedbackError, match=f"at most 20 feedbacks.*{decision(1).id} has as many"):
        give(ledger, "order-17", "acme", said, 5.0)

    assert MOST == 20
    assert len(rows(ledger)) == MOST
    assert give(ledger, decision(2).id, "other", said, 5.0) is not None


def test_it_counts_into_the_bytes_and_goes_with_its_decision(ledger: Ledger) -> None:
    before = ledger.size()
    for note in ("x" * 2000, "ü" * 2000):
        give(ledger, "order-17", "acme", GivenFeedback(label="cat", note=note), 5.0)

    after = ledger.size()
    assert after.rows == before.rows
    assert 6_000 < after.bytes - before.bytes < 10_000
    gone = Retention(days=36_500.0, rows=1, bytes=10**9).apply(ledger)
    assert gone == 1
    assert rows(ledger) == []
    with ledger.engine.connect() as connection:
        assert ledger.size() == Size(1, connection.execute(select(DECISION.c.size)).scalar_one())


def test_of_many_that_come_at_once_no_more_are_taken(ledger: Ledger) -> None:
    def say(_number: int) -> bool:
        try:
            give(ledger, "order-17", "acme", GivenFeedback(useful=True), 5.0)
        except FeedbackError:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(say, range(MOST + 8))) == MOST
    assert len(rows(ledger)) == MOST


@pytest.mark.parametrize("name", [decision(2).id, decision(3).id, "order-18"])
def test_anothers_or_no_decision_takes_none(ledger: Ledger, name: str) -> None:
    assert give(ledger, name, "acme", GivenFeedback(useful=True), 5.0) is None
    assert rows(ledger) == []


def test_whoever_sees_everybodys_may_say_something_of_everybodys(ledger: Ledger) -> None:
    assert give(ledger, decision(2).id, None, GivenFeedback(useful=True), 5.0)
    assert rows(ledger)[0]["tenant"] == "other"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "at least one of label, useful and note"),
        ({"label": None}, "at least one"),
        ({"label": ""}, "label\n.*at least 1 character"),
        ({"label": 7}, "label\n.*valid string"),
        ({"useful": "yes"}, "useful\n.*valid boolean"),
        ({"useful": 1}, "useful\n.*valid boolean"),
        ({"note": "x" * 2001}, "note\n.*at most 2000 characters"),
        ({"note": "a\0"}, "note\n.*zero byte"),
        ({"label": "cat", "score": 1}, "score\n.*Extra inputs"),
        ([], "valid dictionary"),
    ],
)
def test_wrong_feedback_is_refused(body: object, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        GivenFeedback.model_validate(body)
