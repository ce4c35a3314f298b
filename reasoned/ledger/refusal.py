"""Why a row is not taken in to be written."""

from typing import Literal

# No place is left to wait; the database cannot be written, and no row may be lost; nothing is
# written any more.
Refusal = Literal["full", "unwritable", "closed"]
