"""The document as a whole."""

import functools
from typing import Any, Final

import orjson
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from reasoned.drift.records import AlarmPage, AlarmRecord, DriftRecord, GivenAcknowledgement
from reasoned.ledger.feedback import GivenFeedback
from reasoned.ledger.records import FeedbackRecord, RecordPage, WholeRecord
from reasoned.reply.schema import BatchReply, Problem, Reply
from service.openapi.drift import drift_paths
from service.openapi.inputs import parameters
from service.openapi.operations import SCHEMA, headers, paths, responses
from service.openapi.opt_out import opt_out_paths
from service.openapi.recorded import recorded_paths
from service.opt_out_records import GivenOptOut, OptOutRecord, OptOutRecords

_KEYS: Final[list[dict[str, list[str]]]] = [{}, {"bearer": []}, {"header": []}]


@functools.cache
def openapi_bytes() -> bytes:
    """Give the document as it is served and as it is frozen in ``docs/openapi.json``."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(_document(), option=options)


def _document() -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "reasoned",
            "version": "1",
            "summary": "Image classification whose every reply carries its reasons.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": _KEYS,
        "paths": _paths(),
        "components": {
            "schemas": _schemas(),
            "parameters": parameters(),
            "responses": responses(),
            "headers": headers(),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "basic": {
                    "type": "http",
                    "scheme": "basic",
                    "description": "For browsers, GET and HEAD: any user, the key as password.",
                },
                "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
            },
        },
    }


def _paths() -> dict[str, Any]:
    """Collect every path; what is only read opens by HTTP Basic too."""
    found = {**paths(), **recorded_paths(), **drift_paths(), **opt_out_paths()}
    only_read = [methods["get"] for methods in found.values() if "get" in methods]
    for operation in only_read:
        operation.setdefault("security", [*_KEYS, {"basic": []}])
    return found


def _schemas() -> dict[str, Any]:
    mode: JsonSchemaMode = "serialization"
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]]
    wanted = [(Reply, mode), (BatchReply, mode), (Problem, mode)]
    wanted += [(WholeRecord, mode), (RecordPage, mode), (FeedbackRecord, mode)]
    wanted.append((GivenFeedback, "validation"))
    wanted += [(DriftRecord, mode), (AlarmRecord, mode), (AlarmPage, mode)]
    wanted.append((GivenAcknowledgement, "validation"))
    wanted += [(OptOutRecord, mode), (OptOutRecords, mode), (GivenOptOut, "validation")]
    _, schemas = models_json_schema(wanted, ref_template=SCHEMA)
    return dict(schemas["$defs"])
