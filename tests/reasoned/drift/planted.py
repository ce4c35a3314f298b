"""A small reference, and decisions whose signals are known."""

from typing import Any

import numpy as np

from explainers.evidence import Citation
from reasoned.drift.reference import Family, Member, Reference, ReferenceRecord
from reasoned.ledger.decision import Decision
from reasoned.reply.outcome import Outcome

MODEL = "a" * 64
OPTIONS = '{"deadline_ms":null,"explain":"trace","methods":null,"neighbours":5}'
CLASSES = ("cat", "dog")


def member(key: str | None, share: float, bound: float, side: Any = "above") -> Member:  # noqa: ANN401  a literal
    return Member(key=key, side=side, bound=bound, share=share)


def family(name: str, *members: Member, kind: str | None = None) -> Family:
    return Family(name=name, kind=kind, members=members)


FAMILIES = (
    family("disagreement", member("disagreement", 0.02, 0.05)),
    family("out_of_support", member("out_of_support", 0.02, 0.05)),
    family("neighbour_distance", member("neighbour_distance", 0.05, 0.1)),
    family(
        "confidence",
        member("confidence", 0.8, 0.9),
        member("confidence", 0.8, 0.3, "below"),
    ),
    family("class_mix", member("cat", 0.5, 0.6), member("dog", 0.5, 0.6)),
    family(
        "attribute",
        *(member("stripes", 0.4, 0.5), member("stripes", 0.4, 0.7, "below")),
        member(None, 0.0, 0.02),
        kind="attribute",
    ),
    family(
        "cluster",
        *(member("c-1", 0.7, 0.8), member("c-2", 0.3, 0.4), member(None, 0.0, 0.02)),
        kind="cluster",
    ),
)


def record(**changes: Any) -> ReferenceRecord:  # noqa: ANN401  any field of it
    fields: dict[str, Any] = {
        "version": 1,
        "source": "drawn",
        "error": 0.001,
        "images": 1000,
        "limit_images": 1000,
        "classes": CLASSES,
        "distance_limits": (2.0, 4.0),
        "distance_deciles": (
            tuple(i / 5 for i in range(1, 10)),
            tuple(2 * i / 5 for i in range(1, 10)),
        ),
        "distance_ranks": (100,) * 10,
        "confidence_mean": 0.8,
        "confidence_bins": (0,) * 7 + (1000, 0, 0),
        "feedback": member(None, 0.05, 0.1),
        "families": FAMILIES,
    }
    return ReferenceRecord(**{**fields, **changes})


REFERENCE = Reference(MODEL, "b" * 64, record())


def outcome(**changes: Any) -> Outcome:  # noqa: ANN401  any field of it
    fields: dict[str, Any] = {
        "predicted": 0,
        "label": "cat",
        "confidence": 0.8,
        "status": "supported",
        "carrier": "meta_forest",
        "agrees": True,
        "first": "meta_forest",
        "outside": False,
        "nearest": 1.0,
        "cited": (("attribute", "stripes"), ("example", "train-1"), ("cluster", "c-1")),
    }
    return Outcome(**{**fields, **changes})


def drawn(rng: np.random.Generator, *, disagree: float = 0.02) -> Outcome:
    """Draw an outcome as the reference has them."""
    predicted = int(rng.random() < 0.5)
    cited: list[Citation] = [("cluster", "c-2" if rng.random() < 0.3 else "c-1")]
    if rng.random() < 0.4:
        cited.append(("attribute", "stripes"))
    return outcome(
        predicted=predicted,
        label=CLASSES[predicted],
        confidence=float(0.6 + 0.4 * rng.random()),
        agrees=bool(rng.random() >= disagree),
        outside=bool(rng.random() < 0.02),
        nearest=float(rng.random() * (2.1, 4.2)[predicted]),
        cited=tuple(cited),
    )


def decision(number: int, found: Outcome, **changes: Any) -> Decision:  # noqa: ANN401  any field of it
    fields: dict[str, Any] = {
        "id": f"{number:032x}",
        "tenant": "default",
        "at": 1.7e9 + number,
        "client_id": None,
        "trace_id": None,
        "model": MODEL,
        "options": OPTIONS,
        "disclosure": "full exact",
        "image_sha256": "c" * 64,
        "decode_us": 1,
        **{
            name: getattr(found, name)
            for name in Outcome.__dataclass_fields__
            if name in Decision.__dataclass_fields__
        },
    }
    return Decision(**{**fields, **changes})
