"""The sentence at the top."""

from typing import get_args

import pytest

from explainers.evidence import Form
from explainers.status import STATUSES
from reasoned.reply.words import (
    carried_words,
    parted_words,
    region_words,
    reliability_words,
    status_words,
    uncarried_words,
)

FORMS: tuple[Form, ...] = get_args(Form)


def test_a_count_is_told_with_its_bound() -> None:
    assert reliability_words("path", (412, 414, 405, 0.9848), "held_out") == (
        "Of 414 calibration images in this region, the trace named the network's class for 412 "
        "(at least 98.5 %), and the network was right for 405."
    )


def test_a_polytope_is_not_called_a_trace() -> None:
    for status in STATUSES:
        for counts in ((412, 414, 405, 0.9848), (0, 0, 0, 0.0), None):
            assert "trace" not in region_words("region", status, counts, "held_out")
    assert "the polytope named the network's class for 412" in region_words(
        "region", "supported", (412, 414, 405, 0.9848), "held_out"
    )
    assert region_words("region", "weak", None, "held_out") == (
        "This evidence is weak here: treat it as a hint. The image lies outside every stored "
        "polytope, so nothing was counted for it."
    )


def test_one_image_is_one_image() -> None:
    assert "Of 1 calibration image in this region," in reliability_words(
        "path", (1, 1, 0, 0.05), "held_out"
    )


@pytest.mark.parametrize("counts", [(3, 4, 4, 0.2), (0, 0, 0, 0.0)])
def test_seen_images_are_said_to_be_seen(counts: tuple[int, int, int, float]) -> None:
    words = "which the network may have been trained on"

    assert words in reliability_words("path", counts, "may_have_been_seen")
    assert words not in reliability_words("path", counts, "held_out")


@pytest.mark.parametrize("form", FORMS)
def test_every_status_has_words_of_its_own(form: Form) -> None:
    assert len({status_words(form, status) for status in STATUSES}) == 3


def test_a_disagreement_names_both_classes_and_who_carries() -> None:
    assert parted_words("meta_forest", "path", "shirt", "coat") == (
        "The meta_forest trace names shirt, not coat, so it is not the reason;"
    )
    assert parted_words("meta_forest", "path", None, "coat") == (
        "The meta_forest trace names no class, not coat, so it is not the reason;"
    )
    assert carried_words("additive", "coat") == "the additive evidence speaks for coat."
    assert uncarried_words("coat") == "no method that ran speaks for coat."


def test_a_polytope_that_disagrees_and_one_that_is_not_there() -> None:
    assert parted_words("cells", "region", "shirt", "coat") == (
        "The cells polytope names shirt, not coat, so it is not the reason;"
    )
    assert parted_words("cells", "region", None, "coat") == (
        "No polytope of cells holds the image, so none is the reason;"
    )


def test_evidence_without_regions_is_not_called_weak_and_sure_at_once() -> None:
    said = region_words("parts", "weak", None, "held_out")

    assert "nothing was counted" in said
    assert "weak" not in said
    assert region_words("parts", "out_of_support", None, "held_out").startswith(
        "The image is unlike"
    )
