"""Decisions to be written by tests."""

import dataclasses
from typing import Any

from reasoned.ledger.decision import Decision

START = 1_700_000_000.0

_FIRST = Decision(
    id="",
    tenant="acme",
    at=START,
    client_id=None,
    trace_id=None,
    model="ab" * 32,
    options='{"deadline_ms":null,"explain":"trace","methods":null,"neighbours":5}',
    disclosure="full exact",
    predicted=1,
    label="cat",
    confidence=0.1 + 0.2,  # not a short decimal
    status="supported",
    carrier="meta_forest",
    agrees=True,
    first="meta_forest",
    outside=False,
    disagreeing=False,
    nearest=0.1,
    image_sha256="cd" * 32,
    decode_us=1,
    infer_us=2,
    neighbours_us=3,
    explain_us=4,
    cited=(("leaf", "leaf-1"), ("example", "train-1")),
    reply=b'{"id":"?"}',
)


def decision(number: int, **changes: Any) -> Decision:  # noqa: ANN401  any field of it
    """Make a decision; each number is a second later than the one before."""
    named: dict[str, Any] = {"id": f"{number:032x}", "at": START + number, **changes}
    return dataclasses.replace(_FIRST, **named)
