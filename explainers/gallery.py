"""Training images that show what a region means."""

import dataclasses
from typing import final

from explainers.arrays import ByteArray


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Tile:
    """One picture of a gallery.

    Attributes
    ----------
    example
        The image's id, as replies call it; one of those that the method cites.
    words
        What stands under it.
    heat
        Shape (rows, columns), or None. Where the evidence lies, from 0 to 255.
    picture
        Shape (rows, columns, channels), or None. Another picture to be shown below the
        image, such as one that was optimised from it, from 0 to 255; without heat.

    """

    example: str
    words: str
    heat: ByteArray | None = None
    picture: ByteArray | None = None
