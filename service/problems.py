"""Errors as RFC 9457 problem details, from one table of error class to HTTP status."""

import dataclasses
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final, final

import orjson
from starlette.types import Scope

from explainers.errors import (
    ArtefactError,
    FittingError,
    NotApplicableError,
    ReasonedError,
    ShapeError,
)
from reasoned.drift.alarms import NoAlarmError
from reasoned.drift.state import StateError
from reasoned.errors import (
    AuditError,
    BrokenImageError,
    DataError,
    DownloadError,
    FeedbackError,
    FolderError,
    ImageError,
    ImageTooLargeError,
    LedgerError,
    NetworkError,
    OptionsError,
    ReplayError,
    SettingsError,
    UnanswerableImageError,
    UnsupportedImageError,
)
from service.answers import PROBLEM, Answer, Header
from service.arrival import arrival_of
from service.errors import (
    BodyTooLargeError,
    BusyError,
    ConflictError,
    ExposedError,
    ForbiddenError,
    LedgerFullError,
    MediaTypeError,
    NotFoundError,
    PackagingError,
    RateLimitedError,
    RequestError,
    StrangeHostError,
    UnauthorizedError,
    UnreadableBodyError,
)

FAULT_DETAIL = "The server failed; its log has the reason under this request id."
RETRY_AFTER_SECONDS = 1


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Kind:
    """How one class of errors is told to a client.

    Attributes
    ----------
    status
        The HTTP status.
    slug
        The last part of the problem's ``type``, or None for ``about:blank``.
    headers
        What is sent beside the body.

    """

    status: HTTPStatus
    slug: str | None = None
    headers: tuple[Header, ...] = ()


_RETRY: Final = ((b"retry-after", b"%d" % RETRY_AFTER_SECONDS),)
_CHALLENGE: Final = ((b"www-authenticate", b'Bearer realm="reasoned"'),)
_TOO_LITTLE: Final = (
    (b"www-authenticate", b'Bearer realm="reasoned", error="insufficient_scope"'),
)
_FAULT: Final = Kind(HTTPStatus.INTERNAL_SERVER_ERROR)

KINDS: Final[Mapping[type[ReasonedError], Kind]] = MappingProxyType(
    {
        UnsupportedImageError: Kind(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-image"),
        BrokenImageError: Kind(HTTPStatus.BAD_REQUEST, "broken-image"),
        ImageTooLargeError: Kind(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "image-too-large"),
        UnanswerableImageError: Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "unanswerable-image"),
        ImageError: Kind(HTTPStatus.BAD_REQUEST, "image"),
        OptionsError: Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "options"),
        RequestError: Kind(HTTPStatus.BAD_REQUEST, "request"),
        UnreadableBodyError: Kind(HTTPStatus.BAD_REQUEST, "unreadable-body"),
        MediaTypeError: Kind(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "media-type"),
        BodyTooLargeError: Kind(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large"),
        BusyError: Kind(HTTPStatus.TOO_MANY_REQUESTS, "busy", _RETRY),
        UnauthorizedError: Kind(HTTPStatus.UNAUTHORIZED, "unauthorized", _CHALLENGE),
        ForbiddenError: Kind(HTTPStatus.FORBIDDEN, "forbidden", _TOO_LITTLE),
        RateLimitedError: Kind(HTTPStatus.TOO_MANY_REQUESTS, "rate-limited"),
        NotFoundError: Kind(HTTPStatus.NOT_FOUND, "not-found"),
        NoAlarmError: Kind(HTTPStatus.NOT_FOUND, "not-found"),
        FeedbackError: Kind(HTTPStatus.CONFLICT, "conflict"),
        ConflictError: Kind(HTTPStatus.CONFLICT, "conflict"),
        LedgerFullError: Kind(HTTPStatus.SERVICE_UNAVAILABLE, "ledger-full", _RETRY),
        ExposedError: Kind(HTTPStatus.SERVICE_UNAVAILABLE, "exposed"),
        StrangeHostError: Kind(HTTPStatus.MISDIRECTED_REQUEST, "strange-host"),
        # These speak of the server's own state: their text stays in the log.
        ReasonedError: _FAULT,
        ShapeError: _FAULT,
        ArtefactError: _FAULT,
        NotApplicableError: _FAULT,
        FittingError: _FAULT,
        DataError: _FAULT,
        DownloadError: _FAULT,
        NetworkError: _FAULT,
        FolderError: _FAULT,
        LedgerError: _FAULT,
        ReplayError: _FAULT,
        AuditError: _FAULT,
        StateError: _FAULT,
        SettingsError: _FAULT,
        PackagingError: _FAULT,
    }
)


def kind_of(error: Exception) -> Kind:
    """Look an error up by its class, then by what its class derives from."""
    for ancestor in type(error).__mro__:
        if issubclass(ancestor, ReasonedError) and ancestor in KINDS:
            return KINDS[ancestor]
    return _FAULT


def is_fault(error: Exception) -> bool:
    """Tell whether an error is the server's own and must not be shown."""
    return kind_of(error) is _FAULT


def describe(kind: Kind, detail: str, request_id: str) -> dict[str, Any]:
    """Give the members of a problem document.

    `error` repeats `detail`, since BentoML's own client and pages look for it there.
    """
    return {
        "type": f"urn:reasoned:problem:{kind.slug}" if kind.slug else "about:blank",
        "title": kind.status.phrase,
        "status": kind.status.value,
        "detail": detail,
        "request_id": request_id,
        "error": detail,
    }


def describe_error(error: Exception, request_id: str) -> dict[str, Any]:
    """Give the problem document of an error, without a word of the server's own state."""
    detail = FAULT_DETAIL if is_fault(error) else str(error)
    return describe(kind_of(error), detail, request_id)


def problem_answer(scope: Scope, kind: Kind, detail: str) -> Answer:
    """Make the answer to a request that failed."""
    document = describe(kind, detail, arrival_of(scope).request_id)
    document["instance"] = scope["path"]
    body = orjson.dumps(document)
    return Answer(body, PROBLEM, kind.status.value, kind.headers)


def error_answer(scope: Scope, error: Exception) -> Answer:
    """Make the answer to a request that ended in this error."""
    return problem_answer(scope, kind_of(error), FAULT_DETAIL if is_fault(error) else str(error))
