import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from deploy.boards.__main__ import BOARDS, command, text_of
from deploy.boards.board import Board, Row
from deploy.boards.kinds import figure, lines
from deploy.boards.panel import coloured
from deploy.boards.query import Query, quantile

DASHBOARDS = Path(__file__).parents[2] / "deploy" / "grafana" / "dashboards"
NAMES = [board.name for board in BOARDS]
# Each has few values, or as many as there are replicas.
LABELS = {
    *("cluster", "code", "instance", "le", "outcome", "predicted_class", "reason", "route"),
    *("signal", "stage", "status_class", "window"),
}


def written(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DASHBOARDS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def pictures(name: str) -> list[dict[str, Any]]:
    return [panel for panel in written(name)["panels"] if panel["type"] != "row"]


def test_the_files_are_what_the_code_says() -> None:
    found = {path.stem: path.read_text(encoding="utf-8") for path in DASHBOARDS.glob("*")}

    assert found == {board.name: text_of(board) for board in BOARDS}, "run `make boards`"


def test_the_command_writes_every_board(tmp_path: Path) -> None:
    done = CliRunner().invoke(command, ["--out", str(tmp_path)])

    assert done.exit_code == 0
    assert f"{tmp_path / 'drift.json'}: 12 panels" in done.output
    assert {path.stem for path in tmp_path.iterdir()} == set(NAMES)


def test_the_command_wants_a_folder_that_is_there(tmp_path: Path) -> None:
    done = CliRunner().invoke(command, ["--out", str(tmp_path / "none")])

    assert done.exit_code == 2
    assert "does not exist" in done.output


@pytest.mark.parametrize("name", NAMES)
def test_a_board_is_complete(name: str) -> None:
    board = written(name)
    found = pictures(name)

    assert board["uid"] == f"reasoned-{name}"
    assert [one["name"] for one in board["templating"]["list"]] == ["datasource", "job", "model"]
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    for panel in found:
        assert panel["description"].endswith(".")
        assert panel["fieldConfig"]["defaults"]["unit"]
        assert len({query["refId"] for query in panel["targets"]}) == len(panel["targets"]) > 0
    assert {panel["type"] for panel in found} <= {
        one["id"] for one in board["__requires"] if one["type"] == "panel"
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_data_source_is_a_variable(name: str) -> None:
    # Provisioned files leave an input unresolved.
    assert written(name)["__inputs"] == []
    assert "${DS_" not in text_of(next(board for board in BOARDS if board.name == name))
    for panel in pictures(name):
        assert panel["datasource"]["uid"] == "${datasource}"
        assert {query["datasource"]["uid"] for query in panel["targets"]} == {"${datasource}"}


@pytest.mark.parametrize("name", NAMES)
def test_pictures_lie_side_by_side(name: str) -> None:
    cells: set[tuple[int, int]] = set()
    for panel in written(name)["panels"]:
        place = panel["gridPos"]
        own = set(
            itertools.product(
                range(place["x"], place["x"] + place["w"]),
                range(place["y"], place["y"] + place["h"]),
            )
        )
        assert place["x"] + place["w"] <= 24
        assert not own & cells, panel["title"]
        cells |= own


@pytest.mark.parametrize("name", NAMES)
def test_series_are_few(name: str) -> None:
    for panel in pictures(name):
        for query in panel["targets"]:
            by = re.findall(r"\bby \(([^)]*)\)", query["expr"])
            drawn = re.findall(r"{{(\w+)}}", query["legendFormat"])
            assert {label.strip() for group in by for label in group.split(",")} <= LABELS
            assert set(drawn) <= LABELS


@pytest.mark.parametrize("name", NAMES)
def test_it_asks_for_one_job(name: str) -> None:
    for panel in pictures(name):
        for query in panel["targets"]:
            assert query["expr"].count('job="$job"') == len(
                re.findall(r"\b(?:up|reasoned_\w+)\{", query["expr"])
            )


def test_what_replicas_share_is_never_added_up() -> None:
    shared = r"(?:evidence|drift_alarms|cluster_share|monitor|ledger_(?:rows|bytes|limit))"
    every = [query["expr"] for name in NAMES for p in pictures(name) for query in p["targets"]]

    assert not [one for one in every if re.search(rf"sum[^(]*\(reasoned_{shared}", one)]


def test_panels_flow_from_left_to_right_and_rows_downwards() -> None:
    one = figure("one", "First.", Query("up"), width=16, height=4)
    two = figure("two", "Second.", Query("up"), width=8, height=6)
    three = lines("three", "Third.", Query("up", "{{job}}"))
    board = Board("b", "b", "All.", (Row("top", (one, two, three)), Row("end", (three,))))
    places = [tuple(p["gridPos"][key] for key in "xywh") for p in board.record()["panels"]]

    # A heading is 1 high; the third has no place beside 16 + 8, and goes below the higher one.
    assert places == [
        *((0, 0, 24, 1), (0, 1, 16, 4), (16, 1, 8, 6), (0, 7, 12, 8)),
        *((0, 15, 24, 1), (0, 16, 12, 8)),
    ]


def test_limits_and_colours_are_grafanas() -> None:
    panel = figure("f", "F.", Query("up", instant=True), unit="s", limits=((2.0, "red"),))
    defaults = panel.record(7, 1, 2)["fieldConfig"]["defaults"]

    assert defaults["thresholds"]["steps"] == [
        {"color": "green", "value": None},
        {"color": "red", "value": 2.0},
    ]
    assert defaults["color"] == {"mode": "thresholds"}
    assert coloured("5..", "red").record()["matcher"] == {
        "id": "byRegexp",
        "options": "/^(?:5..)$/",
    }


def test_a_quantile_is_of_all_replicas_together() -> None:
    assert quantile(0.9, "b", "le, stage") == (
        "histogram_quantile(0.9, sum by (le, stage) (rate(b[$__rate_interval])))"
    )
