"""The document: valid, frozen, and true of the routes and of the models."""

import json
from pathlib import Path

import openapi_spec_validator
import pytest
from starlette.testclient import TestClient

from reasoned.reply.options import ReplyOptions
from reasoned.reply.schema import BatchReply, Problem, Reply
from service.openapi.document import openapi_bytes
from service.openapi.examples import BATCH_EXAMPLE, PROBLEM_EXAMPLE, REPLY_EXAMPLE
from service.openapi.inputs import parameters

FROZEN = Path(__file__).parents[2] / "docs" / "openapi.json"


def test_it_validates() -> None:
    openapi_spec_validator.validate(json.loads(openapi_bytes()))


def test_the_frozen_copy_is_the_same() -> None:
    assert FROZEN.read_bytes() == openapi_bytes(), (
        "the public surface has changed; if that is meant, run "
        "`python -m service.openapi > docs/openapi.json` and say so in CHANGELOG.md"
    )


def test_it_is_what_is_served(client: TestClient) -> None:
    assert client.get("/openapi.json").content == openapi_bytes()


def test_its_examples_are_what_the_models_allow() -> None:
    Reply.model_validate(REPLY_EXAMPLE)
    BatchReply.model_validate(BATCH_EXAMPLE)
    Problem.model_validate(PROBLEM_EXAMPLE)


def test_its_parameters_are_the_options() -> None:
    assert set(parameters()) == set(ReplyOptions.__dataclass_fields__)


@pytest.mark.parametrize(
    ("path", "methods"),
    [(path, set(found)) for path, found in json.loads(openapi_bytes())["paths"].items()],
)
def test_every_path_is_served_and_takes_no_other_method(
    client: TestClient, path: str, methods: set[str]
) -> None:
    url = path.replace("{id}", "train-9").replace("{method}/{region}", "meta_forest/leaf-7")

    for method in ("get", "post"):
        found = client.request(method, url)
        assert (found.status_code == 405) == (method not in methods), (method, url, found.text)
        assert "Nothing is served at this path" not in found.text
