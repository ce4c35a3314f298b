"""The W3C header ``traceparent``: which trace a request is part of."""

import dataclasses
import re
from collections.abc import Iterable
from typing import Final, cast, final

from starlette.types import Scope

from service.answers import Header

_KEY: Final = "reasoned.trace_parent"
# A later version may have more fields behind another dash; version ff is forbidden.
_FORM: Final = re.compile(
    rb"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?"
)


@final
@dataclasses.dataclass(frozen=True, slots=True)
class TraceParent:
    """A span elsewhere, of which a request is part.

    Attributes
    ----------
    trace_id
        32 hexadecimal digits.
    span_id
        16 hexadecimal digits.
    sampled
        Whether the caller records this trace.

    """

    trace_id: str
    span_id: str
    sampled: bool


def register_parent(scope: Scope) -> TraceParent | None:
    """Read the header, if one came and is well formed, and note it on the request."""
    found = parse_parent(scope["headers"])
    if found is not None:
        scope[_KEY] = found
    return found


def parent_of(scope: Scope) -> TraceParent | None:
    """Return what `register_parent` noted."""
    return cast("TraceParent | None", scope.get(_KEY))


def parse_parent(headers: Iterable[Header]) -> TraceParent | None:
    """Read the header; of several, none is believed."""
    sent = [value for name, value in headers if name == b"traceparent"]
    form = _FORM.fullmatch(sent[0].strip()) if len(sent) == 1 else None
    if form is None or (form[1] == b"00" and form[5] is not None):
        return None
    return TraceParent(form[2].decode(), form[3].decode(), bool(int(form[4], 16) & 1))
