import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from service.edge.error_shape import ErrorShape
from service.edge.identity import Identity
from tests.service.problem_shape import check_problem


async def fail(_request: Request) -> Response:
    raise ValueError("secret path /srv/keys")


async def conflict(_request: Request) -> Response:
    return PlainTextResponse("x" * 200_000, 409, headers={"Set-Cookie": "a=b"})


async def plain(_request: Request) -> Response:
    return PlainTextResponse("fine")


@pytest.fixture
def shaped() -> TestClient:
    routes = [Route("/fail", fail), Route("/conflict", conflict), Route("/plain", plain)]
    return TestClient(Identity(ErrorShape(Starlette(routes=routes))))


def test_an_uncaught_error_is_a_500_that_says_nothing(
    shaped: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    problem = check_problem(shaped.get("/fail"), 500)

    assert "secret" not in problem.model_dump_json()
    assert "secret path" in caplog.text  # the log has the reason


def test_a_foreign_error_is_rewritten_and_its_headers_are_kept(shaped: TestClient) -> None:
    response = shaped.get("/conflict")

    check_problem(response, 409)
    assert response.headers["set-cookie"] == "a=b"
    assert len(response.content) < 1000


def test_a_good_answer_is_left_alone(shaped: TestClient) -> None:
    assert shaped.get("/plain").text == "fine"
