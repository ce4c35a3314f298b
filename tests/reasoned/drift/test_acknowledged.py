"""Who has seen which alarm."""

from sqlalchemy import delete

from reasoned.drift.acknowledged import Seen, read_seen
from reasoned.drift.alarms import acknowledge, read
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.tables import ACTION
from tests.reasoned.drift.planted import MODEL
from tests.reasoned.drift.test_alarm_search import raise_some


def test_who_has_seen_an_alarm_and_what_was_found(ledger: Ledger) -> None:
    raise_some(ledger, 6)
    first = acknowledge(ledger, 2, "anna", "a new camera")
    acknowledge(ledger, 2, "ben", "too late")
    second = acknowledge(ledger, 5, "ben")

    found = read_seen(ledger, read(ledger, MODEL, None))

    assert first.acknowledged is not None
    assert second.acknowledged is not None
    assert found == {
        2: Seen(first.acknowledged, "anna", "a new camera"),
        5: Seen(second.acknowledged, "ben"),
    }


def test_the_time_stays_where_the_name_is_gone(ledger: Ledger) -> None:
    raise_some(ledger, 2)
    alarm = acknowledge(ledger, 1, "anna")
    with ledger.engine.begin() as connection:
        connection.execute(delete(ACTION))

    assert alarm.acknowledged is not None
    assert read_seen(ledger, [alarm]) == {1: Seen(alarm.acknowledged)}


def test_where_nobody_has_seen_any_there_is_nothing(ledger: Ledger) -> None:
    assert read_seen(ledger, []) == {}
