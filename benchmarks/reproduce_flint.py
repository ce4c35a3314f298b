"""Full runs of FLINT: by design on the paper's split, afterwards, and as it is served."""

import concurrent.futures
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.flint_settings import SETTINGS
from benchmarks.flint_step import STEPS, result_of
from benchmarks.flint_trainings import AT_A_TIME, log_of, summary, train_all
from benchmarks.machine import header
from benchmarks.reproducing import arguments, run_step

BEST = "an interpreter of the fixed reference network, at the defaults of `reasoned fit`"
ROW = ("f", "g", "fidelity", "spread", "cns5", "cns", "fit_cpu_seconds", "attributes", "seeds")


def main() -> None:
    """Do what is not done yet, two at a time, and write the figures."""
    asked = arguments(__doc__, Path("models/flint")).parse_args()
    places = {"mnist": asked.mnist_dir, "fashion": asked.fashion_dir}
    found: dict[str, Any] = header()
    asked.models.mkdir(parents=True, exist_ok=True)
    train_all(asked.models, places)
    left = [n for n in STEPS if not (asked.keep and result_of(asked.models, n).exists())]
    with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
        for done in pool.map(lambda name: measure(name, asked.models, places), left):
            print(f"{done} done", flush=True)
    found |= {name: summary(asked.models, name) for name in SETTINGS}
    found |= {name: json.loads(result_of(asked.models, name).read_text()) for name in STEPS}
    found["fashion_best"] = {"setting": BEST} | {key: found["fashion_posthoc"][key] for key in ROW}
    found["schedule"] = log_of(asked.models, "mnist")
    asked.out.write_text(json.dumps(found, indent=1) + "\n")


def measure(name: str, models: Path, places: Mapping[str, Path | None]) -> str:
    """Run one step in a process of its own."""
    run_step("flint_step", name, models, places[STEPS[name][0]])
    return name


if __name__ == "__main__":
    main()
