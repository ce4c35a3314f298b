"""From what became of requests to the numbers that detectors see."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Self, final

import numpy as np

from explainers.arrays import DoubleArray, IntArray, make_read_only
from explainers.evidence import EXAMPLE, Citation
from reasoned.drift.e_detector import Bank, Batch
from reasoned.drift.reference import Family, ReferenceRecord
from reasoned.reply.outcome import Outcome

NOT_WATCHED: Final = -1  # the place of a citation that no detector looks at
CLASSES: Final = "class_mix"
FEEDBACK: Final = "feedback_error"


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Requests:
    """What is known of some requests, in order.

    Attributes
    ----------
    predicted
        Shape (requests). Classes.
    confidence, agrees, outside, nearest
        Shape (requests). As in `Outcome`; NaN for None.
    cited
        Shape (citations). The places of what was cited, request by request.
    counts
        Shape (requests). How many citations each has.

    """

    predicted: IntArray
    confidence: DoubleArray
    agrees: DoubleArray
    outside: DoubleArray
    nearest: DoubleArray
    cited: IntArray
    counts: IntArray

    @classmethod
    def of(cls, outcomes: Sequence[Outcome], place: Callable[[Citation], int]) -> Self:
        """Take them from outcomes."""

        def column(values: Iterable[float | None]) -> DoubleArray:
            return np.array(list(values), np.float64)

        return cls(
            predicted=np.array([one.predicted for one in outcomes], np.int64),
            confidence=column(one.confidence for one in outcomes),
            agrees=column(one.agrees for one in outcomes),
            outside=column(one.outside for one in outcomes),
            nearest=column(one.nearest for one in outcomes),
            cited=np.array([place(c) for one in outcomes for c in one.cited], np.int64),
            counts=np.array([len(one.cited) for one in outcomes], np.int64),
        )

    def __len__(self) -> int:
        return len(self.predicted)


def _distance(requests: Requests, record: ReferenceRecord) -> DoubleArray:
    """Say 1 where the nearest example is farther than 95 % of its class's."""
    limits = np.array(record.distance_limits)[requests.predicted]
    far = np.where(requests.nearest > limits, 1.0, 0.0)
    return np.where(np.isnan(requests.nearest), np.nan, far)


# What each family of numbers tells, one column for each of its members' sides.
_Telling = Callable[[Requests, ReferenceRecord], DoubleArray]
MEASURED: Final[dict[str, _Telling]] = {
    "disagreement": lambda requests, _: 1.0 - requests.agrees,
    "out_of_support": lambda requests, _: requests.outside,
    "neighbour_distance": _distance,
    "confidence": lambda requests, _: np.clip(requests.confidence, 0.0, 1.0),
}


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Signals:
    """The members of a reference, and how requests look to them.

    Attributes
    ----------
    record
        The reference.
    families
        Its families, those of numbers first.
    bank
        Their members.
    places
        A number for everything that may be cited, None standing for all that is new.

    """

    record: ReferenceRecord
    families: tuple[Family, ...]
    bank: Bank
    places: dict[tuple[str, str | None], int] = dataclasses.field(repr=False)
    _above: IntArray = dataclasses.field(repr=False)
    _below: IntArray = dataclasses.field(repr=False)
    _classes: IntArray = dataclasses.field(repr=False)

    def __post_init__(self) -> None:
        make_read_only(self)

    @classmethod
    def of(cls, record: ReferenceRecord, threshold: float) -> Self:
        """Lay out the members of a reference; see `Bank` for the threshold."""
        families = tuple(sorted(record.families, key=lambda family: not _is_measured(family)))
        bank = _bank(families, threshold)
        above: dict[tuple[str, str | None], int] = {}
        below: dict[tuple[str, str | None], int] = {}
        classes = np.full(len(record.distance_limits), NOT_WATCHED, np.int64)
        for family, start in zip(families, bank.starts.tolist(), strict=True):
            for number, member in enumerate(family.members, start):
                if family.kind is not None:
                    (above if member.side == "above" else below)[family.kind, member.key] = number
                elif family.name == CLASSES:
                    classes[record.classes.index(str(member.key))] = number
        names = list(dict.fromkeys((*above, *below)))
        return cls(
            record,
            families,
            bank,
            {name: place for place, name in enumerate(names)},
            np.array([above.get(name, NOT_WATCHED) for name in names], np.int64),
            np.array([below.get(name, NOT_WATCHED) for name in names], np.int64),
            classes,
        )

    def place(self, citation: Citation) -> int:
        """Give the place of what was cited."""
        kind, key = citation
        if kind == EXAMPLE:
            return NOT_WATCHED
        found = self.places.get((kind, key))
        return self.places.get((kind, None), NOT_WATCHED) if found is None else found

    def batch(self, requests: Requests) -> Batch:
        """Say what the members see."""
        hits, ends = self._hits(requests)
        return Batch(self._values(requests), hits, ends)

    def _values(self, requests: Requests) -> DoubleArray:
        columns = []
        for family in filter(_is_measured, self.families):
            told = MEASURED[family.name](requests, self.record)
            columns += [told if m.side == "above" else 1.0 - told for m in family.members]
        return np.array(columns, np.float64).reshape(len(columns), len(requests)).T.copy()

    def _hits(self, requests: Requests) -> tuple[IntArray, IntArray]:
        """Give the members hit and where each request's end, each once and in order."""
        rows = np.arange(len(requests))
        watched = requests.cited >= 0
        places, owners = requests.cited[watched], np.repeat(rows, requests.counts)[watched]
        members = (self._above[places], self._below[places], self._classes[requests.predicted])
        whose = np.concatenate((owners, owners, rows))
        hit = np.concatenate(members)
        some = hit >= 0
        size = len(self.bank)
        found = np.unique(whose[some] * size + hit[some])
        ends = np.searchsorted(found, (rows + 1) * size)
        return found % size, ends


def _is_measured(family: Family) -> bool:
    return family.kind is None and family.name in MEASURED


def _bank(families: Sequence[Family], threshold: float) -> Bank:
    sizes = [len(family.members) for family in families]
    members = [(member, _is_measured(family)) for family in families for member in family.members]
    return Bank(
        bounds=np.array([member.bound for member, _ in members]),
        rests=np.array([float(m.side == "below" and not told) for m, told in members]),
        starts=np.cumsum([0, *sizes[:-1]]).astype(np.int64),
        measured=sum(told for _, told in members),
        threshold=threshold,
    )
