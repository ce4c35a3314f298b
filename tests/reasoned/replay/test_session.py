"""Decisions out of a ledger computed again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from explainers.arrays import ByteArray
from reasoned.errors import ReplayError
from reasoned.ledger.decision import KeptKind
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.tables import DECISION, OPT_OUT
from reasoned.model import ExplainedModel
from reasoned.replay.disclosed import disclosure_of, read_ids, withheld_before
from reasoned.replay.session import Counts, ReplaySession
from reasoned.reply.disclosure import FULL, Disclosure, Mode
from reasoned.reply.options import ReplyOptions
from tests.reasoned.replay.recorded import START, recorded

KEEPS: tuple[KeptKind, ...] = ("image", "pixels", "activations")
MODES: tuple[Mode, ...] = ("full", "thumbnail", "id", "prototype", "off")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    found = Ledger.open(str(tmp_path / "ledger.sqlite3"))
    yield found
    found.close()


def opt_out(ledger: Ledger, name: str, at: float) -> None:
    with ledger.writing() as connection:
        connection.execute(insert(OPT_OUT).values(example=name, at=at, by="somebody"))


def test_a_hundred_of_a_hundred_are_equal(
    digits_model: ExplainedModel, digits_images: list[ByteArray], ledger: Ledger
) -> None:
    ids = digits_model.explaining.parts.representatives.ids
    opt_out(ledger, ids[3], START - 5)
    opt_out(ledger, ids[4], START + 50.5)
    rows = []
    for number in range(100):
        withheld = frozenset(ids[3:4] if number <= 50 else ids[3:5])
        disclosure = Disclosure(MODES[number % 5], rounded=number % 2 == 0, withheld=withheld)
        options = ReplyOptions("full" if number % 3 else "trace", neighbours=number % 7)
        keep = KEEPS[number % 3]
        image = digits_images[number]
        rows.append(recorded(digits_model, image, options, keep, disclosure, number=number))
    ledger.write(rows)

    counts = Counts()
    for found in ReplaySession(ledger, digits_model).all(None, None):
        counts.add(found)

    assert (counts.replayed, counts.equal, counts.whole) == (100, 100, 100)
    assert (counts.refused, counts.differing.total()) == (0, 0)


def test_many_are_the_newest_and_what_cannot_be_replayed_is_counted(
    digits_model: ExplainedModel, digits_images: list[ByteArray], ledger: Ledger
) -> None:
    keeps: list[KeptKind | None] = ["image", None, "image", "thumbnail", "image"]
    rows = [
        recorded(digits_model, digits_images[number], keep=keep, number=number)
        for number, keep in enumerate(keeps)
    ]
    ledger.write(rows)
    with ledger.writing() as connection:
        changed = update(DECISION).where(DECISION.c.id == rows[2].id)
        connection.execute(changed.values(confidence=0.5))
    session = ReplaySession(ledger, digits_model)

    def counted(since: float | None, limit: int | None) -> Counts:
        counts = Counts()
        for found in session.all(since, limit):
            counts.add(found)
        return counts

    found = counted(None, None)
    assert (found.equal, found.refused, dict(found.differing)) == (2, 2, {"prediction": 1})
    newest = counted(None, 2)
    assert (newest.equal, newest.refused, newest.replayed) == (1, 1, 1)
    assert counted(START + 2, None).replayed == 2
    assert counted(START + 99, None).replayed == 0


def test_one_is_found_by_either_id(
    digits_model: ExplainedModel, digits_images: list[ByteArray], ledger: Ledger
) -> None:
    ledger.write([recorded(digits_model, digits_images[0], number=7)])
    session = ReplaySession(ledger, digits_model)

    assert session.find("client-7") == session.find(f"{7:032x}")
    with pytest.raises(ReplayError, match="the ledger has no decision 'nobody'"):
        session.find("nobody")


def test_ids_of_a_file_are_tried_too(
    digits_model: ExplainedModel, digits_images: list[ByteArray], ledger: Ledger, tmp_path: Path
) -> None:
    some = digits_model.explaining.parts.representatives.ids[:2]
    told = recorded(digits_model, digits_images[0], disclosure=Disclosure(withheld=frozenset(some)))
    ledger.write([told])
    path = tmp_path / "withheld.txt"
    path.write_text(f"# by request\n{some[0]}\n\n{some[1]}  # twice\n", encoding="utf-8")

    with pytest.raises(ReplayError, match="name the ids that were withheld then with --opt-out-f"):
        ReplaySession(ledger, digits_model).replay(told)
    assert ReplaySession(ledger, digits_model, read_ids(path)).replay(told).equal
    with pytest.raises(ReplayError, match=r"none.txt cannot be read"):
        read_ids(tmp_path / "none.txt")


def test_the_likeliest_sets_come_first(ledger: Ledger) -> None:
    for place, name in enumerate(("a", "b", "c")):
        opt_out(ledger, name, float(place))

    found = withheld_before(ledger, 1.5, frozenset({"z"}))

    assert found[:2] == [frozenset("abz"), frozenset("ab")]
    assert len(found) == 8
    assert withheld_before(ledger, -1.0)[0] == frozenset()


def test_a_word_without_ids_needs_none() -> None:
    assert disclosure_of(FULL.word, []) == FULL
    with pytest.raises(ReplayError, match="'half exact', cannot be made again"):
        disclosure_of("half exact", [])
