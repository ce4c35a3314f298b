"""The pictures of a sum's regions, from the gallery to the link in a reply."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from explainers.arrays import ByteArray
from reasoned.errors import FolderError
from reasoned.model import ExplainedModel
from reasoned.reply.schema import PartsEvidence
from tests.reasoned.astray import reasons
from tests.reasoned.interpreter import REGION, interpreted

LINK = f"/v1/regions/dictionary/{REGION}.png"


def test_a_sum_with_a_gallery_links_to_its_picture_and_an_exact_one_does_not(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    model = interpreted(digits_model)
    found = reasons(model.explain(digits_images[0], explain="full"))
    links = {e.method: e.picture for e in found.evidence if isinstance(e, PartsEvidence)}
    png = model.region_png("dictionary", REGION)

    assert links == {"dictionary": LINK, "additive": None}
    assert png is not None
    assert np.asarray(Image.open(io.BytesIO(png)).convert("L"))[120:172, 8:60].max() == 0


def test_a_region_without_a_gallery_has_no_picture(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    model = interpreted(digits_model, shown=())
    evidence = reasons(model.explain(digits_images[0])).evidence[0]

    assert isinstance(evidence, PartsEvidence)
    assert evidence.picture is None
    assert interpreted(digits_model).region_png("dictionary", "other") is None


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"picture_below": np.zeros((2, 2, 4), np.uint8)}, "must have 1 or 3 channels, not 4"),
        ({"heat": np.zeros((2, 2), np.uint8)}, "either heat or a picture below its image"),
    ],
)
def test_a_tile_that_cannot_be_drawn_is_refused_at_load(
    digits_model: ExplainedModel, fields: dict[str, Any], told: str
) -> None:
    with pytest.raises(
        FolderError, match=f"gallery of dictionary, {REGION} cannot be drawn: .*{told}"
    ):
        interpreted(digits_model, **fields)
