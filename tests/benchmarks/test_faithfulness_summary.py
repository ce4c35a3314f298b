"""What is asked for of the run on faithfulness, worked by hand."""

import json

from benchmarks.faithfulness_summary import summary
from benchmarks.reproducing import rounded
from tests.benchmarks.faithfulness_results import steps


def test_what_the_bars_are_about_comes_first() -> None:
    found = summary(steps())

    assert list(found)[:8] == [
        "bounds_broken_share",
        "calibration_error",
        "supported_share",
        "supported_fidelity",
        "noise_not_supported",
        "quantus",
        "shift",
        "stability",
    ]
    assert found["supported_share"] == 0.95
    assert found["supported_fidelity"] == 0.995
    assert found["noise_not_supported"] == 0.97  # the worst of the sets
    assert [one["name"] for one in found["groups_broken"]] == ["h"]
    assert found["quantus"]["grad_cam"]["deletion"]["mean"] == 0.1
    assert [row["severity"] for row in found["shift"]["noise"]] == [0, 1, 2, 3, 4, 5]
    assert found["steps"]["judges"]["cpu_seconds"] == 2800.0
    assert found["model_sha256"] == "123"


def test_where_a_peer_is_better_is_told_apart() -> None:
    found = summary(steps())

    assert [one["metric"] for one in found["peers_better"]] == ["deletion"]
    assert [one["metric"] for one in found["judges"]["rivalries"]] == ["deletion", "insertion"]
    assert "scores" not in found["judges"]  # they are under `quantus`


def test_noise_is_found_wherever_the_report_keeps_it() -> None:
    inside, outside = steps(), steps()
    report = inside["report"]["found"]
    report["stability"] = {"noise": report["stability"]}

    assert summary(inside)["stability"] == summary(outside)["stability"]
    assert len(summary(inside)["stability"]["noise"]["levels"]) == 3


def test_figures_are_rounded_everywhere() -> None:
    found = rounded({"a": [0.123456789, {"b": (1.0000001,)}], "c": "0.123456789"})

    assert found == {"a": [0.12346, {"b": [1.0]}], "c": "0.123456789"}
    assert json.loads(json.dumps(found)) == found
