"""A BentoML service of one's own that gains explained predictions in three lines."""

import base64
import os
from typing import Any

import bentoml

from reasoned import ExplainedModel  # 1


@bentoml.service(metrics={"enabled": False})
class ShoeService:
    """Somebody's service, which did something else before."""

    def __init__(self) -> None:
        self.model = ExplainedModel.load(os.environ["MODEL_FOLDER"])  # 2

    @bentoml.api
    def classify(self, image_base64: str) -> dict[str, Any]:
        """Classify a picture, with reasons."""
        picture = base64.b64decode(image_base64)
        return self.model.explain(picture).model_dump(mode="json")  # 3
