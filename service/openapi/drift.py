"""The operations on drift and alarms."""

from typing import Any, Final

from reasoned.drift.alarm_search import ALARMS
from reasoned.drift.alarms import MOST
from service.openapi.drift_examples import (
    ACKNOWLEDGEMENT_EXAMPLE,
    ALARM_EXAMPLE,
    ALARM_PAGE_EXAMPLE,
    DRIFT_EXAMPLE,
)
from service.openapi.operations import SCHEMA

Json = dict[str, Any]
_ERRORS: Final = (401, 403, 404, 421, 429, 500, 503)
_HEADER: Final[Json] = {"X-Request-ID": {"$ref": "#/components/headers/RequestId"}}
_NUMBER: Final[Json] = {
    "name": "number",
    "in": "path",
    "required": True,
    "description": "The number of the alarm.",
    "schema": {"type": "integer", "minimum": 1},
    "example": ALARM_EXAMPLE["number"],
}


def alarm_parameters() -> Json:
    """Describe what alarms are searched by."""
    limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": ALARMS}
    return {
        "model": (
            {"type": "string", "pattern": "^[0-9a-f]{6,64}$"},
            "The first digits of the model's digest.",
        ),
        "signal": (
            {"type": "string", "minLength": 1, "maxLength": 200},
            "The family of detectors that raised it, such as disagreement.",
        ),
        "acknowledged": ({"type": "boolean"}, "Whether somebody has seen it."),
        "limit": (limit, "How many at a time."),
        "cursor": ({"type": "string", "maxLength": 100}, "The cursor of the page before."),
    }


def drift_paths() -> Json:
    """Describe every path."""
    drift = "Where the drift detectors of the model stand, and how the last requests look."
    alarm = "One alarm, with decisions of the caller's tenant that show it."
    return {
        "/v1/drift": {"get": _get("drift", drift, _json("DriftRecord", DRIFT_EXAMPLE), (409,))},
        "/v1/drift.html": {
            "get": _get("driftPage", "The same as a page for people.", _page(), (409,))
        },
        "/v1/alarms": {"get": _alarms()},
        "/v1/alarms/{number}": {
            "parameters": [_NUMBER],
            "get": _get("alarm", alarm, _json("AlarmRecord", ALARM_EXAMPLE)),
        },
        "/v1/alarms/{number}.html": {
            "parameters": [_NUMBER],
            "get": _get("alarmPage", "One alarm as a page for people.", _page()),
        },
        "/v1/alarms/{number}/acknowledge": {"parameters": [_NUMBER], "post": _acknowledge()},
    }


def _alarms() -> Json:
    asked = [
        {"name": name, "in": "query", "schema": schema, "description": text}
        for name, (schema, text) in alarm_parameters().items()
    ]
    content = _json("AlarmPage", ALARM_PAGE_EXAMPLE)
    found = _get("alarms", "Find alarms, the newest first.", content, (422,))
    return {**found, "parameters": asked}


def _acknowledge() -> Json:
    summary = "Note that an alarm was seen; wants the scope admin, where there are keys."
    content = _json("AlarmRecord", ALARM_EXAMPLE)
    found = _get("acknowledgeAlarm", summary, content, (400, 413, 415, 422))
    given = _json("GivenAcknowledgement", ACKNOWLEDGEMENT_EXAMPLE)
    return {**found, "requestBody": {"required": False, "content": given}}


def _get(operation: str, summary: str, content: Json, more: tuple[int, ...] = ()) -> Json:
    statuses = sorted({*_ERRORS, *more})
    problems = {str(s): {"$ref": f"#/components/responses/Problem{s}"} for s in statuses}
    good = {"description": summary, "headers": _HEADER, "content": content}
    return {"operationId": operation, "summary": summary, "responses": {"200": good, **problems}}


def _json(model: str, example: Json) -> Json:
    schema = {"$ref": SCHEMA.format(model=model)}
    return {"application/json": {"schema": schema, "example": example}}


def _page() -> Json:
    return {"text/html": {"schema": {"type": "string"}}}
