"""What a card is about."""

import dataclasses
from typing import final

from reasoned.card.measured import Measured
from reasoned.folder.manifest import Manifest


@final
@dataclasses.dataclass(frozen=True)
class Subject:
    """A model, and what is known of it.

    Attributes
    ----------
    manifest
        Of the model folder.
    sha256
        The manifest's digest, which replies carry.
    measured
        What an evaluation found, or None.
    licence
        The identifier of the licence, such as ``apache-2.0``, or ``unknown``.

    """

    manifest: Manifest
    sha256: str
    measured: Measured | None
    licence: str
