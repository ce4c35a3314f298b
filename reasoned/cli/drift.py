"""``reasoned drift``: whether explanations have changed."""

import importlib
from typing import Final, final

import click

_EPILOG = """\b
Examples:
  reasoned drift status models/fashion
  reasoned drift alarms models/fashion --check
  reasoned drift report models/fashion --out drift.html
  reasoned drift acknowledge 3 --by anna --note "new camera"
  reasoned drift run models/fashion --ledger postgresql://reasoned@db/ledger
  reasoned drift reference models/old --data fashion-mnist --out models/new
"""
_COMMANDS: Final = {
    "status": ("drift_status", "Say where the detectors stand."),
    "alarms": ("drift_alarms", "List alarms, the newest first."),
    "report": ("drift_report", "Write both as a page."),
    "acknowledge": ("drift_acknowledge", "Note that an alarm was seen."),
    "run": ("drift_run", "Count what is recorded, where the service does not."),
    "reference": ("drift_reference", "Measure the reference of a model folder."),
}


@final
class _DriftCommands(click.Group):
    """The commands, each in a module of its own: only one of them needs what fits."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Name the commands."""
        return list(_COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command's module."""
        if cmd_name not in _COMMANDS:
            return None
        try:
            module = importlib.import_module(f"reasoned.cli.{_COMMANDS[cmd_name][0]}")
        except ModuleNotFoundError as error:
            if error.name is None or error.name.startswith("reasoned"):
                raise
            raise click.ClickException(
                f"`reasoned drift {cmd_name}` needs {error.name}, which is not installed here: "
                "pip install 'reasoned[fit]'"
            ) from error
        command: click.Command = module.command
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.command("drift", cls=_DriftCommands, epilog=_EPILOG)
def command() -> None:
    """Tell whether explanations have changed, with a stated run length between false alarms.

    The reference is measured when a model is fitted, on held-out images. Detectors count what the
    ledger records: in the service, or by `reasoned drift run`.
    """
