"""The operations on what was answered before."""

from typing import Any, Final

from reasoned.ledger.query import MOST_ROWS, ROWS
from service.openapi.operations import SCHEMA
from service.openapi.recorded_examples import (
    FEEDBACK_EXAMPLE,
    GIVEN_EXAMPLE,
    PAGE_EXAMPLE,
    RECORD_EXAMPLE,
)

Json = dict[str, Any]
_TEXT: Final[Json] = {"type": "string", "minLength": 1, "maxLength": 200}
_TIME: Final[Json] = {"type": "string", "format": "date-time"}
_LIMIT: Final[Json] = {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": ROWS}
_CITED: Final = (
    "What the explanation went through or shows, as KIND=KEY: a leaf, polytope, attribute, "
    "component, cluster or example."
)
_SAID: Final = (
    "Whether the newest label that was given is another than the network's (wrong) or the same "
    "(right), whether there is any feedback, or none."
)
_ERRORS: Final = (401, 403, 404, 421, 429, 500, 503)
_HEADER: Final[Json] = {"X-Request-ID": {"$ref": "#/components/headers/RequestId"}}
_ID: Final[Json] = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "The reply's id; or the X-Request-ID that the client sent, whose newest counts.",
    "schema": {"type": "string"},
    "example": RECORD_EXAMPLE["id"],
}
_EXAMPLE: Final[Json] = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "The id of a training image.",
    "schema": {"type": "string"},
    "example": "train-40291",
}


def query_parameters() -> Json:
    """Describe what decisions are searched by."""
    return {
        "model": (
            {"type": "string", "pattern": "^[0-9a-f]{6,64}$"},
            "The first digits of the model's digest.",
        ),
        "class": (_TEXT, "The network's class."),
        "status": (
            {"enum": ["supported", "weak", "out_of_support"]},
            "The explanation's status.",
        ),
        "agrees": ({"type": "boolean"}, "Whether the first choice names the network's class."),
        "carrier": (_TEXT, "The method that carries the network's class."),
        "first": (_TEXT, "The method of first choice."),
        "from": (_TIME, "Answered at this time or later."),
        "to": (_TIME, "Answered before this time."),
        "cited": (
            {"type": "string", "pattern": "^[^=]+=.+$", "examples": ["example=train-40291"]},
            _CITED,
        ),
        "image_sha256": (
            {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "The digest of the image as it came.",
        ),
        "feedback": (
            {"enum": ["wrong", "right", "any", "none"]},
            _SAID,
        ),
        "client_id": (_TEXT, "The X-Request-ID that the client sent."),
        "limit": (_LIMIT, "How many at a time."),
        "cursor": ({"type": "string", "maxLength": 200}, "The cursor of the page before."),
    }


def recorded_paths() -> Json:
    """Describe every path."""
    search = "Find decisions, the newest first."
    shown = "Find the decisions that showed a training image, the newest first."
    return {
        "/v1/explanations": {"get": _search("searchExplanations", search, [])},
        "/v1/examples/{id}/decisions": {"get": _search("exampleDecisions", shown, [_EXAMPLE])},
        "/v1/explanations/{id}": {
            "get": {
                "operationId": "explanation",
                "summary": "One decision, with the reply as it was given.",
                "parameters": [_ID],
                "responses": {
                    "200": _good("The decision.", "WholeRecord", RECORD_EXAMPLE),
                    **_problems(_ERRORS),
                },
            }
        },
        "/v1/explanations/{id}.html": {"get": _page()},
        "/v1/explanations/{id}/image": {"get": _image()},
        "/v1/explanations/{id}/feedback": {"post": _feedback()},
    }


def _search(operation: str, summary: str, parameters: list[Json]) -> Json:
    asked = [
        {"name": name, "in": "query", "schema": schema, "description": text}
        for name, (schema, text) in query_parameters().items()
        if not (parameters and name == "cited")
    ]
    return {
        "operationId": operation,
        "summary": summary,
        "parameters": [*parameters, *asked],
        "responses": {
            "200": _good("Some decisions.", "RecordPage", PAGE_EXAMPLE),
            **_problems((*_ERRORS, 422)),
        },
    }


def _page() -> Json:
    return {
        "operationId": "explanationPage",
        "summary": "One decision as a page that needs nothing else: its pictures are inside it.",
        "parameters": [_ID],
        "responses": {
            "200": {
                "description": "The page.",
                "headers": _HEADER,
                "content": {"text/html": {"schema": {"type": "string"}}},
            },
            **_problems(_ERRORS),
        },
    }


def _image() -> Json:
    picture: Json = {"schema": {}}
    kinds = ("image/png", "image/jpeg", "image/webp", "application/octet-stream")
    return {
        "operationId": "explanationImage",
        "summary": "What is kept of the image: the file, a thumbnail, or its pixels as .npy.",
        "parameters": [_ID],
        "responses": {
            "200": {
                "description": "The image.",
                "headers": _HEADER,
                "content": dict.fromkeys(kinds, picture),
            },
            **_problems(_ERRORS),
        },
    }


def _feedback() -> Json:
    schema = {"$ref": SCHEMA.format(model="GivenFeedback")}
    return {
        "operationId": "giveFeedback",
        "summary": "Say what was right, or whether the explanation was of use.",
        "parameters": [_ID],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": schema, "example": GIVEN_EXAMPLE}},
        },
        "responses": {
            "201": _good("What was written.", "FeedbackRecord", FEEDBACK_EXAMPLE),
            **_problems((400, *_ERRORS, 409, 413, 415, 422)),
        },
    }


def _good(description: str, model: str, example: Json) -> Json:
    schema = {"$ref": SCHEMA.format(model=model)}
    return {
        "description": description,
        "headers": _HEADER,
        "content": {"application/json": {"schema": schema, "example": example}},
    }


def _problems(statuses: tuple[int, ...]) -> Json:
    return {str(s): {"$ref": f"#/components/responses/Problem{s}"} for s in sorted(statuses)}
