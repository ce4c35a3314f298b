"""The paths that withhold training images."""

from typing import Any, Final

from service.openapi.operations import SCHEMA

Json = dict[str, Any]
_EXAMPLE: Final = "train-40291"
_PARAMETER: Final[Json] = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": {"type": "string"},
    "example": _EXAMPLE,
}
_ERRORS: Final = (401, 403, 404, 421, 429, 500, 503)


def opt_out_paths() -> Json:
    """Describe the paths; all want a key with the scope `admin`, where there are keys."""
    state = "Whether one training image is withheld."
    withheld = "Withhold one training image, here at once and everywhere within a second."
    restored = "Show one training image again."
    given = {"application/json": {"schema": {"$ref": SCHEMA.format(model="GivenOptOut")}}}
    put = _operation("withholdExample", withheld, (400, *_ERRORS, 409, 413, 415, 422))
    put["requestBody"] = {"required": False, "content": given}
    put["responses"]["201"] = {**put["responses"]["200"], "description": "It is withheld now."}
    return {
        "/v1/opt-out": {
            "get": _operation(
                "optOuts", "All training images that are withheld.", _ERRORS, "OptOutRecords"
            )
        },
        "/v1/opt-out/{id}": {
            "parameters": [_PARAMETER],
            "get": _operation("optOut", state, _ERRORS),
            "put": put,
            "delete": _operation("restoreExample", restored, (*_ERRORS, 409)),
        },
    }


def _operation(
    name: str, summary: str, errors: tuple[int, ...], model: str = "OptOutRecord"
) -> Json:
    content = {"application/json": {"schema": {"$ref": SCHEMA.format(model=model)}}}
    good = {
        "description": summary,
        "headers": {"X-Request-ID": {"$ref": "#/components/headers/RequestId"}},
        "content": content,
    }
    problems = {str(s): {"$ref": f"#/components/responses/Problem{s}"} for s in sorted(errors)}
    return {"operationId": name, "summary": summary, "responses": {"200": good, **problems}}
