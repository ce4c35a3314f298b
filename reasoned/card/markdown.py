"""Text as Markdown that says the text and nothing else."""

import re
from collections.abc import Iterable, Sequence

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~&!$])")
# Blanks; and what is not printed or turns the direction of reading, which would show another text.
UNPRINTED = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")
_TICKS = re.compile("`+")


def plain(text: str) -> str:
    """Escape what Markdown or HTML would read as a mark; a run of blanks is one space."""
    return _MARKS.sub(r"\\\1", UNPRINTED.sub(" ", text).strip())


def code(text: str) -> str:
    """Write a code block of one line, whatever back ticks are in it."""
    line = UNPRINTED.sub(" ", text).strip()
    fence = "`" * max(3, 1 + max((len(run) for run in _TICKS.findall(line)), default=0))
    return f"{fence}\n{line}\n{fence}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; its cells are escaped here."""
    lines = [head, ["---"] * len(head)]
    text = [f"| {' | '.join(line)} |" for line in lines]
    return "\n".join([*text, *(f"| {' | '.join(plain(cell) for cell in row)} |" for row in rows)])


def bullets(lines: Iterable[str]) -> str:
    """Write a list of lines that are Markdown already."""
    return "\n".join(f"- {line}" for line in lines)


def percent(value: object) -> str:
    """Write a share as a percentage, or a dash where there is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return "-"
    return f"{100 * value:.2f} %"


def figure(value: object) -> str:
    """Write a stored figure of any kind."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    return "-" if value is None else str(value)


def named(key: str) -> str:
    """Write the name of a figure as words."""
    return key.replace("_", " ")
