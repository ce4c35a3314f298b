"""How often an explanation named the network's class, counted on calibration images."""

import dataclasses
from pathlib import Path
from typing import ClassVar, Literal, Self, final

import numpy as np

from explainers import storage
from explainers.arrays import check_range
from explainers.errors import ArtefactError
from explainers.status import STATUSES, Status, Verdict

Calibration = Literal["held_out", "may_have_been_seen"]
Counts = tuple[int, int, int, float]
Statement = tuple[int, int, int, float, float]
MOST = 2**53  # JSON readers hold whole numbers exactly up to here


@final
@dataclasses.dataclass(frozen=True)
class ReliabilityTable:
    """Counts per method, region and status, and the statement of every group of the rule.

    Attributes
    ----------
    counts
        For each method, region and status: on how many calibration images there the
        evidence named the network's class, how many there were, for how many the
        network's class was the true one, and the one-sided 95 % Clopper-Pearson lower
        bound of the first over the second.
    statements
        For each set of methods asked and each group (see `explainers.status.Verdict`): on how
        many calibration images of the group the *first choice* named the network's class,
        how many there were, for how many the network was right, the posterior mean of that
        share, and its lower bound. The bounds of one set hold all at once with 95 %
        confidence.
    overall
        For each set of methods asked and each status the posterior mean over all its
        groups: the estimate where a group held no calibration image.
    calibration
        Whether the network may have been trained on the calibration images.

    """

    name: ClassVar[str] = "reliability"

    counts: dict[str, dict[str, dict[str, Counts]]]
    statements: dict[str, dict[str, Statement]]
    overall: dict[str, dict[Status, float]]
    calibration: Calibration

    def __post_init__(self) -> None:
        self._check_counts()
        if set(self.statements) != set(self.overall):
            raise ArtefactError(
                "reliability must have statements and overall shares of the same sets of methods, "
                f"not of {sorted(self.statements)[:20]} and {sorted(self.overall)[:20]}"
            )
        for asked, groups in self.statements.items():
            if set(self.overall.get(asked, {})) != set(STATUSES):
                raise ArtefactError(
                    f"reliability of {asked} must have an overall share for each of {STATUSES}"
                )
            check_range("overall", np.array([*self.overall[asked].values()]), 0.0, 1.0)
            for group, (agreed, of, right, estimate, lower) in groups.items():
                counted = 0 <= agreed <= of <= MOST and 0 <= right <= of
                sound = 0.0 <= lower <= min(estimate, agreed / max(of, 1)) and estimate <= 1.0
                if not counted or not sound:
                    raise ArtefactError(
                        f"the statement of {asked}, {group} must be agreed <= of, right <= of, "
                        "lower <= estimate, lower <= agreed/of, not "
                        f"{(agreed, of, right, estimate, lower)}"
                    )

    def _check_counts(self) -> None:
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

    def statement(self, verdict: Verdict) -> Statement | None:
        """Give the statement for an image, of zeros where its group held no calibration image.

        None where no method that was asked has a region for it.
        """
        if not verdict.asked:
            return None
        estimate = self.overall[verdict.asked][verdict.status]
        return self.statements[verdict.asked].get(verdict.group, (0, 0, 0, estimate, 0.0))

    def save(self, folder: Path) -> None:
        """Write ``reliability.safetensors`` and ``reliability.json``."""
        storage.write(folder, self.name, self)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        return storage.read(folder, cls.name, cls)
