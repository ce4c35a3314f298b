"""Counts per region, and the statement of every group."""

import json
from pathlib import Path
from typing import Any

import pytest

from explainers.bounds import clopper_pearson_lower
from explainers.errors import ArtefactError
from explainers.reliability import Counts, ReliabilityTable, Statement
from explainers.status import Status, Verdict

COUNTS: Counts = (9, 10, 8, 0.6)
STATED: Statement = (19, 20, 18, 0.93, 0.7)
OVERALL: dict[Status, float] = {"supported": 0.9, "weak": 0.6, "out_of_support": 0.5}
TABLE = ReliabilityTable(
    counts={"meta_forest": {"leaf-0": {"supported": COUNTS, "weak": (0, 0, 0, 0.0)}}},
    statements={"meta_forest": {"supported meta_forest": STATED}},
    overall={"meta_forest": OVERALL},
    calibration="held_out",
)


def counted(method: str, region: str, status: str, counts: Counts) -> ReliabilityTable:
    return ReliabilityTable({method: {region: {status: counts}}}, {}, {}, "held_out")


def test_counts_are_found_by_method_region_and_status() -> None:
    assert TABLE.of("meta_forest", "leaf-0", "supported") == COUNTS


def test_where_no_calibration_image_fell_the_counts_are_zero() -> None:
    assert TABLE.of("meta_forest", "leaf-0", "out_of_support") == (0, 0, 0, 0.0)
    assert TABLE.of("meta_forest", "leaf-7", "supported") == (0, 0, 0, 0.0)


def test_without_regions_nothing_is_counted() -> None:
    assert TABLE.of("additive", None, "supported") is None
    assert TABLE.of("additive", "leaf-0", "supported") is None
    assert TABLE.of("meta_forest", None, "supported") is None


def test_a_statement_is_that_of_the_verdicts_group() -> None:
    verdict = Verdict("meta_forest", "supported", "meta_forest", "supported meta_forest", None)

    assert TABLE.statement(verdict) == STATED


def test_a_group_without_calibration_images_has_the_estimate_of_its_status_and_no_bound() -> None:
    verdict = Verdict("meta_forest", "weak", "meta_forest", "weak meta_forest 0", 0)

    assert TABLE.statement(verdict) == (0, 0, 0, 0.6, 0.0)


def test_where_no_method_that_was_asked_has_regions_nothing_is_stated() -> None:
    assert TABLE.statement(Verdict("additive", "weak", "", "weak", None)) is None


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
        counted("path", "leaf-0", "weak", counts)


@pytest.mark.parametrize(
    "stated",
    [
        (11, 10, 5, 0.9, 0.5),
        (1, 2**53 + 1, 5, 0.1, 0.0),
        (-1, 10, 5, 0.1, 0.0),
        (5, 10, 11, 0.5, 0.1),
        (5, 10, -1, 0.5, 0.1),
        (5, 10, 5, 0.5, 0.51),
        (5, 10, 5, 0.9, 0.51),
        (0, 0, 0, 0.5, 0.1),
        (5, 10, 5, 1.1, 0.5),
        (5, 10, 5, 0.5, -0.1),
        (5, 10, 5, float("nan"), 0.1),
        (5, 10, 5, 0.5, float("nan")),
    ],
)
def test_impossible_statements_are_refused(stated: Statement) -> None:
    told = r"the statement of path, weak path 0 must be agreed <= of, right <= of, lower <= estim"

    with pytest.raises(ArtefactError, match=told):
        ReliabilityTable({}, {"path": {"weak path 0": stated}}, {"path": OVERALL}, "held_out")


@pytest.mark.parametrize(
    ("overall", "told"),
    [
        ({}, r"statements and overall shares of the same sets of methods, not of .'path'. and ..$"),
        ({"path": OVERALL, "sums": OVERALL}, r"not of .'path'. and .'path', 'sums'."),
        ({"path": {"weak": 0.5}}, "reliability of path must have an overall share"),
        ({"path": OVERALL | {"weak": 1.1}}, r"overall must lie in \[0.0, 1.0\], but .* 1.1"),
        ({"path": OVERALL | {"weak": float("nan")}}, r"overall must lie in \[0.0, 1.0\]"),
    ],
)
def test_an_overall_share_of_every_status_is_wanted(overall: Any, told: str) -> None:  # noqa: ANN401  wrong on purpose
    with pytest.raises(ArtefactError, match=told):
        ReliabilityTable({}, {"path": {}}, overall, "held_out")


def test_an_unknown_status_is_refused() -> None:
    with pytest.raises(ArtefactError, match="reliability of path, leaf-0, sure must be"):
        counted("path", "leaf-0", "sure", COUNTS)


@pytest.mark.parametrize(("agreed", "of"), [(0, 0), (0, 5), (5, 5), (1, 3), (399, 400)])
def test_the_bounds_that_are_counted_are_possible(agreed: int, of: int) -> None:
    counts = (agreed, of, 0, clopper_pearson_lower(agreed, of))

    assert counted("m", "r", "weak", counts).of("m", "r", "weak")


@pytest.mark.parametrize(("agreed", "of"), [(0, 0), (0, 5), (1, 1), (5, 5), (3000, 3000), (1, 3)])
def test_the_statements_that_are_counted_are_possible(agreed: int, of: int) -> None:
    # The mean lies below the share where nearly all agree, but never below the bound.
    lower, mean = clopper_pearson_lower(agreed, of, 0.999), (agreed + 0.5) / (of + 1)
    stated = (agreed, of, 0, mean, lower)
    table = ReliabilityTable({}, {"m": {"weak m": stated}}, {"m": OVERALL}, "held_out")

    assert table.statement(Verdict("m", "weak", "m", "weak m", None)) == stated


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
