import asyncio

import orjson
from starlette.types import Receive, Scope, Send

from service.answers import Answer, send_answer
from service.edge.body_limit import BodyLimit
from service.edge.identity import Identity
from tests.service.asgi_call import Call


async def swallow(_scope: Scope, receive: Receive, send: Send) -> None:
    """Read the whole body, and answer well whatever happens, as a framework may."""
    more = True
    while more:
        try:
            more = (await receive())["more_body"]
        except ValueError:
            break
    await send_answer(send, Answer(b"read"))


APP = Identity(BodyLimit(swallow, 10, {"/long": 20}))


def test_a_declared_length_is_refused_before_anything_is_read() -> None:
    async def run() -> Call:
        call = Call(APP, headers={"content-length": "11"})
        await call.task
        return call

    call = asyncio.run(run())

    assert (call.status, call.asked) == (413, 0)
    assert orjson.loads(call.body)["detail"] == "The body may hold 10 bytes on this path, not more."


def test_a_stream_is_cut_at_the_chunk_that_passes_the_limit() -> None:
    async def run() -> Call:
        call = Call(APP)
        for _ in range(100):  # a slow client that never ends
            call.feed(b"1234", more=True)
        await call.task
        return call

    call = asyncio.run(run())

    assert (call.status, call.asked) == (413, 3)
    assert len([m for m in call.sent if m["type"] == "http.response.start"]) == 1


def test_a_body_of_just_the_limit_is_read() -> None:
    async def run(path: str, length: int) -> int:
        call = Call(APP, path)
        call.feed(b"x" * length, more=False)
        await call.task
        return call.status

    assert asyncio.run(run("/short", 10)) == 200
    assert asyncio.run(run("/long", 20)) == 200
    assert asyncio.run(run("/short", 11)) == 413
    assert asyncio.run(run("/long", 21)) == 413


def test_a_length_of_thousands_of_digits_is_a_number_too() -> None:
    async def run(length: str) -> Call:
        call = Call(APP, headers={"content-length": length})
        call.feed(b"x", more=False)
        await call.task
        return call

    assert asyncio.run(run("0" * 5000 + "1")).status == 200
    assert asyncio.run(run("1" * 5000)).status == 413
