"""What is reported of a fitted model, measured once on the test split."""

import numpy as np

from explainers.status import STATUSES, StatusRule
from reasoned.fitting.calibration import Judged
from reasoned.folder.manifest import Figure


def report(judged: list[Judged], rule: StatusRule, first: str | None) -> dict[str, Figure]:
    """Give accuracy, the path's fidelity, and share and fidelity per status.

    Parameters
    ----------
    judged
        The test split.
    rule
        The status rule.
    first
        The method of first choice, or None.

    """
    right = np.array([j.predicted == j.label for j in judged])
    found: dict[str, Figure] = {"images": len(judged), "accuracy": _mean(right)}
    if first is None:
        return found
    agreed = np.array([j.evidence[first].names == j.predicted for j in judged])
    statuses = np.array([_status(j, rule, first) for j in judged])
    found |= {
        "path_fidelity": _mean(agreed),
        "path_fidelity_where_wrong": _mean(agreed[~right]),
    }
    for status in STATUSES:
        chosen = statuses == status
        found |= {
            f"{status}_share": _mean(chosen),
            f"{status}_fidelity": _mean(agreed[chosen]),
            f"{status}_accuracy": _mean(right[chosen]),
        }
    return found


def _status(judged: Judged, rule: StatusRule, first: str) -> str:
    evidence = judged.evidence[first]
    return rule.status(outside=judged.outside, region=evidence.region, strength=evidence.strength)


def _mean(values: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> float | None:
    return round(float(values.mean()), 6) if values.size else None
