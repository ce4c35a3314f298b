"""What the detectors watch, in words."""

import dataclasses

import pytest

from reasoned.drift.change import Contributor
from reasoned.drift.display import Display, Ratio
from reasoned.drift.live import Share
from reasoned.drift.overview import Overview
from reasoned.drift.reference import Reference
from reasoned.drift.status import MonitorStatus
from reasoned.pages.drift_words import contributor_words, percent, signal_words, title
from tests.reasoned.drift.planted import FAMILIES, MODEL, REFERENCE, member, record

RATIO = Ratio("disagreement", 0.023, 0.015, 0.034, 0.02, 0.031, 1000)
SHARES = (
    Share("attribute", "stripes", 0.4, 0.2, 1000),
    Share("attribute", "other", 0.0, 0.1, 1000),
    Share("cluster", "c-1", 0.7, 0.6, 1000),
    Share("cluster", "other", 0.0, 0.2, 1000),
)
SHOWN = Display(1000, 0.91, (), (RATIO,), (), SHARES)


def overview(shown: Display = SHOWN, reference: Reference = REFERENCE) -> Overview:
    status = MonitorStatus(MODEL, 1000, None, 0, (), ())
    return Overview("planted", reference, 1000, None, 1.7e9, status, shown, (), {})


def words(signal: str, shown: Display = SHOWN) -> str:
    return signal_words(overview(shown), signal).replace("\N{NO-BREAK SPACE}", " ")


def test_a_ratio_is_counted_with_its_interval() -> None:
    assert words("disagreement") == (
        "The explanation named another class than the network for 23 of the last 1,000 requests "
        "(2.3 %, 95 % interval 1.5 % to 3.4 %); at fit time at most 3.1 % (measured 2.0 %)."
    )


def test_a_ratio_of_nothing_says_so() -> None:
    unseen = dataclasses.replace(RATIO, live=None, n=0)
    assert "for none of the last requests" in words(
        "disagreement", dataclasses.replace(SHOWN, ratios=(unseen,))
    )


def test_confidence_has_two_sides() -> None:
    assert words("confidence") == (
        "Its mean confidence was 91.0 % over the last 1,000 requests; at fit time from 70.0 % to "
        "90.0 % (measured 80.0 %)."
    )


def test_the_share_that_changed_most_is_named_with_the_bound_on_its_side() -> None:
    assert words("attribute") == (
        "Of 2 shares, that of attribute stripes changed most: 20.0 % of the last 1,000 requests; "
        "at fit time at least 30.0 % (measured 40.0 %)."
    )
    assert "that of anything that was never seen at fit time changed most: 20.0 %" in (
        words("cluster")
    )
    assert "at fit time at most 2.0 % (measured 0.0 %)" in words("cluster")


def test_feedback_and_what_is_not_counted_are_said() -> None:
    assert "the network was wrong for at most 10.0 % of held-out" in words("feedback_error")
    nothing = Display(0, None, (), (), (), ())
    for family in FAMILIES:
        assert words(family.name, nothing) == "No request was counted yet."
    without = Reference(MODEL, "b" * 64, record(feedback=None))
    assert signal_words(overview(SHOWN, without), "feedback_error").endswith("label counts.")


def test_a_signal_of_a_new_method_goes_by_its_name() -> None:
    assert title("prototype") == "Which of prototype is cited"
    assert title("leaf") == "Which leaves decide"


@pytest.mark.parametrize(
    ("share", "said"), [(0.0, "0.0"), (0.0004, "0.04"), (0.0229, "2.3"), (1.0, "100.0")]
)
def test_small_shares_have_more_digits(share: float, said: str) -> None:
    assert percent(share) == f"{said}\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize(
    ("signal", "side", "key", "said"),
    [
        (
            "disagreement",
            "above",
            "disagreement",
            (
                "The explanation named another class than the network for 20.0 % of 50 requests; "
                "at fit time at most 6.0 % (measured 2.0 %)"
            ),
        ),
        (
            "confidence",
            "below",
            "confidence",
            "Mean confidence 20.0 % over 50 requests; at fit time at least 94.0 % (measured 2.0 %)",
        ),
        (
            "leaf",
            "above",
            "leaf-3",
            "leaf-3: 20.0 % of 50 requests; at fit time at most 6.0 % (measured 2.0 %)",
        ),
        (
            "class_mix",
            "above",
            "cat",
            "class cat: 20.0 % of 50 requests; at fit time at most 6.0 % (measured 2.0 %)",
        ),
    ],
)
def test_a_contributor_is_put_in_words(signal: str, side: str, key: str, said: str) -> None:
    found = Contributor.model_validate(
        {
            "member": key,
            "side": side,
            "evidence": 3.0,
            "bound": member(key, 0.02, 0.06).bound,
            "reference": 0.02,
            "live": 0.2,
            "n": 50,
        }
    )

    assert contributor_words(signal, found).replace("\N{NO-BREAK SPACE}", " ") == said
    unseen = contributor_words(signal, found.model_copy(update={"live": None}))
    assert "an unknown share" in unseen
