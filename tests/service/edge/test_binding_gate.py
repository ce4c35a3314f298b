import asyncio
import signal
from types import FrameType

import orjson
import pytest
from starlette.types import Message, Receive, Scope, Send

from service.answers import Answer, send_answer
from service.edge.binding_gate import BindingGate, Listeners
from service.edge.identity import Identity
from tests.service.asgi_call import Call
from tests.service.live_server import EVERYWHERE


async def fine(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send_answer(send, Answer(b"fine"))


def listening_at(*hosts: str) -> Listeners:
    return lambda: hosts


async def live(_scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()


def status_behind(listeners: Listeners) -> tuple[int, str]:
    async def run() -> Call:
        call = Call(Identity(BindingGate(fine, listeners)))
        await call.task
        return call

    call = asyncio.run(run())
    return call.status, call.body.decode()


def start(listeners: Listeners) -> Message:
    async def run() -> Message:
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "lifespan.startup" if not sent else "lifespan.shutdown"}

        async def send(message: Message) -> None:
            sent.append(message)

        await BindingGate(live, listeners)({"type": "lifespan"}, receive, send)
        return sent[0]

    return asyncio.run(run())


def test_loopback_is_served() -> None:
    assert status_behind(listening_at("127.0.0.1")) == (200, "fine")


@pytest.mark.parametrize("listeners", [listening_at(EVERYWHERE, "127.0.0.1"), lambda: None])
def test_what_is_open_or_unknown_is_not_served(listeners: Listeners) -> None:
    status, body = status_behind(listeners)

    assert status == 503
    assert "bind to 127.0.0.1" in orjson.loads(body)["detail"]


def test_a_request_that_came_in_elsewhere_is_not_served() -> None:
    # The listeners cannot always be seen, but each request says where it came in.
    async def run(server: tuple[str, int] | None) -> int:
        gate = Identity(BindingGate(fine, listening_at("127.0.0.1")))

        async def moved(scope: Scope, receive: Receive, send: Send) -> None:
            await gate({**scope, "server": server}, receive, send)

        call = Call(moved)
        await call.task
        return call.status

    assert asyncio.run(run(("10.0.0.5", 80))) == 503
    assert asyncio.run(run(None)) == 503
    assert asyncio.run(run(("::1", 80))) == 200


def test_a_start_on_loopback_goes_through() -> None:
    assert start(listening_at("127.0.0.1"))["type"] == "lifespan.startup.complete"


def test_a_start_beyond_loopback_fails_with_the_reason() -> None:
    message = start(listening_at(EVERYWHERE))

    assert message["type"] == "lifespan.startup.failed"
    assert "would listen on 0.0.0.0, beyond loopback, without API keys" in message["message"]


def test_a_server_that_binds_after_the_start_is_stopped() -> None:
    hosts: list[str] = []
    caught: list[int] = []
    stopped = asyncio.Event()

    def note(number: int, _frame: FrameType | None) -> None:
        caught.append(number)
        stopped.set()

    async def run() -> None:
        messages: asyncio.Queue[Message] = asyncio.Queue()
        messages.put_nowait({"type": "lifespan.startup"})

        async def send(_message: Message) -> None:
            hosts.append(EVERYWHERE)  # as uvicorn does, once the application is up

        gate = BindingGate(live, lambda: tuple(hosts))
        task = asyncio.create_task(gate({"type": "lifespan"}, messages.get, send))
        await stopped.wait()
        messages.put_nowait({"type": "lifespan.shutdown"})
        await task

    before = signal.signal(signal.SIGTERM, note)
    try:
        asyncio.run(run())
    finally:
        signal.signal(signal.SIGTERM, before)

    assert caught == [signal.SIGTERM]


def called(name: str) -> int:
    async def run() -> Call:
        gate = Identity(BindingGate(fine, listening_at("127.0.0.1")))
        call = Call(gate, headers={"host": name})
        await call.task
        return call

    return asyncio.run(run()).status


@pytest.mark.parametrize("name", ["localhost:3000", "127.0.0.1", "127.9.9.9:1", "[::1]:3000"])
def test_it_answers_to_names_of_this_machine(name: str) -> None:
    assert called(name) == 200


@pytest.mark.parametrize("name", ["evil.example", "localhost.evil.example:3000", "10.0.0.1", ""])
def test_it_does_not_answer_to_names_of_others(name: str) -> None:
    assert called(name) == 421
