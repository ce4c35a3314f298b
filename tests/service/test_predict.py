"""The two predicting routes: what good requests get."""

import asyncio
import base64
import json
import threading

import bentoml
import pytest
from starlette.testclient import TestClient

from reasoned.reply.schema import BatchReply, Reply
from service.app import ReasonedService, app
from service.settings import Settings
from tests.service.asgi_call import Call
from tests.service.brightness import BrightnessModel, encoded, png
from tests.service.problem_shape import check_problem

PREDICT, BATCH = "/v1/predict", "/v1/predict/batch"
JSON = {"content-type": "application/json"}


def text64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def without_id(reply: Reply | None) -> dict[str, object]:
    assert reply is not None
    return reply.model_dump(exclude={"id"})


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_three_formats_come_as_files(client: TestClient, kind: str) -> None:
    # The declared type is wrong on purpose: the bytes decide.
    response = client.post(PREDICT, files={"image": ("x", encoded(kind), "text/plain")})

    reply = Reply.model_validate_json(response.content)
    assert response.headers["content-type"] == "application/json"
    assert reply.prediction.label == "bright"


def test_the_same_image_gets_the_same_reply_in_every_form(client: TestClient) -> None:
    data = png(200, side=2)
    responses = [
        client.post(PREDICT, files={"image": data}),
        client.post(PREDICT, json={"image": text64(data)}),
        client.post(PREDICT, json={"pixels": [[200, 200], [200, 200]]}),
        client.post("/predict", json={"image_base64": text64(data)}),
    ]

    first, *others = (without_id(Reply.model_validate_json(r.content)) for r in responses)
    assert all(other == first for other in others)


def test_a_charset_in_the_content_type_is_fine(client: TestClient) -> None:
    headers = {"content-type": "Application/JSON; charset=utf-8"}

    assert client.post(PREDICT, content=b'{"pixels":[[1]]}', headers=headers).status_code == 200


def test_the_class_alone_has_no_explanation_and_no_examples(client: TestClient) -> None:
    response = client.post(f"{PREDICT}?explain=none", json={"pixels": [[9]]})

    found = response.json()
    assert found["explanation"] is None
    assert found["examples"] == []


def test_options_reach_the_model(client: TestClient) -> None:
    query = "methods=additive,meta_forest&neighbours=2&deadline_ms=250.5&explain=full"
    reply = Reply.model_validate_json(
        client.post(f"{PREDICT}?{query}", json={"pixels": [[9]]}).content
    )

    assert reply.explanation is not None
    assert reply.explanation.carrier == "additive"
    assert len(reply.examples) == 2


def test_bentomls_route_takes_its_options_from_the_body(client: TestClient) -> None:
    body = {"image_base64": text64(png()), "methods": ["additive"], "neighbours": 0}
    reply = Reply.model_validate_json(client.post("/predict", json=body).content)

    assert reply.explanation is not None
    assert reply.explanation.carrier == "additive"
    assert reply.examples == []


def test_a_batch_of_files_equals_single_calls(client: TestClient) -> None:
    images = [png(grey) for grey in (0, 90, 160, 255)]
    batch = BatchReply.model_validate_json(
        client.post(BATCH, files=[("image", data) for data in images]).content
    )
    singles = [client.post(PREDICT, files={"image": data}).content for data in images]

    assert [item.index for item in batch.results] == [0, 1, 2, 3]
    assert [without_id(item.reply) for item in batch.results] == [
        without_id(Reply.model_validate_json(single)) for single in singles
    ]


def test_a_bad_item_is_told_in_its_place_as_if_it_were_alone(client: TestClient) -> None:
    items = [{"image": text64(png())}, {"image": text64(encoded("GIF"))}, {"pixels": [[1, 2]]}, {}]
    batch = BatchReply.model_validate_json(client.post(BATCH, json={"images": items}).content)

    assert [item.problem and item.problem.status for item in batch.results] == [
        None,
        415,
        None,
        422,
    ]
    alone = check_problem(client.post(PREDICT, json=items[1]), 415)
    problem = batch.results[1].problem
    assert problem is not None
    assert problem.detail == alone.detail
    assert problem.request_id == f"{batch.id}-1"


def test_64_images_are_one_batch(client: TestClient) -> None:
    response = client.post(BATCH, json={"images": [{"pixels": [[7]]}] * 64})

    assert len(BatchReply.model_validate_json(response.content).results) == 64


def test_a_body_may_come_in_pieces() -> None:
    asgi = app.application(BrightnessModel(), Settings())

    async def run() -> bytes:
        call = Call(asgi, headers={"content-type": "multipart/form-data; boundary=b"})
        body = (
            b'--b\r\nContent-Disposition: form-data; name="image"; filename="x"\r\n\r\n'
            + png()
            + b"\r\n--b--\r\n"
        )
        for position in range(len(body)):
            call.feed(body[position : position + 1], more=True)
        call.feed(b"", more=False)
        await call.task
        return call.body

    assert Reply.model_validate_json(asyncio.run(run())).prediction.label == "bright"


def test_a_slow_model_leaves_the_loop_and_is_bounded() -> None:
    may_end, began = threading.Event(), threading.Event()

    def during() -> None:
        began.set()
        may_end.wait(10)

    model = BrightnessModel(request_ms=50.0, during=during)
    asgi = app.application(model, Settings(slots=1, queue=0))

    async def run() -> None:
        slow = Call(asgi, headers=JSON)
        slow.feed(b'{"pixels": [[9]]}', more=False)
        await asyncio.to_thread(began.wait)

        health = Call(asgi, "/livez", "GET")
        await health.task
        assert health.status == 200  # the loop is free

        refused = Call(asgi, BATCH, headers=JSON)
        refused.feed(b'{"images": [{"pixels": [[9]]}]}', more=False)
        await refused.task
        assert (refused.status, refused.headers["retry-after"]) == (429, "1")

        may_end.set()
        await slow.task
        assert slow.status == 200

    try:
        asyncio.run(run())
    finally:
        may_end.set()


def test_a_request_that_takes_too_long_is_504_and_keeps_its_slot() -> None:
    may_end = threading.Event()
    running: list[int] = []

    def during() -> None:
        running.append(1)
        may_end.wait(10)
        running.pop()

    brief = bentoml.service(
        name="brief",
        service_class=ReasonedService,
        traffic={"timeout": 0.2},
        metrics={"enabled": False},
    )(app.inner)
    asgi = brief.application(
        BrightnessModel(request_ms=50.0, during=during), Settings(slots=1, queue=0)
    )

    async def run() -> None:
        late = Call(asgi, headers=JSON)
        late.feed(b'{"pixels": [[9]]}', more=False)
        await late.task
        assert late.status == 504
        assert json.loads(late.body)["detail"] == "The request took longer than this server allows."
        assert len(running) == 1  # the work goes on

        refused = Call(asgi, headers=JSON)
        refused.feed(b'{"pixels": [[9]]}', more=False)
        await refused.task
        assert refused.status == 429

    try:
        asyncio.run(run())
    finally:
        may_end.set()


def test_a_failing_model_is_a_500_that_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def during() -> None:
        raise ZeroDivisionError("weights at /srv/secret")

    client = TestClient(
        app.application(BrightnessModel(during=during), Settings()), base_url="http://127.0.0.1"
    )

    problem = check_problem(client.post(PREDICT, json={"pixels": [[9]]}), 500)
    assert "secret" not in problem.model_dump_json()
    assert "/srv/secret" in caplog.text
    check_problem(client.post("/predict", json={"image_base64": text64(png())}), 500)
