"""The status of an explanation: what is said of the regions that an image falls in."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar, Literal, Self, final

from explainers import storage
from explainers.decision_list import DecisionList, Entry, Standing, check_list, is_strong
from explainers.errors import ArtefactError

Status = Literal["supported", "weak", "out_of_support"]
MOST_METHODS = 8
STATUSES: tuple[Status, ...] = ("supported", "weak", "out_of_support")


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """What the rule says of one image.

    Attributes
    ----------
    first
        The method of first choice.
    status
        Of the whole explanation.
    asked
        The methods with regions that the rule went by, joined by ``+``; "" where none of them
        has a region for the image, so that there is nothing to count.
    group
        The calibration images that the statement is counted on: those of the same status and
        first choice, and the same company where no entry holds.
    company
        How many of the other methods asked name the first choice's class; None where an
        entry holds, since then no more need be asked.

    """

    first: str
    status: Status
    asked: str
    group: str
    company: int | None


@final
@dataclasses.dataclass(frozen=True)
class StatusRule:
    """The rule, fixed on validation images; it never reads the network's class.

    One decision list for every set of methods that may be asked, since a reply may ask
    fewer than are packaged. An image beyond a limit of support is ``out_of_support``, else
    ``supported`` where an entry holds, and ``weak`` where none does.

    Attributes
    ----------
    methods
        The methods with regions.
    lists
        The decision list of each set of them, by their names joined by ``+``.

    """

    name: ClassVar[str] = "status"

    methods: tuple[str, ...]
    lists: dict[str, DecisionList]

    def __post_init__(self) -> None:
        # Sets of methods grow as powers of two: a file must not ask for more than there can be.
        if len(self.methods) > MOST_METHODS:
            raise ArtefactError(
                f"the status rule must be of at most {MOST_METHODS} methods, not "
                f"{len(self.methods)}"
            )
        wanted = {self.key(chosen) for chosen in subsets(self.methods)}
        if set(self.lists) != wanted or len(set(self.methods)) != len(self.methods):
            raise ArtefactError(
                f"the status rule must have a decision list for every set of {list(self.methods)}, "
                f"but has them for {sorted(self.lists)[:20]}"
            )
        for key, one in self.lists.items():
            check_list(key, one)

    def key(self, names: Iterable[str]) -> str:
        """Join the names of the methods with regions that are among `names`."""
        given = set(names)
        return "+".join(name for name in self.methods if name in given)

    def asking(self, names: Iterable[str]) -> tuple[str, ...]:
        """Order those of `names` that have regions as they are best asked."""
        key = self.key(names)
        return self.lists[key].asking if key else ()

    def settled(self, key: str, found: Mapping[str, Standing]) -> Entry | None:
        """Give the entry of a set's list that holds, as far as can be told from `found`.

        None too where an earlier entry might hold once more methods were asked.
        """
        if not key:
            return None
        whole = all(name in found for name in key.split("+"))
        for entry in self.lists[key].entries:
            own = found.get(entry.method)
            if own is None:
                return None
            if not is_strong(entry, own):
                continue
            if self._company(entry.method, found) >= entry.company:
                return entry
            if not whole:
                return None
        return None

    def decide(self, asked: str, found: Mapping[str, Standing], *, outside: bool) -> Verdict:
        """Find the first choice, the status and the group of an image.

        Parameters
        ----------
        asked
            The `key` of the methods that were to be asked.
        found
            What those that ran have found, which are not none; others may be beside them.
        outside
            Whether the image is beyond a limit of support.

        """
        ran = self.key(found)
        # Where some came too late, what ran is judged as if no more had been asked.
        for key in dict.fromkeys((asked, ran)):
            if (entry := self.settled(key, found)) is not None:
                status: Status = "out_of_support" if outside else "supported"
                return _verdict(entry.method, status, key, None)
        status = "out_of_support" if outside else "weak"
        order = self.lists[ran].otherwise if ran else ()
        first = next((name for name in order if found[name].region is not None), None)
        if first is None:
            return Verdict((*order, *found)[0], status, "", status, None)
        return _verdict(first, status, ran, self._company(first, found))

    def verdicts(self) -> Iterator[Verdict]:
        """Give every verdict there can be; `first` is "" where nothing can be counted."""
        for status in STATUSES:
            yield Verdict("", status, "", status, None)
            for key in self.lists:
                for first in key.split("+"):
                    for company in (None, *range(key.count("+") + 1)):
                        yield _verdict(first, status, key, company)

    def _company(self, first: str, found: Mapping[str, Standing]) -> int:
        named = _found_class(found[first])
        if named is None:
            return 0
        others = (found[name] for name in self.methods if name != first and name in found)
        return sum(_found_class(other) == named for other in others)

    def save(self, folder: Path) -> None:
        """Write ``status.safetensors`` and ``status.json``."""
        storage.write(folder, self.name, self)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        return storage.read(folder, cls.name, cls)


def subsets(methods: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Give every set of methods but the empty one, in a fixed order."""
    numbers = range(1, 2 ** len(methods))
    return [
        tuple(name for place, name in enumerate(methods) if number >> place & 1)
        for number in numbers
    ]


def _found_class(own: Standing) -> int | None:
    # Outside its regions a method asked in full may be made for the network's class.
    return None if own.region is None else own.names


def _verdict(first: str, status: Status, asked: str, company: int | None) -> Verdict:
    joined = f"{status} {first}" if company is None else f"{status} {first} {company}"
    return Verdict(first, status, asked, joined, company)
