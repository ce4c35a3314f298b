"""Withholding training images while the service runs."""

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from reasoned.errors import LedgerError, SettingsError
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.opt_outs import OptOut, restore, withhold
from reasoned.ledger.tables import METADATA, OPT_OUT
from reasoned.reply.disclosure import Disclosure
from service.arrival import register
from service.caller import Caller, admit
from service.desk import Desk
from service.model_holder import ModelHolder
from service.opt_out import OptOutList
from service.routes import versioned_routes
from service.settings import Settings
from service.shelf import hindsight_of
from tests.service.brightness import BrightnessModel

NINE = "train-9"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    found = Ledger.open(str(tmp_path / "ledger.sqlite3"))
    yield found
    found.close()


@pytest.fixture
def holder() -> ModelHolder:
    return ModelHolder(BrightnessModel())


def opt_out(example: str) -> OptOut:
    return OptOut(example, 100.0, "acme/ops", None)


def settings(path: Path | None = None) -> Settings:
    return Settings(opt_out_file=path)


def reached(app: ASGIApp, caller: Caller | None) -> TestClient:
    """What the edge does to a request, and no more."""

    async def edge(scope, receive, send):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  as ASGI has it
        if scope["type"] == "http":
            register(scope)
            if caller is not None:
                admit(scope, caller)
        await app(scope, receive, send)

    return TestClient(edge, base_url="http://127.0.0.1")


def detail(response: Response, status: int) -> str:
    """What a problem says."""
    assert response.status_code == status
    found: str = response.json()["detail"]
    return found


class Served:
    """The routes of a service, with its list."""

    def __init__(
        self, ledger: Ledger | None, path: Path | None = None, caller: Caller | None = None
    ) -> None:
        self.desk = Desk.open(BrightnessModel(), settings(path))
        self.listed = OptOutList.open(self.desk.holder, settings(path), ledger)
        routes = versioned_routes(self.desk, None, self.listed)
        self.client = reached(Starlette(routes=[Mount("/v1", routes)]), caller)

    def call(self, method: str, example: str, **given: object) -> Response:
        return self.client.request(method, f"/v1/opt-out/{example}", **given)  # type: ignore[arg-type]  # httpx's own


def test_the_desk_answers_as_the_settings_disclose() -> None:
    desk = Desk.open(BrightnessModel(), Settings(examples="id", distances="exact"))

    assert desk.model.disclosure == Disclosure("id")
    assert Desk.open(BrightnessModel(), Settings()).model.disclosure.word == "thumbnail rounded"


def test_what_is_listed_at_the_start_is_withheld_from_the_first_reply(
    ledger: Ledger, holder: ModelHolder, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_text("train-8\n", encoding="utf-8")
    withhold(ledger, opt_out(NINE))

    found = OptOutList.open(holder, settings(path), ledger)

    assert holder.model.disclosure.withheld == {NINE, "train-8"} == found.withheld
    assert holder.model.example_png(NINE) is None


def test_a_change_by_another_process_is_seen_at_the_next_look(
    ledger: Ledger, holder: ModelHolder
) -> None:
    found = OptOutList.open(holder, settings(), ledger)
    first = holder.model
    found.look()
    assert holder.model is first

    withhold(ledger, opt_out(NINE))
    found.look()
    assert holder.model.disclosure.withheld == {NINE}

    restore(ledger, NINE, "acme/ops", 200.0)
    found.look()
    assert holder.model.disclosure == first.disclosure


def test_it_is_followed_without_being_asked(ledger: Ledger) -> None:
    seen = threading.Event()
    model = BrightnessModel()

    class Holder:
        """Tells when another model comes."""

        def __init__(self) -> None:
            self.model = model

        def swap(self, other: BrightnessModel) -> None:
            self.model = other
            seen.set()

    found = OptOutList(Holder(), None, ledger)  # type: ignore[arg-type]  # all that is asked of it
    found.start()
    withhold(ledger, opt_out(NINE))
    assert seen.wait(10.0)
    found.close()
    assert found.withheld == {NINE}


def test_what_cannot_be_read_counts_on(
    ledger: Ledger, holder: ModelHolder, caplog: pytest.LogCaptureFixture
) -> None:
    withhold(ledger, opt_out(NINE))
    found = OptOutList.open(holder, settings(), ledger)
    METADATA.drop_all(ledger.engine, tables=[OPT_OUT])

    with caplog.at_level(logging.ERROR):
        found.look()
        found.look()

    assert holder.model.disclosure.withheld == {NINE}
    assert len(caplog.records) == 1
    METADATA.create_all(ledger.engine, tables=[OPT_OUT])
    found.look()
    assert holder.model.disclosure.withheld == frozenset()


def test_a_list_that_cannot_be_read_refuses_the_start(
    ledger: Ledger, holder: ModelHolder, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match="REASONED_OPT_OUT_FILE"):
        OptOutList.open(holder, settings(tmp_path / "none"), None)
    METADATA.drop_all(ledger.engine, tables=[OPT_OUT])
    with pytest.raises(LedgerError, match="images to be withheld cannot be read"):
        OptOutList.open(holder, settings(), ledger)


def test_words_in_the_file_that_are_no_ids_are_named_and_left_aside(
    holder: ModelHolder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "file"
    path.write_text("dark\ntrain-000042\n", encoding="utf-8")

    with caplog.at_level(logging.WARNING):
        found = OptOutList.open(holder, settings(path), None)

    # The second may be an image of the model before.
    assert found.withheld == {"train-000042"}
    assert "2 ids in REASONED_OPT_OUT_FILE are not of images that this model shows" in caplog.text
    assert "'dark'" in caplog.text


def test_stored_replies_are_redacted(ledger: Ledger, holder: ModelHolder) -> None:
    found = OptOutList.open(holder, settings(), ledger)
    told = b'{"examples":[{"id":"train-9"}]}', "ab" * 32, "full exact"
    assert hindsight_of(holder.model).reply(*told) == told[0]

    withhold(ledger, opt_out(NINE))
    found.look()
    assert hindsight_of(holder.model).reply(*told) == b'{"examples":[]}'


def test_put_answers_once_this_process_keeps_to_it(ledger: Ledger) -> None:
    served = Served(ledger, caller=Caller("acme", name="ops"))
    before = served.client.get(f"/v1/examples/{NINE}.png")
    assert served.call("GET", NINE).json()["withheld"] is False

    made = served.call("PUT", NINE, json={"reason": "by letter"})

    assert made.status_code == 201
    record = made.json()
    assert record.pop("at").endswith("Z")
    assert record == {
        "example": NINE,
        "withheld": True,
        "source": "ledger",
        "by": "acme/ops",
        "reason": "by letter",
    }
    assert served.desk.model.disclosure.withheld == {NINE}
    after = served.client.get(
        f"/v1/examples/{NINE}.png", headers={"If-None-Match": before.headers["etag"]}
    )
    assert after.status_code == 404
    assert served.call("PUT", NINE).status_code == 200  # it was so already
    assert served.call("GET", NINE).json() == made.json()
    assert served.client.get("/v1/opt-out").json() == {"items": [made.json()]}


def test_delete_shows_it_again(ledger: Ledger) -> None:
    served = Served(ledger)
    served.call("PUT", NINE)

    assert served.call("DELETE", NINE).json()["withheld"] is False
    assert served.client.get(f"/v1/examples/{NINE}.png").status_code == 200
    problem = detail(served.call("DELETE", NINE), 404)
    assert problem == "Example 'train-9' is not withheld."


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_an_image_that_is_never_shown_is_not_found(ledger: Ledger, method: str) -> None:
    problem = detail(Served(ledger).call(method, "train-7"), 404)

    assert problem == ("This model shows no example 'train-7': there is nothing to withhold.")


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_without_a_ledger_the_file_is_pointed_at(method: str) -> None:
    problem = detail(Served(None).call(method, NINE), 409)

    assert "put the id on a line of its own into the file" in problem


def test_what_the_file_withholds_is_taken_out_of_the_file(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text(NINE, encoding="utf-8")
    served = Served(ledger, path)

    record = served.call("GET", NINE).json()
    assert (record["withheld"], record["source"], record["by"]) == (True, "file", None)
    problem = detail(served.call("DELETE", NINE), 409)
    assert "is withheld by the file that REASONED_OPT_OUT_FILE names" in problem
    assert served.desk.model.disclosure.withheld == {NINE}


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        (b"{", 400, "the body is not JSON"),
        (b'{"why":"x"}', 422, "why: Extra inputs are not permitted"),
        (b'{"reason":""}', 422, "reason: String should have at least 1 character"),
        (b"[]", 422, "the body: Input should be"),
    ],
)
def test_another_body_is_refused(ledger: Ledger, body: bytes, status: int, told: str) -> None:
    headers = {"content-type": "application/json"}
    answer = Served(ledger).call("PUT", NINE, content=body, headers=headers)

    assert detail(answer, status).startswith(told)


def test_the_card_is_asked_for_at_each_request() -> None:
    desk = Desk.open(BrightnessModel(), Settings())
    client = reached(Starlette(routes=[Mount("/v1", versioned_routes(desk))]), None)
    first = client.get("/v1/model")
    same = client.get("/v1/model", headers={"If-None-Match": first.headers["etag"]})
    desk.holder.swap(BrightnessModel(card=b'{"name":"other"}'))
    other = client.get("/v1/model", headers={"If-None-Match": first.headers["etag"]})

    assert (same.status_code, other.status_code) == (304, 200)
    assert other.json() == {"name": "other"}
