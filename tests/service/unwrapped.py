"""The routes of the application that stands behind the edge."""

import re

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from service.app import app
from service.settings import Settings
from tests.service.brightness import BrightnessModel


def served() -> set[tuple[str, str]]:
    """Every method and template that is really served, without the parameters' names."""
    return _flat(_routes_of(app.application(BrightnessModel(), Settings(ledger="off"))), "")


def bare(template: str) -> str:
    """Leave the parameters' names out: only their kind tells paths apart."""
    return re.sub(r"\{\w+", "{", template)


def _routes_of(asgi: ASGIApp) -> list[BaseRoute]:
    """Look through the layers for the application with routes."""
    while not isinstance(asgi, Starlette):
        held = vars(asgi)
        asgi = held.get("_app") or held["app"]
    return asgi.routes


def _flat(routes: list[BaseRoute], prefix: str) -> set[tuple[str, str]]:
    found = set[tuple[str, str]]()
    for route in routes:
        if isinstance(route, Mount):
            found |= _flat(list(route.routes), prefix + route.path)
        elif isinstance(route, Route) and route.methods:
            found |= {(method, bare(prefix + route.path)) for method in route.methods - {"HEAD"}}
        else:  # no rule can name this, so that a test fails for it
            found.add(("?", f"{prefix} {route!r}"))
    return found
