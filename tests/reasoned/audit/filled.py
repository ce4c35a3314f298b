"""A ledger with some days of decisions, and exports that are changed on purpose."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import insert

from reasoned.audit.chain import CHAIN, Row, link
from reasoned.audit.columns import COLUMNS
from reasoned.audit.day_files import digest_of
from reasoned.audit.export import Exported, export, wanted_rows
from reasoned.audit.manifest import (
    DIGEST,
    MANIFEST,
    Asked,
    Manifest,
    digest,
    digest_line,
    parse_manifest,
)
from reasoned.ledger.decision import Kept
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.tables import FEEDBACK
from tests.reasoned.ledger.recorded import START, decision

DAY = 86_400.0


def silent(_rows: int) -> None:
    """Tell nobody."""


def fill(ledger: Ledger, days: int = 3, each: int = 5) -> None:
    """Write decisions of some days, of two tenants, some with feedback."""
    numbers = range(days * each)
    ledger.write(
        [
            decision(
                number,
                at=START + (number % days) * DAY + number / 7,
                tenant=("acme", "zeta")[number % 2],
                cited=(("leaf", f"leaf-{number % 4}"), ("example", f"train-{number}")),
                reply=None if number % 5 == 0 else b'{"id":"%d"}' % number,
                kept=Kept("thumbnail", b"png") if number % 4 == 0 else None,
                status=None if number == 1 else "weak",
                agrees=None if number == 1 else number % 3 == 0,
                nearest=None if number == 1 else number / 3,
            )
            for number in numbers
        ]
    )
    said = {"id": f"{2:032x}", "seq": 3, "tenant": "acme", "model": "ab" * 32}
    with ledger.writing() as connection:
        for note in ("first <b>", "é second"):
            connection.execute(
                insert(FEEDBACK).values(
                    **said, at=START + 0.123456, label="dog", wrong=True, useful=None, note=note
                )
            )


def exported(ledger: Ledger, out: Path, after: Path | None = None, **asked: object) -> Exported:
    """Export what is asked for."""
    wanted = wanted_rows(ledger, Asked.model_validate(asked), after)
    return export(ledger, wanted, out, replace=False, told=silent)


def rows_of(path: Path) -> list[Row]:
    """Read all rows of a file."""
    found: list[Row] = pq.read_table(path, partitioning=None).to_pylist()
    return found


def write_rows(path: Path, rows: list[Row]) -> None:
    """Write a file anew."""
    pq.write_table(
        pa.Table.from_pylist(rows, COLUMNS), path, compression="zstd", use_dictionary=False
    )


def relinked(rows: list[Row], previous: str) -> list[Row]:
    """Link rows anew, as somebody would who covers his tracks."""
    found = []
    for row in rows:
        previous = link(previous, row)
        found.append({**row, CHAIN: previous})
    return found


def read_manifest(folder: Path) -> Manifest:
    """Read an export's manifest."""
    return parse_manifest((folder / MANIFEST).read_bytes())


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a manifest and its digest anew."""
    (folder / MANIFEST).write_bytes(manifest.data())
    (folder / DIGEST).write_bytes(digest_line(digest(manifest.data())))


def tampered(folder: Path, to: Path, change: Callable[[list[Row]], list[Row]]) -> Path:
    """Copy an export, change its first file, and let the manifest say that it is right."""
    shutil.copytree(folder, to)
    manifest = read_manifest(to)
    entry = manifest.files[0]
    path = to / entry.path
    rows = change(rows_of(path))
    write_rows(path, rows)
    sha256, size = digest_of(path)
    first = entry.model_copy(
        update={
            "sha256": sha256,
            "size": size,
            "rows": len(rows),
            "first_chain": rows[0][CHAIN],
            "last_chain": rows[-1][CHAIN],
        }
    )
    files = (first, *manifest.files[1:])
    total = sum(one.rows for one in files)
    models = {next(iter(manifest.models)): total}
    write_manifest(
        to,
        manifest.model_copy(
            update={
                "files": files,
                "rows": total,
                "models": models,
                "chain": files[-1].last_chain,
            }
        ),
    )
    return to


def moment_of(row: Row) -> datetime:
    """Give the time of a row."""
    found: datetime = row["at"]
    return found
