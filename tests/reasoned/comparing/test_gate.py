"""What crosses a threshold, and what may be chance."""

from typing import Literal

import pytest

from reasoned.comparing.figures import (
    ChangeFigures,
    DifferenceFigures,
    ExampleFigures,
    RegionFigures,
)
from reasoned.comparing.gate import (
    check_changes,
    check_differences,
    check_examples,
    check_methods,
    check_regions,
)
from reasoned.comparing.thresholds import Thresholds

LIMITS = Thresholds(
    max_fidelity_drop=0.1, max_calibration_rise=0.1, min_region_agreement=0.8, max_class_change=0.1
)


def _difference(
    measure: Literal["fidelity", "calibration_error", "status"],
    moved: tuple[float, float, float],
    of: str = "",
) -> DifferenceFigures:
    difference, low, high = moved
    after = 0.5 + difference
    return DifferenceFigures(
        measure=measure,
        of=of,
        images=100,
        before=0.5,
        after=after,
        difference=difference,
        low=low,
        high=high,
    )


@pytest.mark.parametrize(
    ("moved", "outcome"),
    [
        ((-0.3, -0.4, -0.2), "over"),
        ((-0.3, -0.4, 0.1), "noise"),
        ((-0.05, -0.06, -0.04), "within"),
        ((-(0.3 - 0.2), -0.2, -0.05), "within"),  # which is a little less than -0.1
        ((0.3, 0.2, 0.4), "within"),  # better than before
    ],
)
def test_a_drop_counts_only_beyond_the_threshold_and_beyond_chance(
    moved: tuple[float, float, float], outcome: str
) -> None:
    (found,) = check_differences([_difference("fidelity", moved)], LIMITS)

    assert (found.option, found.outcome) == ("max_fidelity_drop", outcome)
    assert (found.wanted, found.found) == (0.1, -moved[0])
    assert (found.low, found.high) == (-moved[2], -moved[1])


def test_a_calibration_error_may_not_rise() -> None:
    up, down = (_difference("calibration_error", (d, d - 0.05, d + 0.05)) for d in (0.2, -0.2))

    outcomes = [check.outcome for check in check_differences([up, down], LIMITS)]

    assert outcomes == ["over", "within"]


def test_of_the_statuses_only_supported_has_a_threshold() -> None:
    drop = (-0.3, -0.4, -0.2)
    found = [_difference("status", drop, of) for of in ("supported", "weak")]

    assert [check.of for check in check_differences(found, LIMITS)] == ["supported"]


def test_a_share_of_changed_images_is_checked() -> None:
    shares = ((0.2, 0.15), (0.1, 0.05), (0.2, 0.0))
    found = [
        ChangeFigures(measure="class", images=9, share=share, low=low, high=0.3)
        for share, low in shares
    ]

    outcomes = [check.outcome for check in check_changes(found, LIMITS)]

    assert outcomes == ["over", "within", "noise"]


def test_clusters_have_a_threshold_of_their_own() -> None:
    found = [
        RegionFigures(of=of, images=9, agreement=0.6, low=0.5, high=0.7, staying=0.6, pairs=())
        for of in ("mixture", "clusters")
    ]

    told = [(check.option, check.of, check.outcome) for check in check_regions(found, LIMITS)]

    assert told == [
        ("min_region_agreement", "mixture", "over"),
        ("min_cluster_agreement", "", "within"),
    ]


def test_examples_of_other_data_are_not_checked() -> None:
    unknown = ExampleFigures(before=5, after=5, shared=None, same_nearest=None, low=None, high=None)
    known = unknown.model_copy(update={"shared": 1, "same_nearest": 0.2, "low": 0.1, "high": 0.3})
    limits = Thresholds(min_example_agreement=0.5)

    assert list(check_examples(unknown, limits)) == []
    assert [check.outcome for check in check_examples(known, limits)] == ["over"]
    assert [check.outcome for check in check_examples(known, Thresholds())] == ["within"]


def test_methods_that_are_gone_are_named() -> None:
    found = check_methods(("mixture", "additive"), LIMITS)

    assert (found.of, found.found, found.outcome) == ("mixture, additive", 2, "over")
    assert check_methods((), LIMITS).outcome == "within"
    assert check_methods(("mixture",), Thresholds(max_lost_methods=1)).outcome == "within"
