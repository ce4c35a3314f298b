"""Alarms by what is known of them, a page at a time, the newest first."""

import base64
import binascii
import dataclasses
import hashlib
import struct
from collections.abc import Mapping
from typing import Annotated, Any, Final, final

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Select, select

from reasoned.drift.alarms import MOST, Alarm, alarm_of
from reasoned.errors import OptionsError
from reasoned.ledger.reading import Opened
from reasoned.ledger.tables import ALARM
from reasoned.ledger.word import Word

ALARMS: Final = 50  # that come where nobody says how many
_LAYOUT: Final = struct.Struct("<Q")
_MARK: Final = 6  # bytes of a digest


@final
class AlarmQuery(BaseModel):
    """Which alarms are wanted; None wants nothing.

    Attributes
    ----------
    model
        The first digits, at least six, of the model's digest.
    signal
        The family that raised it.
    acknowledged
        Whether somebody has seen it.
    limit
        How many at a time.
    cursor
        Where the page before ended.

    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Annotated[str, Field(pattern="^[0-9a-f]{6,64}$")] | None = None
    signal: Word | None = None
    acknowledged: bool | None = None
    limit: Annotated[int, Field(ge=1, le=MOST)] = ALARMS
    cursor: Annotated[str, Field(max_length=100)] | None = None


@final
@dataclasses.dataclass(frozen=True, slots=True)
class AlarmsFound:
    """Some alarms, the newest first; `cursor` asks for the next, and is None at the end."""

    alarms: tuple[Alarm, ...]
    cursor: str | None


def alarm_query_of(given: Mapping[str, str]) -> AlarmQuery:
    """Read a query as HTTP writes it, all in words.

    Raises
    ------
    OptionsError
        On an unknown or wrong parameter; the message names it.

    """
    fields = AlarmQuery.model_fields
    for name in given:
        if name not in fields:
            raise OptionsError(f"{name[:80]!r} is no parameter; there are {', '.join(fields)}")
    try:
        return AlarmQuery.model_validate_strings(dict(given))
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        field, said = str(wrong["loc"][0]), wrong["msg"].removeprefix("Value error, ")
        raise OptionsError(f"{field}: {said} ({given[field][:80]!r} came)") from error


def find_alarms(ledger: Opened, query: AlarmQuery, tenant: str | None) -> AlarmsFound:
    """Find one page of alarms.

    Parameters
    ----------
    ledger
        Where they were written.
    query
        Which are wanted.
    tenant
        Whose decisions are shown as examples; None for everybody's.

    Raises
    ------
    OptionsError
        When the query's cursor is not one of its own.

    """
    wanted = _wanted(query).order_by(ALARM.c.number.desc()).limit(query.limit + 1)
    with ledger.engine.connect() as connection:
        rows = connection.execute(wanted).all()
        found = tuple(alarm_of(connection, row, tenant) for row in rows[: query.limit])
    more = len(rows) > query.limit
    return AlarmsFound(found, _cursor(query, found[-1].number) if more else None)


def _wanted(query: AlarmQuery) -> Select[Any]:
    found = select(ALARM)
    if query.model is not None:
        found = found.where(ALARM.c.model.startswith(query.model))
    if query.signal is not None:
        found = found.where(ALARM.c.signal == query.signal)
    if query.acknowledged is not None:
        seen = ALARM.c.acknowledged
        found = found.where(seen.is_not(None) if query.acknowledged else seen.is_(None))
    if query.cursor is not None:
        found = found.where(ALARM.c.number < _before(query, query.cursor))
    return found


def _cursor(query: AlarmQuery, number: int) -> str:
    return base64.urlsafe_b64encode(_mark(query) + _LAYOUT.pack(number)).decode()


def _before(query: AlarmQuery, cursor: str) -> int:
    """Read where the page before ended."""
    try:
        found = base64.b64decode(cursor.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if len(found) != _MARK + _LAYOUT.size or found[:_MARK] != _mark(query):
        raise OptionsError(
            "cursor: wanted the cursor of an earlier page of the same query, as it was given"
        )
    number: int = _LAYOUT.unpack(found[_MARK:])[0]
    return min(number, (1 << 63) - 1)


def _mark(query: AlarmQuery) -> bytes:
    text = query.model_dump_json(exclude={"cursor", "limit"})
    return hashlib.sha256(b"alarms" + text.encode()).digest()[:_MARK]
