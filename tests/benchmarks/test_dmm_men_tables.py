"""The tables of DMM-MEN from a record small enough to be checked by eye."""

import copy
from typing import Any

import pytest

from benchmarks import dmm_men_tables
from benchmarks.reproduce_dmm_men import beats, gathered, summary

ORDER = ("mixture_signed", "mixture", "random_within", "variance", "lime")
CLASSES = {"mnist": ("0", "1"), "fashion": ("T-shirt", "Trouser")}
TESTS = ("removal", "insertion", "synthetic")


def curve(test: str, name: str, ranking: str, mean: float) -> dict[str, Any]:
    area = {"mean": mean, "low": mean - 0.01, "high": mean + 0.01}
    return {"test": test, "name": name, "ranking": ranking, "area": area}


def difference(key: tuple[str, str, str, str], outcome: str, low: float) -> dict[str, Any]:
    test, name, ranking, rival = key
    return {
        "test": test,
        "name": name,
        "ranking": ranking,
        "rival": rival,
        "difference": {"mean": low + 0.05, "low": low, "high": low + 0.1},
        "beats": outcome == "better",
        "worse": outcome == "worse",
    }


def outcome(test: str, name: str, ranking: str, rival: str) -> str:
    """Better than random but for the first class's removal; worse than LIME; else open."""
    if rival == "random_within":
        lost = (test, ranking) == ("removal", "mixture_signed") and name in ("0", "T-shirt")
        return "" if lost else "better"
    return "worse" if rival == "lime" else ""


def vulnerability(name: str, count: int, low: float, *, found: bool = True) -> dict[str, Any]:
    return {
        "name": name,
        "component": 2,
        "pattern": "signs",
        "background": "dark noise",
        "pasted": {"count": count, "of": 50, "low": low, "high": 1.0},
        "control": {"count": 1, "of": 50, "low": 0.0, "high": 0.1},
        "bare": {"count": 0, "of": 50, "low": 0.0, "high": 0.1},
        "found": found,
    }


def errors(name: str, assigned: float, dominant: float | None) -> dict[str, Any]:
    return {
        "name": name,
        "components": 3,
        "assigned_rmse": assigned,
        "predictive_rmse": 2.0 * assigned,
        "ridge_rmse": 3.0 * assigned,
        "deviation": 9.0,
        "gate_accuracy": 0.875,
        "dominant": dominant,
    }


def step(name: str) -> dict[str, Any]:
    """Give what one data set's step writes: two classes, and both together."""
    one, other = CLASSES[name]
    keys = [
        (test, scope, ranking, rival)
        for test in TESTS
        for scope in ("", one, other)
        for ranking in ("mixture_signed", "mixture")
        for rival in ("random_within", "variance", "lime")
    ]
    evaluation = {
        "fidelity": 0.9625,
        "errors": [errors(one, 1.0, None), errors(other, 2.0, 0.5)],
        "curves": [
            curve(test, scope, ranking, 0.1 * place)
            for test in TESTS
            for scope in ("", one, other)
            for place, ranking in enumerate(ORDER)
        ],
        "differences": [
            difference(key, outcome(*key), -0.25 if key[2] == "mixture_signed" else -0.75)
            for key in keys
        ],
        "vulnerabilities": [
            vulnerability(one, 30, 0.5),
            vulnerability(other, 49, 0.9),
            vulnerability(other, 3, 0.01, found=False),
        ],
        "settings": {"images": 100},
        "sizes": [5, 15],
        "left_out": [],
    }
    return {
        "whole_fit": None,
        "commit": f"{name}-commit",
        "evaluation": evaluation,
        "request": {"added_over_bare": 0.25},
        "model_figures": {"accuracy": 0.9},
        "model_card": {"preset": "default"},
        "model_sha256": "ab",
    }


def steps() -> dict[str, Any]:
    return {
        "checks": {
            "commit": "checks-commit",
            "geweke_max_abs_z": 1.234,
            "geweke_sweeps": 100_000,
            "planted_ari_gap": 0.0016,
            "sweeps_2000_cpu_seconds": 41.5,
            "naive_2000_cpu_seconds": 180.0,
        },
        "mnist": step("mnist"),
        "fashion": step("fashion") | {"whole_fit": {"fit_seconds": 300.0}},
        "default": {"commit": "d", "seconds": 123.4},
        "preview": {"commit": "p", "seconds": 12.3},
        "paper": {"commit": "a", "class": "Trouser"},
        "cost": {"commit": "c", "request": {"added_over_bare": 0.25}},
    }


@pytest.fixture
def found() -> dict[str, Any]:
    return gathered(steps())


def test_verdicts_are_those_of_the_class_that_the_bar_is_about() -> None:
    one = summary("fashion", steps()["fashion"])

    assert one["tested"] == "Trouser"
    assert one["removal_beats_random"]
    assert one["insertion_beats_random"]
    assert one["removal_beats_random_by_size"]
    assert not one["removal_beats_variance"]
    # T-shirts' removal is the one that is not told apart.
    assert one["classes"] == {"removal": 1, "insertion": 2}


def test_means_are_over_classes_and_only_what_was_found_is_counted_as_found() -> None:
    one = summary("mnist", steps()["mnist"])

    assert (one["assigned_rmse"], one["predictive_rmse"], one["ridge_rmse"]) == (1.5, 3.0, 4.5)
    assert one["gate_accuracy"] == 0.875
    assert [entry["pasted"]["count"] for entry in one["vulnerabilities"]] == [30, 49]
    assert one["vulnerabilities_tried"] == 3
    assert one["model"]["model_sha256"] == "ab"
    assert one["whole_fit"] is None


@pytest.mark.parametrize(
    ("test", "name", "said"),
    [("removal", "1", True), ("removal", "0", False), ("insertion", "0", True)],
)
def test_beating_is_read_of_one_difference(
    test: str,
    name: str,
    said: bool,  # noqa: FBT001  a case
) -> None:
    evaluation = steps()["mnist"]["evaluation"]

    assert beats(evaluation, test, "mixture_signed", "random_within", name) is said


def test_a_difference_that_was_not_taken_is_no_defeat() -> None:
    with pytest.raises(SystemExit, match=r"must hold \{'test': 'removal', .*'shap'.*but does not"):
        beats(steps()["mnist"]["evaluation"], "removal", "mixture_signed", "shap", "1")


def test_all_steps_are_gathered_with_their_commits(found: dict[str, Any]) -> None:
    assert found["geweke_max_abs_z"] == 1.234
    assert "commit" not in found
    assert found["commits"] == {
        "checks": "checks-commit",
        "mnist": "mnist-commit",
        "fashion": "fashion-commit",
        "default": "d",
        "preview": "p",
        "paper": "a",
        "cost": "c",
    }
    assert (found["ten_classes_seconds"], found["preview_seconds"]) == (123.4, 12.3)
    assert found["fashion"]["whole_fit"] == {"fit_seconds": 300.0}


def cells(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split(" | ")] for line in table.splitlines()]


def test_the_summary_holds_both_data_sets(found: dict[str, Any]) -> None:
    found["mnist"]["fidelity"] = 0.5
    table = dmm_men_tables.summary_table(found)

    assert table.startswith("| DMM-MEN, on test images | MNIST, perceptron | Fashion-MNIST, CNN |")
    assert "| the mixture names the network's class | 50.00 % | 96.25 % |" in table
    assert "as served, from the image alone (predictive) | 3.00 | 3.00 |" in table
    assert "| removal beats random pixels, class tested / of 10 classes | yes / 1 | yes / 1 |" in (
        table
    )
    assert "| vulnerabilities found, of tried | 2 of 3 | 2 of 3 |" in table
    assert "| added to a request, in passes of the bare network | 0.25 x | 0.25 x |" in table
    assert_whole(table)


def test_the_samplers_checks_and_costs_are_told(found: dict[str, Any]) -> None:
    table = dmm_men_tables.sampler_table(found)

    assert "Geweke's test, 100,000 sweeps: largest \\|z\\| | 1.23 |" in table
    assert "below the oracle's, at worst | 0.0016 |" in table
    assert "| the same with every product recomputed | 180.0 |" in table
    assert "`default`, seconds on 2 cores | 123.4 |" in table
    assert_whole(table.replace("\\|", ""))


def test_errors_stand_apart_for_every_class(found: dict[str, Any]) -> None:
    table = dmm_men_tables.errors_table(found)

    assert cells(table)[2:] == [
        ["| MNIST: 0", "3", "1.00", "2.00", "3.00", "9.00", "87.5 %", "- |"],
        ["| MNIST: 1", "3", "2.00", "4.00", "6.00", "9.00", "87.5 %", "50.0 % |"],
        ["| Fashion-MNIST: T-shirt", "3", "1.00", "2.00", "3.00", "9.00", "87.5 %", "- |"],
        ["| Fashion-MNIST: Trouser", "3", "2.00", "4.00", "6.00", "9.00", "87.5 %", "50.0 % |"],
    ]
    assert_whole(table)


def test_rankings_stand_beside_the_one_of_a_reply(found: dict[str, Any]) -> None:
    blocks = dmm_men_tables.tests_table(found).split("\n\n")

    heads = [block.split(" | ", maxsplit=1)[0] for block in blocks]
    assert heads == [
        "| MNIST, perceptron: 1",
        "| MNIST, perceptron: all classes",
        "| Fashion-MNIST, CNN: Trouser",
        "| Fashion-MNIST, CNN: all classes",
    ]
    for block in blocks:
        assert "| mixture, by contribution | 0.000 | 0.000 | 0.000 |" in block
        better = "0.200 (-0.250 to -0.150 ours better)"
        assert f"| random among the same pixels | {better} | {better} | {better} |" in block
        assert "| variance | 0.300 (-0.250 to -0.150) |" in block
        assert "| LIME | 0.400 (-0.250 to -0.150 **ours worse**) |" in block
        assert "SHAP" not in block  # it was not run
        assert_whole(block.replace("\\|", ""))


def test_the_surest_vulnerabilities_come_first(found: dict[str, Any]) -> None:
    table = dmm_men_tables.vulnerabilities_table(found)

    rows = table.splitlines()
    assert rows[2] == (
        "| MNIST, perceptron | 1, 2 | signs | dark noise | 49 of 50 | 1 of 50 | 0 of 50 |"
    )
    assert rows[3].startswith("| MNIST, perceptron | 0, 2 | signs | dark noise | 30 of 50 |")
    assert rows[-1] == ("Found, of tried: MNIST, perceptron: 2 of 3, Fashion-MNIST, CNN: 2 of 3.")


def test_at_most_eight_vulnerabilities_of_a_data_set_are_told(found: dict[str, Any]) -> None:
    many = [vulnerability("1", 40, 0.5 + place / 100) for place in range(12)]
    found["mnist"] = copy.deepcopy(found["mnist"]) | {"vulnerabilities": many}

    table = dmm_men_tables.vulnerabilities_table(found)

    assert table.count("| MNIST, perceptron |") == 8
    assert "MNIST, perceptron: 12 of 3" in table


def assert_whole(table: str) -> None:
    """Check that every row has as many cells as the head."""
    assert len({line.count("|") for line in table.splitlines()}) == 1
