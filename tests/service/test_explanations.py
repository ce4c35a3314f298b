"""What was answered before, over HTTP."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, final

import numpy as np
import pytest
from sqlalchemy import update
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from reasoned.ledger.decision import Kept
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.reading import read
from reasoned.ledger.records import RecordPage, WholeRecord
from reasoned.ledger.tables import DECISION
from reasoned.reply.disclosure import Disclosure, Mode
from reasoned.reply.options import DEFAULT
from service.arrival import assign, register
from service.desk import Desk
from service.routes import versioned_routes
from service.settings import Settings
from service.shelf import Shelf, hindsight_of, reading_pool
from tests.reasoned.ledger.recorded import decision
from tests.service.brightness import BrightnessModel, png

MODEL = "ab" * 32  # the model of `decision`


@final
class Arriving:
    """What the edge does: names the request, and says whose it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        register(scope)
        sent = dict(scope["headers"])
        assign(scope, sent.get(b"x-tenant", b"acme").decode())
        await self._app(scope, receive, send)


def opened(shelf: Shelf) -> TestClient:
    desk = Desk.open(BrightnessModel(), Settings())
    return TestClient(Arriving(versioned_routes(desk, shelf)), base_url="http://127.0.0.1")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    found = Ledger.open(str(tmp_path / "ledger.sqlite3"))
    yield found
    found.close()


@pytest.fixture
def shelf(ledger: Ledger) -> Shelf:
    return Shelf(ledger, reading_pool(), model=MODEL, classes=("cat", "dog"))


@pytest.fixture
def asked(shelf: Shelf) -> TestClient:
    return opened(shelf)


def disclosing(shelf: Shelf, disclosure: Disclosure) -> Shelf:
    """Serve it from now on with a model that discloses so much."""
    now = BrightnessModel(disclosure=disclosure)
    return dataclasses.replace(shelf, hindsight=lambda: hindsight_of(now))


def ids(body: dict[str, Any]) -> list[str]:
    return [item["id"] for item in body["items"]]


def test_one_decision_comes_whole(ledger: Ledger, asked: TestClient) -> None:
    reply = b'{"id": "7", "prediction":{"label":"cat"}}'
    ledger.write([decision(1, reply=reply, kept=Kept("thumbnail", png()), client_id="order-17")])

    found = asked.get(f"/explanations/{decision(1).id}")

    assert found.status_code == 200
    assert reply in found.content  # as it was given, byte for byte
    record = found.json()
    assert record["at"] == "2023-11-14T22:13:21Z"
    assert record["prediction"] == {"label": "cat", "index": 1, "probability": 0.1 + 0.2}
    assert record["cited"] == [
        {"kind": "leaf", "key": "leaf-1"},
        {"kind": "example", "key": "train-1"},
    ]
    assert record["microseconds"] == {"decode": 1, "infer": 2, "neighbours": 3, "explain": 4}
    assert record["kept"] == "thumbnail"
    assert "nearest" not in record  # which a reply may show rounded only
    WholeRecord.model_validate(record | {"reply": None})
    assert asked.get("/explanations/order-17").content == found.content


def test_a_decision_without_a_reply_says_so(ledger: Ledger, asked: TestClient) -> None:
    ledger.write([decision(1, reply=None)])

    record = asked.get(f"/explanations/{decision(1).id}").json()

    assert record["reply"] is None
    assert record["kept"] is None


def test_a_decision_is_found_that_is_still_to_be_written(ledger: Ledger, shelf: Shelf) -> None:
    late = dataclasses.replace(shelf, flushed=lambda: ledger.write([decision(1)]))

    assert opened(late).get(f"/explanations/{decision(1).id}").status_code == 200


@pytest.mark.parametrize("path", ["", "/image", "/feedback"])
def test_no_tenant_learns_of_anothers(ledger: Ledger, asked: TestClient, path: str) -> None:
    ledger.write([decision(1, kept=Kept("image", png()))])
    method, body = ("POST", {"useful": True}) if path == "/feedback" else ("GET", None)
    other = {"x-tenant": "other"}

    theirs, nobodys = (
        asked.request(method, f"/explanations/{decision(n).id}{path}", json=body, headers=other)
        for n in (1, 2)
    )

    assert [found.status_code for found in (theirs, nobodys)] == [404, 404]
    assert theirs.json()["detail"] == f"The ledger has no explanation '{decision(1).id}'."
    assert asked.get("/explanations", headers={"x-tenant": "other"}).json()["items"] == []


def test_decisions_are_searched_a_page_at_a_time(ledger: Ledger, asked: TestClient) -> None:
    ledger.write([decision(n, label="cat" if n % 2 else "dog") for n in range(6)])

    first = asked.get("/explanations", params={"class": "cat", "limit": 2}).json()
    then = asked.get("/explanations", params={"class": "cat", "cursor": first["cursor"]}).json()

    RecordPage.model_validate_json(json.dumps(first))
    assert ids(first) == [decision(5).id, decision(3).id]
    assert ids(then) == [decision(1).id]
    assert then["cursor"] is None


def test_an_example_is_looked_up_the_other_way_round(ledger: Ledger, asked: TestClient) -> None:
    other = (("example", "train-2"),)
    ledger.write([decision(1), decision(2, cited=other), decision(3, label="dog")])

    assert ids(asked.get("/examples/train-1/decisions").json()) == [decision(3).id, decision(1).id]
    assert ids(asked.get("/examples/train-1/decisions?class=dog").json()) == [decision(3).id]
    found = asked.get("/examples/train-1/decisions?cited=leaf=leaf-1")
    assert found.status_code == 422
    assert found.json()["detail"].startswith("cited: the path says it")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("classes=cat", "'classes' is no parameter; there are model, class"),
        ("tenant=other", "'tenant' is no parameter"),
        ("limit=1&limit=2", "limit must be given once, not twice"),
        ("limit=many", "limit: Input should be a valid integer"),
        ("cursor=abc", "cursor: wanted the cursor of an earlier page"),
        ("class=%ff", "the query must be percent-encoded UTF-8"),
        ("class=" + "a" * 1100, "the query may hold 1024 bytes"),
    ],
)
def test_a_wrong_parameter_is_named(asked: TestClient, query: str, said: str) -> None:
    found = asked.get(f"/explanations?{query}")

    assert found.status_code == 422
    assert found.json()["type"] == "urn:reasoned:problem:options"
    assert found.json()["detail"].startswith(said)


def test_withheld_images_are_named_nowhere(ledger: Ledger, shelf: Shelf) -> None:
    cited = (("leaf", "train-9"), ("example", "train-9"), ("example", "train-1"))
    ledger.write([decision(1, cited=cited, reply=b'{"id":"?","examples":["train-9"]}')])
    asked = opened(disclosing(shelf, Disclosure(withheld=frozenset({"train-9"}))))

    whole = asked.get(f"/explanations/{decision(1).id}").json()
    page = asked.get("/explanations").json()

    left = [{"kind": "leaf", "key": "train-9"}, {"kind": "example", "key": "train-1"}]
    assert whole["cited"] == page["items"][0]["cited"] == left
    assert whole["reply"] == {"id": "?", "examples": []}
    assert asked.get("/examples/train-9/decisions").json() == {"items": [], "cursor": None}
    assert asked.get("/explanations?cited=example=train-9").json()["items"] == []
    assert ids(asked.get("/explanations?cited=leaf=train-9").json()) == [decision(1).id]


@pytest.mark.parametrize("mode", ["prototype", "off"])
@pytest.mark.parametrize("model", [BrightnessModel().sha256, MODEL])
def test_a_stricter_mode_reaches_what_was_answered_before(
    ledger: Ledger, shelf: Shelf, mode: Mode, model: str
) -> None:
    told = BrightnessModel().answer(
        np.zeros((8, 8, 1), np.uint8), DEFAULT, request_id="r", started=1.0
    )
    ledger.write([decision(1, model=model, reply=told.body, cited=told.outcome.cited)])
    asked = opened(disclosing(shelf, Disclosure(mode)))

    whole = asked.get(f"/explanations/{decision(1).id}")
    page = asked.get("/explanations")
    looked = [asked.get(f"/examples/train-{n}/decisions") for n in (9, 1)]
    looked += [asked.get("/explanations?cited=example=train-9")]

    assert b"train-9" in told.body
    assert b"train-" not in whole.content + page.content
    left = [{"kind": "leaf", "key": "leaf-7"}, {"kind": "cluster", "key": "dark-1"}]
    assert page.json()["items"][0]["cited"] == whole.json()["cited"] == left
    assert (whole.json()["reply"] is None) == (model == MODEL)  # whose ids are not known
    assert [found.json() for found in looked] == [{"items": [], "cursor": None}] * 3
    assert ids(asked.get("/explanations?cited=leaf=leaf-7").json()) == [decision(1).id]


def test_where_no_pictures_are_disclosed_older_replies_link_none(
    ledger: Ledger, shelf: Shelf
) -> None:
    link = b'{"examples":[{"id":"train-9","image":"/v1/examples/train-9.png"}]}'
    ledger.write([decision(1, reply=link)])

    found = opened(disclosing(shelf, Disclosure("id"))).get(f"/explanations/{decision(1).id}")

    assert found.json()["reply"] == {"examples": [{"id": "train-9", "image": None}]}


def test_a_row_that_was_changed_by_hand_fails_no_page(ledger: Ledger, asked: TestClient) -> None:
    ledger.write([decision(1), decision(2)])
    with ledger.engine.begin() as connection:
        first = update(DECISION).where(DECISION.c.id == decision(1).id)
        connection.execute(first.values(options="{", cited="{"))

    page, whole = asked.get("/explanations"), asked.get(f"/explanations/{decision(1).id}")

    assert (page.status_code, whole.status_code) == (200, 200)
    good, bad = page.json()["items"]
    assert (bad["options"], bad["cited"]) == (None, [])
    assert whole.json()["options"] is None
    assert (good["options"]["explain"], len(good["cited"])) == ("trace", 2)


def test_a_clients_name_that_no_path_holds_is_a_parameter(
    ledger: Ledger, asked: TestClient
) -> None:
    ledger.write([decision(1, client_id="order/17"), decision(2, client_id="order/18")])
    ledger.write([decision(3, client_id="order/17", tenant="other")])

    found = asked.get("/explanations", params={"client_id": "order/17"})

    assert ids(found.json()) == [decision(1).id]


@pytest.mark.parametrize(
    ("kept", "content_type"),
    [
        (Kept("image", png()), "image/png"),
        (Kept("image", b"\xff\xd8\xff\xe0"), "image/jpeg"),
        (Kept("image", b"RIFF\0\0\0\0WEBP"), "image/webp"),
        (Kept("thumbnail", png()), "image/png"),
        (Kept("pixels", b"\x93NUMPY"), "application/octet-stream"),
    ],
)
def test_a_kept_image_is_served(
    ledger: Ledger, asked: TestClient, kept: Kept, content_type: str
) -> None:
    ledger.write([decision(1, kept=kept)])

    found = asked.get(f"/explanations/{decision(1).id}/image")

    assert found.content == kept.data
    assert found.headers["content-type"] == content_type
    assert found.headers["x-content-type-options"] == "nosniff"
    assert found.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("kept", [None, Kept("activations", b"1")])
def test_where_no_image_is_kept_there_is_none(
    ledger: Ledger, asked: TestClient, kept: Kept | None
) -> None:
    ledger.write([decision(1, kept=kept)])

    found = asked.get(f"/explanations/{decision(1).id}/image")

    assert found.status_code == 404
    assert "REASONED_LEDGER_KEEP says what is" in found.json()["detail"]


def test_feedback_is_written_and_shown(ledger: Ledger, asked: TestClient) -> None:
    ledger.write([decision(1)])
    url = f"/explanations/{decision(1).id}"

    first = asked.post(f"{url}/feedback", json={"label": "dog", "note": "a tail"})
    then = asked.post(f"{url}/feedback", json={"label": "cat", "useful": True})

    assert (first.status_code, then.status_code) == (201, 201)
    assert first.json()["wrong"] is True
    assert then.json() | {"at": ""} == {
        "at": "", "label": "cat", "wrong": False, "useful": True, "note": None
    }  # fmt: skip
    assert asked.get(url).json()["feedback"] == [first.json(), then.json()]
    assert ids(asked.get("/explanations?feedback=right").json()) == [decision(1).id]
    assert ids(asked.get("/explanations?feedback=wrong").json()) == []


def test_a_decision_takes_twenty_feedbacks(ledger: Ledger, asked: TestClient) -> None:
    ledger.write([decision(1)])
    url = f"/explanations/{decision(1).id}"
    codes = [asked.post(f"{url}/feedback", json={"note": f"{n}"}).status_code for n in range(20)]

    refused = asked.post(f"{url}/feedback", json={"note": "20"})

    assert codes == [201] * 20
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:reasoned:problem:conflict"
    assert refused.json()["detail"].startswith("wanted at most 20 feedbacks on one decision")
    item = asked.get("/explanations").json()["items"][0]
    assert (item["feedback_count"], [one["note"] for one in item["feedback"]]) == (
        20,
        ["17", "18", "19"],
    )
    assert len(asked.get(url).json()["feedback"]) == 20


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"", 400, "the body is not JSON"),
        (b"{", 400, "the body is not JSON"),
        (b"[]", 422, "the body: Input should be"),
        (b"{}", 422, "the body: wanted at least one of label, useful and note"),
        (b'{"label":"bird"}', 422, "label: wanted one of cat, dog, not 'bird'"),
        (b'{"label":7}', 422, "label: Input should be a valid string"),
        (b'{"useful":"yes"}', 422, "useful: Input should be a valid boolean"),
        (b'{"note":"%b"}' % (b"x" * 2001), 422, "note: String should have at most 2000"),
        (b'{"note":"x","a":1}', 422, "a: Extra inputs are not permitted"),
    ],
)
def test_wrong_feedback_is_refused(
    ledger: Ledger, asked: TestClient, body: bytes, status: int, said: str
) -> None:
    ledger.write([decision(1)])
    found = asked.post(
        f"/explanations/{decision(1).id}/feedback",
        content=body,
        headers={"content-type": "application/json"},
    )

    assert found.status_code == status
    assert found.json()["detail"].startswith(said)


def test_feedback_must_be_json(ledger: Ledger, asked: TestClient) -> None:
    ledger.write([decision(1)])
    url = f"/explanations/{decision(1).id}/feedback"

    assert asked.post(url, files={"note": b"x"}).status_code == 415
    assert asked.post(url, content=b"x").status_code == 415


def test_another_models_classes_are_not_known(ledger: Ledger, asked: TestClient) -> None:
    ledger.write([decision(1, model="ef" * 32)])
    url = f"/explanations/{decision(1).id}/feedback"

    assert asked.post(url, json={"label": "bird"}).status_code == 201


def test_feedback_waits_for_what_is_still_to_be_written(ledger: Ledger, shelf: Shelf) -> None:
    asked = opened(dataclasses.replace(shelf, flushed=lambda: ledger.write([decision(1)])))
    url = f"/explanations/{decision(1).id}/feedback"

    assert asked.post(url, json={"useful": False}).status_code == 201
    found = read(ledger, decision(1).id, "acme")
    assert found is not None
    assert [told.useful for told in found.feedback] == [False]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/explanations"),
        ("GET", "/explanations/x"),
        ("GET", "/explanations/x/image"),
        ("GET", "/examples/x/decisions"),
        ("POST", "/explanations/x/feedback"),
    ],
)
def test_without_a_ledger_there_is_nothing(method: str, path: str) -> None:
    found = opened(Shelf.empty()).request(method, path, json={"useful": True})

    assert found.status_code == 404
    assert found.json()["type"] == "urn:reasoned:problem:not-found"
    assert (
        found.json()["detail"] == "This service keeps no ledger: it runs with REASONED_LEDGER=off."
    )
