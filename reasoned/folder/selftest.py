"""Images and the replies they got when the model was fitted, to be tried again."""

import base64
import dataclasses
import json
import math
from pathlib import Path
from typing import Any, final

from reasoned.errors import FolderError

FILE = "selftest.json"
IMAGES = 32
TOLERANCE = 1e-3


@final
@dataclasses.dataclass(frozen=True)
class SelfTest:
    """One image, as PNG, and the reply it got."""

    image: bytes
    reply: dict[str, Any]


def write_selftest(folder: Path, tests: list[SelfTest]) -> None:
    """Write the images and replies into one JSON file."""
    plain = [
        {"image": base64.b64encode(test.image).decode("ascii"), "reply": test.reply}
        for test in tests
    ]
    text = json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def read_selftest(folder: Path) -> list[SelfTest]:
    """Read what `write_selftest` wrote; raise `FolderError` on anything else."""
    try:
        plain = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return [SelfTest(base64.b64decode(one["image"]), one["reply"]) for one in plain]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise FolderError(f"{folder / FILE} is not a readable self-test: {error}") from error


def difference(expected: object, found: object, where: str = "reply") -> str | None:
    """Say where two replies first differ, numbers by more than a thousandth, or give None.

    The request's id and the digest of the model are left out: they differ by design.
    """
    if isinstance(expected, dict) and isinstance(found, dict):
        return _dict_difference(expected, found, where)
    if isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            return f"{where} has {len(found)} entries, not {len(expected)}"
        pairs = enumerate(zip(expected, found, strict=True))
        return next((d for i, (a, b) in pairs if (d := difference(a, b, f"{where}[{i}]"))), None)
    return None if _alike(expected, found) else f"{where} is {found!r}, not {expected!r}"


def _alike(expected: object, found: object) -> bool:
    if isinstance(expected, float) and isinstance(found, (int, float)):
        return math.isclose(expected, found, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return expected == found and type(expected) is type(found)


def _dict_difference(expected: dict[str, Any], found: dict[str, Any], where: str) -> str | None:
    if set(expected) != set(found):
        return f"{where} has the fields {sorted(found)}, not {sorted(expected)}"
    skipped = {"reply.id", "reply.model"}
    names = [name for name in sorted(expected) if f"{where}.{name}" not in skipped]
    each = (difference(expected[name], found[name], f"{where}.{name}") for name in names)
    return next((d for d in each if d), None)
