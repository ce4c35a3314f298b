"""The command line: ``reasoned COMMAND``."""

import importlib
import os
from typing import final

import click

HELP = """Image classifiers that give their reasons: fit, save, serve, explain.

\b
Examples:
  reasoned fit --network reference --data digits --out models/digits
  reasoned explain models/digits three.png
  reasoned serve models/digits
"""
EPILOG = """\b
Exit codes: 0 ok; 1 a finding (a check failed, replies differ); 2 usage (an argument,
a file or a network cannot be used; the message says what was wanted).
"""

# Each command is imported when it is called: serving machines have no torch.
COMMANDS = {
    "layers": "List the layers of a network that can be explained.",
    "fit": "Fit explainers to a network and write a model folder.",
    "train": "Train a network and its interpreter, write a model folder.",
    "explain": "Explain one image with a model folder.",
    "verify": "Check every byte of a model folder and replay its self-test.",
    "serve": "Serve a model folder over HTTP.",
    "keys": "Make API keys, and see what a file of them lets in.",
    "ledger": "Look up what was answered before.",
    "examples": "Withhold training images from answers, or show them again.",
    "drift": "Tell whether explanations have changed.",
    "build": "Package a model folder as a Bento.",
    "evaluate": "Judge a method's explanations on unseen images, beside its peers.",
    "replay": "Compute a recorded answer again, and say whether it is equal.",
    "decision": "Write one decision as a page that needs nothing else.",
    "audit": "Export decisions so that no change goes unseen, and verify exports.",
    "compare": "Tell what moved between two models, and whether too far.",
    "card": "Write the model card of a model folder.",
    "cnn-inte": "Run the paper's own pipeline on a model and write a report.",
}
# Which extra brings what a command needs; all other modules that are missing come with `fit`.
EXTRAS = {"captum": "bench", "torchcam": "bench", "matplotlib": "bench", "pyarrow": "audit"}


@final
class Commands(click.Group):
    """The commands, each in a module of its own name."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Name the commands in the order in which one meets them."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command's module."""
        if cmd_name not in COMMANDS:
            return None
        # Threads that spin while they wait make a busy machine several times slower; the
        # library reads this once, when torch is imported.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        try:
            module = importlib.import_module(f"reasoned.cli.{cmd_name.replace('-', '_')}")
        except ModuleNotFoundError as error:
            if error.name is None or error.name.startswith("reasoned"):
                raise
            extra = EXTRAS.get(error.name.partition(".")[0], "fit")
            raise click.ClickException(
                f"`reasoned {cmd_name}` needs {error.name}, which is not installed here: "
                f"pip install 'reasoned[{extra}]'"
            ) from error
        command: click.Command = module.command
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(
    cls=Commands,
    help=HELP,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="reasoned")
def cli() -> None:
    """Run one of the commands."""
