"""Where the metrics of the ledger and of the detectors come from."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Protocol, final


class Size(Protocol):
    """How much the ledger holds."""

    @property
    def rows(self) -> int:
        """How many decisions."""
        ...

    @property
    def bytes(self) -> int:
        """How large they are."""
        ...


class Writer(Protocol):
    """What this process's writer has done; each figure is read by itself, at any time."""

    @property
    def waiting(self) -> int:
        """Rows that wait."""
        ...

    @property
    def written(self) -> int:
        """Rows that were written."""
        ...

    @property
    def dropped(self) -> int:
        """Rows for which there was no place in the queue."""
        ...

    @property
    def failed(self) -> int:
        """Rows that the database would not take."""
        ...

    @property
    def mishaps(self) -> int:
        """How often a step after the writing failed: the detectors', or the retention's."""
        ...


class Signal(Protocol):
    """Where one detector stands."""

    @property
    def name(self) -> str:
        """What it watches."""
        ...

    @property
    def evidence(self) -> float:
        """The decimal logarithm of the evidence."""
        ...

    @property
    def threshold(self) -> float:
        """The decimal logarithm of what raises an alarm."""
        ...

    @property
    def alarms(self) -> int:
        """How often it did."""
        ...


class Share(Protocol):
    """How often something was cited, at fit time and now."""

    @property
    def kind(self) -> str:
        """What it is, such as ``cluster``."""
        ...

    @property
    def key(self) -> str:
        """Which."""
        ...

    @property
    def reference(self) -> float:
        """Its share at fit time."""
        ...

    @property
    def live(self) -> float:
        """Its share now."""
        ...


class Detectors(Protocol):
    """Where all detectors of a model stand."""

    @property
    def updated(self) -> float | None:
        """When they last went on, in seconds since 1970."""
        ...

    @property
    def lag(self) -> int:
        """Requests that they have not seen yet."""
        ...

    @property
    def signals(self) -> Sequence[Signal]:
        """Each of them."""
        ...

    @property
    def shares(self) -> Sequence[Share]:
        """The shares of what is cited."""
        ...


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Sources:
    """What is asked for metrics; None where there is no such thing.

    Attributes
    ----------
    writer
        This process's writer of the ledger.
    size
        Looks up how much the ledger holds.
    detectors
        Looks up where the detectors stand; None where they have not begun.
    rank
        Gives the rank in [0, 1] of a distance to the nearest representative, among those of
        held-out images of the predicted class.
    limit
        How much the ledger may hold.

    """

    writer: Writer | None = None
    size: Callable[[], Size] | None = None
    detectors: Callable[[], Detectors | None] | None = None
    rank: Callable[[int, float], float] | None = None
    limit: Size | None = None
