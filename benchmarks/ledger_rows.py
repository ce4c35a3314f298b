"""Decisions as a service would record them, drawn at random."""

import itertools
import time
from typing import Final, final

import numpy as np

from reasoned.ledger.decision import Decision

REPLY_BYTES: Final = 7_000
CITED: Final = 10
_NAMES: Final = 2_000
_DRAWN: Final = 4_096  # rows after which what they cite comes again
_OPTIONS: Final = '{"deadline_ms":null,"explain":"trace","methods":null,"neighbours":5}'


@final
class Rows:
    """Makes decisions, each of which cites ten of 2,000 things and has a reply of 7,000 bytes.

    Parameters
    ----------
    generator
        What is cited, and how sure the network is.
    replies
        Whether they have replies.

    """

    def __init__(self, generator: np.random.Generator, *, replies: bool = True) -> None:
        names = [("example", f"train-{number:06d}") for number in range(_NAMES)]
        drawn = generator.integers(0, _NAMES, (_DRAWN, CITED))
        cited = [tuple(dict.fromkeys(names[i] for i in row)) for row in drawn.tolist()]
        self._cited = itertools.cycle(cited)
        self._figures = itertools.cycle(generator.random(_DRAWN - 1).tolist())
        digests = [generator.bytes(16).hex() for _ in range(_DRAWN)]
        self._images = itertools.cycle(digests)
        self._reply = generator.bytes(REPLY_BYTES) if replies else None

    def one(self, name: str) -> Decision:
        """Make the next decision."""
        figure = next(self._figures)
        return Decision(
            id=name,
            tenant="default",
            at=time.time(),
            client_id=None,
            trace_id=None,
            model="f" * 64,
            options=_OPTIONS,
            disclosure="thumbnail rounded",
            predicted=3,
            label="dress",
            confidence=figure,
            status="supported" if figure < 0.9 else "weak",
            carrier="meta_forest",
            agrees=figure < 0.95,
            first="meta_forest",
            outside=False,
            disagreeing=figure >= 0.95,
            nearest=10.0 * figure,
            image_sha256=next(self._images) + name[-32:],
            decode_us=120,
            infer_us=80,
            neighbours_us=33,
            explain_us=90,
            cited=next(self._cited),
            reply=self._reply,
        )
