"""The release gate: every threshold against what was found."""

from collections.abc import Iterable, Iterator
from typing import Final

from reasoned.comparing.figures import (
    ChangeFigures,
    Check,
    DifferenceFigures,
    ExampleFigures,
    Outcome,
    RegionFigures,
)
from reasoned.comparing.thresholds import Thresholds

CLUSTERS: Final = "clusters"
_TOUCHING: Final = 1e-12  # a drop of 0.3 - 0.2 is one of 0.1
_CHANGES: Final = {
    "class": "max_class_change",
    "evidence": "max_evidence_change",
    "status": "max_status_change",
    "carrier": "max_carrier_change",
}


def check_differences(
    found: Iterable[DifferenceFigures], thresholds: Thresholds
) -> Iterator[Check]:
    """Check the figures that may fall, or for the calibration error rise, only so far."""
    for one in found:
        option = _option(one)
        if option is not None:
            sign = 1 if one.measure == "calibration_error" else -1
            low, high = sorted((sign * one.low, sign * one.high))
            wanted, worse = getattr(thresholds, option), sign * one.difference
            yield Check(
                option=option,
                of=one.of,
                wanted=wanted,
                found=worse,
                low=low,
                high=high,
                outcome=_outcome(beyond=worse - wanted, certain=low > 0),
            )


def _option(one: DifferenceFigures) -> str | None:
    match one.measure:
        case "accuracy":
            return "max_accuracy_drop"
        case "fidelity":
            return "max_method_fidelity_drop" if one.of else "max_fidelity_drop"
        case "coverage":
            return "max_coverage_drop"
        case "calibration_error":
            return "max_calibration_rise"
        case "status":
            return "max_supported_drop" if one.of == "supported" else None


def check_changes(found: Iterable[ChangeFigures], thresholds: Thresholds) -> Iterator[Check]:
    """Check the shares of images that may change."""
    for one in found:
        option = _CHANGES[one.measure]
        wanted = getattr(thresholds, option)
        yield Check(
            option=option,
            of="",
            wanted=wanted,
            found=one.share,
            low=one.low,
            high=one.high,
            outcome=_outcome(beyond=one.share - wanted, certain=one.low > 0),
        )


def check_regions(found: Iterable[RegionFigures], thresholds: Thresholds) -> Iterator[Check]:
    """Check how alike the regions must stay."""
    for one in found:
        clusters = one.of == CLUSTERS
        option = "min_cluster_agreement" if clusters else "min_region_agreement"
        wanted = getattr(thresholds, option)
        yield Check(
            option=option,
            of="" if clusters else one.of,
            wanted=wanted,
            found=one.agreement,
            low=one.low,
            high=one.high,
            outcome=_outcome(beyond=wanted - one.agreement, certain=one.high < 1),
        )


def check_examples(found: ExampleFigures, thresholds: Thresholds) -> Iterator[Check]:
    """Check how many images must keep their nearest example, where that can be told."""
    if found.same_nearest is None or found.high is None:
        return
    wanted = thresholds.min_example_agreement
    yield Check(
        option="min_example_agreement",
        of="",
        wanted=wanted,
        found=found.same_nearest,
        low=found.low,
        high=found.high,
        outcome=_outcome(beyond=wanted - found.same_nearest, certain=found.high < 1),
    )


def check_methods(lost: tuple[str, ...], thresholds: Thresholds) -> Check:
    """Check that methods have not gone."""
    wanted = thresholds.max_lost_methods
    return Check(
        option="max_lost_methods",
        of=", ".join(lost),
        wanted=wanted,
        found=len(lost),
        low=None,
        high=None,
        outcome=_outcome(beyond=len(lost) - wanted, certain=True),
    )


def _outcome(*, beyond: float, certain: bool) -> Outcome:
    if beyond <= _TOUCHING:
        return "within"
    return "over" if certain else "noise"
