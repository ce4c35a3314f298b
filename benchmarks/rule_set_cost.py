"""What building a rule set costs, in a process of its own: CPU seconds and peak memory."""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file

from explainers.activations import ActivationTable
from explainers.arrays import AnyArray
from explainers.fitting_contract import FittingData, silent
from explainers.representative.fitting import fit_representative
from explainers.representative.served.search import DenseTail

SIZES = (6_250, 12_500, 25_000, 50_000)
POINTS = "points.safetensors"


def measure_scaling(folder: Path) -> list[dict[str, Any]]:
    """Build with 6,250 to 50,000 references, each in a fresh process."""
    found = []
    for size in SIZES:
        command = [sys.executable, "-m", "benchmarks.rule_set_cost"]
        command += ["--points", str(folder / POINTS), "--references", str(size)]
        run = subprocess.run(command, check=True, capture_output=True, text=True)
        found.append(json.loads(run.stdout))
        print(found[-1], flush=True)
    return found


def table(arrays: dict[str, AnyArray], split: str, rows: slice) -> ActivationTable:
    """Give what the fit reads of a split."""
    points, predicted = arrays[f"{split}_points"][rows], arrays[f"{split}_predicted"][rows]
    blank = np.zeros((len(points), 1), dtype=np.float32)
    return ActivationTable(
        rows=np.arange(len(points)),
        labels=predicted,
        predicted=predicted,
        logits=blank,
        hidden=blank,
        pixels=blank,
        boundary=points,
    )


def peak_mib() -> float:
    """Give this process's peak memory; getrusage would give its parent's, where that is more."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    high = next(line for line in lines if line.startswith("VmHWM:"))
    return round(int(high.split()[1]) / 1024, 1)


def main() -> None:
    """Build one rule set and print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=Path, required=True)
    parser.add_argument("--references", type=int, required=True)
    asked = parser.parse_args()
    arrays = load_file(asked.points)
    layers = range(sum(name.startswith("weights_") for name in arrays))
    upper = DenseTail(
        weights=tuple(arrays[f"weights_{layer}"] for layer in layers),
        biases=tuple(arrays[f"biases_{layer}"] for layer in layers),
        slopes=tuple(arrays["slopes"].tolist()),
    )
    data = FittingData(
        train=table(arrays, "train", slice(asked.references)),
        validation=table(arrays, "validation", slice(None)),
        classes=tuple(str(label) for label in range(len(upper.biases[-1]))),
        example_ids=str,
        head=None,
        head_reason="not asked for",
        upper=upper,
    )
    began = time.process_time()
    rules = fit_representative(data, np.random.default_rng(0), silent)
    record = {
        "references": asked.references,
        "build_cpu_seconds": round(time.process_time() - began, 2),
        "peak_mib": peak_mib(),
        "polytopes": len(rules.polytopes),
    }
    print(json.dumps(record))


if __name__ == "__main__":
    main()
