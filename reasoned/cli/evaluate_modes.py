"""Which options of ``reasoned evaluate`` belong to which of its two reports."""

from typing import Final

import click
from click.core import ParameterSource

# By the names that click gives them; all others belong to both.
OF_A_METHOD: Final = (
    "similar",
    "top",
    "fill",
    "boundaries",
    "examples",
    "lime_samples",
    "classes",
    "protocol",
    "null",
    "seeds",
)
OF_THE_REPORT: Final = (
    "strangers",
    "shift_images",
    "judge_images",
    "sampling_peers",
    "judges",
    "keep",
)


def check_mode(context: click.Context, method: str | None) -> None:
    """Refuse options that the chosen report would not read.

    Raises
    ------
    click.UsageError
        Naming the options, and what they are for.

    """
    foreign = _given(context, OF_A_METHOD if method is None else OF_THE_REPORT)
    if not foreign:
        return
    listed = ", ".join(foreign)
    raise click.UsageError(
        f"{listed} can only be given with --method NAME; without it the whole model is assessed"
        if method is None
        else f"{listed} can only be given without --method, when the whole model is assessed"
    )


def check_judges(context: click.Context, *, judges: bool) -> None:
    """Refuse to be told how outside judges judge when they do not.

    Raises
    ------
    click.UsageError
        Naming the options.

    """
    foreign = _given(context, ("judge_images", "sampling_peers", "keep"))
    if foreign and not judges:
        raise click.UsageError(f"{', '.join(foreign)} cannot be given together with --no-judges")


def _given(context: click.Context, names: tuple[str, ...]) -> list[str]:
    """Give the command-line spelling of those that the user gave."""
    spelled = {
        str(one.name): "/".join((one.opts[0], *one.secondary_opts))
        for one in context.command.params
    }
    return [
        spelled[name]
        for name in names
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    ]
