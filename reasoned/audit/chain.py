"""A chain of digests over rows: none can be changed, removed, added or moved unseen."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson

CHAIN: Final = "chain"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_UNCHAINED: Final = frozenset({CHAIN, "reply"})  # the reply is chained by its digest
Row = dict[str, Any]


def microseconds(moment: datetime) -> int:
    """Count microseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(seconds: float) -> datetime:
    """Give a time in UTC, to the microsecond."""
    return _EPOCH + timedelta(microseconds=round(1e6 * seconds))


def canonical(row: Row) -> bytes:
    """Write a row as the one JSON that its link is made over: sorted, times as integers."""
    plain = {name: value for name, value in row.items() if name not in _UNCHAINED}
    return orjson.dumps(plain, default=_integer, option=_OPTIONS)


_OPTIONS: Final = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME


def _integer(value: object) -> int:
    if isinstance(value, datetime):
        return microseconds(value)
    raise TypeError(f"a row holds no {type(value).__name__}")


def first_link(header: dict[str, Any]) -> str:
    """Give what the first row is chained to: the digest of what was asked, and when."""
    return hashlib.sha256(orjson.dumps(header, option=orjson.OPT_SORT_KEYS)).hexdigest()


def link(previous: str, row: Row) -> str:
    """Give a row's link: the digest of the link before and of the row."""
    return hashlib.sha256(bytes.fromhex(previous) + canonical(row)).hexdigest()
