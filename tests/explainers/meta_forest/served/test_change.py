"""The smallest change as it is written: what it says holds, and is re-derived slowly."""

import dataclasses
import itertools
import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.arrays import AnyArray
from explainers.meta_forest.served import MetaForest
from explainers.meta_forest.served.words import merge
from reasoned.reply.bodies import PathChange
from tests.explainers.meta_forest import rederived
from tests.explainers.meta_forest.worked import line, seen, worked
from tests.explainers.planting import Planted


def change_of(model: MetaForest, hidden: AnyArray) -> dict[str, Any] | None:
    found: dict[str, Any] | None = json.loads(model.explain(seen(hidden)).body)["change"]
    return found


def margins_of(model: MetaForest, hidden: AnyArray) -> list[float]:
    near = model.distances.closest(hidden)[0]
    pairs = zip(model.pair_first.tolist(), model.pair_second.tolist(), strict=True)
    return [near[first] - near[second] for first, second in pairs]


def moved_into(model: MetaForest, leaf: int, row: list[float]) -> list[float]:
    """Project a row of margins onto a leaf's box, just inside where the border is not."""
    moved = list(row)
    for side in merge(model.tree.paths[leaf]):
        if side.below is not None:
            moved[side.feature] = min(moved[side.feature], side.below)
        if side.above is not None and moved[side.feature] <= side.above:
            moved[side.feature] = math.nextafter(side.above, math.inf)
    return moved


def check_change(model: MetaForest, hidden: AnyArray) -> None:
    """The move that is told ends in its leaf, and no shorter one names another class."""
    found, row = model.explain(seen(hidden)), margins_of(model, hidden)
    said = json.loads(found.body)
    change = PathChange.model_validate(said["change"])
    leaf = int(change.leaf.removeprefix("leaf-"))
    moved = moved_into(model, leaf, row)
    names, unit = model.tree.names(), 10.0**-model.decimals
    assert rederived.region_of(model, rederived.walk(model, moved)[0]) == change.leaf
    assert change.names.index == names[leaf] != found.names
    others = [i for i, name in enumerate(names) if name != found.names]
    shortest = min(math.dist(row, moved_into(model, other, row)) for other in others)
    assert math.dist(row, moved) <= shortest + 1e-9
    # Each value is rounded by at most one unit.
    assert abs(change.distance - shortest) <= 1.01 * unit * (1 + math.sqrt(len(change.unmet)))
    changed = [i for i, (a, b) in enumerate(zip(row, moved, strict=True)) if a != b]
    assert len(change.unmet) == len(changed)
    _check_tests(said)


def _check_tests(said: dict[str, Any]) -> None:
    steps = {step["feature"]: step["value"] for step in said["steps"]}
    for test in said["change"]["unmet"]:
        value, threshold = float(test["value"]), float(test["threshold"])
        assert rederived.HOLDS[test["test"]](value, threshold) is test["outcome"] is False
        assert test["by"] == pytest.approx(abs(value - threshold), abs=1e-9)
        # A feature has one value wherever it is shown.
        assert steps.get(test["feature"], value) == value


def test_the_change_worked_by_hand() -> None:
    # ant - cat is -5, so cat's `> -4.5` is 0.5 away; ant - bee is -7, bee's `> -6.9` 0.1.
    assert change_of(worked(threshold=np.array([-4.5, -6.9, 0, 0, 0])), np.array((3.0, 4.0))) == {
        "leaf": "leaf-1",
        "names": {"label": "bee", "index": 1},
        "distance": 0.1,
        "unmet": [
            {
                "feature": "distance to ant minus distance to bee",
                "value": -7.0,
                "test": ">",
                "threshold": -6.9,
                "outcome": False,
                "by": 0.1,
                "text": "not closer to ant clusters than to bee clusters by 6.9 or more",
            }
        ],
    }


def test_on_the_border_itself_it_is_no_way_but_the_test_is_told() -> None:
    # ant - cat is -5, which the test `> -5` of cat's leaf misses by nothing.
    found = change_of(worked(), np.array((3.0, 4.0)))

    assert found is not None
    assert (found["leaf"], found["distance"]) == ("leaf-2", 0.0)
    assert [(test["test"], test["by"]) for test in found["unmet"]] == [(">", 0.0)]


def test_where_one_class_only_is_named_there_is_no_change() -> None:
    alike = worked(histogram=np.tile([[1, 0, 0, 0]], (5, 1)))

    assert change_of(alike, np.array((3.0, 4.0))) is None


def test_names_may_hold_what_formats_and_json_do_not_like() -> None:
    names = ("100 %s", 'the "best"', "back\\slash %", "naïve %(x)d")
    found = change_of(worked(class_names=names), np.array((3.0, 4.0)))

    assert found is not None
    assert found["names"]["label"] == "back\\slash %"
    assert "than to back\\slash % clusters" in found["unmet"][0]["text"]


def test_every_change_is_the_smallest(planted_trace: MetaForest, planted: Planted) -> None:
    for hidden in planted.test.hidden:
        check_change(planted_trace, hidden)


def test_every_change_is_the_smallest_where_images_are_strange(planted_trace: MetaForest) -> None:
    rng = np.random.default_rng(3)
    for scale, _ in itertools.product((0.0, 0.1, 1.0, 100.0), range(20)):
        check_change(planted_trace, (scale * rng.normal(size=16)).astype(np.float32))


def narrow() -> MetaForest:
    """A tree that asks one margin again and again, a unit of display apart."""
    return line(
        threshold=np.array([0.0, -0.1, 0.1, 0, 0, 0, 0]),
        left=np.array([1, 3, 5, -1, -1, -1, -1]),
        right=np.array([2, 4, 6, -1, -1, -1, -1]),
    )


@given(st.floats(4.75, 5.25, width=32))
def test_changes_are_the_smallest_at_their_thresholds(hidden: float) -> None:
    check_change(narrow(), np.array([hidden], dtype=np.float32))


def test_what_the_steps_show_of_a_margin_is_what_the_change_shows() -> None:
    # The margin is 0.02, above 0, so the steps show 0.1; only `> 0.1` names another class.
    model = dataclasses.replace(narrow(), histogram=np.eye(2, dtype=np.int64)[[1] * 6 + [0]])
    found = json.loads(model.explain(seen((5.01,))).body)

    assert {step["value"] for step in found["steps"]} == {0.1}
    assert [(test["value"], test["by"]) for test in found["change"]["unmet"]] == [(0.1, 0.0)]
