"""Where the ledger is by default; without a database library, for who only wants to know."""

import os
from pathlib import Path
from typing import Final

OFF: Final = "off"


def default_address() -> str:
    """Give the file that is used where nobody says otherwise: one in the user's state folder."""
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return str(Path(state) / "reasoned" / "ledger.sqlite3")
