"""What an export holds."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import sqlite

from reasoned.audit.chain import moment
from reasoned.audit.export import check_out, export, wanted_rows
from reasoned.audit.manifest import DIGEST, MANIFEST, Asked, earlier_export
from reasoned.audit.rows import Wanted, batches, count, newest, statement
from reasoned.audit.verify import Expected, verify
from reasoned.errors import AuditError
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.reading import read
from tests.postgres_server import PostgresServer
from tests.reasoned.audit.filled import (
    DAY,
    exported,
    fill,
    moment_of,
    read_manifest,
    rows_of,
    silent,
)
from tests.reasoned.ledger.recorded import START, decision

FIRST = datetime(2023, 11, 14, tzinfo=UTC)


def test_every_row_is_there_as_the_ledger_holds_it(ledger: Ledger, whole: Path) -> None:
    manifest = read_manifest(whole)
    rows = [row for entry in manifest.files for row in rows_of(whole / entry.path)]

    assert len(rows) == manifest.rows == 15
    assert [row["row"] for row in rows] == list(range(1, 16))
    assert [moment_of(row) for row in rows] == sorted(moment_of(row) for row in rows)
    for row in rows:
        stored = read(ledger, row["id"], None)
        assert stored is not None
        told = stored.decision
        for name in ("tenant", "label", "confidence", "status", "agrees", "nearest", "sampled"):
            assert row[name] == getattr(told, name)
        assert row["seq"] == stored.seq
        assert row["at"] == moment(told.at)
        assert [(one["kind"], one["key"]) for one in row["cited"]] == list(told.cited)
        assert row["reply"] == told.reply
        digest = None if told.reply is None else hashlib.sha256(told.reply).hexdigest()
        assert row["reply_sha256"] == digest
        assert row["kept"] == (None if told.kept is None else told.kept.kind)
        notes = [(one["label"], one["wrong"], one["note"]) for one in row["feedback"]]
        assert notes == [(one.label, one.wrong, one.note) for one in stored.feedback]
    assert sum(len(row["feedback"]) for row in rows) == 2


def test_the_manifest_says_what_was_asked_and_names_every_file(whole: Path) -> None:
    manifest = read_manifest(whole)

    assert manifest.asked == Asked(replies=True)
    assert manifest.models == {"ab" * 32: 15}
    assert [entry.path for entry in manifest.files] == [
        f"day={day.date().isoformat()}/decisions.parquet"
        for day in (FIRST, FIRST + timedelta(days=1), FIRST + timedelta(days=2))
    ]
    for entry in manifest.files:
        data = (whole / entry.path).read_bytes()
        assert (entry.sha256, entry.size) == (hashlib.sha256(data).hexdigest(), len(data))
    stated = (whole / DIGEST).read_text(encoding="ascii")
    assert stated == f"{hashlib.sha256((whole / MANIFEST).read_bytes()).hexdigest()}  {MANIFEST}\n"


def test_without_replies_their_digests_are_there(ledger: Ledger, tmp_path: Path) -> None:
    exported(ledger, tmp_path / "out")
    entry = read_manifest(tmp_path / "out").files[0]
    rows = rows_of(tmp_path / "out" / entry.path)

    assert {row["reply"] for row in rows} == {None}
    assert sum(row["reply_sha256"] is not None for row in rows) == 4


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ({"tenant": "acme"}, 8),
        ({"tenant": "nobody"}, 0),
        ({"since": FIRST + timedelta(days=1)}, 10),
        ({"until": FIRST + timedelta(days=1)}, 5),
        ({"since": FIRST + timedelta(days=1), "until": FIRST + timedelta(days=2)}, 5),
    ],
)
def test_what_is_asked_for_is_exported(
    ledger: Ledger, tmp_path: Path, asked: dict[str, object], rows: int
) -> None:
    found = exported(ledger, tmp_path / "out", None, **asked)

    assert found.manifest.rows == rows
    assert count(ledger, wanted_rows(ledger, Asked.model_validate(asked), None)) == rows
    assert verify(tmp_path / "out", Expected(found.sha256), silent).finding is None


def test_postgresql_gives_the_same_rows(
    whole: Path, postgres: PostgresServer, tmp_path: Path
) -> None:
    ledger = Ledger.open(postgres.new_database("audited"))
    fill(ledger)
    manifest = exported(ledger, tmp_path / "out", replies=True).manifest
    ledger.close()

    assert verify(tmp_path / "out", Expected(), silent).finding is None
    for entry in manifest.files:
        # The links differ, since the exports were made at two times.
        old, new = (rows_of(folder / entry.path) for folder in (whole, tmp_path / "out"))
        assert [row | {"chain": ""} for row in new] == [row | {"chain": ""} for row in old]


def test_batches_of_any_size_give_the_same_rows(ledger: Ledger) -> None:
    wanted = Wanted(Asked(), None, newest(ledger))
    found = [
        [row["id"] for rows in batches(ledger, wanted, at_once=size) for row in rows]
        for size in (1, 2, 7, 15, 100)
    ]

    assert all(one == found[0] for one in found)
    assert len(found[0]) == 15


def test_an_export_goes_on_where_the_earlier_one_ended(tmp_path: Path) -> None:
    ledger = Ledger.open(str(tmp_path / "ledger.sqlite3"))
    fill(ledger)
    until = (FIRST + timedelta(days=2)).isoformat()
    first = exported(ledger, tmp_path / "1", until=until)
    second = exported(ledger, tmp_path / "2", tmp_path / "1" / MANIFEST)
    # Written later than everything, though it is of an earlier day.
    ledger.write([decision(99, at=START + DAY)])
    third = exported(ledger, tmp_path / "3", tmp_path / "2" / MANIFEST)
    ledger.close()

    made = [found.manifest for found in (first, second, third)]
    assert [one.rows for one in made] == [10, 5, 1]
    assert [one.first_row for one in made] == [1, 11, 16]
    assert made[1].after is not None
    assert (made[1].after.chain, made[1].after.manifest) == (made[0].chain, first.sha256)
    for number, earlier in ((2, 1), (3, 2)):
        after = tmp_path / str(earlier) / MANIFEST
        assert verify(tmp_path / str(number), Expected(after=after), silent).finding is None
    found = verify(tmp_path / "3", Expected(after=tmp_path / "1" / MANIFEST), silent)
    assert found.finding == f"{tmp_path / '3' / MANIFEST} does not go on from " + str(
        tmp_path / "1" / MANIFEST
    )


def test_what_cannot_go_on_is_refused(ledger: Ledger, whole: Path, tmp_path: Path) -> None:
    manifest = whole / MANIFEST
    for asked, words in (
        ({"tenant": "acme"}, "is of every tenant, so what goes on from it must be too, not of acm"),
        ({"since": FIRST}, "--since and --after cannot be given together"),
    ):
        with pytest.raises(AuditError, match=words):
            wanted_rows(ledger, Asked.model_validate(asked), manifest)
    (tmp_path / "broken.json").write_text("{}", encoding="utf-8")
    with pytest.raises(AuditError, match=r"manifest.json cannot be read: made: Field required"):
        wanted_rows(ledger, Asked(), tmp_path / "broken.json")
    with pytest.raises(AuditError, match="cannot be read: No such file"):
        wanted_rows(ledger, Asked(), tmp_path / "none.json")


def test_an_end_that_is_not_past_is_refused(ledger: Ledger) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)

    with pytest.raises(AuditError, match="is not past yet"):
        wanted_rows(ledger, Asked(until=tomorrow), None)
    with pytest.raises(AuditError, match="--until must be later than --since"):
        wanted_rows(ledger, Asked(since=FIRST, until=FIRST), None)


def test_a_folder_that_is_there_is_not_written_over(
    ledger: Ledger, whole: Path, tmp_path: Path
) -> None:
    with pytest.raises(AuditError, match="holds an export; pass --replace"):
        check_out(whole, replace=False)
    with pytest.raises(AuditError, match="exists and is not an export"):
        check_out(tmp_path, replace=True)
    out = tmp_path / "out"
    exported(ledger, out)
    export(ledger, wanted_rows(ledger, Asked(tenant="acme"), None), out, replace=True, told=silent)

    assert read_manifest(out).rows == 8
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_export_that_is_stopped_leaves_nothing(ledger: Ledger, tmp_path: Path) -> None:
    def stop(_rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(
            ledger, wanted_rows(ledger, Asked(), None), tmp_path / "out", replace=False, told=stop
        )

    assert list(tmp_path.iterdir()) == []


def test_an_empty_ledger_makes_an_export_without_files(tmp_path: Path) -> None:
    ledger = Ledger.open(str(tmp_path / "ledger.sqlite3"))
    found = exported(ledger, tmp_path / "out")
    ledger.close()

    assert (found.manifest.rows, found.manifest.files) == (0, ())
    assert found.manifest.chain == found.manifest.start
    assert verify(tmp_path / "out", Expected(found.sha256), silent).finding is None


@pytest.mark.parametrize("asked", [Asked(), Asked(tenant="acme"), Asked(since=FIRST)])
@pytest.mark.parametrize("goes_on", [True, False])
def test_no_page_of_rows_is_sorted(
    ledger: Ledger, whole: Path, asked: Asked, *, goes_on: bool
) -> None:
    earlier = earlier_export(whole / MANIFEST)[1].model_copy(update={"last_seq": 3})
    wanted = Wanted(asked, earlier if goes_on else None, 10)
    with ledger.engine.connect() as connection:
        last = connection.execute(statement(wanted, None).limit(1)).one()
        for row in (None, last):
            made = (
                statement(wanted, row)
                .limit(5)
                .compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
            )
            plan = connection.execute(text(f"EXPLAIN QUERY PLAN {made}")).all()
            words = [step[3] for step in plan]
            assert not any("TEMP B-TREE FOR ORDER BY" in step for step in words)
            assert "USING INDEX decision_" in words[0]
