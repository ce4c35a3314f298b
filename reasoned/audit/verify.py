"""Find the first thing in an export that is not as it was written."""

import dataclasses
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import final

from reasoned.audit.chain import CHAIN, Row, link
from reasoned.audit.day_files import digest_of, read_rows
from reasoned.audit.manifest import (
    DIGEST,
    MANIFEST,
    ExportedFile,
    Manifest,
    digest,
    digest_line,
    earlier_export,
    parse_manifest,
    start_of,
)
from reasoned.errors import AuditError, FolderError
from reasoned.folder.checking import list_files


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Expected:
    """What is known of an export from elsewhere.

    Attributes
    ----------
    sha256
        Of its manifest, as it was printed when the export was made.
    after
        The manifest of the export that it goes on from.

    """

    sha256: str | None = None
    after: Path | None = None


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Verified:
    """What came of it.

    Attributes
    ----------
    finding
        The first thing that is not as it was written, in words; None where all is.
    rows
        How many rows were seen before that.

    """

    finding: str | None
    rows: int


@final
class _FindingError(Exception):
    """The first thing that is not as it was written, in words."""


def verify(folder: Path, expected: Expected, told: Callable[[int], object]) -> Verified:
    """Look at every byte, and walk the chain.

    Parameters
    ----------
    folder
        An export.
    expected
        What is known of it; without the digest nobody can tell an export that was changed
        from one that was made anew from changed rows.
    told
        Called with the number of rows after each file.

    Raises
    ------
    AuditError
        When the manifest that `expected` names cannot be read.

    """
    seen = 0
    try:
        manifest = _manifest(folder, expected)
        _listed(folder, manifest)
        previous, number = manifest.start, manifest.first_row
        for entry in manifest.files:
            previous = _file(folder, entry, previous, number)
            number += entry.rows
            seen += entry.rows
            told(entry.rows)
    except _FindingError as finding:
        return Verified(str(finding), seen)
    return Verified(None, seen)


def _manifest(folder: Path, expected: Expected) -> Manifest:
    path = folder / MANIFEST
    try:
        data = path.read_bytes()
        stated = (folder / DIGEST).read_bytes()
    except OSError as error:
        raise _FindingError(f"{error.filename} is missing") from error
    found = digest(data)
    if expected.sha256 is not None and found != expected.sha256.lower():
        raise _FindingError(
            f"{path} was changed: its SHA-256 is {found}, and {expected.sha256} was expected"
        )
    if stated != digest_line(found):
        raise _FindingError(f"{path} was changed, or {DIGEST} was: the former's is {found}")
    try:
        manifest = parse_manifest(data)
    except AuditError as error:
        raise _FindingError(str(error)) from error
    _consistent(path, manifest, expected)
    return manifest


def _consistent(path: Path, manifest: Manifest, expected: Expected) -> None:
    """Check what the manifest says against itself, and against the earlier export."""
    last = manifest.files[-1].last_chain if manifest.files else manifest.start
    first_row = 1 if manifest.after is None else manifest.after.rows + 1
    rows = sum(entry.rows for entry in manifest.files)
    names = [entry.path for entry in manifest.files]
    checks = {
        "start": start_of(manifest.made, manifest.asked, manifest.after) == manifest.start,
        "chain": manifest.chain == last,
        "rows": manifest.rows == rows == sum(manifest.models.values()),
        "first_row": manifest.first_row == first_row,
        "files": names == sorted(set(names)),
    }
    for field, holds in checks.items():
        if not holds:
            raise _FindingError(
                f"{path} was changed: its {field} is not what follows from the rest"
            )
    if expected.after is not None and earlier_export(expected.after)[1] != manifest.after:
        raise _FindingError(f"{path} does not go on from {expected.after}")


def _listed(folder: Path, manifest: Manifest) -> None:
    try:
        found = set(list_files(folder)) - {MANIFEST, DIGEST}
    except FolderError as error:
        raise _FindingError(str(error)) from error
    wanted = {entry.path for entry in manifest.files}
    if missing := sorted(wanted - found):
        raise _FindingError(f"{folder / missing[0]} is missing")
    if extra := sorted(found - wanted):
        raise _FindingError(f"{folder / extra[0]} is not in the manifest")


def _file(folder: Path, entry: ExportedFile, previous: str, number: int) -> str:
    """Check one file; give the link of its last row."""
    path = folder / entry.path
    if changed := _changed(path, entry):  # and is not unpacked: nobody knows into what
        raise _FindingError(f"{path}{changed}")
    try:
        return _walked(path, entry, previous, number)
    except _FindingError as finding:  # which says where in the file
        raise _FindingError(f"{path}: {finding}") from finding


def _changed(path: Path, entry: ExportedFile) -> str:
    size = path.stat().st_size
    if size != entry.size:
        return f" was changed ({size} bytes, and {entry.size} were written)"
    sha256, _ = digest_of(path)
    return "" if sha256 == entry.sha256 else f" was changed (its SHA-256 is {sha256})"


def _walked(path: Path, entry: ExportedFile, previous: str, number: int) -> str:
    """Walk the chain through one file; give the link of its last row."""
    first, rows = "", 0
    try:
        for row in read_rows(path):
            _check_row(row, previous, number + rows)
            previous, rows = row[CHAIN], rows + 1
            first = first or previous
    except ValueError as error:
        raise _FindingError(str(error)) from error
    if rows != entry.rows:
        raise _FindingError(f"it holds {rows} rows, and {entry.rows} were written")
    if [first, previous] != [entry.first_chain, entry.last_chain]:
        raise _FindingError("its first or last row is not the one that the manifest names")
    return previous


def _check_row(row: Row, previous: str, number: int) -> None:
    found, name = row["row"], f"row {number}"
    if found != number:
        after = "at the beginning" if number == 1 else f"after row {number - 1}"
        raise _FindingError(
            f"the chain breaks {after}: {name} should follow, and row {found} ({row['id']}) does; "
            "one was removed, added or moved"
        )
    if link(previous, row) != row[CHAIN]:
        raise _FindingError(
            f"the chain breaks at {name} ({row['id']}): it was changed, or another was put in"
        )
    reply = row["reply"]
    if reply is not None and hashlib.sha256(reply).hexdigest() != row["reply_sha256"]:
        raise _FindingError(f"the reply of {name} ({row['id']}) was changed")


def rows_of(folder: Path) -> int:
    """Give how many rows an export's manifest names; 0 where it cannot be read."""
    try:
        return parse_manifest((folder / MANIFEST).read_bytes()).rows
    except (OSError, AuditError):
        return 0
