"""``python -m reasoned`` is ``reasoned``."""

from reasoned.cli.main import cli

cli(prog_name="reasoned")
