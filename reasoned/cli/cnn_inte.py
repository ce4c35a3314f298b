"""``reasoned cnn-inte``: a study of one network by the reconstruction of CNN-INTE."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import numpy as np

from explainers.errors import ReasonedError
from explainers.meta_forest.fitting.inte.base_learners import ForestSettings
from explainers.meta_forest.fitting.inte.pipeline import InteSettings
from explainers.meta_forest.fitting.inte.reading import ReadingSetting
from explainers.meta_forest.fitting.inte.readings import READINGS
from reasoned.cli.whole_folder import whole_folder
from reasoned.fitting.progress import bar
from reasoned.fitting.study import StudyReport, StudySettings, study
from reasoned.fitting.study_loading import load_tables
from reasoned.fitting.study_tables import StudyTables

StudyLoader = Callable[[Path, str, Path | None, str | None], StudyTables]
_HELP = """Study a fitted model by a reconstruction of CNN-INTE.

Writes study.json, study.html, tree.svg, atlas.png and three cards to a new folder: the
fidelity of both routes, every control, the tree, its rules and what its clusters mean.

\b
Examples:
  reasoned cnn-inte models/fashion --data fashion-mnist --out studies/fashion
  reasoned cnn-inte models/mine --data folder:./photos --groups '^(\\d+)_' \\
      --out studies/mine --reading rows

\b
Exit codes:
  0  the study was written
  2  the model, the data or an option cannot be used
"""


def cnn_inte_command(load: StudyLoader) -> click.Command:
    """Make the command.

    Parameters
    ----------
    load
        Turns a model folder and the name of a data set into the tables to study: the
        activations of its splits, and those of an untrained copy of its network.

    """

    @click.command("cnn-inte", help=_HELP)
    @click.argument("model", type=click.Path(exists=True, file_okay=False, path_type=Path))
    @click.option("--data", required=True, help="A data set's name, or folder:PATH.")
    @click.option("--data-dir", type=click.Path(exists=True, file_okay=False, path_type=Path))
    @click.option("--groups", help="As it was given to `reasoned fit`; it shapes the splits.")
    @click.option(
        "--out", required=True, type=click.Path(path_type=Path), help="A folder to be made."
    )
    @click.option("--reading", type=click.Choice(list(READINGS)), default="columns")
    @click.option(
        "--target",
        type=click.Choice(["network", "truth"]),
        default="network",
        show_default=True,
        help="What the tree learns: the network's class, which is what is explained, or the true.",
    )
    @click.option(
        "--base-input",
        type=click.Choice(["pixels", "activations"]),
        default="pixels",
        show_default=True,
        help="What the forests read: pixels, as in the paper, or the clustered layer.",
    )
    @click.option("--trees", type=click.IntRange(1), default=200, help="Per base learner.")
    @click.option("--seed", type=click.IntRange(0), default=0)
    @click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
    def cnn_inte(
        model: Path,
        data: str,
        data_dir: Path | None,
        out: Path,
        *,
        as_json: bool,
        **chosen: Any,  # noqa: ANN401  click passes a mapping
    ) -> None:
        if out.exists():
            raise click.UsageError(f"--out must name a new folder, but {out} exists")
        try:
            with whole_folder(out) as folder:
                found = _study(load(model, data, data_dir, chosen["groups"]), chosen)
                found.save(folder)
        except ReasonedError as error:
            raise click.UsageError(str(error)) from error
        click.echo(found.to_json() if as_json else _summary(found, out), nl=not as_json)

    return cnn_inte


def _study(tables: StudyTables, chosen: dict[str, Any]) -> StudyReport:
    inte = InteSettings(
        ReadingSetting(1, 1),
        reading=chosen["reading"],
        forests=ForestSettings(trees=chosen["trees"]),
        target=chosen["target"],
        base_input=chosen["base_input"],
    )
    return study(tables, StudySettings(inte), np.random.default_rng(chosen["seed"]), bar)


def _summary(report: StudyReport, out: Path) -> str:
    found = report.figures
    rows = (
        ("network route", found.network_route.fidelity.share),
        ("forest route", found.forest_route.fidelity.share),
        ("network route, untrained network", found.controls.untrained_network_route.share),
        ("forest from pixels", found.controls.pixel_forest.share),
    )
    lines = [f"  {name:<34}{share or 0:.4f}" for name, share in rows]
    head = "Agreement with the network's class on the test images (a reconstruction of CNN-INTE):"
    return "\n".join([head, *lines, found.claim.words, f"Page: {out / 'study.html'}"])


command = cnn_inte_command(load_tables)
