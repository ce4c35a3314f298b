"""A whole comparison: what is planted is found, and nothing else."""

import dataclasses

import numpy as np

from reasoned.answers import EvidenceColumns
from reasoned.comparing.comparing import compare_sides
from reasoned.comparing.figures import ComparisonFigures
from reasoned.comparing.pair import CompareRequest, Pair
from reasoned.comparing.sides import Side
from reasoned.comparing.thresholds import Thresholds


def _crossed(figures: ComparisonFigures) -> set[str]:
    return {check.option for check in figures.checks if check.outcome == "over"}


def test_a_model_and_itself_pass_the_strictest_gate(
    request_of_itself: CompareRequest, pair: Pair, side: Side
) -> None:
    strictest = Thresholds.model_validate(
        {name: int(name.startswith("min")) for name in Thresholds.model_fields}
    )
    found = compare_sides(
        dataclasses.replace(request_of_itself, thresholds=strictest), pair, side, side
    )

    assert not found.crossed
    assert {check.outcome for check in found.checks} == {"within"}
    assert len(found.checks) == len(Thresholds.model_fields)
    assert {(one.agreement, one.staying) for one in found.regions} == {(1.0, 1.0)}
    assert [one.of for one in found.regions] == ["meta_forest", "clusters"]
    assert found.examples.same_nearest == 1.0
    assert found.examples.before == found.examples.after == found.examples.shared
    assert (found.lost, found.gained, found.named) == ((), (), ())


def test_other_names_of_the_same_regions_are_no_move(
    request_of_itself: CompareRequest, pair: Pair, side: Side
) -> None:
    methods = {name: _renamed(one) for name, one in side.answers.methods.items()}
    renamed = dataclasses.replace(side, answers=dataclasses.replace(side.answers, methods=methods))

    found = compare_sides(request_of_itself, pair, side, renamed)

    assert not found.crossed
    assert {one.agreement for one in found.regions} == {1.0}
    pairs = found.regions[0].pairs
    assert {one.move for one in pairs} == {"kept"}
    assert any(one.before != one.after for one in pairs)


def _renamed(columns: EvidenceColumns) -> EvidenceColumns:
    names = sorted(set(columns.regions.tolist()))
    other = dict(zip(names, names[1:] + names[:1], strict=True))
    regions = np.array([other[name] for name in columns.regions.tolist()], object)
    return dataclasses.replace(columns, regions=regions)


def test_evidence_for_other_classes_holds_the_release(misled_figures: ComparisonFigures) -> None:
    assert misled_figures.crossed
    assert _crossed(misled_figures) == {
        "max_fidelity_drop",
        "max_calibration_rise",
        "max_evidence_change",
    }


def test_another_threshold_lets_it_pass(
    request_of_itself: CompareRequest, pair: Pair, side: Side, misled: Side
) -> None:
    lenient = Thresholds(max_fidelity_drop=0.3, max_calibration_rise=0.3, max_evidence_change=0.3)
    request = dataclasses.replace(request_of_itself, thresholds=lenient)

    assert not compare_sides(request, pair, side, misled).crossed


def test_the_same_request_gives_the_same_figures(
    request_of_itself: CompareRequest,
    pair: Pair,
    side: Side,
    misled: Side,
    misled_figures: ComparisonFigures,
) -> None:
    again = compare_sides(request_of_itself, pair, side, misled)

    assert again.model_dump_json() == misled_figures.model_dump_json()
    assert ComparisonFigures.model_validate_json(again.model_dump_json()) == again
