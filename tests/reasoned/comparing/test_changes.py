"""Planted changes are counted, and only they."""

import dataclasses

import numpy as np
import pytest

from reasoned.comparing.changes import changes, changes_by_class, named_classes
from reasoned.comparing.figures import ChangeFigures
from reasoned.comparing.pair import Pair
from reasoned.comparing.sides import Side


def _shares(before: Side, after: Side) -> dict[str, ChangeFigures]:
    return {one.measure: one for one in changes(before, after)}


def test_nothing_changes_between_a_model_and_itself(side: Side) -> None:
    assert {one.share for one in changes(side, side)} == {0.0}
    assert named_classes(side, side, ("any",) * 10) == ()


def test_evidence_that_names_another_class_is_counted_and_nothing_else(
    pair: Pair, side: Side, misled: Side
) -> None:
    found = _shares(side, misled)

    assert found["evidence"].share == pytest.approx(0.2, abs=0.01)
    assert found["evidence"].low < 0.2 < found["evidence"].high
    assert {found[name].share for name in ("class", "status", "carrier")} == {0.0}
    named = named_classes(side, misled, pair.before.classes)
    assert sum(one.images for one in named) == round(found["evidence"].share * len(side.answers))
    assert all(int(one.after or "-1") == (int(one.before or "-1") + 1) % 10 for one in named)
    assert [one.images for one in named] == sorted((one.images for one in named), reverse=True)
    by_class = changes_by_class(side, misled, pair.before.classes)
    assert sum(one.images * one.evidence for one in by_class) == pytest.approx(
        sum(one.images for one in named)
    )


def test_explanations_are_compared_only_where_the_networks_agree(side: Side) -> None:
    predicted = side.answers.predicted.copy()
    predicted[:40] = (predicted[:40] + 1) % 10
    names = side.answers.first_names.copy()
    names[:40] = -1
    answers = dataclasses.replace(side.answers, predicted=predicted, first_names=names)

    found = _shares(side, dataclasses.replace(side, answers=answers))

    images = len(side.answers)
    assert (found["class"].images, found["class"].share) == (images, 40 / images)
    assert (found["evidence"].images, found["evidence"].share) == (images - 40, 0.0)


def test_networks_that_never_agree_leave_no_explanations_to_compare(side: Side) -> None:
    predicted = (side.answers.predicted + 1) % 10
    other = dataclasses.replace(
        side, answers=dataclasses.replace(side.answers, predicted=predicted)
    )

    assert list(_shares(side, other)) == ["class"]
    assert changes_by_class(side, other, ("any",) * 10) == ()


def test_the_carrier_is_the_surest_that_names_the_networks_class(side: Side) -> None:
    (name,) = side.answers.methods
    columns = side.answers.methods[name]
    surer = dataclasses.replace(columns, lower=np.full(len(columns.lower), 1.0))
    unsure = dataclasses.replace(columns, lower=np.full(len(columns.lower), np.nan))
    astray = dataclasses.replace(surer, names=(side.answers.predicted + 1) % 10)
    answers = dataclasses.replace(
        side.answers, methods={"unsure": unsure, "sure": surer, "again": surer, "astray": astray}
    )
    found = dataclasses.replace(side, answers=answers).carriers

    right = columns.names == side.answers.predicted
    assert set(found[right]) == {"sure"}
    assert set(found[~right]) <= {""}
