"""Full MNIST and Fashion-MNIST runs of representative interpretations."""

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from benchmarks.bench import cut_bare
from benchmarks.block_cost import block_cost, side_tests
from benchmarks.reproducing import DATA, arguments, fit, write_each
from benchmarks.rule_set_checks import coverage, oracle, recount
from benchmarks.rule_set_cost import POINTS, measure_scaling
from explainers.arrays import AnyArray
from explainers.representative.served.search import DenseTail
from reasoned.evaluation.evaluation import Request
from reasoned.evaluation.figures import EvaluationSettings, RepresentativeFigures
from reasoned.evaluation.representative import evaluate_subject
from reasoned.evaluation.subject import Subject, open_subject
from reasoned.fitting.own_splits import open_own_splits
from reasoned.fitting.pixels import prepare_pixels
from reasoned.fitting.progress import bar
from reasoned.folder.checking import read_manifest

METHODS = "meta_forest,representative,additive"
IMAGES = 100


def main() -> None:
    """Run what was asked for and write the figures."""
    asked = arguments(__doc__, Path("models/representative")).parse_args()

    def one(name: str, data_dir: Path | None) -> dict[str, Any]:
        return run(name, asked.models / name, data_dir, keep=asked.keep)

    write_each(asked, one)


def run(name: str, model: Path, data_dir: Path | None, *, keep: bool) -> dict[str, Any]:
    """Fit one data set with the method packaged, and gather its figures."""
    model.parent.mkdir(parents=True, exist_ok=True)
    fitted = {} if keep and model.is_dir() else fit(name, model, data_dir, METHODS)
    manifest, sha256 = read_manifest(model)
    request = Request(model, DATA[name], data_dir, None, settings())
    with tempfile.TemporaryDirectory(prefix="reasoned-representative-") as place:
        scratch = Path(place)
        subject = open_subject(request, scratch, bar)
        rules = subject.rules
        if rules is None:
            raise SystemExit(f"{model} does not package representative")
        searching = subject.searching
        report = evaluate_subject(subject, request, bar)
        page = model.parent / f"{name}-evaluation"
        page.mkdir(exist_ok=True)
        report.save(page)
        figures = RepresentativeFigures.model_validate(report.figures)
        points = points_of(subject, request, scratch)
        save_file(points, scratch / POINTS)
        scaling = measure_scaling(scratch)
        cut_bare(model / "network.onnx", scratch / "bare.onnx")
        pixels = np.array(searching.unseen.pixels[:1000])
        return {
            **coverage(rules, searching, points["validation_points"]),
            **recount(rules, searching.references),
            **oracle(searching),
            "mad": maps(figures, "mad"),
            "mai": maps(figures, "mai"),
            "build_cpu_seconds": scaling[-1]["build_cpu_seconds"],
            "build_peak_mib": scaling[-1]["peak_mib"],
            "scaling": scaling,
            "side_tests": side_tests(searching.unseen.boundary, np.array(searching.unseen.psi)),
            "request": block_cost(rules, model, scratch / "bare.onnx", pixels),
            "model_figures": manifest.figures,
            "bounds": manifest.bounds,
            **fitted,
            "model_sha256": sha256,
            "sentences": report.sentences,
            "evaluation": json.loads(report.figures.model_dump_json()),
        }


def settings() -> EvaluationSettings:
    """Ask for 100 images, judged as in the paper."""
    return EvaluationSettings(
        images=IMAGES, similar=10, top=0.2, fill="mean", boundaries=50, seeds=5, seed=0
    )


def points_of(subject: Subject, request: Request, scratch: Path) -> dict[str, AnyArray]:
    """Gather what a process of its own needs to build a rule set."""
    searching = subject.searching
    tail = searching.network.above
    if not isinstance(tail, DenseTail):
        raise SystemExit("the reference network's head must be dense layers")
    own = open_own_splits(request.model, request.data, request.data_dir)
    rows, as_input = own.splits.validation, own.manifest.preprocessing
    pixels = prepare_pixels(own.dataset, rows, as_input, scratch / "validation.npy", bar)
    seen, predicted = searching.network.boundary_values(pixels, bar, "validation images")
    layers: dict[str, AnyArray] = {}
    for number, (weight, bias) in enumerate(zip(tail.weights, tail.biases, strict=True)):
        layers |= {f"weights_{number}": weight, f"biases_{number}": bias}
    return {
        "train_points": searching.references.points,
        "train_predicted": searching.references.predicted,
        "validation_points": seen,
        "validation_predicted": predicted,
        "slopes": np.array(tail.slopes),
        **layers,
    }


def maps(figures: RepresentativeFigures, measure: str) -> dict[str, float | None]:
    """Give one measure of every method, by method, similar images and weights."""
    return {
        f"{row.method}, {row.similar} images, {row.weights} weights": getattr(row, measure).mean
        for row in figures.maps
    }


if __name__ == "__main__":
    main()
