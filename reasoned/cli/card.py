"""``reasoned card``."""

import re
from pathlib import Path

import click

from reasoned.card.card import model_card
from reasoned.card.measured import read_measured
from reasoned.card.subject import Subject
from reasoned.cli.speaking import spoken
from reasoned.folder.checking import check_files, read_manifest

EPILOG = """\b
Examples:
  reasoned card models/fashion
  reasoned card models/fashion --license apache-2.0 --out fashion.md
  reasoned evaluate models/fashion --data fashion-mnist --out report
  reasoned card models/fashion --evaluation report/evaluation.json --out fashion.md --replace
"""
_LICENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")


def _licence(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    if _LICENCE.fullmatch(value) is None:
        raise click.BadParameter(f"wanted an identifier such as apache-2.0 or mit, not {value!r}")
    return value.lower()


@click.command(epilog=EPILOG)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--evaluation",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The evaluation.json that `reasoned evaluate` wrote for this model.",
)
@click.option("--license", "licence", default="unknown", show_default=True, callback=_licence)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it there.")
@click.option("--replace", is_flag=True, help="Write over a file that is there.")
def command(
    folder: Path, evaluation: Path | None, licence: str, out: Path | None, *, replace: bool
) -> None:
    """Write the model card of a model FOLDER: what it is, does, and does not promise.

    Markdown with a header as the Hugging Face hub reads it. Without --out it is printed.
    """
    _check_out(folder, out, replace=replace)
    with spoken():
        manifest, sha256 = read_manifest(folder)
        check_files(folder, manifest)
        measured = None if evaluation is None else read_measured(evaluation, sha256)
    text = model_card(Subject(manifest, sha256, measured, licence))
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"--out {out} cannot be written: {error.strerror}") from error
    click.echo(f"{out}: the card of {manifest.name} {manifest.version}")


def _check_out(folder: Path, out: Path | None, *, replace: bool) -> None:
    if out is None:
        return
    if out.resolve().is_relative_to(folder.resolve()):
        raise click.UsageError(
            f"--out {out} lies in the model folder, whose files are sealed by its manifest; choose "
            "a place outside"
        )
    if out.exists() and not replace:
        raise click.UsageError(f"--out {out} exists; pass --replace, or choose another")
