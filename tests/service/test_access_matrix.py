"""Every route, with no key, a wrong one, each scope, and another tenant's."""

import hashlib
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.routing import compile_path
from starlette.testclient import TestClient

from service.app import app
from service.caller import SCOPES
from service.edge.scopes import RULES, Rule
from service.settings import Settings
from tests.service.brightness import BrightnessModel
from tests.service.problem_shape import check_problem
from tests.service.unwrapped import bare, served

TENANTS = ("acme", "zeta")
# Everything that belongs to one tenant is found below this path.
OWNED = "/v1/explanations/{id}"


def key_of(tenant: str, scope: str) -> str:
    return f"key of {tenant} for {scope}"


def entry(tenant: str, scope: str) -> str:
    digest = hashlib.sha256(key_of(tenant, scope).encode()).hexdigest()
    return f"{digest} tenant={tenant} scopes={scope} name={scope}"


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    ledger: Path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite3"
    keys = tuple(entry(tenant, scope) for tenant in TENANTS for scope in SCOPES)
    settings = Settings(api_keys=keys, ledger=str(ledger))
    with TestClient(app.application(BrightnessModel(), settings)) as found:
        yield found


def path_of(rule: Rule, **values: str) -> str:
    """Fill a template in; what nobody has is asked for, unless `values` says otherwise."""
    path = rule.template
    for name in compile_path(rule.template)[2]:
        path = re.sub(rf"\{{{name}(:\w+)?\}}", values.get(name, "77777"), path)
    return path


def body_of(rule: Rule) -> dict[str, object]:
    return {"useful": True} if rule.template.endswith("/feedback") else {"pixels": [[9]]}


def ask(client: TestClient, rule: Rule, key: str | None, **values: str) -> int:
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    path = path_of(rule, **values)
    response = client.request(rule.method, path, json=body_of(rule), headers=headers)
    if response.status_code >= 400:
        check_problem(response, response.status_code)
    return response.status_code


def named(rule: Rule) -> str:
    return f"{rule.method} {rule.template}"


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_without_a_key_no_route_opens(locked: TestClient, rule: Rule) -> None:
    assert ask(locked, rule, None) == 401


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_with_a_wrong_key_no_route_opens(locked: TestClient, rule: Rule) -> None:
    assert ask(locked, rule, "key of nobody") == 401


@pytest.mark.parametrize("tenant", TENANTS)
@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("rule", RULES, ids=named)
def test_a_key_opens_what_its_scope_reaches_and_nothing_else(
    locked: TestClient, rule: Rule, scope: str, tenant: str
) -> None:
    status = ask(locked, rule, key_of(tenant, scope))

    assert (status == 403) == (scope not in rule.scopes)
    assert status != 401
    assert status < 500


def test_what_is_wanted_and_what_is_there_are_said(locked: TestClient) -> None:
    headers = {"Authorization": f"Bearer {key_of('acme', 'predict')}"}

    response = locked.get("/metrics", headers=headers)

    problem = check_problem(response, 403)
    assert problem.detail == "This wants the scope read; you have predict."
    assert "insufficient_scope" in response.headers["www-authenticate"]


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/healthz"])
def test_health_is_open(locked: TestClient, path: str) -> None:
    assert locked.get(path).status_code == 200


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("path", ["/nowhere", "/v1/predict/", "//v1/opt-out", "/v1/opt-out/x/y"])
def test_a_path_that_is_not_in_the_table_is_404_with_any_key(
    locked: TestClient, scope: str, path: str
) -> None:
    headers = {"Authorization": f"Bearer {key_of('acme', scope)}"}

    response = locked.get(f"http://testserver{path}", headers=headers)

    assert "Nothing is served at this path" in check_problem(response, 404).detail


SERVED = served()
OWN = [
    rule
    for rule in RULES
    if rule.template.startswith(OWNED) and (rule.method, bare(rule.template)) in SERVED
]
LISTS = ["/v1/explanations", "/v1/examples/train-9/decisions"]


@pytest.fixture(scope="module")
def recorded(locked: TestClient) -> str:
    """Give the id of a decision of the first tenant, once it is written."""
    headers = {"Authorization": f"Bearer {key_of(TENANTS[0], 'predict')}"}
    answer = locked.post("/v1/predict", json={"pixels": [[9]]}, headers=headers)
    found: str = answer.json()["id"]
    end = time.monotonic() + 15
    while read(locked, TENANTS[0], f"/v1/explanations/{found}").status_code != 200:
        if time.monotonic() > end:
            raise TimeoutError("the decision was never written")
    return found


def read(client: TestClient, tenant: str, path: str) -> Response:
    return client.get(path, headers={"Authorization": f"Bearer {key_of(tenant, 'read')}"})


@pytest.mark.parametrize("rule", OWN, ids=named)
def test_what_is_another_tenants_is_not_there(
    locked: TestClient, recorded: str, rule: Rule
) -> None:
    (scope,) = rule.scopes
    own, other = (key_of(tenant, scope) for tenant in TENANTS)

    assert ask(locked, rule, other, id=recorded) == 404
    if not rule.template.endswith("/image"):  # of which nothing is kept
        assert ask(locked, rule, own, id=recorded) in (200, 201)


def test_another_tenants_and_nobodys_are_told_alike(locked: TestClient, recorded: str) -> None:
    theirs = check_problem(read(locked, TENANTS[1], f"/v1/explanations/{recorded}"), 404)
    nobodys = check_problem(read(locked, TENANTS[1], f"/v1/explanations/{'0' * 32}"), 404)

    assert theirs.detail.replace(recorded, "") == nobodys.detail.replace("0" * 32, "")


@pytest.mark.parametrize("path", LISTS)
def test_a_list_has_ones_own_and_no_others(locked: TestClient, recorded: str, path: str) -> None:
    assert recorded in read(locked, TENANTS[0], path).text
    other = read(locked, TENANTS[1], path)

    assert other.status_code == 200
    assert recorded not in other.text


def test_nobody_asks_for_another_tenants_rows_by_name(locked: TestClient, recorded: str) -> None:
    answer = read(locked, TENANTS[1], f"/v1/explanations?tenant={TENANTS[0]}")

    assert answer.status_code == 422
    assert recorded not in answer.text
