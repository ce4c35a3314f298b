import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from reasoned.ledger.ledger import Ledger
from reasoned.ledger.opt_outs import OptOut, listed_examples, read_opt_outs, restore, withhold
from reasoned.ledger.tables import ACTION

ONE = OptOut("train-000007", 100.0, "acme/ops", "by letter")
OTHER = OptOut("train-000003", 200.0, "acme/ops", None)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    found = Ledger.open(str(tmp_path / "ledger.sqlite3"))
    yield found
    found.close()


def actions(ledger: Ledger) -> list[tuple[float, str, str, dict[str, object]]]:
    with ledger.engine.connect() as connection:
        rows = connection.execute(
            select(ACTION.c.at, ACTION.c.by, ACTION.c.action, ACTION.c.detail)
        )
        return [(row[0], row[1], row[2], json.loads(row[3])) for row in rows]


def test_the_list_says_what_when_who_and_why(ledger: Ledger) -> None:
    assert withhold(ledger, ONE)
    assert withhold(ledger, OTHER)

    assert read_opt_outs(ledger) == (OTHER, ONE)  # by id
    assert listed_examples(ledger) == {"train-000003", "train-000007"}
    assert actions(ledger) == [
        (100.0, "acme/ops", "example withheld", {"example": ONE.example, "reason": "by letter"}),
        (200.0, "acme/ops", "example withheld", {"example": OTHER.example, "reason": None}),
    ]


def test_who_withheld_it_first_stays(ledger: Ledger) -> None:
    withhold(ledger, ONE)

    assert not withhold(ledger, OptOut(ONE.example, 300.0, "other", "again"))
    assert read_opt_outs(ledger) == (ONE,)
    assert len(actions(ledger)) == 1


def test_what_is_shown_again_is_remembered(ledger: Ledger) -> None:
    withhold(ledger, ONE)

    assert restore(ledger, ONE.example, "acme/boss", 400.0)
    assert not restore(ledger, ONE.example, "acme/boss", 500.0)
    assert read_opt_outs(ledger) == ()
    assert actions(ledger)[1:] == [
        (
            400.0,
            "acme/boss",
            "example restored",
            {
                "example": ONE.example,
                "since": 100.0,
                "withheld_by": "acme/ops",
                "reason": "by letter",
            },
        )
    ]


def test_another_process_sees_it(ledger: Ledger, tmp_path: Path) -> None:
    withhold(ledger, ONE)
    other = Ledger.open(str(tmp_path / "ledger.sqlite3"))

    assert listed_examples(other) == {ONE.example}
    other.close()
