import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.arrays import FloatArray
from explainers.meta_forest.served import MetaForest
from tests.explainers.meta_forest import rederived
from tests.explainers.meta_forest.worked import ROW, fields, line, meaning, seen, worked
from tests.explainers.planting import CLASSES, Planted

# float32 against float64; the margins are of the order of 1.
CLOSE = 1e-4


def test_the_path_worked_by_hand() -> None:
    found = worked().explain(seen(ROW))

    assert (found.region, found.names) == ("leaf-0", 0)
    assert found.strength == pytest.approx((204 + 102) / (2 * 255))
    assert found.sentence == (
        "In the explained layer the image is closer to ant clusters than to cat clusters by at "
        "least 5; and closer to ant clusters than to bee clusters by at least 6.9: such images "
        "are ant."
    )
    assert json.loads(found.body) == {
        "steps": [
            {
                "feature": "distance to ant minus distance to cat",
                "value": -5.0,
                "test": "<=",
                "threshold": -5,
                "outcome": True,
                "clusters": ["ant-1", "cat-1"],
                "text": "closer to ant clusters than to cat clusters by at least 5",
            },
            {
                "feature": "distance to ant minus distance to bee",
                "value": -7.0,
                "test": "<=",
                "threshold": -6.9,
                "outcome": True,
                "clusters": ["ant-1", "bee-1"],
                "text": "closer to ant clusters than to bee clusters by at least 6.9",
            },
        ],
        "vote": 0.6,
        "clusters": {
            "ant-1": json.loads(meaning(0)),
            "cat-1": json.loads(meaning(3)),
            "bee-1": json.loads(meaning(2)),
        },
        "change": {
            "leaf": "leaf-2",
            "names": {"label": "cat", "index": 2},
            "distance": 0.0,
            "unmet": [
                {
                    "feature": "distance to ant minus distance to cat",
                    "value": -5.0,
                    "test": ">",
                    "threshold": -5,
                    "outcome": False,
                    "by": 0.0,
                    "text": "not closer to ant clusters than to cat clusters by 5 or more",
                }
            ],
        },
    }


def test_the_row_worked_by_hand() -> None:
    np.testing.assert_array_equal(worked().row(seen(ROW).hidden), [-7, -5, 2])


def test_the_figures_worked_by_hand() -> None:
    model = worked()

    assert model.regions() == ("leaf-0", "leaf-1", "leaf-2")
    assert model.cites() == (0, 1, 2, 3, 5, 6, 7, 8, 9)
    assert model.cluster_card(4)["size"] == 4
    assert model.summary() == {
        "clusters": 6,
        "meta_features": 3,
        "leaves": 3,
        "longest_path": 2,
        "forest_trees": 2,
        "presented_as": "a reconstruction of CNN-INTE",
    }


def test_a_tree_of_one_leaf_has_no_steps() -> None:
    one = {name: fields()[name][-1:] for name in ("left", "right", "feature", "threshold")}

    found = worked(**one, histogram=np.array([[0, 0, 9, 0]])).explain(seen(ROW))

    assert (found.region, found.names) == ("leaf-0", 2)
    assert found.sentence == "The trace has one region only, and it names cat."
    assert json.loads(found.body) == {
        "steps": [],
        "vote": 0.3,
        "clusters": {},
        "change": None,
    }


def test_rows_one_by_one_and_together_are_the_same(
    planted_trace: MetaForest, planted: Planted
) -> None:
    together = planted_trace.row(planted.test.hidden)

    one_by_one = [planted_trace.row(hidden) for hidden in planted.test.hidden]
    np.testing.assert_allclose(together, one_by_one, rtol=0, atol=CLOSE)


def test_rows_are_those_of_brute_force(planted_trace: MetaForest, planted: Planted) -> None:
    for hidden in planted.test.hidden:
        brute = rederived.row(planted_trace, hidden)
        np.testing.assert_allclose(planted_trace.row(hidden), brute, rtol=0, atol=CLOSE)


def test_regions_are_those_of_brute_force(planted_trace: MetaForest, planted: Planted) -> None:
    unclear = 0
    for position, hidden in enumerate(planted.test.hidden):
        brute = rederived.row(planted_trace, hidden)
        node, tests = rederived.walk(planted_trace, brute)
        if any(abs(brute[feature] - threshold) < CLOSE for feature, _, threshold in tests):
            unclear += 1
            continue
        found = planted_trace.explain(planted.test.one(position))
        assert found.region == rederived.region_of(planted_trace, node)
        assert found.names == int(planted_trace.histogram[node].argmax())
    assert unclear <= len(planted.test) // 50


def test_every_path_is_sound(planted_trace: MetaForest, planted: Planted) -> None:
    for hidden in (*planted.test.hidden, *planted.data.train.hidden):
        rederived.check_path(planted_trace, hidden)


def test_every_path_is_sound_where_images_are_strange(planted_trace: MetaForest) -> None:
    rng = np.random.default_rng(3)
    for scale in (0.0, 0.1, 1.0, 100.0):
        strange: FloatArray = (scale * rng.normal(size=(50, 16))).astype(np.float32)
        for hidden in strange:
            rederived.check_path(planted_trace, hidden)


def narrow() -> MetaForest:
    """A tree that asks one margin again and again, a unit of display apart."""
    return line(
        threshold=np.array([0.0, -0.1, 0.1, 0, 0, 0, 0]),
        left=np.array([1, 3, 5, -1, -1, -1, -1]),
        right=np.array([2, 4, 6, -1, -1, -1, -1]),
    )


@given(st.floats(4.75, 5.25, width=32))
def test_paths_are_sound_at_their_thresholds(hidden: float) -> None:
    rederived.check_path(narrow(), np.array([hidden], dtype=np.float32))


def test_one_margin_is_displayed_as_one_value() -> None:
    # The margin is 0.02: above 0, at most 0.1. Rounded it would be 0.0, which is not above.
    found = json.loads(narrow().explain(seen((5.01,))).body)["steps"]

    assert [(step["value"], step["test"], step["threshold"]) for step in found] == [
        (0.1, ">", 0),
        (0.1, "<=", 0.1),
    ]


@given(
    decimals=st.integers(0, 6),
    share=st.floats(-0.99, 0.99),
    units=st.floats(-3, 3),
)
def test_what_is_shown_keeps_the_test_true(decimals: int, share: float, units: float) -> None:
    unit = 10.0**-decimals
    threshold = float(np.round(10 * share, decimals))
    stump = line(
        threshold=np.array([threshold, 0, 0]),
        left=np.array([1, -1, -1]),
        right=np.array([2, -1, -1]),
        decimals=decimals,
    )
    for margin in (threshold, threshold + units * unit):
        rederived.check_path(stump, np.array([(margin + 10) / 2], dtype=np.float32))


def test_the_order_of_the_clusters_within_a_class_does_not_matter(
    planted_trace: MetaForest, planted: Planted
) -> None:
    rng = np.random.default_rng(0)
    order = np.concatenate(
        [
            rng.permutation(np.flatnonzero(planted_trace.cluster_classes == label))
            for label in range(len(CLASSES))
        ]
    )
    permuted = dataclasses.replace(
        planted_trace,
        centroids=planted_trace.centroids[order],
        cluster_names=tuple(planted_trace.cluster_names[i] for i in order),
        cluster_meanings=tuple(planted_trace.cluster_meanings[i] for i in order),
        cluster_medoids=planted_trace.cluster_medoids[order],
    )

    for position in range(len(planted.test)):
        one = planted.test.one(position)
        found, expected = permuted.explain(one), planted_trace.explain(one)
        assert dataclasses.replace(found, body=b"") == dataclasses.replace(expected, body=b"")
        assert _without_values(found.body) == _without_values(expected.body)


def _without_values(body: bytes) -> object:
    """The body without the last digits, in which the order of a sum may show."""
    found = json.loads(body)
    for step in found["steps"]:
        del step["value"]
    return found


def test_clusters_that_are_even_or_not_give_equal_answers(
    planted_trace: MetaForest, planted: Planted
) -> None:
    # The first cluster twice: the sizes are uneven, and no distance changes.
    twice = [0, *range(len(planted_trace.centroids))]
    uneven = dataclasses.replace(
        planted_trace,
        centroids=planted_trace.centroids[twice],
        cluster_classes=planted_trace.cluster_classes[twice],
        cluster_names=("again", *planted_trace.cluster_names[:]),
        cluster_meanings=tuple(planted_trace.cluster_meanings[i] for i in twice),
        cluster_medoids=planted_trace.cluster_medoids[twice],
    )

    for position in range(len(planted.test)):
        one = planted.test.one(position)
        found, expected = uneven.explain(one), planted_trace.explain(one)
        assert (found.region, found.names) == (expected.region, expected.names)
        np.testing.assert_allclose(
            uneven.row(one.hidden), planted_trace.row(one.hidden), rtol=0, atol=CLOSE
        )
