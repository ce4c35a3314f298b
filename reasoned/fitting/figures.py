"""What is reported of a fitted model, measured once on the test split."""

import numpy as np

from explainers.arrays import BoolArray
from explainers.status import STATUSES, StatusRule
from reasoned.fitting.calibration import Judged
from reasoned.folder.manifest import Figure


def report(judged: list[Judged], rule: StatusRule) -> dict[str, Figure]:
    """Give accuracy, each method's coverage and fidelity, and share and fidelity per status.

    A method's coverage is the share of images that fall in one of its regions, and its
    fidelity the share of *those* for which it names the network's class. The figures of
    the first choice and of the statuses are of all images.

    Parameters
    ----------
    judged
        The test split.
    rule
        The status rule.

    """
    right = np.array([j.predicted == j.label for j in judged])
    found: dict[str, Figure] = {"images": len(judged), "accuracy": _mean(right)}
    if not rule.methods:
        return found
    for method in rule.methods:
        found |= _of_method(judged, method)
    firsts = [(j.first_choice(rule), j.predicted) for j in judged]
    agreed = np.array([e is not None and e.names == predicted for e, predicted in firsts])
    statuses = np.array([j.status(rule) for j in judged])
    found |= {
        "first_choice_fidelity": _mean(agreed),
        "first_choice_fidelity_where_wrong": _mean(agreed[~right]),
    }
    for status in STATUSES:
        chosen = statuses == status
        found |= {
            f"{status}_share": _mean(chosen),
            f"{status}_fidelity": _mean(agreed[chosen]),
            f"{status}_accuracy": _mean(right[chosen]),
        }
    return found


def _of_method(judged: list[Judged], method: str) -> dict[str, Figure]:
    covered = np.array([j.evidence[method].region is not None for j in judged])
    agreed = np.array([j.evidence[method].names == j.predicted for j in judged])
    return {f"{method}_coverage": _mean(covered), f"{method}_fidelity": _mean(agreed[covered])}


def _mean(values: BoolArray) -> float | None:
    return round(float(values.mean()), 6) if values.size else None
