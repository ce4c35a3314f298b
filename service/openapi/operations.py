"""What each path does and how it answers."""

from typing import Any, Final

from service.openapi.examples import BATCH_EXAMPLE, PROBLEM_EXAMPLE, REPLY_EXAMPLE
from service.openapi.inputs import (
    CLIENT_CONTENT,
    MANY_IMAGES_CONTENT,
    ONE_IMAGE_CONTENT,
    parameters,
)

Json = dict[str, Any]
SCHEMA: Final = "#/components/schemas/{model}"
_ERRORS: Final[dict[int, str]] = {
    400: "The body is not what its content type says, or the image is broken.",
    401: "No API key came, or none that is known. Only where the service has keys.",
    403: "The key is known, and lacks the scope that this path wants. Only where there are keys.",
    404: "There is no such path, or the model has no such thing.",
    405: "The path does not take this method.",
    409: "It cannot be done as this service is set up; the answer says how it can.",
    413: "The body or the image is larger than is read here.",
    415: "The body's content type, or the image's format by its bytes, is not taken.",
    421: "The service has no API keys, and was called by the name of another machine.",
    422: "The options, or the fields of the JSON or of the form, are not as documented.",
    429: "The server is busy, or the key has asked too often; Retry-After says when to come again.",
    500: "The server failed; the log has the reason under the request id.",
    503: "The service is reachable from outside without API keys, and does not serve.",
    504: "The request took longer than the server allows.",
}
_POST_ERRORS: Final = (400, 401, 403, 413, 415, 421, 422, 429, 500, 503, 504)
_GET_ERRORS: Final = (401, 403, 404, 421, 429, 500, 503)


_REQUEST_ID: Final[Json] = {
    "description": "The client's own id if it sent a sane one, else the server's.",
    "schema": {"type": "string"},
}
_ID_HEADER: Final[Json] = {"X-Request-ID": {"$ref": "#/components/headers/RequestId"}}


def paths() -> Json:
    """Describe every path."""
    return {
        "/v1/predict": {
            "post": _post(
                "predict", "Classify one image, with reasons.", ONE_IMAGE_CONTENT, "Reply"
            )
        },
        "/v1/predict/batch": {
            "post": _post(
                "predictBatch",
                "Classify many images; each result equals that of a single call, its id aside.",
                MANY_IMAGES_CONTENT,
                "BatchReply",
            )
        },
        "/predict": {"post": _client_predict()},
        "/v1/model": {"get": _get("modelCard", "The model's card.", "application/json")},
        "/v1/model/tree.svg": {
            "get": _get("modelTree", "The whole tree as a picture.", "image/svg+xml")
        },
        "/v1/examples/{id}.png": {"get": _thumbnail()},
        "/v1/regions/{method}/{region}.png": {"get": _region_picture()},
        "/openapi.json": {"get": _get("openApi", "This document.", "application/json")},
        "/metrics": {"get": _metrics()},
        "/livez": {"get": _health("live", "The process lives.")},
        "/readyz": {"get": _health("ready", "The model is loaded.")},
    }


def responses() -> Json:
    """Describe the error answers, by status."""
    return {f"Problem{status}": _problem(status) for status in _ERRORS}


def headers() -> Json:
    """Describe the headers that every answer has."""
    return {"RequestId": _REQUEST_ID}


def _post(operation: str, summary: str, content: Json, reply: str) -> Json:
    example = {"Reply": REPLY_EXAMPLE, "BatchReply": BATCH_EXAMPLE}[reply]
    schema = {"$ref": SCHEMA.format(model=reply)}
    good = {
        "description": "The answer.",
        "headers": _ID_HEADER,
        "content": {"application/json": {"schema": schema, "example": example}},
    }
    return {
        "operationId": operation,
        "summary": summary,
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in parameters()],
        "requestBody": {"required": True, "content": content},
        "responses": {"200": good, **_problems(_POST_ERRORS)},
    }


def _client_predict() -> Json:
    summary = "The same as /v1/predict, with every option in the body, for BentoML's client."
    operation = _post("clientPredict", summary, CLIENT_CONTENT, "Reply")
    return {key: value for key, value in operation.items() if key != "parameters"}


def _get(operation: str, summary: str, content_type: str) -> Json:
    schema: Json = {"type": "object"} if content_type == "application/json" else {}
    good = {
        "description": summary,
        "headers": _ID_HEADER,
        "content": {content_type: {"schema": schema}},
    }
    known = {"description": "The client's copy, named by If-None-Match, is still right."}
    return {
        "operationId": operation,
        "summary": summary,
        "responses": {"200": good, "304": known, **_problems(_GET_ERRORS)},
    }


def _thumbnail() -> Json:
    operation = _get("example", "The thumbnail of a representative example.", "image/png")
    return {**operation, "parameters": [_in_path("id", "train-40291")]}


def _region_picture() -> Json:
    summary = "Training images that show what a region means, and more of each below it."
    operation = _get("regionPicture", summary, "image/png")
    parameters = [_in_path("method", "representative"), _in_path("region", "polytope-7")]
    return {**operation, "parameters": parameters}


def _in_path(name: str, example: str) -> Json:
    schema = {"type": "string"}
    return {"name": name, "in": "path", "required": True, "schema": schema, "example": example}


def _health(operation: str, meaning: str) -> Json:
    good = {"description": meaning, "headers": _ID_HEADER}
    return {
        "operationId": operation,
        "summary": meaning,
        "security": [{}],
        "responses": {"200": good, **_problems((500,))},
    }


def _metrics() -> Json:
    text: Json = {"schema": {"type": "string"}}
    good = {
        "description": "Every metric of all workers.",
        "headers": _ID_HEADER,
        "content": {"text/plain": text, "application/openmetrics-text": text},
    }
    return {
        "operationId": "metrics",
        "summary": "What Prometheus reads, as text or OpenMetrics by the header Accept.",
        "responses": {"200": good, **_problems((401, 403, 421, 429, 500, 503))},
    }


def _problems(statuses: tuple[int, ...]) -> Json:
    return {str(s): {"$ref": f"#/components/responses/Problem{s}"} for s in statuses}


def _problem(status: int) -> Json:
    schema = {"$ref": SCHEMA.format(model="Problem")}
    content: Json = {"schema": schema}
    if status == PROBLEM_EXAMPLE["status"]:
        content["example"] = PROBLEM_EXAMPLE
    return {
        "description": _ERRORS[status],
        "headers": _ID_HEADER,
        "content": {"application/problem+json": content},
    }
