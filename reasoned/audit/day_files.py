"""Rows written into one Parquet file per day, and read back a batch at a time."""

import contextlib
import hashlib
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, final

import pyarrow as pa
import pyarrow.parquet as pq

from reasoned.audit.chain import CHAIN, Row, link
from reasoned.audit.columns import COLUMNS
from reasoned.audit.groups import check_group, in_groups
from reasoned.audit.manifest import ExportedFile

_PIECE: Final = 1 << 20
_AT_ONCE: Final = 1_000


@final
class DayFiles:
    """Numbers and links rows, and writes them, those of one day after those of another.

    Parameters
    ----------
    folder
        Where the folders of the days are made.
    start
        What the first row is chained to.
    first_row
        Its number.

    """

    def __init__(self, folder: Path, start: str, first_row: int) -> None:
        self.chain, self.files = start, list[ExportedFile]()
        self._folder, self._next = folder, first_row
        self._day, self._rows, self._first = "", 0, ""
        self._writer: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._writer is not None and error is not None:
            with contextlib.suppress(OSError):  # such as a full disk, which is the error
                self._writer.close()

    def write(self, rows: Sequence[Row]) -> None:
        """Write rows, which come in the order of their times."""
        for day, some in groupby(rows, key=lambda row: row["at"].date().isoformat()):
            if day != self._day:
                self.finish()
                self._open(day)
            self._append(list(some))

    def finish(self) -> None:
        """Close the file of the last day."""
        if self._writer is None:
            return
        self._writer.close()
        self._writer = None
        name = _name(self._day)
        sha256, size = digest_of(self._folder / name)
        self.files.append(
            ExportedFile(
                path=name,
                sha256=sha256,
                size=size,
                rows=self._rows,
                first_chain=self._first,
                last_chain=self.chain,
            )
        )

    def _open(self, day: str) -> None:
        self._day, self._rows, self._first = day, 0, ""
        path = self._folder / _name(day)
        path.parent.mkdir()
        self._writer = pq.ParquetWriter(
            path,
            COLUMNS,
            compression="zstd",
            use_dictionary=False,  # one value of it may stand for many: see `check_group`
            write_page_checksum=True,
            write_statistics=True,
        )

    def _append(self, rows: list[Row]) -> None:
        linked = []
        for row in rows:
            numbered = {"row": self._next, **row}
            self.chain = link(self.chain, numbered)
            self._first = self._first or self.chain
            linked.append({**numbered, CHAIN: self.chain})
            self._next += 1
        self._rows += len(rows)
        for some in in_groups(linked):
            self._writer.write_table(pa.Table.from_pylist(some, COLUMNS))


def _name(day: str) -> str:
    return f"day={day}/decisions.parquet"


def digest_of(path: Path) -> tuple[str, int]:
    """Give a file's SHA-256 and its size, reading it a piece at a time."""
    found, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found.update(piece)
            size += len(piece)
    return found.hexdigest(), size


def read_rows(path: Path) -> Iterator[Row]:
    """Give the rows of a file, of which few are in memory at a time.

    Raises
    ------
    ValueError
        When the file has other columns, is no Parquet file, or unpacks into more than an
        export writes at a time.

    """
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            found = file.schema_arrow
            if not found.equals(COLUMNS) or found.metadata != COLUMNS.metadata:
                raise ValueError("its columns are not those of an export")
            # One after the other: to ask for all at once would read ahead without end.
            for group in range(file.num_row_groups):
                check_group(file.metadata.row_group(group))
                for batch in file.iter_batches(_AT_ONCE, row_groups=[group], use_threads=False):
                    yield from batch.to_pylist()
    except (pa.ArrowException, OSError) as error:
        raise ValueError(
            f"it is no readable Parquet file: {' '.join(str(error).split())}"
        ) from error
