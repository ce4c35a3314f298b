"""How many rows an export writes at a time, and how much a reader may have to unpack."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from reasoned.audit.chain import Row

_GROUP: Final = 32 << 20  # bytes that are written at a time, unless one row has more
_ROW: Final = 2_000  # what a row takes without its lists and its reply, and then some
_ELEMENT: Final = 100
# What is read at a time: a group, and one large row more. A file of some kilobytes may promise
# any number of gigabytes.
_MOST_BYTES: Final = 128 << 20
_MOST_VALUES: Final = 2_000_000
# Of plain values each takes its own bytes; by a dictionary a few would stand for all.
_ENCODINGS: Final = frozenset({"PLAIN", "RLE"})


def in_groups(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Part rows so that few bytes are written at a time."""
    start, size = 0, 0
    for place, row in enumerate(rows):
        taken = _size(row)
        if place > start and size + taken > _GROUP:
            yield rows[start:place]
            start, size = place, 0
        size += taken
    yield rows[start:]


def _size(row: Row) -> int:
    lists = len(row["cited"]) + len(row["feedback"])
    said = sum(len(one["note"] or "") for one in row["feedback"])
    return _ROW + _ELEMENT * lists + 4 * said + len(row["reply"] or b"")


def check_group(group: Any) -> None:  # noqa: ANN401  pyarrow ships no types
    """Refuse rows before they are unpacked, where no export would write so many at a time.

    Parameters
    ----------
    group
        What a Parquet file says of some of its rows.

    Raises
    ------
    ValueError
        When they take too much memory.

    """
    columns = [group.column(place) for place in range(group.num_columns)]
    size = max(group.total_byte_size, sum(one.total_uncompressed_size for one in columns))
    if size > _MOST_BYTES:
        raise ValueError(
            f"{group.num_rows} of its rows unpack into {size} bytes, and an export writes "
            f"{_MOST_BYTES} at a time at the most"
        )
    values = max((one.num_values for one in columns), default=0)
    if values > _MOST_VALUES:
        raise ValueError(
            f"{group.num_rows} of its rows hold {values} values in one column, and an export "
            f"writes {_MOST_VALUES} at a time at the most"
        )
    for one in columns:
        if other := set(one.encodings) - _ENCODINGS:
            raise ValueError(
                f"its column {one.path_in_schema} is encoded as {min(other)}, and an export "
                "writes plain values"
            )
