"""The table, and that it names every route of the application as it is really built."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import compile_path

from service.caller import SCOPES
from service.edge.open_paths import OPEN_PATHS
from service.edge.scopes import RULES, TABLE
from tests.service.unwrapped import bare, served

NAMED = {(rule.method, bare(rule.template)) for rule in RULES}


def test_every_route_of_the_application_is_named() -> None:
    asked = {route for route in served() if route[1] not in OPEN_PATHS}

    assert ("POST", "/v1/predict/batch") in asked
    assert not asked - NAMED, "say in service/edge/scopes.py which scope these want"


def test_no_rule_stands_twice() -> None:
    assert len(NAMED) == len(RULES)


def test_a_rule_wants_scopes_that_exist() -> None:
    for rule in RULES:
        assert rule.scopes
        assert rule.scopes <= set(SCOPES)


def test_paths_that_two_rules_fit_want_the_same() -> None:
    """Whichever of the two routes answers, no scope is passed by."""
    for one, other in itertools.permutations(RULES, 2):
        path = compile_path(other.template)[1].replace("{number}", "7")
        for name in ("id", "method", "region"):
            path = path.replace(f"{{{name}}}", "x")
        if one.method == other.method and compile_path(one.template)[0].match(path):
            assert one.scopes == other.scopes


@pytest.mark.parametrize(
    ("method", "path", "wanted"),
    [
        ("POST", "/v1/predict", {"predict"}),
        ("POST", "/v1/predict/batch", {"predict"}),
        ("POST", "/predict", {"predict"}),
        ("GET", "/", {"predict", "read"}),
        ("HEAD", "/v1/model", {"predict", "read"}),
        ("GET", "/v1/examples/train-9.png", {"predict", "read"}),
        ("GET", "/v1/examples/train-9/decisions", {"read"}),
        ("GET", "/v1/explanations", {"read"}),
        ("GET", "/v1/explanations/7", {"read"}),
        ("GET", "/v1/explanations/7.html", {"read"}),
        ("POST", "/v1/explanations/7/feedback", {"predict"}),
        ("GET", "/metrics", {"read"}),
        ("POST", "/v1/alarms/7/acknowledge", {"admin"}),
        ("GET", "/v1/opt-out", {"admin"}),
        ("DELETE", "/v1/opt-out/train-9", {"admin"}),
    ],
)
def test_a_route_wants(method: str, path: str, wanted: set[str]) -> None:
    assert TABLE.wanted(method, path) == frozenset(wanted)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/predict"), ("PATCH", "/v1/opt-out/x"), ("get", "/v1/model")]
)
def test_another_method_is_left_to_the_router(method: str, path: str) -> None:
    assert TABLE.wanted(method, path) == frozenset()


@pytest.mark.parametrize(
    "path", ["/nowhere", "/v1", "/v1/", "//v1/model", "/v1/model/", "/V1/model", "/v1//model", ""]
)
def test_a_path_that_is_not_named_is_unknown(path: str) -> None:
    assert TABLE.wanted("GET", path) is None


@given(st.text(max_size=40))
def test_any_path_is_looked_up(path: str) -> None:
    found = TABLE.wanted("GET", f"/{path}")

    assert found is None or found <= set(SCOPES)
