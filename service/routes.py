"""Which endpoint stands behind which path."""

import orjson
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route, Router

from service.answers import JSON, SVG
from service.desk import Desk
from service.endpoints.alarms import Acknowledge, Alarms, OneAlarm, OneAlarmPage
from service.endpoints.decision_page import DecisionPage
from service.endpoints.documents import Document, ModelDocument, RegionPicture, Thumbnail
from service.endpoints.drift import Drift, DriftPage
from service.endpoints.explanations import (
    ExampleDecisions,
    Explanation,
    Explanations,
    KeptImage,
)
from service.endpoints.feedback import GiveFeedback
from service.endpoints.metrics import Metrics
from service.endpoints.opt_out import OneOptOut, OptOuts
from service.endpoints.predict import Predict, PredictBatch
from service.metrics.meters import Meters
from service.openapi.document import openapi_bytes
from service.opt_out import OptOutList
from service.served_model import ServedModel
from service.shelf import Shelf


def versioned_routes(
    desk: Desk, shelf: Shelf | None = None, opt_outs: OptOutList | None = None
) -> Router:
    """Route what lies under ``/v1``; without a shelf, as where nothing is recorded."""
    listed = opt_outs or OptOutList(desk.holder, None, None)
    routes: list[BaseRoute] = [
        Route("/predict", Predict(desk), methods=["POST"]),
        Route("/predict/batch", PredictBatch(desk), methods=["POST"]),
        Route("/model", ModelDocument(desk, _card_of, JSON, "card"), methods=["GET"]),
        Route("/model/tree.svg", ModelDocument(desk, _tree_of, SVG, "tree"), methods=["GET"]),
        Route("/examples/{id}.png", Thumbnail(desk), methods=["GET"]),
        Route("/regions/{method}/{region}.png", RegionPicture(desk), methods=["GET"]),
        Route("/opt-out", OptOuts(listed), methods=["GET"]),
        Route("/opt-out/{id}", OneOptOut(listed), methods=["GET", "PUT", "DELETE"]),
        *_shelf_routes(desk, shelf or Shelf.empty()),
        *_drift_routes(desk, shelf or Shelf.empty()),
    ]
    return Router(routes, redirect_slashes=False)


def _card_of(model: ServedModel) -> bytes | None:
    return model.card


def _tree_of(model: ServedModel) -> bytes | None:
    return model.tree_svg


def _shelf_routes(desk: Desk, shelf: Shelf) -> list[BaseRoute]:
    """Route what was answered before."""
    return [
        Route("/examples/{id}/decisions", ExampleDecisions(shelf), methods=["GET"]),
        Route("/explanations", Explanations(shelf), methods=["GET"]),
        Route("/explanations/{id}.html", DecisionPage(desk, shelf), methods=["GET"]),
        Route("/explanations/{id}", Explanation(shelf), methods=["GET"]),
        Route("/explanations/{id}/image", KeptImage(shelf), methods=["GET"]),
        Route("/explanations/{id}/feedback", GiveFeedback(shelf), methods=["POST"]),
    ]


def _drift_routes(desk: Desk, shelf: Shelf) -> list[BaseRoute]:
    """Route what the detectors say."""
    return [
        Route("/drift", Drift(desk, shelf), methods=["GET"]),
        Route("/drift.html", DriftPage(desk, shelf), methods=["GET"]),
        Route("/alarms", Alarms(shelf), methods=["GET"]),
        Route("/alarms/{number}.html", OneAlarmPage(shelf), methods=["GET"]),
        Route("/alarms/{number}", OneAlarm(shelf), methods=["GET"]),
        Route("/alarms/{number}/acknowledge", Acknowledge(shelf), methods=["POST"]),
    ]


def front_routes(desk: Desk, meters: Meters | None = None) -> Starlette:
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
        Route("/", Document(orjson.dumps(signpost), JSON), methods=["GET"]),
        Route("/openapi.json", Document(openapi_bytes(), JSON), methods=["GET"]),
    ]
    if meters is not None:
        routes.append(Route("/metrics", Metrics(meters), methods=["GET"]))
    front = Starlette(routes=routes)
    front.router.redirect_slashes = False
    return front
