import json
from pathlib import Path

import pytest

from explainers.bounds import clopper_pearson_lower
from explainers.errors import ArtefactError
from explainers.reliability import Counts, ReliabilityTable

COUNTS: Counts = (9, 10, 8, 0.6)
TABLE = ReliabilityTable(
    counts={"meta_forest": {"leaf-0": {"supported": COUNTS, "weak": (0, 0, 0, 0.0)}}},
    calibration="held_out",
)


def test_counts_are_found_by_method_region_and_status() -> None:
    assert TABLE.of("meta_forest", "leaf-0", "supported") == COUNTS


def test_where_no_calibration_image_fell_the_counts_are_zero() -> None:
    assert TABLE.of("meta_forest", "leaf-0", "out_of_support") == (0, 0, 0, 0.0)
    assert TABLE.of("meta_forest", "leaf-7", "supported") == (0, 0, 0, 0.0)


def test_without_regions_nothing_is_counted() -> None:
    assert TABLE.of("additive", None, "supported") is None
    assert TABLE.of("additive", "leaf-0", "supported") is None
    assert TABLE.of("meta_forest", None, "supported") is None


@pytest.mark.parametrize(
    "counts",
    [
        (11, 10, 5, 0.5),
        (1, 2**53 + 1, 5, 0.0),
        (-1, 10, 5, 0.0),
        (5, 10, 11, 0.1),
        (5, 10, -1, 0.1),
        (5, 10, 5, 0.51),
        (5, 10, 5, -0.1),
        (5, 10, 5, float("nan")),
        (0, 0, 0, 0.5),
        (0, -1, 0, 0.0),
    ],
)
def test_impossible_counts_are_refused(counts: Counts) -> None:
    told = r"reliability of path, leaf-0, weak must be agreed <= of, right <= of, lower <= agreed"

    with pytest.raises(ArtefactError, match=told):
        ReliabilityTable({"path": {"leaf-0": {"weak": counts}}}, "held_out")


def test_an_unknown_status_is_refused() -> None:
    with pytest.raises(ArtefactError, match="reliability of path, leaf-0, sure must be"):
        ReliabilityTable({"path": {"leaf-0": {"sure": COUNTS}}}, "held_out")


@pytest.mark.parametrize(("agreed", "of"), [(0, 0), (0, 5), (5, 5), (1, 3), (399, 400)])
def test_the_bounds_that_are_counted_are_possible(agreed: int, of: int) -> None:
    counts = (agreed, of, 0, clopper_pearson_lower(agreed, of))

    assert ReliabilityTable({"m": {"r": {"weak": counts}}}, "held_out").of("m", "r", "weak")


def test_it_survives_save_and_load(tmp_path: Path) -> None:
    TABLE.save(tmp_path)

    assert ReliabilityTable.load(tmp_path) == TABLE


def test_an_unknown_origin_of_the_counts_is_refused(tmp_path: Path) -> None:
    TABLE.save(tmp_path)
    path = tmp_path / "reliability.json"
    changed = json.loads(path.read_text("utf-8")) | {"calibration": "guessed"}
    path.write_text(json.dumps(changed), "utf-8")

    told = "calibration is wrong: Input should be 'held_out' or 'may_have_been_seen'"
    with pytest.raises(ArtefactError, match=told):
        ReliabilityTable.load(tmp_path)
