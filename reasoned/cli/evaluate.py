"""``reasoned evaluate``: how far a model's explanations can be trusted, on unseen images."""

import contextlib
import shlex
import sys
from pathlib import Path
from typing import Any

import click

from explainers.errors import ReasonedError
from reasoned.assessment.assess import Assessment, assess
from reasoned.assessment.figures import AssessmentSettings
from reasoned.assessment.request import AssessmentRequest
from reasoned.cli.evaluate_modes import check_judges, check_mode
from reasoned.cli.speaking import table
from reasoned.cli.whole_folder import whole_folder
from reasoned.evaluation.evaluation import Evaluation, Request
from reasoned.evaluation.figures import EvaluationSettings
from reasoned.evaluation.methods import EVALUATORS, IMAGES
from reasoned.fitting.progress import bar

_HELP = """Assess a whole model on its test images, or one of its methods beside others.

Without --method: the report to read before a model is deployed. Whether the statement that
its replies carry holds on images that no fit, choice or calibration saw; what changed images
and strangers do to it; how its pictures fare with outside judges, and whether they survive
small noise; what an explanation costs; the worst cases. Prints a summary and tables; with
--out also writes evaluation.json and evaluation.html, a page for people, to a new folder.

With --method NAME: that method alone, in depth. `representative`: what its heat maps keep of
the score on unseen similar images, beside Grad-CAM, Grad-CAM++, Score-CAM and a random map;
what its polytopes cover, and how stable they are. It needs no fitted `representative`: any
model of piecewise linear operators will do. `attributes`: how often the interpreter names the
network's class, by how many attributes and at what error, beside LIME on the same images;
single images explained. `mixture`: whether the pixels that its regressions weigh most are
those that the network needs, beside random pixels, one ridge, gradients, LIME and SHAP; how
far its predictions are off; whether its patterns fool the network.

\b
Examples:
  reasoned evaluate models/fashion --data fashion-mnist --out report
  reasoned evaluate models/fashion --data fashion-mnist --strangers mnist=./data/mnist \\
      --strangers folder:./photos --sampling-peers --keep report.judged --out report
  reasoned evaluate models/mine --data folder:./photos --groups '^(\\d+)_' --no-judges
  reasoned evaluate models/fashion --data fashion-mnist --method representative
  reasoned evaluate models/fashion --data fashion-mnist --method attributes \\
      --images 500 --out evaluations/fashion
  reasoned evaluate models/fashion --data fashion-mnist --method mixture --class Trouser

\b
Exit codes:
  0  evaluated; whether a statement holds does not change it
  2  the model, the data or an option cannot be used
"""
_SOURCE = ("model", "data", "data_dir", "groups")
_folder = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("evaluate", help=_HELP)
@click.argument("model", type=_folder)
@click.option("--data", required=True, help="A data set's name, or folder:PATH.")
@click.option("--data-dir", type=_folder, help="Where its files lie.")
@click.option("--groups", help="As it was given to `reasoned fit`; it shapes the splits.")
@click.option(
    "--method",
    type=click.Choice(list(EVALUATORS)),
    help="Evaluate this method alone, in depth; without it the whole model is assessed.",
)
@click.option(
    "--images",
    type=click.IntRange(1),
    show_default="all; " + ", ".join(f"{count} for {name}" for name, count in IMAGES.items()),
    help="How many test images are answered; with --method, judged one by one (of each class for "
    "mixture).",
)
@click.option(
    "--strangers",
    multiple=True,
    metavar="SPEC[=DIR]",
    help="Another data set, none of whose images the model should call supported; repeatable "
    "(report).  [default: digits, unless the data is of digits]",
)
@click.option(
    "--shift-images",
    type=click.IntRange(1),
    default=1000,
    show_default=True,
    help="On how many test images every change is tried, and how many strangers are sent (report).",
)
@click.option(
    "--judges/--no-judges",
    default=True,
    show_default=True,
    help="Let Quantus and others judge the pictures; the longest part (report).",
)
@click.option(
    "--judge-images",
    type=click.IntRange(2),
    default=200,
    show_default=True,
    help="How many test images they judge by (report).",
)
@click.option(
    "--sampling-peers",
    is_flag=True,
    help="Have LIME and Kernel SHAP judged and timed as well, which takes long (report).",
)
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where judges keep what they found; the same command goes on from there (report).",
)
@click.option(
    "--similar",
    type=click.IntRange(1),
    default=10,
    show_default=True,
    help="Unseen similar images that each map is judged on (representative).",
)
@click.option(
    "--top",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.2,
    show_default=True,
    help="The share of the pixels that is kept (representative).",
)
@click.option(
    "--fill",
    type=click.Choice(["mean", "black", "blur"]),
    default="mean",
    show_default=True,
    help="What stands where the other pixels were (representative).",
)
@click.option(
    "--boundaries",
    type=click.IntRange(1),
    default=50,
    show_default=True,
    help="|Q|: how many boundaries the paper's search has to choose from (representative).",
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
@click.option(
    "--seeds",
    type=click.IntRange(2),
    default=5,
    show_default=True,
    help="Under how many seeds polytopes are searched (representative).",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="A folder to be made.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.pass_context
def command(
    context: click.Context,
    /,
    method: str | None,
    *,
    out: Path | None,
    as_json: bool,
    **chosen: Any,  # noqa: ANN401  click passes a mapping
) -> None:
    """Evaluate, print and write."""
    check_mode(context, method)
    check_judges(context, judges=chosen["judges"])
    if out is not None and out.exists():
        raise click.UsageError(f"--out must name a new folder, but {out} exists")
    # Made first: an evaluation that cannot be written is not worth its wait.
    with contextlib.nullcontext() if out is None else whole_folder(out) as folder:
        try:
            found = _assessed(chosen) if method is None else _evaluated(method, chosen)
        except ReasonedError as error:
            raise click.UsageError(str(error)) from error
        click.echo(found.figures.model_dump_json(indent=2) if as_json else _text(found, out))
        if folder is not None:
            found.save(folder)


def _assessed(chosen: dict[str, Any]) -> Assessment:
    source = {name: chosen[name] for name in _SOURCE}
    settings = {name: chosen[name] for name in AssessmentSettings.model_fields if name in chosen}
    request = AssessmentRequest(
        **source,
        settings=AssessmentSettings(**settings),
        kept=chosen["keep"],
        command=shlex.join(["reasoned", *sys.argv[1:]]),
    )
    return assess(request, bar)


def _evaluated(method: str, chosen: dict[str, Any]) -> Evaluation:
    own = ("examples", "lime_samples", "classes", "protocol", "null")
    asked = {name: chosen[name] for name in EvaluationSettings.model_fields if name in chosen}
    asked["images"] = chosen["images"] or IMAGES[method]
    request = Request(
        **{name: chosen[name] for name in (*_SOURCE, *own)}, settings=EvaluationSettings(**asked)
    )
    return EVALUATORS[method](request, bar)


def _text(found: Evaluation | Assessment, out: Path | None) -> str:
    parts = [
        f"{section.heading}\n{section.note}\n\n{table(section.rows)}\n"
        for section in found.sections
    ]
    page = [] if out is None else [f"Page: {out / 'evaluation.html'}"]
    return "\n".join([*parts, *found.sentences, *page])
