import asyncio

import orjson
import pytest

from service.app import app
from service.settings import Settings
from tests.service.asgi_call import Call
from tests.service.brightness import BrightnessModel

JSON = {"content-type": "application/json"}


def test_busy_is_429_with_retry_after_and_health_goes_on() -> None:
    asgi = app.application(BrightnessModel(), Settings(most_in_flight=1))

    async def run() -> None:
        slow = Call(asgi, headers=JSON)
        slow.feed(b'{"pixels":', more=True)
        await slow.until_asked(2)

        refused = Call(asgi, headers=JSON)
        await refused.task
        assert (refused.status, refused.headers["retry-after"]) == (429, "1")
        assert refused.headers["content-type"] == "application/problem+json"
        assert "1 requests are under way" in orjson.loads(refused.body)["detail"]

        health = Call(asgi, "/livez", "GET")
        await health.task
        assert health.status == 200

        slow.feed(b"[[9]]}", more=False)
        await slow.task
        assert slow.status == 200

        after = Call(asgi, headers=JSON)
        after.feed(b'{"pixels": [[9]]}', more=False)
        await after.task
        assert after.status == 200

    asyncio.run(run())


@pytest.mark.parametrize("path", ["/v1/predict", "/v1/predict/batch"])
def test_a_client_that_leaves_gives_its_place_back(path: str) -> None:
    asgi = app.application(BrightnessModel(), Settings(most_in_flight=1))

    async def run() -> None:
        gone = Call(asgi, path, headers=JSON)
        gone.feed(b"{", more=True)
        gone.leave()
        await gone.task

        after = Call(asgi, headers=JSON)
        after.feed(b'{"pixels": [[9]]}', more=False)
        await after.task
        assert after.status == 200

    asyncio.run(run())
