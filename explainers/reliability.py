"""How often an explanation named the network's class, counted on calibration images."""

import dataclasses
from pathlib import Path
from typing import ClassVar, Literal, Self, final

from explainers import storage
from explainers.errors import ArtefactError
from explainers.status import STATUSES, Status

Calibration = Literal["held_out", "may_have_been_seen"]
Counts = tuple[int, int, int, float]
MOST = 2**53  # JSON readers hold whole numbers exactly up to here


@final
@dataclasses.dataclass(frozen=True)
class ReliabilityTable:
    """Counts per method, region and status.

    Attributes
    ----------
    counts
        For each method, region and status: on how many calibration images there the
        evidence named the network's class, how many there were, for how many the
        network's class was the true one, and the one-sided 95 % Clopper-Pearson lower
        bound of the first over the second.
    calibration
        Whether the network may have been trained on the calibration images.

    """

    name: ClassVar[str] = "reliability"

    counts: dict[str, dict[str, dict[str, Counts]]]
    calibration: Calibration

    def __post_init__(self) -> None:
        for method, regions in self.counts.items():
            for region, statuses in regions.items():
                for status, (agreed, of, right, lower) in statuses.items():
                    sound = 0 <= agreed <= of <= MOST and 0 <= right <= of and 0.0 <= lower <= 1.0
                    if status not in STATUSES or not sound or lower > agreed / max(of, 1):
                        raise ArtefactError(
                            f"reliability of {method}, {region}, {status} must be agreed <= of, "
                            f"right <= of, lower <= agreed/of, not {(agreed, of, right, lower)}"
                        )

    def of(self, method: str, region: str | None, status: Status) -> Counts | None:
        """Give the counts for a region, zeros where it held no calibration image.

        None where the method has no regions, and so nothing was counted.
        """
        if region is None or method not in self.counts:
            return None
        return self.counts[method].get(region, {}).get(status, (0, 0, 0, 0.0))

    def save(self, folder: Path) -> None:
        """Write ``reliability.safetensors`` and ``reliability.json``."""
        storage.write(folder, self.name, self)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        return storage.read(folder, cls.name, cls)
