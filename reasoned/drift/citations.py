"""From the ledger's numbers for what was cited to the detectors' places."""

from typing import Final, final

import numpy as np
import orjson
from sqlalchemy import Connection, text

from explainers.arrays import IntArray
from reasoned.drift.signals import NOT_WATCHED, Signals

_UNKNOWN: Final = -2
_NAMES: Final = {
    "sqlite": text(
        "SELECT json_group_array(json_array(cited.number, cited.kind, cited.key)) "
        "FROM json_each(:numbers) AS asked CROSS JOIN cited ON cited.number = asked.value"
    ),
    "postgresql": text(
        "SELECT CAST(json_agg(json_build_array(cited.number, cited.kind, cited.key)) AS text) "
        "FROM json_array_elements_text(CAST(:numbers AS json)) AS asked "
        "JOIN cited ON cited.number = CAST(asked AS bigint)"
    ),
}


@final
class CitedPlaces:
    """The places of all numbers that were met; the ledger is asked for each but once.

    A number means the same for ever. Use it from one thread.
    """

    def __init__(self, signals: Signals) -> None:
        self._signals = signals
        self._places: IntArray = np.full(1024, _UNKNOWN, np.int64)

    def of(self, connection: Connection, numbers: IntArray) -> IntArray:
        """Give the place of each number; shape (numbers)."""
        if not len(numbers):
            return numbers
        self._grow(int(numbers.max()) + 1)
        found = self._places[numbers]
        new = numbers[found == _UNKNOWN]
        if len(new):
            self._ask(connection, np.unique(new).tolist())
            found = self._places[numbers]
        return found

    def _grow(self, size: int) -> None:
        if size > len(self._places):
            longer = np.full(max(size, 2 * len(self._places)), _UNKNOWN, np.int64)
            longer[: len(self._places)] = self._places
            self._places = longer

    def _ask(self, connection: Connection, numbers: list[int]) -> None:
        self._places[numbers] = NOT_WATCHED
        asked = {"numbers": orjson.dumps(numbers).decode()}
        found = connection.execute(_NAMES[connection.dialect.name], asked).scalar_one()
        for number, kind, key in orjson.loads(found or "[]"):
            self._places[number] = self._signals.place((kind, key))
