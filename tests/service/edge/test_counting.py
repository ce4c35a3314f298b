import asyncio

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from service.answers import Answer, send_answer
from service.arrival import Arrival
from service.edge.counting import Counting
from service.edge.identity import Identity
from service.edge.templates import UNMATCHED, Templates
from service.finished import Finished
from service.metrics.part import Part
from tests.service.asgi_call import Call

PARENT = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"


class Heard:
    def __init__(self) -> None:
        self.begun: list[Arrival] = []
        self.over: list[Finished] = []

    def begin(self, arrival: Arrival) -> None:
        self.begun.append(arrival)

    def parts(self, arrival: Arrival) -> tuple[Part, ...]:
        assert arrival == self.begun[-1]
        return ()

    def finish(self, finished: Finished) -> None:
        self.over.append(finished)


async def teapot(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send_answer(send, Answer(b"", status=418))


async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise OSError("broken")


async def waits(_scope: Scope, receive: Receive, _send: Send) -> None:
    await receive()


def heard(app: ASGIApp, method: str = "GET", path: str = "/a/1") -> Heard:
    found = Heard()

    async def run() -> None:
        counting = Counting(app, Templates(["/a/{id}"]), found)
        call = Call(Identity(counting), path, method, {"traceparent": PARENT})
        await call.until_asked(1 if app is waits else 0)
        if app is waits:
            call.task.cancel()
        await asyncio.wait([call.task])
        if app is broken:
            with pytest.raises(OSError, match="broken"):
                call.task.result()

    asyncio.run(run())
    return found


@pytest.mark.parametrize(
    ("app", "status"),
    [(teapot, 418), (broken, 500), (waits, 499)],
    ids=["answered", "broken", "given up"],
)
def test_every_end_is_heard_of_once(app: ASGIApp, status: int) -> None:
    found = heard(app)

    assert [finished.status for finished in found.over] == [status]
    assert [finished.arrival for finished in found.over] == found.begun
    assert found.over[0].route == "/a/{id}"
    assert 0 <= found.over[0].seconds < 60
    assert found.over[0].parent is not None


@pytest.mark.parametrize(("method", "shown"), [("GET", "GET"), ("BREW", "other")])
def test_a_strange_method_is_not_repeated(method: str, shown: str) -> None:
    assert heard(teapot, method).over[0].method == shown


def test_a_strange_path_is_not_repeated() -> None:
    assert heard(teapot, path="/b").over[0].route == UNMATCHED


def test_what_is_no_request_passes() -> None:
    seen = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    async def nothing(*_: object) -> None:
        raise AssertionError("nothing is received or sent")

    found = Heard()
    asyncio.run(Counting(app, Templates([]), found)({"type": "lifespan"}, nothing, nothing))  # type: ignore[arg-type]  # never called

    assert seen == ["lifespan"]
    assert not found.begun
