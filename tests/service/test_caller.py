import pytest

from service.arrival import arrival_of, register
from service.caller import ADMIN, ANYBODY, NOBODY, SCOPES, Caller, admit, caller_of


def test_without_keys_anybody_may_everything() -> None:
    assert caller_of({"type": "http"}) == ANYBODY
    assert Caller("default", frozenset(SCOPES), None) == ANYBODY


def test_a_caller_brings_his_tenant() -> None:
    scope = {"type": "http"}
    before = register(scope, "mine")
    caller = Caller("acme", frozenset({ADMIN}), "ops")

    admit(scope, caller)

    assert caller_of(scope) == caller
    assert arrival_of(scope).tenant == "acme"
    assert arrival_of(scope).request_id == before.request_id


def test_nobody_may_nothing() -> None:
    assert NOBODY.scopes == frozenset()


def test_what_is_no_caller_is_refused() -> None:
    with pytest.raises(TypeError, match=r"reasoned\.caller must be a Caller, not str"):
        caller_of({"reasoned.caller": "root"})
