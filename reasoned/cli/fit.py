"""``reasoned fit``."""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import click

from explainers.fitting_registry import FITTERS
from reasoned.cli.fit_options import fit_settings, names
from reasoned.cli.keeping import keeping
from reasoned.cli.parsing import class_file, method_options, numbers, size
from reasoned.cli.speaking import say, share, spoken, table
from reasoned.fitting.pipeline import fit_model
from reasoned.fitting.progress import bar
from reasoned.fitting.settings import FitSettings, NetworkSettings
from reasoned.folder.checking import read_manifest
from reasoned.folder.manifest import Figure
from reasoned.folder.writing import check_target, new_folder

EPILOG = """\b
Examples:
  reasoned fit --network reference --data digits --out models/digits
  reasoned fit --network reference --data fashion-mnist --out models/fashion
  reasoned fit --network reference --data fashion-mnist --methods meta_forest,mixture,additive \\
      --set mixture.preset=preview --out models/fashion
  reasoned fit --network mypkg.nets:build --weights w.safetensors --layer fc1 \\
      --data folder:./photos --classes classes.txt --size 64 \\
      --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225 --out models/mine
  reasoned fit --network mynet.onnx --layer relu_3 --data folder:./photos \\
      --groups '^(\\d+)_' --out models/mine
"""
TERMINATED = 128 + signal.SIGTERM
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command(epilog=EPILOG)
@click.option(
    "--network",
    required=True,
    help="`reference` (trained here), a .onnx file, or package.module:factory.",
)
@click.option("--weights", type=FILE, help="The factory's weights, as safetensors.")
@click.option("--layer", help="The layer to explain; `reasoned layers NETWORK` lists them.")
@click.option(
    "--boundary-layer",
    help="The feature map whose decision boundaries `representative` explains; default: the last "
    "convolutional map, or the explained layer where there is none.",
)
@click.option(
    "--attribute-layers",
    metavar="A[,B]",
    help="The one or two layers that `attributes` reads; default: the last convolutional map, or "
    "the explained layer where there is none.",
)
@click.option("--data", required=True, help="digits, mnist, fashion-mnist, cifar10 or folder:PATH.")
@click.option(
    "--data-dir", type=FOLDER, help="Where the files of mnist, fashion-mnist or cifar10 lie."
)
@click.option(
    "--calibration",
    help="folder:PATH of images that the network has never seen, only to be counted on.",
)
@click.option(
    "--groups",
    help=r"Pattern on file names whose group tells one object, as '^(\d+)_'; never split.",
)
@click.option(
    "--classes",
    type=FILE,
    callback=class_file,
    help="One class name per line, in the order of the outputs.",
)
@click.option(
    "--size", callback=size, metavar="N|ROWSxCOLUMNS", help="Size of the network's input."
)
@click.option("--channels", type=click.Choice(["1", "3"]), help="Grey or colour.")
@click.option(
    "--resize", type=click.Choice(["stretch", "crop", "pad"]), default="stretch", show_default=True
)
@click.option("--mean", callback=numbers, help="Per channel, on the scale from 0 to 1.")
@click.option("--std", callback=numbers, help="Per channel, on the scale from 0 to 1.")
@click.option(
    "--methods",
    default="meta_forest,additive",
    show_default=True,
    help=f"Methods to package, of {', '.join(FITTERS)}.",
)
@click.option(
    "--set",
    "options",
    multiple=True,
    callback=method_options,
    metavar="METHOD.NAME=VALUE",
    help="Set an option of a method, as representative.boundaries=200; may be repeated.",
)
@click.option(
    "--examples",
    type=click.Choice(["representatives", "all"]),
    default="representatives",
    show_default=True,
    help="Search representatives exactly, or all images approximately (reasoned[faiss]).",
)
@click.option(
    "--epochs",
    type=click.IntRange(0),
    default=0,
    help="For the reference network; 0 for about 400,000 images.",
)
@click.option(
    "--flip/--no-flip",
    default=None,
    help="Mirror training images at random; default: for fashion-mnist and cifar10.",
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=0, show_default=True)
@click.option(
    "--threads", type=click.IntRange(1), default=os.cpu_count() or 1, help="Cores to use."
)
@click.option("--scratch", type=FOLDER, help="Where large intermediate arrays go.")
@click.option("--name", help="What replies call the model; default: the folder's name.")
@click.option("--model-version", default="1", show_default=True)
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="The model folder to make."
)
@click.option("--replace", is_flag=True, help="Replace a model that is there.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(out: Path, *, replace: bool, as_json: bool, **options: Any) -> None:  # noqa: ANN401  click passes a mapping
    """Fit explainers to a network and write a model folder.

    The folder holds the network as one ONNX graph, the explainers, thumbnails of the
    representative examples, a self-test and a manifest with every file's digest. It
    appears whole or not at all.
    """
    started = time.perf_counter()
    # As Ctrl-C does, a polite kill unwinds, and takes what is half-written with it.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(TERMINATED))
    with spoken():
        check_target(out, replace=replace)
        settings = _settings(out, options)
        with keeping(settings.kept), new_folder(out, replace=replace) as folder:
            figures = fit_model(settings, folder, bar)
        manifest = read_manifest(out)[0]
        refused = manifest.refused
    seconds = round(time.perf_counter() - started, 1)
    record = {"out": str(out), "seconds": seconds, "figures": figures, "refused": refused}
    notes = "".join(f"\nLeft out: {name}, since {reason}" for name, reason in refused.items())
    notes += "".join(
        f"\nWarning: {name}: {card['warnings']}"
        for name, card in manifest.methods.items()
        if card.get("warnings", "none") != "none"
    )
    say(record, as_json=as_json, text=_text(out, seconds, figures) + notes)


def _settings(out: Path, options: dict[str, Any]) -> FitSettings:
    network = NetworkSettings(
        source=options["network"],
        weights=options["weights"],
        layer=options["layer"],
        boundary_layer=options["boundary_layer"],
        attribute_layers=names(options["attribute_layers"] or ""),
        epochs=options["epochs"],
        flip=options["flip"],
    )
    return fit_settings(out, options, network, names(options["methods"]))


def _text(out: Path, seconds: float, figures: dict[str, Figure]) -> str:
    rows = [("on the test split", "")]
    rows += [
        (name.replace("_", " "), share(value) if name != "images" else str(value))
        for name, value in figures.items()
    ]
    return f"{table(rows)}\n\nWrote {out} in {seconds} s. Serve it: reasoned serve {out}"
