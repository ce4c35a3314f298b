"""Figures of both models, and how far they moved."""

import dataclasses

import numpy as np
import pytest

from reasoned.comparing.differences import differences
from reasoned.comparing.figures import DifferenceFigures
from reasoned.comparing.sides import Side


def _found(before: Side, after: Side) -> dict[tuple[str, str], DifferenceFigures]:
    rng = np.random.default_rng(0)
    return {(one.measure, one.of): one for one in differences(before, after, rng)}


def test_a_model_and_itself_do_not_differ(side: Side) -> None:
    found = _found(side, side)

    assert {one.difference for one in found.values()} == {0.0}
    assert all(one.low <= 0 <= one.high and one.before == one.after for one in found.values())
    assert found["accuracy", ""].before == pytest.approx(float(side.answers.right.mean()))
    assert found["coverage", "meta_forest"].before == 1.0


def test_a_first_choice_that_goes_astray_costs_fidelity_and_calibration(
    side: Side, misled: Side
) -> None:
    found = _found(side, misled)

    assert found["fidelity", ""].difference == pytest.approx(-0.2, abs=0.03)
    assert found["fidelity", ""].high < 0
    assert found["calibration_error", ""].low > 0
    others = {one.difference for key, one in found.items() if key[1] or key[0] == "accuracy"}
    assert others == {0.0}


def test_a_method_is_judged_where_it_names_a_class_in_both(side: Side) -> None:
    ((name, columns),) = side.answers.methods.items()
    names, regions = columns.names.copy(), columns.regions.copy()
    names[:100], regions[:100] = -1, ""
    fewer = dataclasses.replace(columns, names=names, regions=regions)
    answers = dataclasses.replace(side.answers, methods={name: fewer})

    found = _found(side, dataclasses.replace(side, answers=answers))

    images = len(side.answers)
    assert found["fidelity", name].images == images - 100
    assert found["fidelity", name].difference == 0.0
    assert found["coverage", name].difference == pytest.approx(-100 / images)


def test_where_nothing_is_stated_there_is_no_calibration(side: Side) -> None:
    unknown = np.full(len(side.answers), np.nan)
    answers = dataclasses.replace(side.answers, estimate=unknown)

    found = _found(side, dataclasses.replace(side, answers=answers))

    assert ("calibration_error", "") not in found


def test_a_method_that_never_names_a_class_has_no_fidelity(side: Side) -> None:
    ((name, columns),) = side.answers.methods.items()
    silent = dataclasses.replace(columns, names=np.full(len(columns.names), -1))
    answers = dataclasses.replace(side.answers, methods={name: silent})

    assert ("fidelity", name) not in _found(side, dataclasses.replace(side, answers=answers))
