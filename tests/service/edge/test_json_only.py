import asyncio

import orjson
import pytest
from starlette.types import Receive, Scope, Send

from service.answers import Answer, send_answer
from service.edge.identity import Identity
from service.edge.json_only import JsonOnly
from tests.service.asgi_call import Call


async def fine(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send_answer(send, Answer(b"read"))


APP = Identity(JsonOnly(fine))


def called(path: str, kind: str | None) -> Call:
    async def run() -> Call:
        call = Call(APP, path, headers={} if kind is None else {"content-type": kind})
        await call.task
        return call

    return asyncio.run(run())


@pytest.mark.parametrize("kind", [None, "application/json", "Application/JSON; charset=utf-8"])
def test_json_passes(kind: str | None) -> None:
    assert called("/predict", kind).status == 200


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "multipart/form-data",
        "multipart/form-data; boundary=b",
        "application/x-www-form-urlencoded",
        "application/vnd.bentoml+pickle",
        "application/jsonl",
    ],
)
def test_nothing_else_does(kind: str) -> None:
    call = called("/predict", kind)

    assert call.status == 415
    assert orjson.loads(call.body)["detail"].startswith("the body must be application/json")


def test_other_paths_choose_for_themselves() -> None:
    assert called("/v1/predict", "multipart/form-data; boundary=b").status == 200
