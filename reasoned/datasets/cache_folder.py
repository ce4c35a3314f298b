"""Where downloads are kept."""

import os
from pathlib import Path


def cache_folder() -> Path:
    """Name this user's folder for downloads, after the XDG convention; it may not exist yet."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "reasoned"
