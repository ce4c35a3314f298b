"""The steps of the full run on faithfulness, and which of them are done."""

import json
from pathlib import Path
from typing import Final

from benchmarks.reproducing import DATA
from reasoned.folder.checking import read_manifest

PARTS: Final = ("fit", "report", "judges", "seeds")
# Per step the data set, and what is done with it; later ones read the model of the first.
STEPS: Final = {f"{name}-{part}": (name, part) for name in sorted(DATA) for part in PARTS}


def steps_of(name: str) -> list[str]:
    """Name the steps of one data set."""
    return [step for step, (own, _) in STEPS.items() if own == name]


def result_of(models: Path, step: str) -> Path:
    """Give the file that a step writes."""
    return models / f"{step}.json"


def done(models: Path, step: str) -> bool:
    """Tell whether a step was done, and for the model that is there now."""
    path, model = result_of(models, step), models / STEPS[step][0]
    if not path.is_file() or not model.is_dir():
        return False
    record = json.loads(path.read_text())
    return bool(record["model_sha256"] == read_manifest(model)[1])
