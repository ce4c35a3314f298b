"""The report of an evaluation as a card reads it, small enough to be checked by eye."""

from typing import Any

from huggingface_hub import ModelCard, ModelCardData

from reasoned.card.measured import Measured
from reasoned.card.subject import Subject
from reasoned.folder.manifest import Manifest

SHA256 = "ab" * 32


def some(name: str, share: float, fidelity: float | None) -> dict[str, Any]:
    return {"name": name, "of": 40, "share": share, "fidelity": fidelity, "accuracy": 0.9}


def report(**changes: object) -> dict[str, Any]:
    """What `reasoned evaluate` would have written, with some of it changed."""
    found: dict[str, Any] = {
        "sha256": SHA256,
        "data": "digits",
        "command": "reasoned evaluate models/digits --data digits",
        "summary": [
            {"holds": True, "text": "The estimate is off by 0.004."},
            {"holds": False, "text": "Of noise 0.9 is not `supported`."},
            {"holds": None, "text": "Peers."},
        ],
        "reliability": {
            "images": 400,
            "accuracy": 0.9725,
            "fidelity": 0.985,
            "calibration_error": 0.0042,
            "bounds_broken_share": 0.0,
            "statuses": [some("supported", 0.9, 0.995), some("weak", 0.1, None)],
            "wrong": some("wrong", 0.03, 0.6125),
            "methods": [some("meta_forest", 0.8, 0.9775)],
            "diagram": [],
        },
        "shift": [
            {
                "kind": "blur",
                "severity": 3,
                "what": "a blur",
                "images": 1000,
                "supported": 0.25,
                "accuracy": 0.8,
                "fidelity": 0.75,
                "supported_fidelity": None,
            }
        ],
        "strangers": [
            {"name": "noise", "what": "uniform | noise", "images": 200, "not_supported": 0.975}
        ],
        "cost": [{"name": "meta_forest", "kind": "ours", "milliseconds": 0.021, "passes": 0.2}],
        "judges": None,
    }
    return found | changes


def header_of(card: str) -> ModelCardData:
    """What the library of the hub reads in the header of a card."""
    found = ModelCard(card).data
    assert isinstance(found, ModelCardData)
    return found


def measured(**changes: object) -> Measured:
    return Measured.model_validate(report(**changes))


def subject(manifest: Manifest, found: Measured | None = None) -> Subject:
    return Subject(manifest, SHA256, found, "apache-2.0")
