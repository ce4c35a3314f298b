"""Sample pictures of changed images and of strangers, for the report's page."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import final

from explainers.arrays import ByteArray


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Samples:
    """Images, each of shape (rows, columns, channels), that the page shows.

    Attributes
    ----------
    shifts
        Per kind of change and severity one image: the same one throughout a kind.
    strangers
        Per set of strangers a few of its images.

    """

    shifts: Mapping[tuple[str, int], ByteArray] = dataclasses.field(default_factory=dict)
    strangers: Mapping[str, Sequence[ByteArray]] = dataclasses.field(default_factory=dict)


NO_SAMPLES = Samples()
