"""Alarms a page at a time."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from reasoned.drift.alarm_search import AlarmQuery, alarm_query_of, find_alarms
from reasoned.drift.alarms import acknowledge
from reasoned.errors import OptionsError
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.tables import ALARM
from tests.reasoned.drift.planted import MODEL
from tests.reasoned.drift.raised import let_drift

OTHER = "f" * 64
SIGNALS = ("disagreement", "cluster")


def raise_some(ledger: Ledger, count: int) -> None:
    """Raise alarms of two signals and two models in turn."""
    rows = [
        {
            "model": (MODEL, OTHER)[i // 2 % 2],
            "signal": SIGNALS[i % 2],
            "at": 1.7e9 + i,
            "evidence": 6.0,
            "threshold": 5.0,
            "counted": 10,
            "first_seq": i,
            "last_seq": i + 1,
            "contributors": '{"members":[],"examples":{}}',
        }
        for i in range(count)
    ]
    with ledger.engine.begin() as connection:
        connection.execute(insert(ALARM), rows)


@pytest.fixture(scope="module")
def twenty(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    path: Path = tmp_path_factory.mktemp("alarms") / "ledger.sqlite3"
    found = Ledger.open(str(path))
    raise_some(found, 20)
    for number in (3, 8, 9, 20):
        acknowledge(found, number, "anna")
    return found


def pages(ledger: Ledger, asked: Mapping[str, object]) -> list[int]:
    numbers: list[int] = []
    cursor = None
    for _ in range(30):
        found = find_alarms(ledger, AlarmQuery.model_validate({**asked, "cursor": cursor}), None)
        numbers += [one.number for one in found.alarms]
        cursor = found.cursor
        if cursor is None:
            return numbers
    raise AssertionError("the pages have no end")


@given(
    st.sampled_from([None, MODEL, OTHER, MODEL[:6]]),
    st.sampled_from([None, *SIGNALS]),
    st.sampled_from([None, "true", "false"]),
    st.integers(1, 25),
)
def test_the_pages_together_are_the_list(
    twenty: Ledger, model: str | None, signal: str | None, seen: str | None, limit: int
) -> None:
    wanted = [
        i + 1
        for i in reversed(range(20))
        if (model is None or (MODEL, OTHER)[i // 2 % 2].startswith(model))
        and signal in (None, SIGNALS[i % 2])
        and seen in (None, str(i + 1 in {3, 8, 9, 20}).lower())
    ]

    asked = {"model": model, "signal": signal, "acknowledged": seen, "limit": limit}
    assert pages(twenty, asked) == wanted


def test_what_is_raised_meanwhile_comes_on_no_page(ledger: Ledger) -> None:
    raise_some(ledger, 4)
    first = find_alarms(ledger, AlarmQuery(limit=2), None)
    raise_some(ledger, 2)

    then = find_alarms(ledger, AlarmQuery(limit=2, cursor=first.cursor), None)

    assert [one.number for one in (*first.alarms, *then.alarms)] == [4, 3, 2, 1]


def test_examples_are_the_tenants_own(ledger: Ledger) -> None:
    let_drift(ledger)
    a, b, nobody = (find_alarms(ledger, AlarmQuery(), t).alarms[-1].examples for t in "abc")

    assert a
    assert b
    assert not {*a} & {*b}
    assert nobody == ()


def test_a_query_is_read_as_http_writes_it() -> None:
    given_words = {"model": "abcdef", "signal": "leaf", "acknowledged": "false", "limit": "7"}

    assert alarm_query_of(given_words) == AlarmQuery(
        model="abcdef", signal="leaf", acknowledged=False, limit=7
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"tenant": "b"}, "'tenant' is no parameter; there are model, signal, acknowledged, limit"),
        ({"limit": "201"}, "limit: Input should be less than or equal to 200 .'201' came"),
        ({"model": "abc"}, "model: String should match pattern"),
        ({"acknowledged": "perhaps"}, "acknowledged: Input should be a valid boolean"),
        ({"signal": "a\0"}, "signal: wanted text without a zero byte"),
    ],
)
def test_a_wrong_parameter_is_named(asked: dict[str, str], said: str) -> None:
    with pytest.raises(OptionsError, match=said):
        alarm_query_of(asked)


@pytest.mark.parametrize("cursor", ["", "abc", "!", "AAAAAAAAAAAAAAAAAAA=", "é"])
def test_a_cursor_of_nobody_is_refused(twenty: Ledger, cursor: str) -> None:
    with pytest.raises(OptionsError, match="cursor: wanted the cursor of an earlier page"):
        find_alarms(twenty, AlarmQuery(cursor=cursor), None)


def test_a_cursor_of_another_query_is_refused(twenty: Ledger) -> None:
    cursor = find_alarms(twenty, AlarmQuery(limit=1), None).cursor

    with pytest.raises(OptionsError, match="cursor: wanted the cursor of an earlier page"):
        find_alarms(twenty, AlarmQuery(signal="cluster", cursor=cursor), None)
    assert find_alarms(twenty, AlarmQuery(limit=9, cursor=cursor), None).alarms[0].number == 19
