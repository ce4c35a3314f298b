import pytest
from starlette.routing import Mount, Route, Router

from service.edge.templates import UNMATCHED, Templates


async def nowhere(*_: object) -> None:
    raise AssertionError("no request is served here")


ROUTES = [
    Route("/predict", nowhere),
    Mount(
        "/v1",
        Router(
            [
                Route("/examples/{id}.png", nowhere),
                Route("/examples/{id}/decisions", nowhere),
                Route("/regions/{method}/{region}.png", nowhere),
            ]
        ),
    ),
    Mount("/", Router([Route("/", nowhere), Route("/openapi.json", nowhere)])),
]
TEMPLATES = Templates.of(ROUTES)


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/predict", "/predict"),
        ("/", "/"),
        ("/openapi.json", "/openapi.json"),
        ("/v1/examples/train-9.png", "/v1/examples/{id}.png"),
        ("/v1/examples/train-9/decisions", "/v1/examples/{id}/decisions"),
        ("/v1/regions/a/b.png", "/v1/regions/{method}/{region}.png"),
        ("/v1/examples/{id}.png", "/v1/examples/{id}.png"),
        ("/v1/examples/a/b.png", UNMATCHED),
        ("/v1/examples/", UNMATCHED),
        ("/predict/", UNMATCHED),
        ("/v1", UNMATCHED),
        ("", UNMATCHED),
        ("//", UNMATCHED),
    ],
)
def test_a_path_is_known_by_its_template(path: str, template: str) -> None:
    assert TEMPLATES.match(path) == template
