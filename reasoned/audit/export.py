"""Export decisions as chained Parquet files with a manifest."""

import dataclasses
import importlib.metadata
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import final

from reasoned.audit.day_files import DayFiles
from reasoned.audit.manifest import (
    DIGEST,
    MANIFEST,
    Asked,
    Earlier,
    Manifest,
    digest,
    digest_line,
    earlier_export,
    start_of,
)
from reasoned.audit.rows import Wanted, batches, newest
from reasoned.errors import AuditError
from reasoned.folder.writing import placed_whole
from reasoned.ledger.reading import Opened


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Exported:
    """An export that was written: its manifest, and the manifest's digest."""

    manifest: Manifest
    sha256: str


def wanted_rows(ledger: Opened, asked: Asked, after: Path | None) -> Wanted:
    """Settle which rows are exported.

    Raises
    ------
    AuditError
        When the request has no end that is past, or does not go on from the earlier export.

    """
    if asked.until is not None and asked.until > datetime.now(UTC):
        raise AuditError(
            f"--until {asked.until.isoformat()} is not past yet, and what comes before it would be "
            "missing; leave it out to export all that there is"
        )
    if asked.since and asked.until and asked.since >= asked.until:
        raise AuditError("--until must be later than --since")
    return Wanted(asked, None if after is None else _earlier(after, asked), newest(ledger))


def _earlier(path: Path, asked: Asked) -> Earlier:
    manifest, earlier = earlier_export(path)
    if asked.tenant != manifest.asked.tenant:
        raise AuditError(
            f"{path} is of {manifest.asked.tenant or 'every tenant'}, so what goes on from it must "
            f"be too, not of {asked.tenant or 'every tenant'}"
        )
    if asked.since is not None:
        raise AuditError("--since and --after cannot be given together: it begins where that ended")
    if asked.until and earlier.until and asked.until <= earlier.until:
        raise AuditError(f"--until must be later than that of {path}, {earlier.until.isoformat()}")
    return earlier


def check_out(out: Path, *, replace: bool) -> None:
    """Raise `AuditError` where an export must not be written."""
    if not out.exists():
        return
    if not (out / MANIFEST).is_file():
        raise AuditError(f"{out} exists and is not an export; choose another --out")
    if not replace:
        raise AuditError(f"{out} holds an export; pass --replace, or choose another --out")


def export(
    ledger: Opened, wanted: Wanted, out: Path, *, replace: bool, told: Callable[[int], object]
) -> Exported:
    """Write rows to a folder, which appears whole or not at all.

    Parameters
    ----------
    ledger
        Where they are.
    wanted
        From `wanted_rows`.
    out
        The folder to be made.
    replace
        Whether an export that is there may be replaced.
    told
        Called with the number of rows after each batch.

    Raises
    ------
    AuditError, FolderError
        When `out` is there already, or cannot be written.

    """
    check_out(out, replace=replace)
    made = datetime.now(UTC).replace(microsecond=0)
    start = start_of(made, wanted.asked, wanted.after)
    first_row = 1 if wanted.after is None else wanted.after.rows + 1
    models = Counter[str]()
    with placed_whole(out) as folder:
        with DayFiles(folder, start, first_row) as files:
            for rows in batches(ledger, wanted):
                files.write(rows)
                models.update(row["model"] for row in rows)
                told(len(rows))
            files.finish()
        manifest = Manifest(
            made=made,
            release=importlib.metadata.version("reasoned"),
            asked=wanted.asked,
            after=wanted.after,
            models=dict(sorted(models.items())),
            rows=models.total(),
            first_row=first_row,
            last_seq=wanted.top,
            start=start,
            chain=files.chain,
            files=tuple(files.files),
        )
        return Exported(manifest, _sealed(folder, manifest))


def _sealed(folder: Path, manifest: Manifest) -> str:
    data = manifest.data()
    (folder / MANIFEST).write_bytes(data)
    sha256 = digest(data)
    (folder / DIGEST).write_bytes(digest_line(sha256))
    return sha256
