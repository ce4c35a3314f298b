"""Feedback as the error detector counts it."""

import dataclasses
from typing import Final, Self, final

import numpy as np
from sqlalchemy import Connection, text

from explainers.arrays import DoubleArray

_TOLD: Final = text(
    "SELECT number, seq, wrong FROM feedback AS told "
    "WHERE number > :after AND model = :model AND wrong IS NOT NULL AND number = ("
    "SELECT min(number) FROM feedback AS early WHERE early.id = told.id AND early.wrong IS NOT NULL"
    ") AND EXISTS (SELECT 1 FROM decision WHERE decision.id = told.id AND decision.sampled) "
    "ORDER BY number LIMIT :most"
)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class ToldErrors:
    """Feedback behind a place, in order.

    Attributes
    ----------
    last
        The place of the last that was looked at.
    wrong
        Shape (feedback). 1 where the class was wrong.
    seqs
        The decisions that it speaks of.

    """

    last: int
    wrong: DoubleArray
    seqs: tuple[int, ...]

    @classmethod
    def nothing(cls, last: int) -> Self:
        """Say that nothing is behind a place."""
        return cls(last, np.zeros(0), ())


def told_errors(connection: Connection, model: str, after: int, most: int) -> ToldErrors:
    """Look at the feedback behind a place.

    Of each decision the first true label counts, and no other, so that nobody can raise an alarm
    by saying the same thing often; decisions beside the even sample do not count.
    """
    asked = {"model": model, "after": after, "most": most}
    rows = connection.execute(_TOLD, asked).all()
    wrong = np.array([row.wrong for row in rows], np.float64)
    return ToldErrors(rows[-1].number if rows else after, wrong, tuple(row.seq for row in rows))
