"""What is asked of an assessment."""

import dataclasses
from pathlib import Path
from typing import final

from reasoned.assessment.figures import AssessmentSettings


@final
@dataclasses.dataclass(frozen=True)
class AssessmentRequest:
    """Which model, on which data, and how.

    Attributes
    ----------
    model
        A model folder.
    data, data_dir, groups
        The data that it was fitted on, as `reasoned fit` was told.
    settings
        How much is measured.
    kept
        A folder where the outside judges keep what they found, to go on from; or None.
    command
        What was typed, for the record.

    """

    model: Path
    data: str
    data_dir: Path | None = None
    groups: str | None = None
    settings: AssessmentSettings = dataclasses.field(default_factory=AssessmentSettings)
    kept: Path | None = None
    command: str = ""
