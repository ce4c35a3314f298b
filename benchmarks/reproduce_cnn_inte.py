"""Full MNIST and Fashion-MNIST runs: the served trace, both routes, every control."""

import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.reproducing import DATA, arguments, fit, write_each
from explainers.activations import ActivationTable
from explainers.fitting_contract import FittingData, silent
from explainers.meta_forest.fitting import fit_meta_forest
from explainers.meta_forest.fitting.inte.base_learners import ForestSettings
from explainers.meta_forest.fitting.inte.controls import with_activations_of
from explainers.meta_forest.fitting.inte.pipeline import InteSettings
from explainers.meta_forest.fitting.inte.reading import ReadingSetting
from explainers.meta_forest.served import MetaForest
from reasoned.fitting.study import StudyReport, StudySettings, study
from reasoned.fitting.study_loading import load_tables
from reasoned.fitting.study_tables import StudyTables
from reasoned.folder.checking import read_manifest
from reasoned.folder.manifest import Figure

METHODS = "meta_forest,additive"


def main() -> None:
    """Run what was asked for and write the figures."""
    parser = arguments(__doc__, Path("models"))
    parser.add_argument("--studies", type=Path, default=Path("models/studies"))
    asked = parser.parse_args()

    def one(name: str, data_dir: Path | None) -> dict[str, Any]:
        places = asked.models / name, asked.studies / name
        return run(name, *places, data_dir, keep=asked.keep)

    write_each(asked, one)


def run(
    name: str, model: Path, place: Path, data_dir: Path | None, *, keep: bool
) -> dict[str, Any]:
    """Fit one data set, study it, and gather its figures."""
    fitted = {} if keep and model.is_dir() else fit(name, model, data_dir, METHODS)
    manifest, sha256 = read_manifest(model)
    tables = load_tables(model, DATA[name], data_dir)
    began = time.process_time()
    forests = ForestSettings(trees=100, jobs=2)
    settings = StudySettings(InteSettings(ReadingSetting(1, 1), forests=forests))
    report = study(tables, settings, np.random.default_rng(0))
    report.save(place)
    trace = MetaForest.load(model / "methods")
    return {
        **path_figures(manifest.figures),
        **{key: manifest.methods["meta_forest"][key] for key in ("leaves", "longest_path")},
        "mean_path": mean_path(trace, tables.test),
        "meta_forest_vote_fidelity": vote_fidelity(trace, tables.test),
        "untrained_fidelity": untrained_fidelity(tables),
        **routes(report),
        **fitted,
        "study_cpu_seconds": round(time.process_time() - began, 1),
        "model_sha256": sha256,
        "folder_bytes": sum(record.size for record in manifest.files.values()),
        "request_ms": manifest.request_ms,
        "bounds": manifest.bounds,
    }


def path_figures(figures: dict[str, Figure]) -> dict[str, Figure]:
    """Name the figures of the first choice after the path, the one method with regions here."""
    renamed = {
        "first_choice_fidelity": "path_fidelity",
        "first_choice_fidelity_where_wrong": "path_fidelity_where_wrong",
    }
    kept = {key: value for key, value in figures.items() if not key.startswith("meta_forest_")}
    return {renamed.get(key, key): value for key, value in kept.items()}


def mean_path(trace: MetaForest, test: ActivationTable) -> float:
    """Give the mean number of tests on a path."""
    lengths = [len(path) for path in trace.tree.paths]
    rows = trace.row(test.hidden).tolist()
    return round(float(np.mean([lengths[trace.tree.leaf(row)] for row in rows])), 3)


def vote_fidelity(trace: MetaForest, test: ActivationTable) -> float:
    """Give how often the meta-level forest's own choice is the network's class."""
    rows = trace.row(test.hidden)
    named = np.array([trace.forest.votes(row).argmax() for row in rows])
    return round(float((named == test.predicted).mean()), 6)


def untrained_fidelity(tables: StudyTables) -> float:
    """Fit the served trace on an untrained copy's layer, with the trained network's classes."""
    data = FittingData(
        train=with_activations_of(tables.train, tables.untrained.train),
        validation=with_activations_of(tables.validation, tables.untrained.validation),
        classes=tables.classes,
        example_ids=str,
        head=None,
        head_reason="a control",
    )
    trace = fit_meta_forest(data, np.random.default_rng(0), silent)
    test = with_activations_of(tables.test, tables.untrained.test)
    names = trace.tree.names()
    named = np.array([names[trace.tree.leaf(row)] for row in trace.row(test.hidden).tolist()])
    return round(float((named == test.predicted).mean()), 6)


def routes(report: StudyReport) -> dict[str, Any]:
    """Give the figures of the paper's own pipeline."""
    found = report.figures
    return {
        "network_route_fidelity": found.network_route.fidelity.share,
        "forest_fidelity": found.forest_route.fidelity.share,
        "study": json.loads(report.to_json()),
    }


if __name__ == "__main__":
    main()
