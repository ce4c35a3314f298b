"""The tables of the run on faithfulness."""

import re
from pathlib import Path

import pytest

from benchmarks.faithfulness_summary import summary
from benchmarks.faithfulness_tables import tables
from tests.benchmarks.faithfulness_results import steps

PAGE = Path(__file__).resolve().parents[2] / "docs" / "faithfulness.md"


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    one = summary(steps())
    return tables({"mnist": one, "fashion": one})


def test_every_table_has_a_place_on_the_page(written: dict[str, str]) -> None:
    text = PAGE.read_text(encoding="utf-8")

    for name in written:
        assert re.search(rf"<!-- {name} -->\n.*?<!-- end {name} -->", text, re.DOTALL), name


def test_every_row_has_as_many_cells_as_its_head(written: dict[str, str]) -> None:
    for name, table in written.items():
        for block in table.split("\n\n"):
            assert len({line.count("|") for line in block.splitlines()}) == 1, name


def test_rows_worked_by_hand(written: dict[str, str]) -> None:
    assert "| `supported`: fidelity | 99.5 % | 99.5 % |" in written["faithfulness"]
    assert "| 50.0 % of 2 | 50.0 % of 2 |" in written["faithfulness"]
    assert "| `out_of_support` | - / - | - / - |" in written["faithfulness-statuses"]
    assert (
        "| MNIST, noise | 5.0 % | 15.0 % | 25.0 % | 35.0 % | 45.0 % | 100.0 % | 95.0 % |"
        in written["faithfulness-shift"]
    )
    assert "| uniform noise | 100.0 % | 100.0 % |" in written["faithfulness-strangers"]
    assert "0.100 (0.000 to 0.200)" in written["faithfulness-judges"]
    assert "90.0 % (85.0 to 95.0)" in written["faithfulness-seeds"]
    assert "tests shared: 0.60 (0.55 to 0.65)" in written["faithfulness-seeds"]
    assert "| saliency | 1.50 ms, 4.0 x | 1.50 ms, 4.0 x |" in written["faithfulness-cost"]


def test_the_least_and_the_most_noise_are_shown(written: dict[str, str]) -> None:
    rows = [line for line in written["faithfulness-noise"].splitlines() if "MNIST, m" in line]

    assert [row.split(" | ")[1] for row in rows] == ["2", "8", "2", "8"]


def test_where_a_peer_is_better_stands_out(written: dict[str, str]) -> None:
    rows = written["faithfulness-peers"].splitlines()

    assert "Grad-CAM | +0.300 (+0.250 to +0.350) | **the peer is better** |" in rows[2]
    assert rows[3].endswith("+0.010 (-0.040 to +0.060) | no clear difference |")


def test_a_check_that_cannot_pass_says_why(written: dict[str, str]) -> None:
    rows = written["faithfulness-sanity"].splitlines()

    assert rows[2].endswith("| 0.98 | 0.10 | 0.12 | 0.50 | yes |")
    assert rows[3].endswith("| no: why |")


def test_ours_come_first_and_the_control_last(written: dict[str, str]) -> None:
    rows = written["faithfulness-judges"].split("\n\n")[0].splitlines()[2:]

    assert rows[0].startswith("| ours: stored polytope")
    assert rows[-1].startswith("| random map (control)")
