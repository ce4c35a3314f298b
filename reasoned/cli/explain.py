"""``reasoned explain``."""

import json
from pathlib import Path
from typing import Literal

import click

from reasoned.cli.explanation_page import page
from reasoned.cli.speaking import spoken
from reasoned.model import ExplainedModel
from reasoned.reply.options import ReplyOptions
from reasoned.reply.schema import PartsEvidence, PathEvidence, Reply

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
        json.dumps(json.loads(data), indent=2, ensure_ascii=False) if as_json else _text(reply)
    )


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"--html {path} cannot be written: {error.strerror}") from error


def _text(reply: Reply) -> str:
    found, said = reply.prediction, reply.explanation
    lines = [f"{found.label}  ({100 * found.probability:.1f} %)", ""]
    if said is not None:
        lines += [said.sentence, "", f"status   {said.status}", f"carrier  {said.carrier}"]
        for one in said.evidence:
            lines += ["", *_evidence(one)]
    if reply.examples:
        lines += ["", "Nearest representative examples:"]
    lines += [
        f"  {e.id}  {e.label}  (distance {e.distance:.2f}, stands for {e.stands_for})"
        for e in reply.examples
    ]
    if (other := reply.contrast) is not None:
        lines += [
            f"Nearest of another class: {other.id}  {other.predicted}  ({other.distance:.2f})"
        ]
    return "\n".join(lines)


def _evidence(evidence: object) -> list[str]:
    if isinstance(evidence, PathEvidence):
        steps = [
            f"  {s.value:>10.2f} {s.test:>2} {s.threshold:<8g} {s.text}"
            for s in evidence.body.steps
        ]
        return [f"{evidence.method}, {evidence.region}, vote {evidence.body.vote:.2f}:", *steps]
    if isinstance(evidence, PartsEvidence):
        parts = [f"  {p.contribution:+10.3f}  {p.name}" for p in evidence.body.parts]
        tail = [
            f"  {evidence.body.bias:+10.3f}  bias",
            f"  {evidence.body.rest:+10.3f}  all others",
        ]
        return [
            f"{evidence.method}, {evidence.body.score} = {evidence.body.total:.3f}:",
            *parts,
            *tail,
        ]
    return []
