"""Drift and alarms over HTTP."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from reasoned.drift.records import AlarmPage, AlarmRecord, DriftRecord
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.tables import ACTION
from service.caller import Caller, admit
from service.desk import Desk
from service.routes import versioned_routes
from service.settings import Settings
from service.shelf import Shelf, reading_pool
from tests.reasoned.drift.planted import REFERENCE, decision, outcome
from tests.reasoned.drift.raised import RUN_LENGTH, let_drift
from tests.service.brightness import BrightnessModel
from tests.service.test_explanations import Arriving

HTML = "text/html; charset=utf-8"


def opened(shelf: Shelf, model: BrightnessModel | None = None) -> TestClient:
    desk = Desk.open(model or BrightnessModel(reference=REFERENCE), Settings())
    return TestClient(Arriving(versioned_routes(desk, shelf)), base_url="http://127.0.0.1")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    found = Ledger.open(str(tmp_path / "ledger.sqlite3"))
    let_drift(found, "ab")
    yield found
    found.close()


@pytest.fixture
def shelf(ledger: Ledger) -> Iterator[Shelf]:
    pool = reading_pool()
    yield Shelf(ledger, pool, run_length=RUN_LENGTH)
    pool.close()


@pytest.fixture
def asked(shelf: Shelf) -> TestClient:
    return opened(shelf)


def of(tenant: str) -> dict[str, str]:
    return {"x-tenant": tenant}


def test_drift_is_told(asked: TestClient) -> None:
    found = asked.get("/drift")

    record = DriftRecord.model_validate_json(found.content)
    assert (record.model, record.counted, record.run_length) == (REFERENCE.model, 180, 1000)
    assert record.counting
    assert found.headers["cache-control"] == "private, no-store"


def test_a_service_without_detectors_says_so(shelf: Shelf, ledger: Ledger) -> None:
    record = opened(dataclasses.replace(shelf, run_length=0)).get("/drift").json()
    assert (record["counting"], record["run_length"]) == (True, 1000)  # another process counts

    ledger.write([decision(900, outcome(), model="e" * 64)])
    nobodys = dataclasses.replace(REFERENCE, model="e" * 64)
    alone = opened(
        dataclasses.replace(shelf, run_length=0), BrightnessModel(reference=nobodys)
    ).get("/drift")
    assert alone.json()["idle"].startswith("REASONED_RUN_LENGTH=0: this service moves no")
    assert alone.json()["run_length"] == 100_000


@pytest.mark.parametrize("path", ["/drift", "/drift.html"])
def test_a_model_without_a_reference_has_no_drift(shelf: Shelf, path: str) -> None:
    found = opened(shelf, BrightnessModel()).get(path)

    assert found.status_code == 409
    assert found.json()["type"] == "urn:reasoned:problem:conflict"
    assert "`reasoned drift reference` measures one" in found.json()["detail"]


PATHS = ["/drift", "/drift.html", "/alarms", "/alarms/1", "/alarms/1.html"]


@pytest.mark.parametrize("path", [*PATHS, "/alarms/1/acknowledge"])
def test_without_a_ledger_there_is_nothing(path: str) -> None:
    method = "POST" if path.endswith("acknowledge") else "GET"
    found = opened(Shelf.empty()).request(method, path)

    assert found.status_code == 404
    assert "REASONED_LEDGER=off" in found.json()["detail"]


@pytest.mark.parametrize("path", ["/drift.html", "/alarms/1.html"])
def test_a_page_may_do_nothing(asked: TestClient, path: str) -> None:
    found = asked.get(path)

    assert found.status_code == 200
    assert found.headers["content-type"] == HTML
    assert found.headers["cache-control"] == "private, no-store"
    assert found.headers["x-content-type-options"] == "nosniff"
    policy = found.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert policy.endswith("; frame-ancestors 'none'; sandbox")


def test_alarms_are_found_a_page_at_a_time(asked: TestClient) -> None:
    whole = AlarmPage.model_validate_json(asked.get("/alarms").content)
    assert [one.number for one in whole.items] == list(range(len(whole.items), 0, -1))
    assert len(whole.items) >= 1
    assert asked.get("/alarms?signal=leaf").json() == {"items": [], "cursor": None}
    assert asked.get("/alarms?acknowledged=true").json()["items"] == []
    first = asked.get("/alarms", params={"limit": 1, "signal": "disagreement"}).json()
    assert first["items"][0]["signal"] == "disagreement"
    wrong = asked.get("/alarms?tenant=b")
    assert wrong.status_code == 422
    assert wrong.json()["detail"].startswith("'tenant' is no parameter; there are model, signal")


def test_each_tenant_sees_decisions_of_its_own(asked: TestClient) -> None:
    a, b, c = (asked.get("/alarms/1", headers=of(one)).json()["examples"] for one in "abc")
    pages = {one: asked.get("/alarms/1.html", headers=of(one)).text for one in "abc"}
    shared = {one: asked.get("/drift.html", headers=of(one)).text for one in "abc"}

    assert a
    assert b
    assert not {*a} & {*b}
    assert c == []
    for one, own, others in (("a", a, b), ("b", b, a), ("c", c, [*a, *b])):
        assert all(name in pages[one] and name in shared[one] for name in own)
        assert not any(name in pages[one] or name in shared[one] for name in others)
        listed = asked.get("/alarms", headers=of(one)).text
        assert not any(name in listed for name in others)


@pytest.mark.parametrize("number", ["99", "0", "-1", "1.5", "x", "9" * 40, "\u0661", "{number}"])
@pytest.mark.parametrize("path", ["", ".html", "/acknowledge"])
def test_an_alarm_that_is_not_there_is_not_found(asked: TestClient, number: str, path: str) -> None:
    method = "POST" if path == "/acknowledge" else "GET"
    found = asked.request(method, f"/alarms/{number}{path}")

    assert found.status_code == 404
    assert found.json()["detail"] == f"There is no alarm {number!r}; GET /v1/alarms lists them."


class Admitting:
    """What the edge does for a key with a name."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        admit(scope, Caller("b", name="operations"))
        await self._app(scope, receive, send)


def test_an_alarm_is_acknowledged_by_whose_key_it_was(shelf: Shelf, ledger: Ledger) -> None:
    desk = Desk.open(BrightnessModel(reference=REFERENCE), Settings())
    app = Arriving(Admitting(versioned_routes(desk, shelf)))
    asked = TestClient(app, base_url="http://127.0.0.1")

    first = asked.post("/alarms/1/acknowledge", json={"note": "a new camera"})
    again = asked.post("/alarms/1/acknowledge")

    assert first.status_code == again.status_code == 200
    record = AlarmRecord.model_validate_json(first.content)
    assert record.acknowledged is not None
    assert (record.acknowledged.by, record.acknowledged.note) == ("b/operations", "a new camera")
    assert again.content == first.content  # the first stays
    assert record.examples == asked.get("/alarms/1").json()["examples"]
    assert asked.get("/alarms?acknowledged=true").json()["items"] == [first.json()]
    with ledger.engine.connect() as connection:
        rows = connection.execute(select(ACTION)).all()
    assert [(row.by, row.action) for row in rows] == [("b/operations", "acknowledge alarm")]


def test_where_there_are_no_keys_anybody_has_seen_it(asked: TestClient) -> None:
    assert asked.post("/alarms/1/acknowledge").json()["acknowledged"]["by"] == "anybody"


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"{", 400, "the body is not JSON"),
        (b"[]", 422, "the body: Input should be"),
        (b'{"by":"anna"}', 422, "by: Extra inputs are not permitted"),
        (b'{"note":7}', 422, "note: Input should be a valid string"),
        (b'{"note":"%b"}' % (b"x" * 2001), 422, "note: String should have at most 2000"),
    ],
)
def test_a_wrong_body_is_refused(asked: TestClient, body: bytes, status: int, said: str) -> None:
    found = asked.post(
        "/alarms/1/acknowledge", content=body, headers={"content-type": "application/json"}
    )

    assert found.status_code == status
    assert found.json()["detail"].startswith(said)
    assert asked.get("/alarms/1").json()["acknowledged"] is None
