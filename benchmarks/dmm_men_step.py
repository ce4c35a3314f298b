"""One step of DMM-MEN's full run; a JSON file each."""

import argparse
import contextlib
import dataclasses
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, final

import numpy as np

from benchmarks import mlp
from benchmarks.as_served import as_served, request_cost
from benchmarks.geweke import geweke
from benchmarks.machine import header
from benchmarks.own_tables import fitting_data, own_tables
from benchmarks.planted_regimes import planted_ari_gap
from benchmarks.reproducing import DATA, fit
from benchmarks.sweep_cost import measure
from explainers.fitting_contract import FittingData
from explainers.mixture.fitting import MixtureOptions, fit_mixture
from explainers.mixture.fitting.fitter import fit_classes
from explainers.mixture.served import Mixture
from reasoned.datasets.sources import open_dataset
from reasoned.fitting.own_splits import open_own_splits
from reasoned.fitting.pipeline import fit_model
from reasoned.fitting.progress import bar
from reasoned.folder.writing import new_folder

METHODS: Final = "meta_forest,mixture,additive"
GEWEKE_SWEEPS: Final = 100_000
SWEEPS: Final = 2000
IMAGES: Final = 100  # of each class, in the tests of removal and insertion
THREADS: Final = 2
CLASS: Final = 1  # trousers, which the authors' demo explains
REFERENCE: Final = "fashion"


@final
@dataclasses.dataclass(frozen=True)
class Places:
    """Where the models and the data are."""

    models: Path
    data_dir: Path | None

    def model(self, name: str) -> Path:
        """Give a model's folder."""
        return self.models / name


def checks(_places: Places) -> dict[str, Any]:
    """Test the sampler against its own prior, and time it."""
    return {
        "geweke_max_abs_z": round(geweke(GEWEKE_SWEEPS, np.random.default_rng(0)), 3),
        "geweke_sweeps": GEWEKE_SWEEPS,
        "planted_ari_gap": round(planted_ari_gap(), 4),
        **measure(SWEEPS),
    }


def fashion(places: Places) -> dict[str, Any]:
    """Fit the reference network and everything by the command line, then evaluate it."""
    model = places.model("fashion")
    if not model.is_dir():
        note(model, fit("fashion", model, places.data_dir, METHODS))
    return judged(model, "fashion", places.data_dir)


def mnist(places: Places) -> dict[str, Any]:
    """Fit a perceptron on digits, then evaluate it."""
    model = places.model("mnist")
    if not model.is_dir():
        dataset = open_dataset(DATA["mnist"], data_dir=places.data_dir)
        plain = mlp.settings_of(dataset, DATA["mnist"], "mnist")
        began, used = time.perf_counter(), time.process_time()
        settings = dataclasses.replace(
            plain,
            trained=mlp.train(plain),
            threads=THREADS,
            kept=model.with_name(f"{model.name}.fitting"),
        )
        with new_folder(model, replace=True) as folder:
            fit_model(settings, folder, bar)
        seconds = {
            "fit_seconds": round(time.perf_counter() - began, 1),
            "fit_cpu_seconds_of_this_process": round(time.process_time() - used, 1),
        }
        note(model, seconds)
    return judged(model, "mnist", places.data_dir)


def note(model: Path, cost: dict[str, Any]) -> None:
    """Keep what a whole fit cost beside its folder, for when it is judged again."""
    model.with_name(f"{model.name}.fit.json").write_text(json.dumps(cost) + "\n")


def cost_of(model: Path) -> dict[str, Any] | None:
    """Read it again, or give None where the model was fitted by hand."""
    path = model.with_name(f"{model.name}.fit.json")
    return json.loads(path.read_text()) if path.exists() else None


def judged(model: Path, name: str, data_dir: Path | None) -> dict[str, Any]:
    """Judge a model folder as it is served."""
    return {"whole_fit": cost_of(model), **as_served(Mixture, model, name, data_dir, IMAGES)}


def paper(places: Places) -> dict[str, Any]:
    """Fit trousers alone by the authors' values, on training images."""
    with _data(places, {"preset": "paper"}) as data:
        options, began = MixtureOptions.read(data.options), time.perf_counter()
        fitted = fit_classes(data, options, np.random.default_rng(0), bar, [CLASS])
        seconds = time.perf_counter() - began
    merged = fitted.found[0]
    posterior = merged.posterior
    return {
        "class": data.classes[CLASS],
        "rows": len(fitted.rows[0].rows),
        "features": len(fitted.rows[0].selected),
        "seconds": round(seconds, 1),
        "occupied_mean": round(posterior.occupied_mean, 2),
        "merged_from": [len(group) for group in merged.groups],
        "r_hat": {name: round(value, 3) for name, value in posterior.r_hat.items()},
        "warnings": list(posterior.warnings),
        "largest_coefficient": np.round(np.abs(posterior.b).max(axis=1), 3).tolist(),
        "mean_coefficient": np.round(np.abs(posterior.b).mean(axis=1), 3).tolist(),
        **{
            name: np.round(getattr(posterior, name), 4).tolist()
            for name in ("shares", "s2", "l1", "l2")
        },
    }


def timed(preset: str) -> Callable[[Places], dict[str, Any]]:
    """Fit all ten classes by a preset, on the network of the Fashion-MNIST model."""

    def run(places: Places) -> dict[str, Any]:
        with _data(places, {"preset": preset}) as data:
            began = time.perf_counter()
            found = fit_mixture(data, np.random.default_rng(0), bar)
            seconds = time.perf_counter() - began
        return {"seconds": round(seconds, 1), "threads": THREADS, "card": found.summary()}

    return run


def cost(places: Places) -> dict[str, Any]:
    """Time a request of the Fashion-MNIST model again, when nothing else runs."""
    request = request_cost(Mixture, places.model(REFERENCE), REFERENCE, places.data_dir)
    return {"request": request}


@contextlib.contextmanager
def _data(places: Places, options: dict[str, str]) -> Iterator[FittingData]:
    model = places.model(REFERENCE)
    own = open_own_splits(model, DATA["fashion"], places.data_dir)
    with tempfile.TemporaryDirectory(prefix="reasoned-dmm-men-") as place:
        tables = own_tables(own, model, Path(place))
        given = fitting_data(own, tables)
        yield dataclasses.replace(given, options=options, threads=THREADS)


# Those of Fashion-MNIST read the model that the first makes.
STEPS: Final[dict[str, tuple[str | None, Callable[[Places], dict[str, Any]]]]] = {
    "checks": (None, checks),
    "fashion": ("fashion", fashion),
    "mnist": ("mnist", mnist),
    "preview": ("fashion", timed("preview")),
    "default": ("fashion", timed("default")),
    "paper": ("fashion", paper),
    "cost": ("fashion", cost),
}


def result_of(models: Path, step: str) -> Path:
    """Give the file that a step writes."""
    return models / f"{step}.json"


def main() -> None:
    """Do one step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=list(STEPS))
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--data-dir", type=Path)
    asked = parser.parse_args()
    top = header()
    found = STEPS[asked.step][1](Places(asked.models, asked.data_dir))
    record = {"commit": top["commit"], **found}
    result_of(asked.models, asked.step).write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
