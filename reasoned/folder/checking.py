"""Trust a model folder only where every byte is the one that was written."""

import hashlib
import os
import stat
from pathlib import Path

import orjson
from pydantic import ValidationError

from reasoned.errors import FolderError
from reasoned.folder.manifest import DIGEST, MANIFEST, SCHEMA_VERSION, FileRecord, Manifest


def digest(data: bytes) -> str:
    """Give the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digest_line(sha256: str) -> bytes:
    """Give what stands beside the manifest, as `sha256sum` writes it."""
    return f"{sha256}  {MANIFEST}\n".encode("ascii")


def read_manifest(folder: Path) -> tuple[Manifest, str]:
    """Read the manifest and its digest.

    Raises
    ------
    FolderError
        When either is missing, broken, changed, or of a future schema.

    """
    path = folder / MANIFEST
    try:
        data = _regular(path)
        stated = _regular(folder / DIGEST)
    except OSError as error:
        raise FolderError(
            f"{folder} is not a model folder: {error}; make one with `reasoned fit --out {folder}`"
        ) from error
    found = digest(data)
    if stated != digest_line(found):
        raise FolderError(
            f"{path} was changed, or {DIGEST} was: it says {stated[:80]!r}, but must say "
            f"{digest_line(found)!r}"
        )
    return _parsed(path, data), found


def _regular(path: Path) -> bytes:
    if not stat.S_ISREG(path.lstat().st_mode):
        raise FolderError(f"{path} is not a regular file; remove it, or restore the folder")
    return path.read_bytes()


def _parsed(path: Path, data: bytes) -> Manifest:
    try:
        plain = orjson.loads(data)
        version = plain.get("schema_version") if isinstance(plain, dict) else None
    except ValueError as error:
        raise FolderError(f"{path} is not JSON: {error}") from error
    if version != SCHEMA_VERSION:
        raise FolderError(
            f"{path} has schema version {version!r}, but this release reads {SCHEMA_VERSION}; "
            "install the release that wrote it, or fit the model again"
        )
    try:
        return Manifest.model_validate_json(data)
    except ValidationError as error:
        wrong = error.errors()[0]
        where = ".".join(str(part) for part in wrong["loc"])
        raise FolderError(f"{path}: {where} is wrong: {wrong['msg']}") from error


def check_files(folder: Path, manifest: Manifest) -> None:
    """Compare every file with the manifest.

    Raises
    ------
    FolderError
        Naming the first file that is missing, extra, changed or not a regular file.

    """
    found = set(list_files(folder)) - {MANIFEST, DIGEST}
    wanted = set(manifest.files)
    if missing := sorted(wanted - found):
        raise FolderError(f"{folder / missing[0]} is missing")
    if extra := sorted(found - wanted):
        raise FolderError(f"{folder / extra[0]} is not in the manifest; remove it")
    for name, record in sorted(manifest.files.items()):
        _check_file(folder / name, record)


def _check_file(path: Path, record: FileRecord) -> None:
    size = path.stat().st_size
    if size != record.size:
        raise FolderError(f"{path} was changed: {size} bytes, but {record.size} were written")
    found = digest(path.read_bytes())
    if found != record.sha256:
        raise FolderError(f"{path} was changed: its SHA-256 is {found}, not {record.sha256}")


def list_files(folder: Path) -> list[str]:
    """List every file below a folder, by its path inside it; refuse links and devices."""
    found = []
    for parent, folders, names in os.walk(folder, followlinks=False):
        for name in [*names, *folders]:
            path = Path(parent) / name
            mode = path.lstat().st_mode
            if stat.S_ISREG(mode):
                found.append(path.relative_to(folder).as_posix())
            elif not stat.S_ISDIR(mode):
                raise FolderError(f"{path} is neither a file nor a folder; remove it")
    return sorted(found)


def record_files(folder: Path) -> dict[str, FileRecord]:
    """Record the digest and size of every file below a folder."""
    found = {}
    for name in list_files(folder):
        data = (folder / name).read_bytes()
        found[name] = FileRecord(sha256=digest(data), size=len(data))
    return found
