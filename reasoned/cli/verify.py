"""``reasoned verify``."""

import json
import sys
from pathlib import Path

import click

from reasoned.cli.speaking import FINDING, say, spoken
from reasoned.folder.selftest import difference, read_selftest
from reasoned.model import ExplainedModel
from reasoned.reply.options import ReplyOptions

EPILOG = """\b
Examples:
  reasoned verify models/digits
  reasoned verify models/digits --json
"""


@click.command(epilog=EPILOG)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(folder: Path, *, as_json: bool) -> None:
    """Check every byte of a model FOLDER and replay its self-test.

    Exits with 0 when all is as it was written, and with 1 and the first finding when not.
    """
    with spoken(as_finding=True):
        model = ExplainedModel.load(folder)
        finding, count = _replay(model, folder)
    files = len(model.manifest.files)
    record = {"folder": str(folder), "sha256": model.sha256, "files": files, "replies": count}
    if finding is None:
        text = f"{folder}: {files} files and {count} replies are as they were written."
        say({**record, "ok": True, "finding": None}, as_json=as_json, text=text)
        return
    say({**record, "ok": False, "finding": finding}, as_json=as_json, text=f"{folder}: {finding}")
    sys.exit(FINDING)


def _replay(model: ExplainedModel, folder: Path) -> tuple[str | None, int]:
    tests = read_selftest(folder)
    for number, test in enumerate(tests):
        options = ReplyOptions(explain="full")
        found = json.loads(model.reply(model.decode(test.image), options))
        finding = difference(test.reply, found)
        if finding is not None:
            return f"self-test {number}: {finding}", len(tests)
    return None, len(tests)
