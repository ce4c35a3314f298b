"""How a comparison says its figures."""

from typing import Final

from reasoned.comparing.figures import Check, DifferenceFigures, Outcome

CHECKS: Final = {
    "max_accuracy_drop": "accuracy fell by",
    "max_fidelity_drop": "fidelity of the first choice fell by",
    "max_method_fidelity_drop": "fidelity fell by",
    "max_coverage_drop": "images in a region fell by",
    "max_supported_drop": "replies that are supported fell by",
    "max_calibration_rise": "calibration error of the estimate rose by",
    "max_class_change": "images with another network's class",
    "max_evidence_change": "first choice names another class",
    "max_status_change": "another status",
    "max_carrier_change": "another method carries",
    "min_region_agreement": "agreement of regions (adjusted Rand index)",
    "min_cluster_agreement": "agreement of clusters (adjusted Rand index)",
    "min_example_agreement": "images with the same nearest example",
    "max_lost_methods": "methods of A that B lacks",
}
OUTCOMES: Final[dict[Outcome, str]] = {
    "within": "within",
    "over": "CROSSED",
    "noise": "beyond, but may be chance",
}
_MEASURES: Final = {
    "accuracy": "accuracy",
    "fidelity": "fidelity",
    "coverage": "images in a region",
    "status": "share of replies",
    "calibration_error": "calibration error of the estimate",
}
_COUNTED, _SUPPORTED = "max_lost_methods", "max_supported_drop"
_INDICES: Final = ("min_region_agreement", "min_cluster_agreement")


def percent(value: float) -> str:
    """Write a share in percent."""
    return f"{round(100 * value, 2) + 0.0:.2f} %"  # never -0.00


def points(value: float) -> str:
    """Write a difference of shares, in points of percent, with its sign."""
    rounded = round(100 * value, 2)
    return f"{rounded:+.2f}" if rounded else "0.00"


def reach(low: float | None, high: float | None, write: str = "{:+.2f}", scale: float = 100) -> str:
    """Write an interval, by default of a difference in points; a dash where there is none."""
    if low is None or high is None:
        return "-"
    ends = (write.format(round(scale * end, 3) + 0.0) for end in (low, high))
    return " to ".join(ends)


def measure_words(one: DifferenceFigures) -> tuple[str, str]:
    """Say what was measured, and of what."""
    if one.measure == "fidelity" and not one.of:
        return "fidelity", "first choice"
    return _MEASURES[one.measure], one.of or "all"


def accepted(check: Check) -> str:
    """Say what a threshold accepts."""
    return f"{'≥' if check.option.startswith('min') else '≤'} {_written(check, check.wanted)}"


def found(check: Check) -> str:
    """Say what was found."""
    return _written(check, check.found)


def found_reach(check: Check) -> str:
    """Say in which interval what was found lies."""
    if check.option in _INDICES:
        return reach(check.low, check.high, "{:.3f}", 1)
    return reach(check.low, check.high, "{:.2f}")


def _written(check: Check, value: float) -> str:
    if check.option == _COUNTED:
        return f"{value:.0f}"
    return f"{value:.3f}" if check.option in _INDICES else percent(value)


def check_words(check: Check) -> str:
    """Say what is checked, and of which method."""
    named = check.of and check.option != _SUPPORTED
    return f"{CHECKS[check.option]}: {check.of}" if named else CHECKS[check.option]
