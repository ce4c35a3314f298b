"""``GET /v1/explanations/{id}.html``."""

import base64
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from reasoned.ledger.decision import Kept
from reasoned.ledger.ledger import Ledger
from reasoned.reply.disclosure import Disclosure, Mode
from service.shelf import Shelf, hindsight_of, reading_pool
from tests.reasoned.ledger.recorded import decision
from tests.service.brightness import BrightnessModel, png
from tests.service.test_explanations import opened

OURS = decision(
    1,
    model=BrightnessModel().sha256,
    reply=None,
    kept=Kept("image", png()),
    client_id="order-17",
    cited=(("example", "train-9"), ("example", "train-8")),
)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    ledger = Ledger.open(str(tmp_path / "ledger.sqlite3"))
    ledger.write([OURS])
    pool = reading_pool()
    yield Shelf(ledger, pool)
    pool.close()
    ledger.close()


def test_the_page_comes_with_pictures_and_may_do_nothing(shelf: Shelf) -> None:
    found = opened(shelf).get(f"/explanations/{OURS.id}.html")

    assert found.status_code == 200
    assert found.headers["content-type"] == "text/html; charset=utf-8"
    assert found.headers["cache-control"] == "private, no-store"
    assert found.headers["x-content-type-options"] == "nosniff"
    policy = found.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert policy.endswith("; frame-ancestors 'none'; sandbox")
    assert "<h1>cat</h1>" in found.text
    assert base64.b64encode(png(9)).decode() in found.text  # the picture of train-9
    assert opened(shelf).get("/explanations/order-17.html").content == found.content


def test_who_opted_out_is_not_on_the_page(shelf: Shelf) -> None:
    gone = Disclosure(withheld=frozenset({"train-8"}))
    holding = dataclasses.replace(
        shelf, hindsight=lambda: hindsight_of(BrightnessModel(disclosure=gone))
    )

    assert "train-8" in opened(shelf).get(f"/explanations/{OURS.id}.html").text
    assert "train-8" not in opened(holding).get(f"/explanations/{OURS.id}.html").text


@pytest.mark.parametrize("mode", ["prototype", "off"])
def test_the_page_names_no_image_where_none_is_disclosed(shelf: Shelf, mode: Mode) -> None:
    now = BrightnessModel(disclosure=Disclosure(mode))
    hiding = dataclasses.replace(shelf, hindsight=lambda: hindsight_of(now))

    found = opened(hiding).get(f"/explanations/{OURS.id}.html").text

    assert "train-" not in found
    assert "may not be shown any more (REASONED_EXAMPLES)" in found


def test_another_tenants_page_is_not_there(shelf: Shelf) -> None:
    found = opened(shelf).get(f"/explanations/{OURS.id}.html", headers={"x-tenant": "other"})

    assert found.status_code == 404
    assert "The ledger has no explanation" in found.json()["detail"]
    assert opened(shelf).get("/explanations/nobody.html").status_code == 404


def test_without_a_ledger_there_is_no_page() -> None:
    found = opened(Shelf.empty()).get(f"/explanations/{OURS.id}.html")

    assert found.status_code == 404
    assert "REASONED_LEDGER=off" in found.json()["detail"]
