"""What a worker serves, put together around a loaded model.

Only workers import this: the process that starts them needs none of it, and is ready sooner.
"""

from collections.abc import Callable

from bentoml import Service
from starlette.applications import Starlette
from starlette.types import ASGIApp

from reasoned.model import ExplainedModel
from service.edge.background import Background
from service.edge.stack import behind_edge
from service.model_folder import model_folder
from service.routes import front_routes, versioned_routes
from service.served_model import ServedModel
from service.settings import Settings
from service.worker import Worker

# BentoML's own pages, of which one loads a tracker from the network.
_STOCK_PAGES = frozenset({"index", "openapi-spec", "static_content", "assets"})


def load_model(settings: Settings) -> ExplainedModel:
    """Load the model that the settings name.

    Raises
    ------
    SettingsError
        When there is no model folder.
    FolderError
        When the model folder is not as it was written.

    """
    return ExplainedModel.load(model_folder(settings))


def assemble(
    service: Service, build: Callable[[], Starlette], model: ServedModel, settings: Settings
) -> ASGIApp:
    """Put routes into a BentoML service, and our edge around it.

    Parameters
    ----------
    service
        Whose application it is.
    build
        Makes BentoML's own application, with what is mounted by then.
    model, settings
        What answers, and how.

    Raises
    ------
    SettingsError
        When the settings are wrong.
    LedgerError
        When the ledger cannot be opened.

    """
    worker = Worker.open(model, settings)
    desk = worker.desk
    service.mount_apps.clear()
    service.mount_asgi_app(versioned_routes(desk, worker.shelf, worker.opt_outs), path="/v1")
    service.mount_asgi_app(front_routes(desk, worker.watch.meters), path="/")
    inner = build()
    inner.state.desk = desk
    inner.router.redirect_slashes = False  # an unknown path is 404, not a way round
    stock = [route for route in inner.routes if getattr(route, "name", None) in _STOCK_PAGES]
    for route in stock:
        inner.routes.remove(route)
    edge = behind_edge(inner, settings, lambda app: worker.watch.around(app, inner.routes))
    return Background(edge, worker.start, worker.stop)
