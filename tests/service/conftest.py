import os
import tempfile
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

# BentoML makes folders in its home when it is imported; not in the user's.
os.environ["BENTOML_HOME"] = tempfile.mkdtemp(prefix="reasoned-bentoml-")
os.environ["BENTOML_DO_NOT_TRACK"] = "True"

LOOPBACK = "http://127.0.0.1"


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    """The whole application, BentoML included, around a model with a closed form."""
    from service.app import app  # noqa: PLC0415  after the home is set
    from service.settings import Settings  # noqa: PLC0415  after the home is set
    from tests.service.brightness import BrightnessModel  # noqa: PLC0415  after the home is set

    asgi = app.application(BrightnessModel(), Settings(body_limit=100_000))
    with TestClient(asgi, base_url=LOOPBACK) as found:
        yield found
