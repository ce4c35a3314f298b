"""``reasoned evaluate``: how well a method's explanations hold on unseen images."""

import contextlib
from pathlib import Path
from typing import Any

import click

from explainers.errors import ReasonedError
from reasoned.cli.speaking import table
from reasoned.cli.whole_folder import whole_folder
from reasoned.evaluation.evaluation import Evaluation, Request
from reasoned.evaluation.figures import EvaluationSettings
from reasoned.evaluation.methods import EVALUATORS, IMAGES
from reasoned.fitting.progress import bar

_HELP = """Evaluate a method of a model on its test images, beside methods of others.

Prints the tables; with --out also writes evaluation.json and evaluation.html to a new
folder. `representative`: what its heat maps keep of the score on unseen similar images,
beside Grad-CAM, Grad-CAM++, Score-CAM and a random map; what its polytopes cover, and how
stable they are. It needs no fitted `representative`: any model of piecewise linear
operators will do. `attributes`: how often the interpreter names the network's class, by how
many attributes and at what error, beside LIME on the same images; single images explained.
`mixture`: whether the pixels that its regressions weigh most are those that the network needs,
beside random pixels, one ridge, gradients, LIME and SHAP; how far its predictions are off;
whether its patterns fool the network.

\b
Examples:
  reasoned evaluate models/fashion --data fashion-mnist --method representative
  reasoned evaluate models/fashion --data fashion-mnist --method attributes \\
      --images 500 --out evaluations/fashion
  reasoned evaluate models/fashion --data fashion-mnist --method mixture --class Trouser
  reasoned evaluate models/mine --data folder:./photos --groups '^(\\d+)_' \\
      --method representative --fill blur --out evaluations/mine

\b
Exit codes:
  0  evaluated
  2  the model, the data or an option cannot be used
"""
_folder = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("evaluate", help=_HELP)
@click.argument("model", type=_folder)
@click.option("--data", required=True, help="A data set's name, or folder:PATH.")
@click.option("--data-dir", type=_folder, help="Where its files lie.")
@click.option("--groups", help="As it was given to `reasoned fit`; it shapes the splits.")
@click.option("--method", required=True, type=click.Choice(list(EVALUATORS)))
@click.option(
    "--images",
    type=click.IntRange(1),
    show_default=", ".join(f"{count} for {name}" for name, count in IMAGES.items()),
    help="How many test images are judged one by one; of each class for mixture.",
)
@click.option(
    "--similar",
    type=click.IntRange(1),
    default=10,
    show_default=True,
    help="Unseen similar images that each map is judged on.",
)
@click.option(
    "--top",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.2,
    show_default=True,
    help="The share of the pixels that is kept.",
)
@click.option(
    "--fill",
    type=click.Choice(["mean", "black", "blur"]),
    default="mean",
    show_default=True,
    help="What stands where the other pixels were.",
)
@click.option(
    "--boundaries",
    type=click.IntRange(1),
    default=50,
    show_default=True,
    help="|Q|: how many boundaries the paper's search has to choose from.",
)
@click.option(
    "--examples",
    type=click.IntRange(1),
    default=Request.examples,
    show_default=True,
    help="Images that the page explains one by one (attributes).",
)
@click.option(
    "--lime-samples",
    type=click.IntRange(0),
    default=Request.lime_samples,
    show_default=True,
    help="Samples that LIME (attributes, mixture) and SHAP (mixture) are fitted on for each image; "
    "0 leaves them out.",
)
@click.option("--class", "classes", multiple=True, help="A class to test; repeatable (mixture).")
@click.option(
    "--protocol",
    type=click.Choice(["plain", "amplified"]),
    default=Request.protocol,
    show_default=True,
    help="Perturb pixels plainly, or amplified as the authors' code does (mixture).",
)
@click.option(
    "--null",
    type=click.Choice(["black", "mean"]),
    default=Request.null,
    show_default=True,
    help="What removed pixels become: black, or the mean of other classes (mixture).",
)
@click.option("--seeds", type=click.IntRange(2), default=5, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="A folder to be made.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(
    model: Path,
    method: str,
    *,
    out: Path | None,
    as_json: bool,
    **chosen: Any,  # noqa: ANN401  click passes a mapping
) -> None:
    """Evaluate, print and write."""
    if out is not None and out.exists():
        raise click.UsageError(f"--out must name a new folder, but {out} exists")
    chosen["images"] = chosen["images"] or IMAGES[method]
    own = ("data", "data_dir", "groups", "examples", "lime_samples", "classes", "protocol", "null")
    source = {name: chosen.pop(name) for name in own}
    request = Request(model=model, **source, settings=EvaluationSettings(**chosen))
    # Made first: an evaluation that cannot be written is not worth its wait.
    with contextlib.nullcontext() if out is None else whole_folder(out) as folder:
        try:
            found = EVALUATORS[method](request, bar)
        except ReasonedError as error:
            raise click.UsageError(str(error)) from error
        click.echo(found.figures.model_dump_json(indent=2) if as_json else _text(found, out))
        if folder is not None:
            found.save(folder)


def _text(found: Evaluation, out: Path | None) -> str:
    parts = [
        f"{section.heading}\n{section.note}\n\n{table(section.rows)}\n"
        for section in found.sections
    ]
    page = [] if out is None else [f"Page: {out / 'evaluation.html'}"]
    return "\n".join([*parts, *found.sentences, *page])
