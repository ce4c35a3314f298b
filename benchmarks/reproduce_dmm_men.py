"""Full runs of DMM-MEN: the sampler's checks, both data sets, the presets; a step at a time."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.dmm_men_step import STEPS, result_of
from benchmarks.machine import header
from benchmarks.reproducing import arguments, rounded, run_step

# The class of each data set that the bar is about: trousers, as in the authors' demo, and the
# digit 1 for the same position among the classes.
TESTED: Final = {"mnist": "1", "fashion": "Trouser"}
SERVED, PAPER = "mixture_signed", "mixture"
RIVALS: Final = {"random": "random_within", "variance": "variance"}
SHOWN: Final = ("removal", "insertion")


def main() -> None:
    """Do what is not done yet, and write the figures."""
    asked = arguments(__doc__, Path("models/dmm-men")).parse_args()
    places = {"mnist": asked.mnist_dir, "fashion": asked.fashion_dir}
    asked.models.mkdir(parents=True, exist_ok=True)
    found: dict[str, Any] = header()
    for name in STEPS:
        if not (asked.keep and result_of(asked.models, name).exists()):
            run_step("dmm_men_step", name, asked.models, places.get(STEPS[name][0] or ""))
            print(f"{name} done", flush=True)
    steps = {name: json.loads(result_of(asked.models, name).read_text()) for name in STEPS}
    asked.out.write_text(json.dumps(rounded(found | gathered(steps)), indent=1) + "\n")


def gathered(steps: Mapping[str, Any]) -> dict[str, Any]:
    """Put the steps together, what is asked for first."""
    steps = {**steps, "fashion": steps["fashion"] | {"request": steps["cost"]["request"]}}
    checks = {key: value for key, value in steps["checks"].items() if key != "commit"}
    return {
        **checks,
        "ten_classes_seconds": steps["default"]["seconds"],
        "preview_seconds": steps["preview"]["seconds"],
        **{name: summary(name, steps[name]) for name in TESTED},
        "paper": steps["paper"],
        "presets": {name: steps[name] for name in ("default", "preview")},
        "commits": {name: step["commit"] for name, step in steps.items()},
    }


def summary(name: str, step: Mapping[str, Any]) -> dict[str, Any]:
    """Give one data set's figures, the class that the bar is about first."""
    evaluation = step["evaluation"]
    errors = evaluation["errors"]
    verdicts = {
        f"{test}_beats_{rival}{suffix}": beats(evaluation, test, ranking, code, TESTED[name])
        for ranking, suffix in ((SERVED, ""), (PAPER, "_by_size"))
        for test in SHOWN
        for rival, code in RIVALS.items()
    }
    # The same over the images of all ten classes, for each of the mixture's rankings.
    pooled = {
        ranking: {
            f"{test}_beats_{rival}": beats(evaluation, test, ranking, code, "")
            for test in SHOWN
            for rival, code in RIVALS.items()
        }
        for ranking in (SERVED, PAPER)
    }
    means = {
        key: round(sum(one[key] for one in errors) / len(errors), 4)
        for key in ("gate_accuracy", "assigned_rmse", "predictive_rmse", "ridge_rmse")
    }
    return {
        "tested": TESTED[name],
        **verdicts,
        "all_classes": pooled,
        "classes": {
            test: sum(
                beats(evaluation, test, SERVED, RIVALS["random"], one["name"]) for one in errors
            )
            for test in SHOWN
        },
        **means,
        "fidelity": evaluation["fidelity"],
        "request": step["request"],
        "vulnerabilities": [one for one in evaluation["vulnerabilities"] if one["found"]],
        "vulnerabilities_tried": len(evaluation["vulnerabilities"]),
        # Those of single classes are in the evaluation that anybody can run.
        **{
            key: [one for one in evaluation[key] if one["name"] in ("", TESTED[name])]
            for key in ("curves", "differences")
        },
        "errors": errors,
        "settings": evaluation["settings"],
        "sizes": evaluation["sizes"],
        "left_out": evaluation["left_out"],
        "model": {key: step[key] for key in ("model_figures", "model_card", "model_sha256")},
        "whole_fit": step["whole_fit"],
    }


def beats(evaluation: Mapping[str, Any], test: str, ranking: str, rival: str, name: str) -> bool:
    """Say whether the interval of a difference excludes 0, in the mixture's favour."""
    wanted = {"test": test, "ranking": ranking, "rival": rival, "name": name}
    for one in evaluation["differences"]:
        if all(one[key] == value for key, value in wanted.items()):
            return bool(one["beats"])
    raise SystemExit(f"the evaluation must hold {wanted}, but does not")


if __name__ == "__main__":
    main()
