"""Where ids stand in JSON and in words, and how they are taken out."""

import dataclasses
import os
import re
from collections.abc import Iterator
from typing import Any, Final, final

import orjson

STRUCK: Final = "(withheld)"  # what stands in words where an id stood
_BEFORE: Final = "(?<![A-Za-z0-9_-])"
_AFTER: Final = "(?![A-Za-z0-9_-])"


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Mentions:
    """Finds some ids, quickly where none of them stands, and takes them out.

    An id is mentioned where no letter, digit, dash or underscore touches it.

    Attributes
    ----------
    ids
        Those that are sought.

    """

    ids: frozenset[str]
    _start: str = dataclasses.field(init=False, repr=False)
    _likely: re.Pattern[str] = dataclasses.field(init=False, repr=False)
    _dots: int = dataclasses.field(init=False, repr=False)

    def __post_init__(self) -> None:
        # What all ids begin with: where it does not stand, none of them does.
        both = [min(self.ids, default=""), max(self.ids, default="")]
        start = os.path.commonprefix(both)  # noqa: RUF071  letter by letter is meant
        likely = re.compile(rf"{re.escape(start)}[A-Za-z0-9._-]*")
        object.__setattr__(self, "_start", start)
        object.__setattr__(self, "_likely", likely)
        dots = max((one.count(".") for one in self.ids), default=0)
        object.__setattr__(self, "_dots", dots)

    def found(self, text: str) -> set[str]:
        """Give those that are mentioned in words, and perhaps some that only seem to be."""
        if not self.ids or self._start not in text:
            return set()
        runs = set(self._likely.findall(text))
        dotted = [run for run in runs if "." in run]
        parts = (part for run in dotted for part in _parts(run, self._dots))
        return {*self.ids.intersection(runs), *self.ids.intersection(parts)}

    def strike(self, text: str) -> str:
        """Take them out of words."""
        found = sorted(self.found(text), key=len, reverse=True)
        if not found:
            return text
        either = "|".join(re.escape(one) for one in found)
        return re.sub(f"{_BEFORE}(?:{either}){_AFTER}", STRUCK, text)

    def stand_in(self, data: bytes) -> bool:
        """Tell whether one may be mentioned in JSON; never False where one is."""
        # After an escape such as \n an id would seem to touch a letter.
        return b"\\" in data or bool(self.found(data.decode()))

    def without(self, value: Any) -> Any:  # noqa: ANN401  JSON
        """Take them out of decoded JSON.

        What is one of them, or a record of one (by its ``id``), leaves its list, and becomes
        null in a record; in longer text they are struck.
        """
        if isinstance(value, str):
            return self.strike(value) if self._start in value else value
        if isinstance(value, list):
            return [self.without(one) for one in value if not self._is_one(one)]
        if isinstance(value, dict):
            return {
                key: None if self._is_one(one) else self.without(one)
                for key, one in value.items()
                if key not in self.ids
            }
        return value

    def without_bytes(self, data: bytes) -> bytes:
        """Take them out of JSON, which stays as it is where none of them stands."""
        return orjson.dumps(self.without(orjson.loads(data))) if self.stand_in(data) else data

    def _is_one(self, value: object) -> bool:
        named = value.get("id") if isinstance(value, dict) else value
        return isinstance(named, str) and named in self.ids


NOTHING: Final = Mentions(frozenset())


def _parts(run: str, dots: int) -> Iterator[str]:
    """Give everything in a run that begins and ends at a dot or an end, of so many dots."""
    parts = run.split(".")
    for begin in range(len(parts)):
        for end in range(begin + 1, min(begin + dots + 1, len(parts)) + 1):
            yield ".".join(parts[begin:end])
