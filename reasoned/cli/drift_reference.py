"""``reasoned drift reference``."""

from pathlib import Path

import click
import numpy as np

from reasoned.cli.speaking import say, share, spoken, table
from reasoned.drift.reference import ReferenceRecord
from reasoned.fitting.drift_folder import Measured, open_traffic, with_reference
from reasoned.fitting.progress import bar
from reasoned.folder.checking import read_manifest
from reasoned.folder.writing import check_target

EPILOG = """\b
Examples:
  reasoned drift reference models/old --data fashion-mnist --out models/new
  reasoned drift reference models/old --data folder:./photos --groups '^(\\d+)_' --out models/new
  reasoned drift reference models/old --data folder:./last-month --traffic --out models/new
"""
_folder = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("reference", epilog=EPILOG)
@click.argument("model", type=_folder)
@click.option("--data", required=True, help="What the model was fitted on, or own images.")
@click.option("--data-dir", type=_folder, help="Where its files lie.")
@click.option("--groups", help="As it was given to `reasoned fit`; it shapes the splits.")
@click.option("--traffic", is_flag=True, help="Take all images, which are new to the model.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The new folder.")
@click.option("--replace", is_flag=True, help="Write over a model folder that is there.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def command(ctx: click.Context, /, model: Path, out: Path, **_options: object) -> None:
    """Measure the drift reference of a MODEL folder, into a new folder.

    On the splits of its fit; or with --traffic on images of your own, in folders by class, half
    of them for the limits of distances and half for the bounds. The new folder is a new model: its
    digest is another, and its detectors begin anew.
    """
    asked = ctx.params
    with spoken():
        check_target(out, replace=asked["replace"])
        source = (model, asked["data"], asked["data_dir"], asked["groups"])
        if asked["traffic"]:
            rng = np.random.default_rng(asked["seed"])
            measured = Measured.of_traffic(open_traffic(*source), asked["data"], rng)
        else:
            measured = Measured.of_fit(*source)
        record = with_reference(model, measured, out, bar, replace=asked["replace"])
        sha256 = read_manifest(out)[1]
    families = {family.name: len(family.members) for family in record.families}
    found = {"folder": str(out), "sha256": sha256, "images": record.images, "families": families}
    say(found, as_json=asked["as_json"], text=_text(out, record))


def _text(out: Path, record: ReferenceRecord) -> str:
    rows = [("signal", "members", "share", "bound")]
    for family in record.families:
        first, many = family.members[0], len(family.members) > 1
        shares = ("", "") if many else (share(first.share), share(first.bound))
        rows.append((family.name, str(len(family.members)), *shares))
    said = f"{out}: measured on {record.images:,} images of {record.source}"
    return f"{said}, limits of distances on {record.limit_images:,} others\n\n{table(rows)}"
