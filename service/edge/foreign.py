"""What the framework's own error answers become."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final

import orjson
from starlette.types import Scope

from reasoned.errors import OptionsError
from service.answers import Answer, Header
from service.errors import BodyTooLargeError, BusyError, NotFoundError, UnreadableBodyError
from service.problems import FAULT_DETAIL, KINDS, Kind, problem_answer

_FIXED: Final = {
    404: "Nothing is served at this path; GET /openapi.json lists what is.",
    405: "This path does not take this method; the header Allow says which it takes.",
    429: "The server is busy; come again after the seconds that Retry-After gives.",
    504: "The request took longer than this server allows.",
}
_KNOWN: Final = {
    404: KINDS[NotFoundError],
    413: KINDS[BodyTooLargeError],
    422: KINDS[OptionsError],
    429: KINDS[BusyError],
}


def foreign_answer(scope: Scope, status: int, body: bytes, headers: Iterable[Header]) -> Answer:
    """Turn an error answer of the framework into problem details.

    Parameters
    ----------
    scope
        The request.
    status
        The status that the framework chose.
    body
        What it said: plain text, or BentoML's JSON.
    headers
        What it sent beside, to be kept.

    """
    kind, detail = _read(status, body)
    answer = problem_answer(scope, kind, detail)
    return Answer(answer.body, answer.content_type, answer.status, (*answer.headers, *headers))


def _read(status: int, body: bytes) -> tuple[Kind, str]:
    said = _parsed(body)
    invalid = said.get("detail")
    if status == HTTPStatus.BAD_REQUEST and isinstance(invalid, list) and invalid:
        return _invalid(invalid[0])
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _kind(status), _FIXED.get(status, FAULT_DETAIL)
    return _kind(status), _FIXED.get(status) or str(said.get("error") or _phrase(status))


def _invalid(wrong: dict[str, Any]) -> tuple[Kind, str]:
    """Tell text that is no JSON from wrong JSON, since BentoML answers 400 to both."""
    where = ".".join(str(part) for part in wrong.get("loc", ()))
    detail = f"{where}: {wrong.get('msg')}" if where else str(wrong.get("msg"))
    if wrong.get("type") == "json_invalid":
        return KINDS[UnreadableBodyError], detail
    return KINDS[OptionsError], detail


def _kind(status: int) -> Kind:
    return _KNOWN.get(status) or Kind(HTTPStatus(status))


def _phrase(status: int) -> str:
    return f"{HTTPStatus(status).phrase}."


def _parsed(body: bytes) -> dict[str, Any]:
    """Read BentoML's error, which is an object or, by a stray comma, a list of one."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    if isinstance(found, list) and found:
        found = found[0]
    return found if isinstance(found, dict) else {}
