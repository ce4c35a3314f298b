"""What is said of the training images that are withheld: frozen models."""

from typing import Literal, final

from pydantic import AwareDatetime

from reasoned.ledger.word import Note
from reasoned.reply.bodies import Frozen


@final
class OptOutRecord(Frozen):
    """Whether one training image is withheld, and if so since when, by whom and why.

    `source` is where it is listed: the file has neither time nor name.
    """

    example: str
    withheld: bool
    source: Literal["ledger", "file"] | None = None
    at: AwareDatetime | None = None
    by: str | None = None
    reason: str | None = None


@final
class OptOutRecords(Frozen):
    """All training images that are withheld, by id."""

    items: list[OptOutRecord]


@final
class GivenOptOut(Frozen):
    """Why an image shall be withheld."""

    reason: Note | None = None
