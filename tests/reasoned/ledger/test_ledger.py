"""What every ledger does, on SQLite and on PostgreSQL."""

import math
import multiprocessing
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from reasoned.errors import LedgerError
from reasoned.ledger.decision import Decision, Kept
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.reading import read
from reasoned.ledger.tables import CITATION, CITED, DECISION, KEPT, REPLY, TALLY
from reasoned.ledger.tally import Size
from tests.reasoned.ledger.many import write_many
from tests.reasoned.ledger.plans import plans
from tests.reasoned.ledger.recorded import decision


def column(ledger: Ledger, what: Any) -> list[Any]:  # noqa: ANN401  a column of any table
    with ledger.engine.connect() as connection:
        return list(connection.execute(select(what).order_by(*what.table.primary_key)).scalars())


def stored(ledger: Ledger, name: str) -> Decision:
    found = read(ledger, name, None)
    if found is None:
        pytest.fail(f"{name} is not there")
    return found.decision


def test_all_fields_come_back(ledger: Ledger) -> None:
    full = decision(
        1,
        client_id="client-1",
        trace_id="ab" * 16,
        status=None,
        carrier=None,
        agrees=None,
        first=None,
        outside=None,
        nearest=None,
        disagreeing=True,
        sampled=False,
        label='"quoted", ü and \\',
        kept=Kept("image", bytes(range(256))),
        reply=b'{"a":"\xc3\xbc"}',
    )
    others = [decision(number, agrees=number % 2 == 0, outside=True) for number in range(2, 300)]

    ledger.write([full, *others])

    assert stored(ledger, full.id) == full
    assert [stored(ledger, other.id) for other in others[::50]] == others[::50]
    assert column(ledger, DECISION.c.seq) == list(range(1, 300))


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.floats(allow_nan=False, allow_infinity=False),
            st.floats(0, 1),
            st.floats(0, 4e9),
            st.binary(max_size=20),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_numbers_and_bytes_are_exact(
    ledger: Ledger, rows: list[tuple[float, float, float, bytes]]
) -> None:
    first = ledger.size().rows
    written = [
        decision(first + i, nearest=nearest, confidence=confidence, at=at, reply=body)
        for i, (nearest, confidence, at, body) in enumerate(rows)
    ]

    ledger.write(written)

    assert [stored(ledger, row.id) for row in written] == written


def test_a_citation_is_found_the_other_way_round(ledger: Ledger) -> None:
    ledger.write([decision(1, cited=(("leaf", "a"), ("example", "b"), ("leaf", "a")))])
    ledger.write([decision(2, cited=(("example", "b"), ("example", "a")))])

    with ledger.engine.connect() as connection:
        names = {
            number: (kind, key) for number, kind, key in connection.execute(select(CITED)).all()
        }
        found = [
            (names[row.cited], row.seq, row.block) for row in connection.execute(select(CITATION))
        ]
    assert sorted(found) == [
        (("example", "a"), 2, 0),
        (("example", "b"), 1, 0),
        (("example", "b"), 2, 0),
        (("leaf", "a"), 1, 0),
    ]
    assert [
        [names[n] for n in orjson.loads(cited)] for cited in column(ledger, DECISION.c.cited)
    ] == [
        [("leaf", "a"), ("example", "b")],
        [("example", "b"), ("example", "a")],
    ]


def test_two_ledgers_give_a_name_the_same_number(ledger: Ledger, address: str) -> None:
    other = Ledger.open(address)
    names = [("leaf", f"leaf-{number}") for number in range(50)]
    for turn in range(6):
        (ledger, other)[turn % 2].write(
            [decision(turn, cited=tuple(names[8 * turn : 8 * turn + 12]))]
        )
    other.close()

    for turn in range(6):
        found = stored(ledger, decision(turn).id)
        assert list(found.cited) == names[8 * turn : 8 * turn + 12]


def test_an_id_that_comes_twice_takes_no_other_with_it(ledger: Ledger) -> None:
    first, twice = decision(1, label="first"), decision(1, label="second", cited=(("leaf", "z"),))
    ledger.write([first, twice, decision(2)])

    ledger.write([decision(3), twice, decision(4)])
    ledger.write([twice])

    assert stored(ledger, first.id) == first
    assert column(ledger, DECISION.c.seq) == column(ledger, REPLY.c.seq) == [1, 2, 3, 4]
    assert set(column(ledger, CITATION.c.seq)) == {1, 2, 3, 4}
    assert ledger.size().rows == 4


def test_nothing_is_written_of_a_transaction_that_fails(ledger: Ledger) -> None:
    ledger.write([decision(1)])
    wrong = decision(3, confidence=math.nan, cited=(("leaf", "new"),))

    with pytest.raises(DBAPIError, match=r"(?i)null"):
        ledger.write([decision(2, cited=(("leaf", "newer"),)), wrong])

    ledger.write([decision(4, cited=(("leaf", "newer"), ("leaf", "new")))])
    assert column(ledger, DECISION.c.seq) == [1, 2]
    assert stored(ledger, decision(4).id).cited == (("leaf", "newer"), ("leaf", "new"))


def test_to_cite_reads_no_other_decisions(tmp_path: Path) -> None:
    """The index of images has the order in which citations are written, and must not lead."""
    ledger = Ledger.open(str(tmp_path / "ledger.sqlite3"))
    found = plans(ledger, lambda: ledger.write([decision(1)]), begins="INSERT INTO citation")
    ledger.close()

    assert len(found) == 1
    assert found[0][0] == "SEARCH decision USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"


def test_the_tally_is_what_is_held(ledger: Ledger) -> None:
    assert ledger.size() == Size(0, 0)
    ledger.write([])
    ledger.write([decision(1, reply=bytes(1600)), decision(2, kept=Kept("pixels", bytes(800)))])

    assert ledger.size() == Size(2, sum(column(ledger, DECISION.c.size)))
    plain, large = column(ledger, DECISION.c.size)
    # An eighth is what the pages of a file leave empty; the reply of the second has 10 bytes.
    assert plain - 1800 == large - 900 - 11
    assert column(ledger, TALLY.c.seq) == [2]


def test_replies_may_be_left_out(address: str) -> None:
    ledger = Ledger.open(address, replies=False)
    ledger.write([decision(1, kept=Kept("thumbnail", b"png"))])

    assert stored(ledger, decision(1).id).reply is None
    assert column(ledger, REPLY.c.seq) == []
    assert column(ledger, KEPT.c.kind) == ["thumbnail"]
    assert column(ledger, DECISION.c.size)[0] < 1000
    ledger.close()


def test_processes_start_and_write_at_once(address: str) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", write_many.__module__])
    writers = [context.Process(target=write_many, args=(address, name, 30)) for name in "ab"]
    # Both find an empty database, and make its tables.
    for writer in writers:
        writer.start()
    # Whoever reads on by the number never finds a row behind the place where it was.
    ledger, seen = Ledger.open(address), list[int]()
    while any(writer.is_alive() for writer in writers):
        with ledger.engine.connect() as connection:
            after = select(DECISION.c.seq).where(DECISION.c.seq > (seen[-1] if seen else 0))
            seen += connection.execute(after.order_by(DECISION.c.seq)).scalars()
    for writer in writers:
        writer.join()

    assert [writer.exitcode for writer in writers] == [0, 0]
    rest = [seq for seq in column(ledger, DECISION.c.seq) if seq > (seen[-1] if seen else 0)]
    assert seen + rest == list(range(1, 1201))
    assert ledger.size().rows == 1200
    assert len(column(ledger, CITED.c.number)) == 42
    assert stored(ledger, "b-29-19").cited == (("leaf", "leaf-22"), ("writer", "b"))
    ledger.close()


def test_a_password_is_not_told(tmp_path: Path) -> None:
    nowhere = f"postgresql://ada:secret@/ledger?unix_sock={tmp_path}/none"

    with pytest.raises(LedgerError, match="cannot be used") as caught:
        Ledger.open(nowhere)

    assert "secret" not in str(caught.value)


def test_reading_does_not_wait_for_writing(address: str, ledger: Ledger) -> None:
    ledger.write([decision(1)])
    other = Ledger.open(address)
    with ledger.writing() as connection:
        connection.execute(text("UPDATE tally SET rows = 7"))
        assert other.size().rows == 1
    assert other.size().rows == 7
    other.close()
