"""``reasoned explain``."""

import json
from pathlib import Path
from typing import Literal

import click

from reasoned.cli.explanation_text import text
from reasoned.cli.speaking import spoken
from reasoned.model import ExplainedModel
from reasoned.pages.explanation_page import page
from reasoned.reply.options import ReplyOptions
from reasoned.reply.schema import Reply

EPILOG = """\b
Examples:
  reasoned explain models/fashion shoe.png
  reasoned explain models/fashion shoe.png --json | jq .explanation.status
  reasoned explain models/fashion shoe.png --html shoe.html
"""


@click.command(epilog=EPILOG)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("image", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--explain", type=click.Choice(["trace", "full"]), default="trace", show_default=True)
@click.option("--neighbours", type=click.IntRange(0, 20), default=5, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the reply as JSON.")
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), help="Write one page with pictures."
)
def command(
    folder: Path,
    image: Path,
    explain: Literal["trace", "full"],
    neighbours: int,
    html: Path | None,
    *,
    as_json: bool,
) -> None:
    """Explain IMAGE with a model FOLDER, as the service would."""
    with spoken():
        model = ExplainedModel.load(folder)
        decoded = model.decode(image.read_bytes())
        data = model.reply(decoded, ReplyOptions(explain=explain, neighbours=neighbours))
    reply = Reply.model_validate_json(data)
    if html is not None:
        _write(html, page(model, reply, decoded))
    click.echo(
        json.dumps(json.loads(data), indent=2, ensure_ascii=False) if as_json else text(reply)
    )


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"--html {path} cannot be written: {error.strerror}") from error
