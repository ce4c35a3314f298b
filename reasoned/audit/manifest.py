"""What an export says of itself: the request, its files, and both ends of the chain."""

import hashlib
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from reasoned.audit.chain import first_link
from reasoned.errors import AuditError

MANIFEST: Final = "manifest.json"
DIGEST: Final = "manifest.sha256"
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0, lt=2**63)]
# A file lies in the folder of its day, and nowhere else.
Place = Annotated[str, Field(pattern=r"^day=\d{4}-\d\d-\d\d/decisions\.parquet$")]


class Frozen(BaseModel):
    """A record that neither changes nor takes unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Asked(Frozen):
    """Which decisions were exported: from `since` on, before `until`, of one tenant or all."""

    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    tenant: str | None = None
    replies: bool = False


class Earlier(Frozen):
    """The export that this one goes on from: its manifest's digest, and where it ended."""

    manifest: Digest
    chain: Digest
    rows: Count
    last_seq: Count
    until: AwareDatetime | None


class ExportedFile(Frozen):
    """One file, and the links of its first and last row."""

    path: Place
    sha256: Digest
    size: Count
    rows: Annotated[int, Field(ge=1)]
    first_chain: Digest
    last_chain: Digest


class Manifest(Frozen):
    """A whole export.

    `rows` counts this export's rows, and `first_row` is the number of the first one, which
    counts on from the earlier export. `last_seq` is how far the ledger was looked at. `start`
    is what the first row is chained to, and `chain` the last row's link.
    """

    schema_version: Literal[1] = 1
    made: AwareDatetime
    release: str
    asked: Asked
    after: Earlier | None
    models: dict[Digest, Count]
    rows: Count
    first_row: Count
    last_seq: Count
    start: Digest
    chain: Digest
    files: tuple[ExportedFile, ...]

    def data(self) -> bytes:
        """Give the bytes of the file."""
        return (self.model_dump_json(indent=1) + "\n").encode()


def start_of(made: AwareDatetime, asked: Asked, after: Earlier | None) -> str:
    """Give what the first row is chained to."""
    header: dict[str, Any] = {
        "schema_version": 1,
        "made": made.isoformat(),
        "asked": asked.model_dump(mode="json"),
        "after": None if after is None else after.model_dump(mode="json"),
    }
    return first_link(header)


def digest(data: bytes) -> str:
    """Give the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digest_line(sha256: str) -> bytes:
    """Give what stands beside the manifest, as `sha256sum` writes it."""
    return f"{sha256}  {MANIFEST}\n".encode("ascii")


def parse_manifest(data: bytes) -> Manifest:
    """Read a manifest.

    Raises
    ------
    AuditError
        Naming the field that is wrong.

    """
    try:
        return Manifest.model_validate_json(data)
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in wrong["loc"]) or "it"
        raise AuditError(f"{MANIFEST} cannot be read: {where}: {wrong['msg']}") from error


def earlier_export(path: Path) -> tuple[Manifest, Earlier]:
    """Read the manifest of an export that another one is to go on from.

    Raises
    ------
    AuditError
        When it cannot be read.

    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise AuditError(f"{path} cannot be read: {error.strerror}") from error
    found = parse_manifest(data)
    ended = found.first_row + found.rows
    earlier = Earlier(
        manifest=digest(data),
        chain=found.chain,
        rows=ended - 1,
        last_seq=found.last_seq,
        until=found.asked.until,
    )
    return found, earlier
