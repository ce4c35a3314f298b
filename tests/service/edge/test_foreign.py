import orjson
import pytest
from starlette.types import Scope

from service.arrival import register
from service.edge.foreign import foreign_answer


@pytest.fixture
def scope() -> Scope:
    found: Scope = {"type": "http", "path": "/predict"}
    register(found)
    return found


# The bodies are what BentoML 1.4.39 answers.
@pytest.mark.parametrize(
    ("status", "body", "wanted", "detail"),
    [
        (404, b"Not Found", 404, "Nothing is served at this path"),
        (405, b"Method Not Allowed", 405, "does not take this method"),
        (429, b'{"error":"Too many requests"}', 429, "The server is busy"),
        (504, b'{"error":"Not able to process the request in 2 seconds"}', 504, "took longer"),
        (500, b'{"error":"An unexpected error"}', 500, "the reason under this request id"),
        (503, b"in /srv/secret", 503, "the reason under this request id"),
        (415, b'[{"error":"pickle is not allowed"}]', 415, "pickle is not allowed"),
        (418, b"<html>", 418, "I'm a Teapot."),
        (
            400,
            b'{"error":"1","detail":[{"type":"missing","loc":["a","b"],"msg":"Field required"}]}',
            422,
            "a.b: Field required",
        ),
        (
            400,
            b'{"error":"1","detail":[{"type":"json_invalid","loc":[],"msg":"Invalid JSON"}]}',
            400,
            "Invalid JSON",
        ),
        (400, b"[]", 400, "Bad Request."),
    ],
)
def test_what_bentoml_says_becomes_a_problem(
    scope: Scope, status: int, body: bytes, wanted: int, detail: str
) -> None:
    answer = foreign_answer(scope, status, body, [])

    assert answer.status == wanted
    assert detail in orjson.loads(answer.body)["detail"]


def test_busy_says_when_to_come_again(scope: Scope) -> None:
    answer = foreign_answer(scope, 429, b"", [(b"x-kept", b"1")])

    assert (b"retry-after", b"1") in answer.headers
    assert (b"x-kept", b"1") in answer.headers
