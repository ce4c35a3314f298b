"""How training images may be called: the names become parts of URLs."""

import re

from explainers.errors import ArtefactError

_USUAL = re.compile("[a-z]+-[0-9]{6,}", re.ASCII)
_SANE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")


def is_usual(identity: str) -> bool:
    """Tell whether a data set may have given this id, which reads like ``train-004711``.

    No class, cluster or region is called so: it can be sought in text.
    """
    return _USUAL.fullmatch(identity) is not None


def check_ids(ids: tuple[str, ...]) -> None:
    """Raise `ArtefactError` unless every id can stand in a URL as it is."""
    wrong = next((name for name in ids if not _SANE.fullmatch(name)), None)
    if wrong is not None:
        raise ArtefactError(
            "ids must be 1 to 100 letters, digits, dots, dashes and underscores, and not begin "
            f"with a dot or dash, not {wrong[:80]!r}"
        )
