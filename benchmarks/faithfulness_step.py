"""One step of the full run on faithfulness; a JSON file each."""

import argparse
import dataclasses
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, final

from benchmarks.faithfulness_plan import STEPS, result_of
from benchmarks.machine import header
from benchmarks.reproducing import DATA, fit
from reasoned.fitting.own_splits import open_own_splits
from reasoned.fitting.progress import bar
from reasoned.folder.checking import read_manifest
from reasoned.judges import JudgeRequest, JudgeSettings, judge
from reasoned.stability.figures import SeedSettings
from reasoned.stability.own_data import own_data
from reasoned.stability.refitting import Keeping
from reasoned.stability.seeds import SeedRequest, seed_stability

METHODS: Final = "meta_forest,representative,attributes,mixture,additive"
OPTIONS: Final[Mapping[str, Mapping[str, str]]] = {"mixture": {"preset": "preview"}}
SEEDS: Final = (0, 1, 2, 3, 4)
JUDGED: Final = 200
THREADS: Final = 2
OTHER: Final = {"mnist": "fashion", "fashion": "mnist"}


@final
@dataclasses.dataclass(frozen=True)
class Places:
    """Where the models and the data are."""

    models: Path
    data_dirs: Mapping[str, Path | None]

    def model(self, name: str) -> Path:
        """Give a model's folder."""
        return self.models / name

    def kept(self, name: str, part: str) -> Path:
        """Give a folder where a part of a long step keeps what is done."""
        return self.models / f"{name}-{part}"

    def given(self, name: str) -> list[str]:
        """Give the options that name a data set to a command."""
        place = self.data_dirs[name]
        return ["--data", DATA[name], *(["--data-dir", str(place)] if place else [])]

    def stranger(self, name: str) -> str:
        """Name a data set as one of strangers."""
        place = self.data_dirs[name]
        return f"{DATA[name]}={place}" if place else DATA[name]


def fitted(name: str, places: Places) -> dict[str, Any]:
    """Fit the reference network and all five methods by the command line."""
    options = {f"{method}.{key}": v for method, o in OPTIONS.items() for key, v in o.items()}
    return fit(name, places.model(name), places.data_dirs[name], METHODS, options)


def report(name: str, places: Places) -> dict[str, Any]:
    """Assess the model by the command line, as a user would; judges come in a step of theirs."""
    out = places.kept(name, "report")
    shutil.rmtree(out, ignore_errors=True)
    command = [sys.executable, "-m", "reasoned", "evaluate", str(places.model(name))]
    command += [*places.given(name), "--no-judges", "--strangers", places.stranger(OTHER[name])]
    command += ["--out", str(out), "--json"]
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def judges(name: str, places: Places) -> dict[str, Any]:
    """Let outside judges score pictures, those of the peers that sample too."""
    request = JudgeRequest(
        model=places.model(name),
        data=DATA[name],
        data_dir=places.data_dirs[name],
        settings=JudgeSettings(images=JUDGED, sampling_peers=True),
        kept=places.kept(name, "judged"),
    )
    record: dict[str, Any] = judge(request, bar).model_dump(mode="json")
    return record


def seeds(name: str, places: Places) -> dict[str, Any]:
    """Fit every method under five seeds, and compare."""
    model = places.model(name)
    own = open_own_splits(model, DATA[name], places.data_dirs[name])
    request = SeedRequest(
        methods=tuple(METHODS.split(",")),
        options=OPTIONS,
        settings=SeedSettings(seeds=SEEDS),
        keeping=Keeping(places.kept(name, "seeds"), read_manifest(model)[1]),
    )
    with tempfile.TemporaryDirectory(prefix="reasoned-faithfulness-") as place:
        data = own_data(own, model, Path(place), bar, THREADS)
        record: dict[str, Any] = seed_stability(data, request, bar).model_dump(mode="json")
    return record


PARTS: Final[dict[str, Callable[[str, Places], dict[str, Any]]]] = {
    "fit": fitted,
    "report": report,
    "judges": judges,
    "seeds": seeds,
}


def cpu_seconds() -> float:
    """Give what this process has used so far, and those that it started and that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> None:
    """Do one step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=list(STEPS))
    parser.add_argument("--models", type=Path, required=True)
    for name in DATA:
        parser.add_argument(f"--{name}-dir", type=Path)
    asked = parser.parse_args()
    name, part = STEPS[asked.step]
    places = Places(asked.models, {each: getattr(asked, f"{each}_dir") for each in DATA})
    top, began = header(), time.perf_counter()
    found = PARTS[part](name, places)
    record = {
        "commit": top["commit"],
        "model_sha256": read_manifest(places.model(name))[1],
        "seconds": round(time.perf_counter() - began, 1),
        "cpu_seconds": round(cpu_seconds(), 1),
        "found": found,
    }
    result_of(asked.models, asked.step).write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
