"""Exports that somebody changed."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reasoned.audit.chain import Row
from reasoned.audit.columns import COLUMNS
from reasoned.audit.day_files import digest_of
from reasoned.audit.manifest import DIGEST, MANIFEST, digest
from reasoned.audit.verify import Expected, Verified, rows_of, verify
from reasoned.errors import AuditError
from reasoned.ledger.ledger import Ledger
from tests.reasoned.audit import filled
from tests.reasoned.audit.filled import (
    read_manifest,
    relinked,
    silent,
    tampered,
    write_manifest,
)
from tests.reasoned.ledger.recorded import decision

DAY = "day=2023-11-14/decisions.parquet"


def look(folder: Path, sha256: str | None = None) -> Verified:
    return verify(folder, Expected(sha256), silent)


def copied(whole: Path, to: Path) -> Path:
    shutil.copytree(whole, to)
    return to


def test_an_export_is_as_it_was_written(whole: Path) -> None:
    told: list[int] = []
    sha256 = digest((whole / MANIFEST).read_bytes())

    assert verify(whole, Expected(sha256.upper()), told.append) == Verified(None, 15)
    assert told == [5, 5, 5]
    assert rows_of(whole) == 15


@settings(max_examples=40)
@given(place=st.integers(0, 10**9), shift=st.integers(1, 255), which=st.integers(0, 2))
def test_any_changed_byte_is_found_and_its_file_named(
    whole: Path, tmp_path: Path, place: int, shift: int, which: int
) -> None:
    copy = tmp_path / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    copied(whole, copy)
    path = copy / read_manifest(whole).files[which].path
    data = bytearray(path.read_bytes())
    data[place % len(data)] = (data[place % len(data)] + shift) % 256
    path.write_bytes(data)

    found = look(copy)

    assert found.finding is not None
    assert found.finding.startswith(f"{path} was changed (its SHA-256 is ")
    assert found.rows == 5 * which


@settings(max_examples=40)
@given(place=st.integers(0, 10**9), shift=st.integers(1, 255))
def test_any_changed_byte_of_the_manifest_is_found(
    whole: Path, tmp_path: Path, place: int, shift: int
) -> None:
    copy = tmp_path / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    copied(whole, copy)
    path = copy / MANIFEST
    sha256 = digest(path.read_bytes())
    data = bytearray(path.read_bytes())
    data[place % len(data)] = (data[place % len(data)] + shift) % 256
    path.write_bytes(data)

    assert look(copy).finding == (
        f"{path} was changed, or manifest.sha256 was: the former's is {digest(bytes(data))}"
    )
    assert look(copy, sha256).finding == (
        f"{path} was changed: its SHA-256 is {digest(bytes(data))}, and {sha256} was expected"
    )


def removed(place: int) -> Callable[[list[Row]], list[Row]]:
    return lambda rows: [row for row in rows if row is not rows[place]]


def swapped(rows: list[Row]) -> list[Row]:
    return [rows[0], rows[2], rows[1], *rows[3:]]


def renumbered(rows: list[Row]) -> list[Row]:
    first = rows[0]["row"]
    return [{**row, "row": first + place} for place, row in enumerate(rows)]


def doubled(rows: list[Row]) -> list[Row]:
    return [*rows[:2], rows[1], *rows[2:]]


def relabelled(rows: list[Row]) -> list[Row]:
    return [*rows[:3], {**rows[3], "label": "dog"}, *rows[4:]]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (removed(0), r"the chain breaks at the beginning: row 1 should follow, and row 2 \("),
        (removed(2), r"the chain breaks after row 2: row 3 should follow, and row 4 \("),
        (lambda rows: renumbered(removed(2)(rows)), r"the chain breaks at row 3 \("),
        (swapped, r"the chain breaks after row 1: row 2 should follow, and row 3 \("),
        (lambda rows: renumbered(swapped(rows)), r"the chain breaks at row 2 \("),
        (doubled, r"the chain breaks after row 2: row 3 should follow, and row 2 \("),
        (lambda rows: renumbered(doubled(rows)), r"the chain breaks at row 3 \("),
        (relabelled, r"the chain breaks at row 4 \(.*\): it was changed, or another was put in"),
    ],
)
def test_a_row_that_was_touched_breaks_the_chain_whatever_the_manifest_says(
    whole: Path, tmp_path: Path, change: Callable[[list[Row]], list[Row]], words: str
) -> None:
    found = look(tampered(whole, tmp_path / "copy", change))

    assert found.finding is not None
    assert re.search(f"{re.escape(DAY)}: {words}", found.finding)


COLUMN_CHANGES: dict[str, object] = {
    "id": "0" * 32,
    "tenant": "other",
    "confidence": 0.75,
    "status": None,
    "agrees": None,
    "nearest": 77.0,
    "sampled": False,
    "image_sha256": "ef" * 32,
    "reply_sha256": None,
    "kept": "image",
    "cited": [],
    "feedback": [{"at": None, "label": "x", "wrong": None, "useful": None, "note": None}],
    "seq": 1_000,
}


@settings(max_examples=40)
@given(column=st.sampled_from(sorted(COLUMN_CHANGES)), place=st.integers(0, 4))
def test_any_changed_figure_of_any_row_breaks_the_chain(
    whole: Path, tmp_path: Path, column: str, place: int
) -> None:
    copy = tmp_path / "copy"
    shutil.rmtree(copy, ignore_errors=True)

    def change(rows: list[Row]) -> list[Row]:
        value = COLUMN_CHANGES[column]
        if rows[place][column] == value:
            value = "another"
        return [*rows[:place], {**rows[place], column: value}, *rows[place + 1 :]]

    found = look(tampered(whole, copy, change))

    assert found.finding is not None
    assert f": the chain breaks at row {place + 1} (" in found.finding


def test_a_changed_reply_is_found_by_its_digest(whole: Path, tmp_path: Path) -> None:
    def change(rows: list[Row]) -> list[Row]:
        return [row if row["reply"] is None else {**row, "reply": b"{}"} for row in rows]

    found = look(tampered(whole, tmp_path / "copy", change))

    assert found.finding is not None
    assert re.search(r": the reply of row \d \(.*\) was changed", found.finding)


def test_only_the_digest_that_was_kept_elsewhere_finds_a_forged_export(
    whole: Path, tmp_path: Path
) -> None:
    start = read_manifest(whole).start

    def change(rows: list[Row]) -> list[Row]:
        return relinked(relabelled(rows), start)

    forged = tampered(whole, tmp_path / "copy", change)
    manifest = read_manifest(forged)
    # The next file goes on from the old link, unless that is forged too.
    assert look(forged).finding is not None
    alone = manifest.model_copy(
        update={
            "files": manifest.files[:1],
            "rows": 5,
            "models": {"ab" * 32: 5},
            "chain": manifest.files[0].last_chain,
        }
    )
    for entry in manifest.files[1:]:
        shutil.rmtree((forged / entry.path).parent)
    write_manifest(forged, alone)

    assert look(forged).finding is None
    found = look(forged, digest((whole / MANIFEST).read_bytes()))
    assert found.finding is not None
    assert "manifest.json was changed: its SHA-256 is " in found.finding


def test_a_file_that_is_missing_or_too_much_is_found(whole: Path, tmp_path: Path) -> None:
    copy = copied(whole, tmp_path / "copy")
    extra = copy / "day=2023-11-14" / "more.parquet"
    extra.write_bytes(b"")
    assert look(copy).finding == f"{extra} is not in the manifest"
    extra.unlink()
    extra.symlink_to(copy / DAY)
    assert look(copy).finding == f"{extra} is neither a file nor a folder; remove it"
    extra.unlink()
    (copy / DAY).unlink()
    assert look(copy).finding == f"{copy / DAY} is missing"


@pytest.mark.parametrize("name", [MANIFEST, DIGEST])
def test_without_its_manifest_nothing_is_proved(whole: Path, tmp_path: Path, name: str) -> None:
    copy = copied(whole, tmp_path / "copy")
    (copy / name).unlink()

    assert look(copy).finding == f"{copy / name} is missing"
    assert rows_of(copy) == (0 if name == MANIFEST else 15)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("start", "0" * 64),
        ("chain", "0" * 64),
        ("rows", 16),
        ("models", {"ab" * 32: 14}),
        ("first_row", 2),
        ("made", "2026-01-01T00:00:00Z"),
        ("asked", {"tenant": "acme", "replies": True}),
    ],
)
def test_a_manifest_that_contradicts_itself_is_found(
    whole: Path, tmp_path: Path, field: str, value: object
) -> None:
    copy = copied(whole, tmp_path / "copy")
    manifest = read_manifest(copy)
    plain = manifest.model_dump(mode="json") | {field: value}
    write_manifest(copy, type(manifest).model_validate(plain))

    found = look(copy)

    assert found.finding is not None
    assert "was changed: its " in found.finding


def test_a_manifest_of_nonsense_is_a_finding(whole: Path, tmp_path: Path) -> None:
    copy = copied(whole, tmp_path / "copy")
    data = b'{"schema_version": 2}'
    (copy / MANIFEST).write_bytes(data)
    (copy / DIGEST).write_text(f"{digest(data)}  {MANIFEST}\n", encoding="ascii")

    found = look(copy)

    assert found.finding is not None
    assert found.finding.startswith("manifest.json cannot be read: ")


def test_files_may_not_lie_elsewhere(whole: Path) -> None:
    plain = read_manifest(whole).model_dump(mode="json")
    plain["files"][0]["path"] = "../decisions.parquet"

    with pytest.raises(ValueError, match="String should match pattern"):
        type(read_manifest(whole)).model_validate(plain)


def test_the_manifest_that_it_goes_on_from_must_be_readable(whole: Path, tmp_path: Path) -> None:
    with pytest.raises(AuditError, match=r"none.json cannot be read"):
        verify(whole, Expected(after=tmp_path / "none.json"), silent)


def put_in(whole: Path, to: Path, write: Callable[[Path], object]) -> Path:
    """Put another file in, and let the manifest say that it is right."""
    path = copied(whole, to) / DAY
    write(path)
    sha256, size = digest_of(path)
    manifest = read_manifest(to)
    first = manifest.files[0].model_copy(update={"sha256": sha256, "size": size})
    write_manifest(to, manifest.model_copy(update={"files": (first, *manifest.files[1:])}))
    return to


def test_what_is_no_export_is_found(whole: Path, tmp_path: Path) -> None:
    other = pa.table({"a": [1]})
    files: dict[str, Callable[[Path], object]] = {
        "it is no readable Parquet file": lambda path: path.write_bytes(b"PAR1 no more PAR1"),
        "its columns are not those of an export": lambda path: pq.write_table(other, path),
    }
    for number, (words, write) in enumerate(files.items()):
        found = look(put_in(whole, tmp_path / str(number), write))

        assert found.finding is not None
        assert f"{DAY}: {words}" in found.finding


def test_a_file_of_another_size_is_not_even_opened(whole: Path, tmp_path: Path) -> None:
    copy = copied(whole, tmp_path / "copy")
    (copy / DAY).write_bytes(b"PAR1 no more PAR1")

    found = look(copy)

    assert found.finding is not None
    assert re.search(r"was changed \(17 bytes, and \d+ were written\)$", found.finding)


def large_replies(rows: list[Row]) -> list[Row]:
    return [{**row, "reply": bytes(30 << 20)} for row in rows]


def many_citations(rows: list[Row]) -> list[Row]:
    return [{**row, "cited": [None] * 500_000} for row in rows]


@pytest.mark.parametrize(
    ("change", "words", "dictionary"),
    [
        (large_replies, r"5 of its rows unpack into 157\d{6} bytes, and an export", False),
        (many_citations, "5 of its rows hold 2500000 values in one column, and an", False),
        (lambda rows: rows, "its column .* is encoded as RLE_DICTIONARY", True),
    ],
)
def test_a_small_file_that_unpacks_into_much_is_not_unpacked(
    whole: Path,
    tmp_path: Path,
    change: Callable[[list[Row]], list[Row]],
    words: str,
    *,
    dictionary: bool,
) -> None:
    table = pa.Table.from_pylist(change(filled.rows_of(whole / DAY)), COLUMNS)

    def write(path: Path) -> None:
        pq.write_table(table, path, compression="zstd", use_dictionary=dictionary)

    copy = put_in(whole, tmp_path / "copy", write)
    found = look(copy)

    assert (copy / DAY).stat().st_size < 100_000
    assert found.finding is not None
    assert re.search(f"{re.escape(DAY)}: {words}", found.finding)
    assert found.rows == 0


def test_large_rows_are_written_a_few_at_a_time(tmp_path: Path) -> None:
    ledger = Ledger.open(str(tmp_path / "ledger.sqlite3"))
    reply = bytes(12 << 20)
    ledger.write([decision(number, reply=reply) for number in range(5)])
    filled.exported(ledger, tmp_path / "out", replies=True)
    ledger.close()

    groups = pq.ParquetFile(tmp_path / "out" / DAY).metadata
    counts = [groups.row_group(place).num_rows for place in range(groups.num_row_groups)]
    assert counts == [2, 2, 1]
    assert look(tmp_path / "out") == Verified(None, 5)
