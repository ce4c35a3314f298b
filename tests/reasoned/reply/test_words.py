"""The sentence at the top."""

import pytest

from explainers.status import STATUSES
from reasoned.reply.words import (
    carried_words,
    region_words,
    reliability_words,
    status_words,
    uncarried_words,
)


def test_a_count_is_told_with_its_bound() -> None:
    assert reliability_words((412, 414, 405, 0.9848), "held_out") == (
        "Of 414 calibration images in this region, the trace named the network's class for 412 "
        "(at least 98.5 %), and the network was right for 405."
    )


def test_one_image_is_one_image() -> None:
    assert "Of 1 calibration image in this region," in reliability_words(
        (1, 1, 0, 0.05), "held_out"
    )


@pytest.mark.parametrize("counts", [(3, 4, 4, 0.2), (0, 0, 0, 0.0)])
def test_seen_images_are_said_to_be_seen(counts: tuple[int, int, int, float]) -> None:
    words = "which the network may have been trained on"

    assert words in reliability_words(counts, "may_have_been_seen")
    assert words not in reliability_words(counts, "held_out")


def test_every_status_has_words_of_its_own() -> None:
    assert len({status_words(status) for status in STATUSES}) == 3


def test_a_disagreement_names_both_classes_and_who_carries() -> None:
    assert carried_words("additive", "meta_forest", "shirt", "coat") == (
        "The meta_forest trace names shirt, not coat, so it is not the reason; the additive "
        "evidence speaks for coat."
    )
    assert uncarried_words("meta_forest", "no class", "coat") == (
        "The meta_forest trace names no class, not coat, so it is not the reason; no method that "
        "ran speaks for coat."
    )


def test_evidence_without_regions_is_not_called_weak_and_sure_at_once() -> None:
    said = region_words("weak", None, "held_out")

    assert "nothing was counted" in said
    assert "weak" not in said
    assert region_words("out_of_support", None, "held_out").startswith("The image is unlike")
