"""What options take besides words and whole numbers."""

from pathlib import Path

import click


def numbers(
    _ctx: click.Context, _param: click.Parameter, value: str | None
) -> tuple[float, ...] | None:
    """Read one number per channel, such as ``0.5`` or ``0.485,0.456,0.406``."""
    if value is None:
        return None
    try:
        return tuple(float(part) for part in value.split(","))
    except ValueError as error:
        raise click.BadParameter(
            f"must be numbers, such as 0.485,0.456,0.406, not {value!r}"
        ) from error


def size(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[int, int] | None:
    """Read ``64`` or ``48x64`` (rows x columns)."""
    if value is None:
        return None
    try:
        parts = [int(part) for part in value.lower().split("x")]
    except ValueError:
        parts = []
    if len(parts) not in (1, 2) or min(parts) < 1:
        raise click.BadParameter(f"must be 64 or 48x64 (rows x columns), not {value!r}")
    return parts[0], parts[-1]


def class_file(
    _ctx: click.Context, _param: click.Parameter, value: Path | None
) -> tuple[str, ...] | None:
    """Read a file with one class name per line."""
    if value is None:
        return None
    try:
        lines = value.read_text("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise click.BadParameter(f"{value} must be UTF-8 text: {error}") from error
    names = tuple(line.strip() for line in lines if line.strip())
    if len(names) < 2 or len(set(names)) != len(names):
        raise click.BadParameter(f"{value} must hold at least two class names, each once")
    return names


def method_options(
    _ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]
) -> dict[str, dict[str, str]]:
    """Read ``METHOD.NAME=VALUE``, any number of them."""
    found: dict[str, dict[str, str]] = {}
    for part in value:
        place, equals, given = part.partition("=")
        method, dot, name = place.partition(".")
        if not (equals and dot and method and name and given):
            raise click.BadParameter(
                f"must be METHOD.NAME=VALUE, as representative.boundaries=200, not {part!r}"
            )
        if name in found.setdefault(method, {}):
            raise click.BadParameter(f"sets {place} twice")
        found[method][name] = given
    return found
