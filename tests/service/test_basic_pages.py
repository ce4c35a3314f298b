"""A browser opens pages by HTTP Basic, and can be made to change nothing by it."""

import base64
import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from reasoned.ledger.ledger import Ledger
from service.app import app
from service.basic import SAFE
from service.caller import SCOPES
from service.edge.scopes import RULES, Rule
from service.settings import Settings
from tests.reasoned.drift.planted import REFERENCE
from tests.reasoned.drift.raised import let_drift
from tests.service.brightness import BrightnessModel
from tests.service.problem_shape import check_problem

BEARER = 'Bearer realm="reasoned"'
BASIC = 'Basic realm="reasoned", charset="UTF-8"'
CHROMIUM = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
PAGES = ["/v1/drift.html", "/v1/alarms/1.html"]
CHANGING = [rule for rule in RULES if rule.method not in SAFE]
ORIGIN = "https://page.example"


def key_of(scope: str) -> str:
    return f"key: of {scope}"  # a password may have colons, a user may not


def basic(password: str, user: str = "anybody") -> dict[str, str]:
    packed = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {packed}"}


def entry(scope: str) -> str:
    return f"{hashlib.sha256(key_of(scope).encode()).hexdigest()} scopes={scope} name={scope}"


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    path: Path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite3"
    ledger = Ledger.open(str(path))
    let_drift(ledger)
    ledger.close()
    keys = tuple(entry(scope) for scope in SCOPES)
    settings = Settings(api_keys=keys, ledger=str(path), cors_origins=(ORIGIN,))
    model = BrightnessModel(reference=REFERENCE)
    with TestClient(app.application(model, settings)) as found:
        yield found


def opened(client: TestClient, path: str, headers: dict[str, str], method: str = "GET") -> Response:
    """Ask as a browser does that opens a page."""
    return client.request(method, path, headers={"Accept": CHROMIUM, **headers})


@pytest.mark.parametrize("path", PAGES)
def test_a_browser_is_told_to_ask_and_then_opens_the_page(locked: TestClient, path: str) -> None:
    asked = opened(locked, path, {})
    shown = opened(locked, path, basic(key_of("read")))

    check_problem(asked, 401)
    assert asked.headers.get_list("www-authenticate") == [BEARER, BASIC]
    assert shown.status_code == 200
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    assert shown.text.startswith("<!doctype html>")


def test_the_page_of_a_decision_opens(locked: TestClient) -> None:
    headers = {"X-API-Key": key_of("predict")}
    name = locked.post("/v1/predict", json={"pixels": [[9]]}, headers=headers).json()["id"]
    end = time.monotonic() + 15
    path = f"/v1/explanations/{name}.html"

    while (found := opened(locked, path, basic(key_of("read")))).status_code != 200:
        assert time.monotonic() < end
    assert name in found.text


def test_head_is_as_get(locked: TestClient) -> None:
    asked = opened(locked, "/v1/drift", {}, "HEAD")

    assert asked.status_code == 401
    assert asked.headers.get_list("www-authenticate") == [BEARER, BASIC]
    assert opened(locked, "/v1/model", basic(key_of("read")), "HEAD").status_code == 200


@pytest.mark.parametrize("user", ["", "anna", "\u0417\u043e\u044f", "a b"])
def test_any_user_will_do(locked: TestClient, user: str) -> None:
    assert opened(locked, "/v1/model", basic(key_of("read"), user)).status_code == 200


@pytest.mark.parametrize("scheme", ["basic", "BASIC", "Basic  "])
def test_the_scheme_may_be_written_anyhow(locked: TestClient, scheme: str) -> None:
    value = basic(key_of("read"))["Authorization"].replace("Basic", scheme)

    assert locked.get("/v1/model", headers={"Authorization": value}).status_code == 200


@pytest.mark.parametrize("password", ["", "wrong", f"{key_of('read')} ", entry("read")[:64]])
def test_with_a_wrong_password_the_browser_asks_again(locked: TestClient, password: str) -> None:
    found = opened(locked, PAGES[0], basic(password))

    assert "This API key is not known here" in check_problem(found, 401).detail
    assert found.headers.get_list("www-authenticate") == [BEARER, BASIC]


@pytest.mark.parametrize(
    ("scope", "path"), [("read", "/v1/opt-out"), ("predict", PAGES[0]), ("admin", PAGES[0])]
)
def test_basic_opens_what_the_keys_scope_reaches(locked: TestClient, scope: str, path: str) -> None:
    found = opened(locked, path, basic(key_of(scope)))

    check_problem(found, 403)
    assert "Basic" not in found.headers["www-authenticate"]


@pytest.mark.parametrize("rule", CHANGING, ids=lambda rule: f"{rule.method} {rule.template}")
@pytest.mark.parametrize("scope", SCOPES)
def test_nothing_is_changed_by_basic(locked: TestClient, rule: Rule, scope: str) -> None:
    method, path = rule.method, rule.template.replace("{id}", "train-9").replace("{number}", "1")
    found = locked.request(
        method, path, json={}, headers={"Accept": CHROMIUM, **basic(key_of(scope))}
    )

    assert check_problem(found, 401).detail == (
        "HTTP Basic is for GET and HEAD here, since browsers send it along by themselves; for "
        f"{method} send `Authorization: Bearer KEY` or `X-API-Key: KEY`."
    )
    assert found.headers.get_list("www-authenticate") == [BEARER]


@pytest.mark.parametrize("key", ["admin", "predict"])
def test_what_was_refused_was_not_done(locked: TestClient, key: str) -> None:
    sent = basic(key_of(key))
    locked.put("/v1/opt-out/train-9", json={}, headers=sent)
    locked.post("/v1/alarms/1/acknowledge", headers=sent)
    opt_outs = locked.get("/v1/opt-out", headers={"X-API-Key": key_of("admin")})
    alarm = locked.get("/v1/alarms/1", headers={"X-API-Key": key_of("read")})

    assert opt_outs.status_code == 200
    assert "train-9" not in opt_outs.text
    assert alarm.json()["acknowledged"] is None


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("Basic", "base64 of something without a colon"),
        ("Basic ", "base64 of something without a colon"),
        ("Basic a", "no base64"),
        ("Basic dXNlcjpr!", "no base64"),
        ("Basic dXNl cjpr", "no base64"),
        ("Basic \xe4", "no base64"),
        ("Basic dXNlcg==", "base64 of something without a colon"),
    ],
)
def test_what_is_malformed_is_told(locked: TestClient, sent: str, said: str) -> None:
    found = opened(locked, PAGES[0], {"Authorization": sent.encode("latin-1")})  # type: ignore[dict-item]  # bytes, which no text of httpx can be

    assert check_problem(found, 401).detail == (
        "Behind `Authorization: Basic` wanted the base64 of USER:KEY, with any user, and got "
        f"{said}; mend it, or send `Authorization: Bearer KEY` or `X-API-Key: KEY`."
    )
    assert found.headers.get_list("www-authenticate") == [BEARER, BASIC]


@pytest.mark.parametrize(
    ("accept", "asks"),
    [
        (CHROMIUM, True),
        ("application/json, TEXT/HTML;q=0.5", True),
        ("*/*", False),
        ("text/*", False),
        ("text/html-like", False),
        ("application/json", False),
        ("", False),
    ],
)
def test_only_who_wants_a_page_is_told_to_ask(
    locked: TestClient, accept: str, *, asks: bool
) -> None:
    found = locked.get(PAGES[0], headers={"Accept": accept})

    wanted = [BEARER, BASIC] if asks else [BEARER]
    assert found.headers.get_list("www-authenticate") == wanted


def test_without_an_accept_nobody_is_told_to_ask(locked: TestClient) -> None:
    request = locked.build_request("GET", "/v1/model")
    del request.headers["accept"]

    assert locked.send(request).headers.get_list("www-authenticate") == [BEARER]


def test_a_post_with_a_key_beside_it_is_served(locked: TestClient) -> None:
    headers = {**basic("of the proxy"), "X-API-Key": key_of("predict")}

    assert locked.post("/v1/predict", json={"pixels": [[9]]}, headers=headers).status_code == 200


def test_health_stays_open(locked: TestClient) -> None:
    assert opened(locked, "/livez", basic("wrong")).status_code == 200


def test_another_sites_page_reads_nothing_by_it(locked: TestClient) -> None:
    """A browser hands on what it got by a password only where this header allows it."""
    found = opened(locked, "/v1/model", {"Origin": ORIGIN, **basic(key_of("read"))})

    assert "access-control-allow-credentials" not in found.headers


def test_a_failed_login_is_logged_without_the_password(
    locked: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    opened(locked, PAGES[0], basic("almost-right"))
    locked.post("/v1/predict", headers=basic("almost-right"))
    opened(locked, PAGES[0], {})  # which is no login

    told = [r.message for r in caplog.records if "login failed" in r.message]
    assert len(told) == 2
    assert "GET '/v1/drift.html' from testclient, 12 characters: This API key" in told[0]
    assert "HTTP Basic is for GET and HEAD" in told[1]
    packed = basic("almost-right")["Authorization"].removeprefix("Basic ")
    assert not any("almost-right" in one or packed in one for one in told)
