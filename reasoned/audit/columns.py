"""The columns of an exported file."""

from typing import Any, Final

import pyarrow as pa

VERSION: Final = b"reasoned.audit.schema"
_TEXT, _TIME, _WHOLE, _REAL, _FLAG = (
    pa.string(),
    pa.timestamp("us", tz="UTC"),
    pa.int64(),
    pa.float64(),
    pa.bool_(),
)


def _list_of(*fields: tuple[str, Any]) -> Any:  # noqa: ANN401  pyarrow ships no types
    return pa.list_(pa.field("element", pa.struct(fields)))  # as Parquet calls it


_ALWAYS: Final[dict[str, Any]] = {
    "row": _WHOLE,
    "seq": _WHOLE,
    "id": _TEXT,
    "tenant": _TEXT,
    "at": _TIME,
    "model": _TEXT,
    "options": _TEXT,
    "disclosure": _TEXT,
    "predicted": _WHOLE,
    "label": _TEXT,
    "confidence": _REAL,
    "disagreeing": _FLAG,
    "image_sha256": _TEXT,
    "decode_us": _WHOLE,
    "infer_us": _WHOLE,
    "neighbours_us": _WHOLE,
    "explain_us": _WHOLE,
    "sampled": _FLAG,
    "cited": _list_of(("kind", _TEXT), ("key", _TEXT)),
    "feedback": _list_of(
        ("at", _TIME), ("label", _TEXT), ("wrong", _FLAG), ("useful", _FLAG), ("note", _TEXT)
    ),
    "chain": _TEXT,
}
_SOMETIMES: Final[dict[str, Any]] = {
    "client_id": _TEXT,
    "trace_id": _TEXT,
    "status": _TEXT,
    "carrier": _TEXT,
    "agrees": _FLAG,
    "first": _TEXT,
    "outside": _FLAG,
    "nearest": _REAL,
    "kept": _TEXT,
    "reply_sha256": _TEXT,
    "reply": pa.binary(),
}
COLUMNS: Final = pa.schema(
    [
        *(pa.field(name, kind, nullable=False) for name, kind in _ALWAYS.items()),
        *(pa.field(name, kind) for name, kind in _SOMETIMES.items()),
    ],
    metadata={VERSION: b"1"},
)
