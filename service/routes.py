"""Which endpoint stands behind which path."""

import orjson
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route, Router

from service.answers import JSON, SVG
from service.desk import Desk
from service.endpoints.documents import Document, RegionPicture, Thumbnail
from service.endpoints.predict import Predict, PredictBatch
from service.openapi.document import openapi_bytes


def versioned_routes(desk: Desk) -> Router:
    """Route what lies under ``/v1``."""
    model = desk.model
    routes: list[BaseRoute] = [
        Route("/predict", Predict(desk), methods=["POST"]),
        Route("/predict/batch", PredictBatch(desk), methods=["POST"]),
        Route("/model", Document(model.card, JSON, "card"), methods=["GET"]),
        Route("/model/tree.svg", Document(model.tree_svg, SVG, "tree"), methods=["GET"]),
        Route("/examples/{id}.png", Thumbnail(model.example_png), methods=["GET"]),
        Route("/regions/{method}/{region}.png", RegionPicture(desk), methods=["GET"]),
    ]
    return Router(routes, redirect_slashes=False)


def front_routes(desk: Desk) -> Starlette:
    """Route what lies at the top: a signpost in place of BentoML's page, and OpenAPI.

    BentoML looks into a mounted Starlette for its routes, and so goes on to its own where
    none fits; a bare router would swallow them all.
    """
    signpost = {
        "model": {"name": desk.model.name, "version": desk.model.version},
        "predict": "/v1/predict",
        "card": "/v1/model",
        "openapi": "/openapi.json",
    }
    routes: list[BaseRoute] = [
        Route("/", Document(orjson.dumps(signpost), JSON, "signpost"), methods=["GET"]),
        Route("/openapi.json", Document(openapi_bytes(), JSON, "OpenAPI"), methods=["GET"]),
    ]
    front = Starlette(routes=routes)
    front.router.redirect_slashes = False
    return front
