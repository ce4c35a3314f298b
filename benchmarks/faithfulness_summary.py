"""What the steps of the run on faithfulness found for one data set, what is asked for first."""

from collections.abc import Mapping
from typing import Any, Final

_SHIFT: Final = (
    "severity",
    "what",
    "supported",
    "weak",
    "out_of_support",
    "fidelity",
    "supported_fidelity",
    "accuracy",
)


def summary(steps: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Put the steps of one data set together.

    Parameters
    ----------
    steps
        By their parts: ``fit``, ``report``, ``judges`` and ``seeds``, each as it was written.

    """
    report, judged = steps["report"]["found"], steps["judges"]["found"]
    reliability = report["reliability"]
    supported = next(one for one in reliability["statuses"] if one["name"] == "supported")
    strangers = {one["name"]: one["not_supported"] for one in report["strangers"]}
    return {
        "bounds_broken_share": reliability["bounds_broken_share"],
        "calibration_error": reliability["calibration_error"],
        "supported_share": supported["share"],
        "supported_fidelity": supported["fidelity"],
        "noise_not_supported": min(strangers.values()),
        "quantus": scores_of(judged),
        "shift": shift_of(report["shift"]),
        "stability": {
            "noise": (report["stability"] or {}).get("noise", report["stability"]),
            "seeds": steps["seeds"]["found"],
        },
        "accuracy": reliability["accuracy"],
        "fidelity": reliability["fidelity"],
        "images": reliability["images"],
        "statuses": reliability["statuses"],
        "methods": reliability["methods"],
        "wrong": reliability["wrong"],
        "groups": len(reliability["groups"]),
        "groups_broken": [one for one in reliability["groups"] if one["broken"]],
        "strangers": strangers,
        "peers_better": [
            one for one in judged["rivalries"] if one["verdict"] == "the peer is better"
        ],
        "judges": {key: value for key, value in judged.items() if key not in ("scores", "curves")},
        "cost": report["cost"],
        "summary": report["summary"],
        "model_sha256": steps["report"]["model_sha256"],
        "whole_fit": steps["fit"]["found"],
        "steps": {
            part: {key: step[key] for key in ("commit", "seconds", "cpu_seconds")}
            for part, step in steps.items()
        },
    }


def scores_of(judged: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Give every method's scores by method and metric, each a mean with its interval."""
    found: dict[str, dict[str, Any]] = {}
    for one in judged["scores"]:
        rest = {key: one[key] for key in ("mean", "low", "high", "of", "direction")}
        found.setdefault(one["method"], {})[one["metric"]] = rest
    return found


def shift_of(rows: list[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Give what changed images did to replies, by the kind of change."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["kind"], []).append({key: row[key] for key in _SHIFT})
    return found
