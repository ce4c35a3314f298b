"""``reasoned train``."""

import contextlib
import dataclasses
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from explainers.attributes.fitting.measuring import Measured
from explainers.attributes.fitting.presets import PRESETS
from explainers.attributes.fitting.variants import VARIANTS
from reasoned.cli import fit
from reasoned.cli.keeping import keeping
from reasoned.cli.speaking import say, share, spoken, table
from reasoned.cli.train_options import names, settle, weights
from reasoned.cli.train_resuming import check_same_training
from reasoned.fitting.by_design import CHECKPOINT
from reasoned.fitting.pipeline import check_methods, check_options, fit_model
from reasoned.fitting.preset_choices import TERMS
from reasoned.fitting.progress import bar
from reasoned.fitting.training_log import TrainingLog
from reasoned.fitting.training_run import TrainingRun, remove_checkpoint, train_for_fit
from reasoned.folder.checking import read_manifest
from reasoned.folder.manifest import Figure
from reasoned.folder.writing import check_target, new_folder

EPILOG = """\b
Examples:
  reasoned train --by-design --data digits --rate 3e-3 --out models/digits
  reasoned train --by-design --data fashion-mnist --out models/fashion
  reasoned train --by-design --data folder:./photos --size 32 --channels 3 --out models/mine
  reasoned train --by-design --data mnist --weight delta=0 --out models/no-entropy
  reasoned train --by-design --data folder:./photos --size 64 --network mypkg.nets:build \\
      --attribute-layers block3,block4 --layer fc1 --out models/mine

A training that was stopped goes on when the same command is given again.
"""
INTERRUPTED: Final = 130  # as shells have it: 128 + SIGINT
ABOUT_THE_LOG: Final = (
    "The time told first is that of the training alone: fitting the other methods and making the "
    "pictures come after it and are not counted.\n"
    "Then each line gives the mean terms of the loss, each with its weight (mean x weight): "
    "L_pred, f names the right class; L_of, g follows f; L_if, the image can be rebuilt from the "
    "attributes; E(Phi), few attributes for one image; E(mean Phi), many attributes over a batch; "
    "l1, small attributes."
)
FITTED: Final = (
    "data",
    "data_dir",
    "calibration",
    "groups",
    "classes",
    "size",
    "channels",
    "resize",
    "mean",
    "std",
    "options",
    "examples",
    "seed",
    "threads",
    "scratch",
    "name",
    "model_version",
    "out",
    "replace",
    "as_json",
)
# These mean here what they mean for `reasoned fit`, word for word.
_SHARED = [param for param in fit.command.params if param.name in FITTED]


@click.command(epilog=EPILOG, params=_SHARED)
@click.option("--by-design", is_flag=True, help="Predictor and interpreter together; needed.")
@click.option(
    "--preset",
    type=click.Choice(list(PRESETS)),
    help="Architectures, weights of the loss and rates; default: pooled for grey images, "
    "cifar10 for colour.",
)
@click.option("--epochs", type=click.IntRange(1), help="Default: the preset's.")
@click.option("--batch", type=click.IntRange(1), help="Images per step; default: the preset's.")
@click.option(
    "--rate",
    type=click.FloatRange(0, 1, min_open=True),
    help="Of Adam; default: the preset's, whose later rate keeps its proportion.",
)
@click.option("--attributes", type=click.IntRange(1, 4096), help="J, how many there are to be.")
@click.option(
    "--weight",
    "weights",
    multiple=True,
    callback=weights,
    metavar="TERM=VALUE",
    help=f"Of a term of the loss, among {', '.join(TERMS)}, from the epoch on in which the preset "
    "begins it; may be repeated.",
)
@click.option(
    "--variant",
    type=click.Choice(list(VARIANTS)),
    help="The losses as the paper's code has them, or as the paper prints them; default: released.",
)
@click.option("--positive-head", is_flag=True, help="Hold W >= 0: a class is a sum of parts.")
@click.option(
    "--leaky/--no-leaky",
    default=None,
    help="End Psi in a leaky ReLU, or in a ReLU, which keeps Phi >= 0; default: the preset's, "
    "which is leaky for mnist.",
)
@click.option(
    "--network",
    help="package.module:factory of your own predictor, to be trained from scratch; it needs "
    "--attribute-layers and --layer too, and the preset gives the rest.",
)
@click.option(
    "--attribute-layers",
    callback=names,
    metavar="A[,B]",
    help="The one or two layers of your predictor that the attributes read.",
)
@click.option("--layer", help="The hidden layer of your predictor that other methods explain.")
@click.option(
    "--precision",
    type=click.Choice(["float32", "bfloat16"]),
    default="float32",
    show_default=True,
    help="Of the forward passes; bfloat16 is faster on processors that have it.",
)
@click.option(
    "--methods",
    default="meta_forest,attributes,additive",
    show_default=True,
    callback=names,
    help="Methods to package; attributes must be among them.",
)
@click.option(
    "--keep-training", is_flag=True, help="Keep the checkpoint in OUT.training after the end."
)
def command(
    out: Path,
    *,
    by_design: bool,
    replace: bool,
    as_json: bool,
    keep_training: bool,
    **options: Any,  # noqa: ANN401  click passes a mapping
) -> None:
    """Train a network together with an interpreter, and write a model folder.

    The predictor f learns to classify while the interpreter g learns a small dictionary of
    attributes from f's hidden layers (FLINT, by design). Both are trained on the training
    split alone; the folder is of the same kind as that of `reasoned fit`. After every
    epoch the state is kept in OUT.training until the folder is written.
    """
    if not by_design:
        raise click.UsageError(
            "`reasoned train` trains predictor and interpreter together: give --by-design. For an "
            "interpreter of a network that is fixed: reasoned fit --methods meta_forest,attributes"
        )
    started = time.perf_counter()
    kept = out.parent / f"{out.name}.training"
    # As Ctrl-C does, a polite kill unwinds; the last epoch's state stays.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(fit.TERMINATED))
    with spoken(), _kept_on_stop(kept):
        check_target(out, replace=replace)
        run, figures = _trained_and_fitted(out, kept, options, replace=replace)
        refused = read_manifest(out)[0].refused
        if not keep_training:
            remove_checkpoint(kept)
    seconds = round(time.perf_counter() - started, 1)
    record = {
        "out": str(out),
        "seconds": seconds,
        "trained": _trained_record(run),
        "figures": figures,
        "refused": refused,
    }
    notes = "".join(f"\nLeft out: {name}, since {reason}" for name, reason in refused.items())
    say(record, as_json=as_json, text=_text(out, seconds, run.test, figures) + notes)


def _trained_and_fitted(
    out: Path, kept: Path, options: dict[str, Any], *, replace: bool
) -> tuple[TrainingRun, dict[str, Figure]]:
    fitted, design, source = settle(out, options)
    check_methods(fitted.methods)
    check_options(fitted.options)
    check_same_training(kept, design)
    click.echo(ABOUT_THE_LOG, err=True)
    log = TrainingLog()
    try:
        run = train_for_fit(fitted, design, source, kept, log.steps, log)
    finally:
        log.close()
    settings = dataclasses.replace(fitted, trained=run.trained)
    with keeping(settings.kept), new_folder(out, replace=replace) as folder:
        figures = fit_model(settings, folder, bar)
    return run, figures


@contextlib.contextmanager
def _kept_on_stop(kept: Path) -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, SystemExit) as stopped:
        said = f"{kept} keeps every epoch that was finished; the same command goes on from there."
        if not (kept / CHECKPOINT).exists():
            said = "No epoch was finished and nothing was kept; the same command begins anew."
        click.echo(f"Stopped. {said}", err=True)
        if isinstance(stopped, KeyboardInterrupt):
            # Else click would say "Aborted!" and leave with 1.
            sys.exit(INTERRUPTED)
        raise


def _trained_record(run: TrainingRun) -> dict[str, object]:
    measured = dataclasses.asdict(run.test)
    return {"source": run.trained.source, "cpu_seconds": round(run.cpu_seconds, 1), **measured}


def _text(out: Path, seconds: float, test: Measured, figures: dict[str, Figure]) -> str:
    rows = [
        ("on the test split", ""),
        ("accuracy of the network, f", share(test.f)),
        ("accuracy of the interpreter, g", share(test.g)),
        ("fidelity of g to f", share(test.fidelity)),
        ("attributes per image, CNS(5)", f"{test.cns['5']:.2f}"),
    ]
    rows += [
        (name.replace("_", " "), share(value) if name != "images" else str(value))
        for name, value in figures.items()
        if name != "accuracy"
    ]
    return (
        f"{table(rows)}\n\nWrote {out} in {seconds} s. Serve it: reasoned serve {out}\n"
        "By default a reply stops at the first firm method, which may be the path; to see the "
        f"attributes always:\n  reasoned explain {out} IMAGE --explain full"
    )
