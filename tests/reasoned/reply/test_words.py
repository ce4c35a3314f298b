"""The sentence at the top."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.evidence import Evidence
from explainers.reliability import Statement
from explainers.status import STATUSES, Status, Verdict
from reasoned.reply.words import (
    carried_words,
    disagreement_words,
    parted_words,
    statement_words,
    status_words,
    told_words,
    uncarried_words,
    unnamed_words,
    unstated_words,
)

STATED: Statement = (412, 414, 405, 0.9939, 0.97849)
LEAF = Evidence("meta_forest", "path", "leaf-3", 1, 0.9, "", b"{}")
CELL = Evidence("cells", "region", "polytope-2", 1, 0.9, "", b"{}")
PAIR = Evidence("attributes", "parts", "pair-c1-a7", 1, 0.9, "", b"{}")
LINES = Evidence("mixture", "regression", "class-1-component-2", 1, 0.9, "", b"{}")
EXACT = Evidence("additive", "parts", None, 1, None, "", b"{}")


def verdict(status: Status, company: int | None = None, others: int = 2) -> Verdict:
    asked = "+".join(["a", "b", "c", "d"][: others + 1])
    return Verdict("a", status, asked, f"{status} a", company)


def test_a_statement_that_carries_by_hand() -> None:
    words = statement_words(verdict("supported"), STATED, "held_out")

    assert told_words(words, LEAF, "shirt", carries=True) == (
        "The image lies where the trace is well supported. Of the 414 calibration images that were "
        "explained alike, the trace named the network's class for 412: an estimated 99.3 %, and "
        "with 95 % confidence at least 97.8 %. The network was right for 405."
    )


def test_a_statement_that_does_not_carry_says_whose_it_is() -> None:
    words = statement_words(verdict("weak", 1), (3, 4, 2, 0.7, 0.2), "held_out")

    assert told_words(words, LEAF, "{shirt}", carries=False) == (
        "The meta_forest trace, which names {shirt}, is weak here: treat it as a hint. 1 of the 2 "
        "other methods that were asked find the same class. Of the 4 calibration images that were "
        "explained alike, the meta_forest trace named the network's class for 3: an estimated "
        "70.0 %, and with 95 % confidence at least 20.0 %. The network was right for 2."
    )


def test_an_image_unlike_the_known_ones_is_said_to_be() -> None:
    words = statement_words(verdict("out_of_support"), STATED, "held_out")

    assert told_words(words, CELL, "shirt", carries=True).startswith(
        "The image is unlike the images that the model was fitted on: trust neither the class nor "
        "the polytope. Of the 414 calibration images that were explained alike, the polytope named"
    )


@pytest.mark.parametrize(
    ("company", "others", "said"),
    [
        (None, 2, ""),
        (0, 0, ""),
        (0, 1, "The other method that was asked finds another class."),
        (1, 1, "The other method that was asked finds the same class."),
        (0, 2, "None of the 2 other methods that were asked find the same class."),
        (1, 3, "1 of the 3 other methods that were asked find the same class."),
        (3, 3, "All of the 3 other methods that were asked find the same class."),
    ],
)
def test_the_company_of_the_first_choice_in_words(
    company: int | None, others: int, said: str
) -> None:
    words = statement_words(verdict("weak", company, others), STATED, "held_out")

    counted = words.index(" Of the 414")
    assert words[:counted] == f"{status_words('weak')} {said}".strip()


def test_where_no_calibration_image_was_explained_alike_the_status_is_told_of() -> None:
    words = statement_words(verdict("out_of_support", 0, 0), (0, 0, 0, 0.5, 0.0), "held_out")

    assert told_words(words, LEAF, "shirt", carries=True).endswith(
        "No calibration image was explained like this one; of all that were out of support, about "
        "50.0 % were explained as the network said."
    )


def test_one_image_is_one_image() -> None:
    words = statement_words(verdict("weak", 0, 0), (1, 1, 0, 0.75, 0.05), "held_out")

    assert "Of the one calibration image that was explained alike, {noun} named" in words


@pytest.mark.parametrize("stated", [STATED, (1, 1, 1, 0.75, 0.05), (0, 0, 0, 0.5, 0.0)])
def test_seen_images_are_said_to_be_seen(stated: Statement) -> None:
    seen = ", which the network may have been trained on,"

    assert seen not in statement_words(verdict("weak"), stated, "held_out")
    told = statement_words(verdict("weak"), stated, "may_have_been_seen")
    assert seen in told
    assert told.replace(seen, "," if stated[1] else "") == statement_words(
        verdict("weak"), stated, "held_out"
    )


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_percentage_is_never_rounded_up(estimate: float, share: float) -> None:
    lower = share * estimate
    words = statement_words(verdict("weak"), (5, 9, 5, estimate, lower), "held_out")
    promised = words.split("at least ")[1].split(" %")[0]
    estimated = words.split("an estimated ")[1].split(" %")[0]

    for said, meant in ((promised, lower), (estimated, estimate)):
        # To a tenth of a per cent, but for the last bits of a binary fraction.
        assert -1e-6 <= 100 * meant - float(said) < 0.1 + 1e-9


@pytest.mark.parametrize(
    ("share", "said"), [(0.999, "99.9"), (0.9999, "99.9"), (0.29, "29.0"), (1.0, "100.0")]
)
def test_a_percentage_that_is_whole_stays_so(share: float, said: str) -> None:
    words = statement_words(verdict("weak"), (5, 9, 5, share, share), "held_out")

    assert f"an estimated {said} %, and with 95 % confidence at least {said} %." in words


def test_which_evidence_names_another_class_is_told() -> None:
    assert disagreement_words([]) == ""
    assert (
        disagreement_words([("cells", "shirt")]) == "Other evidence disagrees: cells names shirt."
    )
    assert disagreement_words([("a", "shirt"), ("b", "coat"), ("c", "{bag}")]) == (
        "Other evidence disagrees: a names shirt, b names coat and c names {bag}."
    )


@pytest.mark.parametrize("first", [CELL, PAIR, LINES])
def test_only_a_path_and_an_exact_sum_are_called_a_trace(first: Evidence) -> None:
    for status in STATUSES:
        for stated in (STATED, (0, 0, 0, 0.5, 0.0)):
            words = statement_words(verdict(status), stated, "held_out")
            for carries in (True, False):
                assert "trace" not in told_words(words, first, "shirt", carries=carries)
    supported = statement_words(verdict("supported"), STATED, "held_out")
    for trace in (LEAF, EXACT):
        assert "where the trace is well" in told_words(supported, trace, "shirt", carries=True)


@pytest.mark.parametrize(
    ("first", "noun"),
    [
        (LEAF, "meta_forest trace"),
        (CELL, "cells polytope"),
        (PAIR, "attributes interpreter"),
        (LINES, "mixture regression"),
    ],
)
def test_every_form_has_a_noun(first: Evidence, noun: str) -> None:
    words = statement_words(verdict("weak"), STATED, "held_out")
    found = told_words(words, first, None, carries=False)

    assert found.startswith(f"The {noun} is weak here: treat it as a hint.")
    assert f"explained alike, the {noun} named the network's class for 412" in found


def test_without_a_polytope_one_can_be_asked_for() -> None:
    assert unnamed_words("cells", "weak") == (
        "So there is no evidence for it from cells; ask with explain=full to have one searched, "
        "where that is possible. The image lies outside every stored polytope, so nothing was "
        "counted for it."
    )
    assert unnamed_words("cells", "out_of_support").startswith("The image is unlike")


def test_every_status_has_words_of_its_own() -> None:
    assert len({status_words(status) for status in STATUSES}) == 3
    assert len({unstated_words(status) for status in STATUSES}) == 3


def test_a_disagreement_names_both_classes_and_who_carries() -> None:
    assert parted_words(LEAF, "shirt", "coat") == (
        "The meta_forest trace names shirt, not coat, so it is not the reason;"
    )
    assert parted_words(LEAF, None, "coat") == (
        "The meta_forest trace names no class, not coat, so it is not the reason;"
    )
    assert parted_words(LINES, "shirt", "coat") == (
        "The mixture regression names shirt, not coat, so it is not the reason;"
    )
    assert carried_words("additive", "coat") == "the additive evidence speaks for coat."
    assert uncarried_words("coat") == "no method that ran speaks for coat."


def test_an_interpreter_that_disagrees_explains_nothing_of_the_network() -> None:
    assert parted_words(PAIR, "shirt", "coat") == (
        "The attributes interpreter speaks for shirt, not coat, so its attributes do not explain "
        "the network's answer;"
    )


def test_a_polytope_that_disagrees_and_one_that_is_not_there() -> None:
    assert parted_words(CELL, "shirt", "coat") == (
        "The cells polytope names shirt, not coat, so it is not the reason;"
    )
    assert parted_words(CELL, None, "coat") == (
        "No polytope of cells holds the image, so none is the reason;"
    )


def test_an_exact_sum_holds_by_construction() -> None:
    assert told_words(unstated_words("supported"), EXACT, "shirt", carries=True) == (
        "The image lies where the trace is well supported. Nothing was counted for it: it holds by "
        "construction, everywhere alike."
    )
    assert unstated_words("out_of_support").startswith("The image is unlike")


def test_evidence_without_regions_is_not_called_weak_and_sure_at_once() -> None:
    said = unstated_words("weak")

    assert "nothing was counted" in said
    assert "weak" not in said
