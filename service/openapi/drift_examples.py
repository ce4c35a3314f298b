"""Where detectors stand and an alarm, as they look; tests hold them against the models."""

from typing import Any, Final

from service.openapi.recorded_examples import RECORD_EXAMPLE

DRIFT_EXAMPLE: Final[dict[str, Any]] = {
    "model": RECORD_EXAMPLE["model"],
    "counting": True,
    "idle": None,
    "run_length": 100000,
    "counted": 41250,
    "updated": "2026-11-22T08:00:00.125000Z",
    "lag": 3,
    "signals": [
        {
            "name": "disagreement",
            "evidence": 1.42,
            "threshold": 5.845,
            "alarms": 1,
            "counted": 1210,
        }
    ],
    "shown": 5000,
    "ratios": [
        {
            "name": "disagreement",
            "live": 0.0228,
            "low": 0.019,
            "high": 0.0273,
            "reference": 0.0194,
            "bound": 0.029,
            "n": 5000,
        }
    ],
    "confidence": {"live": 0.931, "reference": 0.9385},
    "kinds": [
        {
            "kind": "cluster",
            "n": 5000,
            "wanted": 2000,
            "grey": False,
            "psi": 0.021,
            "js": 0.051,
            "shares": [{"key": "Sneaker/2", "reference": 0.018, "live": 0.031}],
        }
    ],
}
ALARM_EXAMPLE: Final[dict[str, Any]] = {
    "number": 7,
    "model": RECORD_EXAMPLE["model"],
    "signal": "disagreement",
    "at": "2026-11-22T07:31:09.500000Z",
    "evidence": 5.91,
    "threshold": 5.845,
    "counted": 40040,
    "first_seq": 39871,
    "last_seq": 40040,
    "began": "2026-11-22T07:22:41.250000Z",
    "contributors": [
        {
            "member": "disagreement",
            "side": "above",
            "evidence": 5.91,
            "bound": 0.029,
            "reference": 0.0194,
            "live": 0.1529,
            "n": 170,
        }
    ],
    "examples": [RECORD_EXAMPLE["id"]],
    "acknowledged": {
        "at": "2026-11-22T07:45:00Z",
        "by": "default/operations",
        "note": "A new camera in hall 2.",
    },
}
ALARM_PAGE_EXAMPLE: Final[dict[str, Any]] = {"items": [ALARM_EXAMPLE], "cursor": None}
ACKNOWLEDGEMENT_EXAMPLE: Final[dict[str, Any]] = {"note": "A new camera in hall 2."}
