"""The pictures of regions, and the links to them."""

import dataclasses
import io
import re
from typing import Any

import pytest
from PIL import Image

from explainers.arrays import ByteArray
from explainers.errors import ArtefactError
from reasoned.errors import FolderError
from reasoned.model import ExplainedModel
from reasoned.region_pictures import RegionPictures
from reasoned.reply.schema import RegionEvidence
from tests.reasoned.astray import reasons
from tests.reasoned.halfspace import halfspace_of, joined_by
from tests.reasoned.rules import rule_of

LINK = "/v1/regions/halfspace/half-1.png"


def pictured(model: ExplainedModel, **fields: Any) -> ExplainedModel:  # noqa: ANN401  fields of several kinds
    ids = model.explaining.parts.representatives.ids[:3]
    second = halfspace_of(model, 3, 0.9, **({"shown": ids} | fields))
    return joined_by(model, second, rule_of(halfspace=0.5, meta_forest=0.5))


def test_every_link_leads_to_a_picture_and_outside_there_is_none(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    model, seen = pictured(digits_model), set()
    for image in digits_images[:60]:
        for evidence in reasons(model.explain(image, explain="full")).evidence:
            if not isinstance(evidence, RegionEvidence):
                continue
            assert evidence.picture == (None if evidence.region is None else LINK)
            seen.add(evidence.picture)
    found = re.fullmatch(r"/v1/regions/([\w-]+)/([\w-]+)\.png", LINK)
    assert found is not None
    png = model.region_png(*found.groups())

    assert seen == {None, LINK}
    assert png is not None
    assert Image.open(io.BytesIO(png)).width == 3 * 112 + 8


def test_a_region_without_a_gallery_has_no_link(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    model = pictured(digits_model, shown=())
    for image in digits_images[:30]:
        evidence = reasons(model.explain(image)).evidence[0]
        assert getattr(evidence, "picture", None) is None
    assert model.region_png("halfspace", "half-1") is None


@pytest.mark.parametrize(
    ("method", "region"),
    [("halfspace", "half-2"), ("meta_forest", "leaf-0"), ("lime", "half-1"), ("", "../half-1")],
)
def test_what_has_no_picture_gives_none(
    digits_model: ExplainedModel, method: str, region: str
) -> None:
    assert pictured(digits_model).region_png(method, region) is None


def test_it_is_drawn_once_and_the_same_in_every_process(digits_model: ExplainedModel) -> None:
    one, other = pictured(digits_model), pictured(digits_model)
    first = one.region_png("halfspace", "half-1")

    assert one.region_png("halfspace", "half-1") is first
    assert other.region_png("halfspace", "half-1") == first


@pytest.mark.parametrize("region", ["a/b", "a b", "..", "é", "", "a" * 101, "a.png", "a\n"])
def test_a_region_that_cannot_stand_in_a_path_is_refused(
    digits_model: ExplainedModel, region: str
) -> None:
    with pytest.raises(ArtefactError, match="regions of halfspace that have a gallery must be"):
        pictured(digits_model, region=region)


def test_a_gallery_of_images_without_thumbnails_is_refused(digits_model: ExplainedModel) -> None:
    with pytest.raises(FolderError, match="gallery of halfspace, half-1 shows image-x, which has"):
        pictured(digits_model, shown=("image-x",))


def test_a_thumbnail_that_is_no_picture_is_the_folders_fault(digits_model: ExplainedModel) -> None:
    model = pictured(digits_model)
    parts = model.explaining.parts
    broken = dict.fromkeys(model.thumbnails, b"\x89PNG\r\n\x1a\n")
    pictures = RegionPictures(
        parts.explainers, model.explaining.writer.pictures, broken, parts.preprocessing
    )
    with pytest.raises(FolderError, match="thumbnail of halfspace, half-1 cannot be drawn"):
        dataclasses.replace(model, pictures=pictures).region_png("halfspace", "half-1")
