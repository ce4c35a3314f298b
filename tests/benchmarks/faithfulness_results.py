"""Results of every step of a run on faithfulness, small and made by hand."""

from typing import Any


def score(method: str, metric: str, mean: float, direction: str = "lower") -> dict[str, Any]:
    """Give one score with an interval of a tenth to either side."""
    ends = {"low": mean - 0.1, "high": mean + 0.1}
    return {"method": method, "metric": metric, "mean": mean, **ends} | {
        "of": 200,
        "direction": direction,
    }


def share(name: str, part: float, fidelity: float) -> dict[str, Any]:
    return {"name": name, "of": 100, "share": part, "fidelity": fidelity, "accuracy": 0.9}


def shift(severity: int, supported: float, fidelity: float | None) -> dict[str, Any]:
    statuses = {"supported": supported, "weak": 0.0, "out_of_support": 1.0 - supported}
    return {"kind": "noise", "severity": severity, "what": "words", **statuses} | {
        "images": 100,
        "accuracy": None,
        "fidelity": 0.9,
        "supported_fidelity": fidelity,
    }


def spread(mean: float) -> dict[str, float]:
    return {"mean": mean, "least": mean - 0.05, "most": mean + 0.05}


def report() -> dict[str, Any]:
    group = {"kind": "statement", "name": "g", "broken": False}
    method = {
        "method": "meta_forest",
        "names_changed": 0.01,
        "region_changed": None,
        "change": 0.125,
        "lipschitz": None,
    }
    levels = [{"sigma": sigma, "methods": [method]} for sigma in (2.0, 4.0, 8.0)]
    return {
        "reliability": {
            "images": 100,
            "accuracy": 0.925,
            "fidelity": 0.98,
            "calibration_error": 0.004,
            "bounds_broken_share": 0.5,
            "groups": [group, group | {"name": "h", "broken": True}],
            "statuses": [share("supported", 0.95, 0.995), share("weak", 0.05, 0.7)],
            "classes": [],
            "methods": [share("meta_forest", 1.0, 0.98)],
            "wrong": share("wrong", 0.08, 0.85),
        },
        "shift": [
            *(
                shift(severity, 0.95 - severity / 10, 0.99 - severity / 100)
                for severity in range(5)
            ),
            shift(5, 0.0, None),
        ],
        "strangers": [
            {"name": "uniform noise", "not_supported": 1.0},
            {"name": "mnist", "not_supported": 0.97},
        ],
        "stability": {"levels": levels},
        "cost": [{"name": "saliency", "kind": "peer", "milliseconds": 1.5, "passes": 4.0}],
        "summary": [],
    }


def rivalry(metric: str, gain: float, verdict: str) -> dict[str, Any]:
    ends = {"gain": gain, "low": gain - 0.05, "high": gain + 0.05, "verdict": verdict}
    return {"metric": metric, "ours": "representative", "peer": "grad_cam"} | ends


def judges() -> dict[str, Any]:
    scores = [
        score("random", "deletion", 0.05),
        score("grad_cam", "deletion", 0.1),
        score("grad_cam", "insertion", 0.9, "higher"),
        score("representative", "deletion", 0.4),
        score("representative", "insertion", 0.6, "higher"),
        score("saliency", "road", 0.2),  # ours are not judged by it
    ]
    rivalries = [
        rivalry("deletion", 0.3, "the peer is better"),
        rivalry("insertion", 0.01, "no clear difference"),
    ]
    check = {"check": "names its class", "method": "meta_forest", "note": "why"}
    figures = {"trained": 0.98, "redrawn": 0.1, "shuffled_labels": 0.12, "limit": 0.5}
    sanity = [check | figures | {"passed": True}, check | figures | {"passed": False}]
    return {"scores": scores, "rivalries": rivalries, "sanity": sanity, "curves": []}


def seeds() -> dict[str, Any]:
    method = dict.fromkeys(("fidelity", "coverage", "same_class", "rand_index", "jaccard"))
    more = {"shared_steps": spread(0.6), "clusters_rand_index": None, "clusters_jaccard": None}
    more |= {"picture_correlation": None, "attribute_correlation": None}
    examples = {"overlap": spread(0.1), "same_nearest": spread(0.2)}
    return {
        "methods": [
            {"method": "meta_forest"} | {key: spread(0.9) for key in method} | more,
        ],
        "examples": examples,
    }


def steps() -> dict[str, Any]:
    """Give the records of the four steps of one data set."""
    found = {"fit": {"fit_seconds": 1.0}, "report": report(), "judges": judges(), "seeds": seeds()}
    top = {"commit": "abc", "model_sha256": "123", "seconds": 1500.4, "cpu_seconds": 2800.0}
    return {part: top | {"found": one} for part, one in found.items()}
