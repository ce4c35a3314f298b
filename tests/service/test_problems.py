import importlib
import pkgutil

import orjson
import pytest

import explainers
import reasoned
import service
from explainers.errors import ReasonedError
from reasoned.errors import FolderError, OptionsError, UnsupportedImageError
from reasoned.reply.schema import Problem
from service.arrival import register
from service.problems import FAULT_DETAIL, KINDS, describe_error, error_answer, is_fault, kind_of

SERVED = (explainers, reasoned, service)


def is_served(error: type[ReasonedError]) -> bool:
    """Whether the served packages define `error`; tests of `deploy` load errors of its own."""
    return error.__module__.partition(".")[0] in {package.__name__ for package in SERVED}


def every_error() -> set[type[ReasonedError]]:
    for package in SERVED:
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            if found.name.endswith("errors"):
                importlib.import_module(found.name)
    waiting, seen = [ReasonedError], set[type[ReasonedError]]()
    while waiting:
        error = waiting.pop()
        seen.add(error)
        waiting.extend(error.__subclasses__())
    return set(filter(is_served, seen))


def test_the_table_is_complete() -> None:
    assert set(KINDS) == every_error()


def test_what_a_client_did_is_told_and_what_the_server_is_is_not() -> None:
    told = describe_error(OptionsError("neighbours must be 0 to 20"), "0" * 32)
    kept = describe_error(FolderError("/srv/secret/manifest.json is gone"), "0" * 32)

    assert told["detail"] == told["error"] == "neighbours must be 0 to 20"
    assert kept["detail"] == FAULT_DETAIL
    assert "secret" not in str(kept)


def test_an_error_that_nobody_foresaw_is_a_fault() -> None:
    error = ZeroDivisionError("at 0x7f")

    assert is_fault(error)
    assert kind_of(error).status == 500
    assert FAULT_DETAIL in describe_error(error, "0" * 32)["detail"]


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_makes_a_valid_problem(kind: type[ReasonedError]) -> None:
    scope = {"type": "http", "path": "/v1/predict"}
    arrival = register(scope)

    answer = error_answer(scope, kind("what was wrong"))

    problem = Problem.model_validate_json(answer.body)
    assert problem.request_id == arrival.request_id
    assert problem.status == answer.status == KINDS[kind].status
    assert orjson.loads(answer.body)["instance"] == "/v1/predict"


def test_a_client_may_look_the_type_up() -> None:
    document = describe_error(UnsupportedImageError("not gif"), "0" * 32)

    assert document["type"] == "urn:reasoned:problem:unsupported-image"
