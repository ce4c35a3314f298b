"""A recorded decision, a page and feedback as they look; tests hold them against the models."""

from typing import Any, Final

from service.openapi.examples import REPLY_EXAMPLE

FEEDBACK_EXAMPLE: Final[dict[str, Any]] = {
    "at": "2026-11-22T09:15:02.250000Z",
    "label": "Sandal",
    "wrong": True,
    "useful": False,
    "note": "A sandal, seen from behind.",
}
GIVEN_EXAMPLE: Final[dict[str, Any]] = {
    name: FEEDBACK_EXAMPLE[name] for name in ("label", "useful", "note")
}
_DECISION: Final[dict[str, Any]] = {
    "id": REPLY_EXAMPLE["id"],
    "tenant": "default",
    "at": "2026-11-22T08:00:00.125000Z",
    "client_id": "order-17",
    "trace_id": None,
    "model": REPLY_EXAMPLE["model"]["sha256"],
    "options": {"deadline_ms": None, "explain": "trace", "methods": None, "neighbours": 5},
    "disclosure": "thumbnail rounded",
    "prediction": {"label": "Sneaker", "index": 7, "probability": 0.98},
    "status": "supported",
    "carrier": "meta_forest",
    "agrees": True,
    "first": "meta_forest",
    "outside": False,
    "image_sha256": "fedcba9876543210" * 4,
    "microseconds": {"decode": 62, "infer": 210, "neighbours": 35, "explain": 48},
    "cited": [
        {"kind": "leaf", "key": "leaf-31"},
        {"kind": "example", "key": "train-40291"},
        {"kind": "cluster", "key": "Sneaker-2"},
    ],
    "sampled": True,
    "feedback_count": 1,
    "feedback": [FEEDBACK_EXAMPLE],
}
RECORD_EXAMPLE: Final[dict[str, Any]] = {**_DECISION, "kept": None, "reply": REPLY_EXAMPLE}
PAGE_EXAMPLE: Final[dict[str, Any]] = {"items": [_DECISION], "cursor": None}
