"""Full runs on faithfulness: fit, report, outside judges, five seeds; a step at a time."""

import json
import subprocess
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from benchmarks.faithfulness_plan import PARTS, STEPS, done, result_of, steps_of
from benchmarks.faithfulness_summary import summary
from benchmarks.machine import header
from benchmarks.reproducing import DATA, arguments, rounded


def main() -> None:
    """Do what is not done yet, and write the figures of every data set that is complete."""
    parser = arguments(__doc__, Path("models/faithfulness"))
    parser.add_argument(
        "--step",
        action="append",
        choices=list(STEPS),
        help="do this step alone; repeatable; without --keep it is done again",
    )
    asked = parser.parse_args()
    asked.models.mkdir(parents=True, exist_ok=True)
    wanted = asked.step or [step for step, (name, _) in STEPS.items() if asked.only in (None, name)]
    for place, step in enumerate(wanted, 1):
        if asked.keep and done(asked.models, step):
            continue
        print(f"{step}, step {place} of {len(wanted)}", flush=True)
        run(step, asked)
    write(asked.models, asked.out)


def run(step: str, asked: Namespace) -> None:
    """Run one step in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.faithfulness_step", step]
    command += ["--models", str(asked.models)]
    for name in DATA:
        place = getattr(asked, f"{name}_dir")
        command += [f"--{name}-dir", str(place)] if place else []
    subprocess.run(command, check=True)


def write(models: Path, out: Path) -> None:
    """Write the figures of the data sets whose steps are all done; say which are not."""
    found: dict[str, Any] = header()
    for name in sorted(DATA):
        missing = [s for s in steps_of(name) if not done(models, s)]
        if missing:
            print(f"{name} is not complete yet: {', '.join(missing)} to do", flush=True)
            continue
        steps = {
            part: json.loads(result_of(models, f"{name}-{part}").read_text()) for part in PARTS
        }
        found[name] = rounded(summary(steps))
    if found.keys() & DATA.keys():
        out.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
