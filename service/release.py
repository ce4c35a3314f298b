"""Which release of this software runs."""

from importlib.metadata import PackageNotFoundError, version
from typing import Final

UNKNOWN: Final = "unknown"


def release() -> str:
    """Give the installed version; a Bento holds the code without saying which."""
    try:
        return version("reasoned")
    except PackageNotFoundError:
        return UNKNOWN
