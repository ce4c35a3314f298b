"""What the operations read: options, and the schemas of request bodies."""

from typing import Any, Final

from reasoned.reply.options import MOST_NEIGHBOURS
from service.json_body import MOST_IMAGES

Json = dict[str, Any]


def parameters() -> Json:
    """Describe the query parameters of both predicting operations."""
    return {
        "explain": _query(
            "explain",
            {"enum": ["none", "trace", "full"], "default": "trace"},
            "none: the class only; trace: the first choice and the nearest examples; "
            "full: every packaged method.",
        ),
        "methods": _query(
            "methods",
            {"type": "string"},
            "The methods to run, by name and comma separated; the card lists them.",
        ),
        "neighbours": _query(
            "neighbours",
            {"type": "integer", "minimum": 0, "maximum": MOST_NEIGHBOURS, "default": 5},
            "How many representative examples.",
        ),
        "deadline_ms": _query(
            "deadline_ms",
            {"type": "number", "exclusiveMinimum": 0},
            "Milliseconds after which no further step is begun; the class always comes back.",
        ),
    }


def _query(name: str, schema: Json, description: str) -> Json:
    return {"name": name, "in": "query", "schema": schema, "description": description}


_BINARY: Final[Json] = {"type": "string", "contentMediaType": "application/octet-stream"}


def _object(properties: Json, required: list[str]) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _form(field: Json) -> Json:
    return _object({"image": field}, ["image"])


_PIXEL: Final[Json] = {"type": "integer", "minimum": 0, "maximum": 255}
_CELL: Final[Json] = {"oneOf": [_PIXEL, {"type": "array", "items": _PIXEL}]}
_ROW: Final[Json] = {"type": "array", "items": _CELL, "minItems": 1}
_ONE_IMAGE: Final[Json] = {
    "oneOf": [
        _object({"image": {"type": "string", "contentEncoding": "base64"}}, ["image"]),
        _object({"pixels": {"type": "array", "items": _ROW, "minItems": 1}}, ["pixels"]),
    ]
}
_MANY: Final[Json] = {"type": "array", "minItems": 1, "maxItems": MOST_IMAGES}

ONE_IMAGE_CONTENT: Final[Json] = {
    "multipart/form-data": {"schema": _form(_BINARY)},
    "application/json": {
        "schema": _ONE_IMAGE,
        "examples": {
            "image": {"value": {"image": "iVBORw0KGgo="}},
            "pixels": {"value": {"pixels": [[0, 255], [255, 0]]}},
        },
    },
}
MANY_IMAGES_CONTENT: Final[Json] = {
    "multipart/form-data": {"schema": _form({**_MANY, "items": _BINARY})},
    "application/json": {"schema": _object({"images": {**_MANY, "items": _ONE_IMAGE}}, ["images"])},
}
CLIENT_CONTENT: Final[Json] = {
    "application/json": {
        "schema": _object(
            {
                "image_base64": {"type": "string", "contentEncoding": "base64"},
                "explain": {"enum": ["none", "trace", "full"], "default": "trace"},
                "methods": {"type": ["array", "null"], "items": {"type": "string"}},
                "neighbours": {"type": "integer", "minimum": 0, "maximum": MOST_NEIGHBOURS},
                "deadline_ms": {"type": ["number", "null"], "exclusiveMinimum": 0},
            },
            ["image_base64"],
        )
    }
}
