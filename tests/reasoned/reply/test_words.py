"""The sentence at the top."""

from typing import get_args

import pytest

from explainers.evidence import Evidence, Form
from explainers.status import STATUSES
from reasoned.reply.words import (
    carried_words,
    parted_words,
    region_words,
    reliability_words,
    status_words,
    told_words,
    uncarried_words,
    unnamed_words,
)

FORMS: tuple[Form, ...] = get_args(Form)
COUNTS = (412, 414, 405, 0.9848)
LEAF = Evidence("meta_forest", "path", "leaf-3", 1, 0.9, "", b"{}")
CELL = Evidence("cells", "region", "polytope-2", 1, 0.9, "", b"{}")
PAIR = Evidence("attributes", "parts", "pair-c1-a7", 1, 0.9, "", b"{}")
LINES = Evidence("mixture", "regression", "class-1-component-2", 1, 0.9, "", b"{}")
EXACT = Evidence("additive", "parts", None, 1, None, "", b"{}")


def test_a_count_is_told_with_its_bound_its_region_and_its_status() -> None:
    words = reliability_words("path", "supported", COUNTS, "held_out")

    assert told_words(words, LEAF, "shirt", carries=True) == (
        "Of the 414 calibration images in leaf-3 with the same status, the trace named the "
        "network's class for 412 (with 95 % confidence at least 98.5 %), and the network was right "
        "for 405."
    )


def test_where_nothing_was_counted_the_status_is_named() -> None:
    words = region_words("region", "out_of_support", (0, 0, 0, 0.0), "held_out")

    assert told_words(words, CELL, "shirt", carries=True).endswith(
        "No calibration image in polytope-2 had this status (out_of_support), so nothing is known "
        "of it."
    )


def test_a_polytope_is_not_called_a_trace() -> None:
    for status in STATUSES:
        for counts in (COUNTS, (0, 0, 0, 0.0), None):
            words = region_words("region", status, counts, "held_out")
            assert "trace" not in told_words(words, CELL, "shirt", carries=True)
    weak = region_words("region", "weak", None, "held_out")
    assert told_words(weak, CELL, "shirt", carries=True) == (
        "The polytope is weak here: treat it as a hint. The image lies outside every stored "
        "polytope, so nothing was counted for it."
    )


@pytest.mark.parametrize(
    ("first", "noun"),
    [
        (LEAF, "meta_forest trace"),
        (CELL, "cells polytope"),
        (PAIR, "attributes interpreter"),
        (LINES, "mixture regression"),
    ],
)
def test_a_count_that_is_not_the_carriers_says_whose_it_is(first: Evidence, noun: str) -> None:
    words = region_words(first.form, "weak", COUNTS, "held_out")
    found = told_words(words, first, "{shirt}", carries=False)

    assert found.startswith(f"The {noun}, which names {{shirt}}, is weak here: treat it as a hint.")
    assert f"with the same status, the {noun} named the network's class for 412" in found


def test_without_a_polytope_one_can_be_asked_for() -> None:
    assert unnamed_words("cells", "weak") == (
        "So there is no evidence for it from cells; ask with explain=full to have one searched, "
        "where that is possible. The image lies outside every stored polytope, so nothing was "
        "counted for it."
    )
    assert unnamed_words("cells", "out_of_support").startswith("The image is unlike")


def test_one_image_is_one_image() -> None:
    assert "Of the one calibration image in {region} with" in reliability_words(
        "path", "weak", (1, 1, 0, 0.05), "held_out"
    )


def test_seen_images_are_said_to_be_seen() -> None:
    words = "which the network may have been trained on"

    assert words in reliability_words("path", "weak", (3, 4, 4, 0.2), "may_have_been_seen")
    assert words not in reliability_words("path", "weak", (3, 4, 4, 0.2), "held_out")


@pytest.mark.parametrize("form", FORMS)
def test_every_status_has_words_of_its_own(form: Form) -> None:
    assert len({status_words(status) for status in STATUSES}) == 3
    assert len({region_words(form, status, None, "held_out") for status in STATUSES}) == 3


def test_a_disagreement_names_both_classes_and_who_carries() -> None:
    assert parted_words(LEAF, "shirt", "coat") == (
        "The meta_forest trace names shirt, not coat, so it is not the reason;"
    )
    assert parted_words(LEAF, None, "coat") == (
        "The meta_forest trace names no class, not coat, so it is not the reason;"
    )
    assert carried_words("additive", "coat") == "the additive evidence speaks for coat."
    assert uncarried_words("coat") == "no method that ran speaks for coat."


def test_a_sum_of_attributes_is_that_of_an_interpreter() -> None:
    for status in STATUSES:
        for counts in (COUNTS, (0, 0, 0, 0.0)):
            words = region_words("parts", status, counts, "held_out")
            assert "trace" not in told_words(words, PAIR, "shirt", carries=True)
    supported = region_words("parts", "supported", COUNTS, "held_out")
    assert told_words(supported, PAIR, "shirt", carries=True) == (
        "The image lies where the interpreter is well supported. Of the 414 calibration images in "
        "the group pair-c1-a7 with the same status, the interpreter named the network's class for "
        "412 (with 95 % confidence at least 98.5 %), and the network was right for 405."
    )
    empty = region_words("parts", "weak", (0, 0, 0, 0.0), "held_out")
    assert told_words(empty, PAIR, "shirt", carries=False) == (
        "The attributes interpreter, which names shirt, is weak here: treat it as a hint. No "
        "calibration image in the group pair-c1-a7 had this status (weak), so nothing is known of "
        "it."
    )


def test_a_regression_is_called_one_and_its_region_a_component() -> None:
    words = region_words("regression", "supported", COUNTS, "held_out")

    assert told_words(words, LINES, "shirt", carries=True) == (
        "The image lies where the regression is well supported. Of the 414 calibration images told "
        "by class-1-component-2 with the same status, the regression named the network's class for "
        "412 (with 95 % confidence at least 98.5 %), and the network was right for 405."
    )
    assert parted_words(LINES, "shirt", "coat") == (
        "The mixture regression names shirt, not coat, so it is not the reason;"
    )


def test_an_interpreter_that_disagrees_explains_nothing_of_the_network() -> None:
    assert parted_words(PAIR, "shirt", "coat") == (
        "The attributes interpreter speaks for shirt, not coat, so its attributes do not explain "
        "the network's answer;"
    )


def test_an_exact_sum_without_regions_stays_what_it_was() -> None:
    words = region_words("parts", "supported", None, "held_out")

    assert told_words(words, EXACT, "shirt", carries=True) == (
        "The image lies where the trace is well supported. Nothing was counted for it: it holds by "
        "construction, everywhere alike."
    )


def test_a_polytope_that_disagrees_and_one_that_is_not_there() -> None:
    assert parted_words(CELL, "shirt", "coat") == (
        "The cells polytope names shirt, not coat, so it is not the reason;"
    )
    assert parted_words(CELL, None, "coat") == (
        "No polytope of cells holds the image, so none is the reason;"
    )


def test_evidence_without_regions_is_not_called_weak_and_sure_at_once() -> None:
    said = region_words("parts", "weak", None, "held_out")

    assert "nothing was counted" in said
    assert "weak" not in said
    assert region_words("parts", "out_of_support", None, "held_out").startswith(
        "The image is unlike"
    )
