import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from explainers.meta_forest.served.fragments import leaf_fragments, least_shown
from explainers.meta_forest.served.tree import MetaTree
from tests.explainers.meta_forest.worked import fields, seen, worked


def deep(features: int) -> MetaTree:
    """One path that asks every margin once, each test failing; its last leaf is the deepest."""
    nodes = 2 * features + 1
    left, right = np.full(nodes, -1), np.full(nodes, -1)
    left[0 : nodes - 1 : 2] = np.arange(1, nodes, 2)
    right[0 : nodes - 1 : 2] = np.arange(2, nodes, 2)
    feature = np.zeros(nodes, dtype=np.int64)
    feature[0 : nodes - 1 : 2] = np.arange(features)
    histogram = np.zeros((nodes, 4), dtype=np.int64)
    histogram[:, 3] = 1
    return MetaTree(left, right, feature, np.full(nodes, 0.5), histogram)


def test_the_tests_of_the_named_class_come_first_and_at_most_eight_are_told() -> None:
    names = ("a", "b", "c", "d")
    pairs = [(0, 1), (0, 2), (1, 2), (0, 3), (1, 2), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1)]

    found = leaf_fragments(deep(10), pairs, list(names), names, 1)[-1]

    assert len(found.steps) == 10
    assert found.groups == (0, 1, 2, 3)
    assert found.sentence.startswith(
        "In the explained layer the image is closer to d clusters than to a clusters by more than "
        "0.5; closer to b clusters than to a clusters by more than 0.5; "
    )
    assert found.sentence.endswith("; and 2 further tests that it passes: such images are d.")


def test_names_may_hold_what_formats_and_json_do_not_like() -> None:
    names = ("100 %s", 'the "best"', "back\\slash %", "naïve %(x)d")
    model = worked(
        class_names=names, cluster_names=tuple(f"{n}-{i}" for i, n in enumerate("%bcd%s"))
    )

    body = json.loads(model.explain(seen((3, 4))).body)

    assert [step["feature"] for step in body["steps"]] == [
        "distance to 100 %s minus distance to back\\slash %",
        'distance to 100 %s minus distance to the "best"',
    ]
    assert "than to back\\slash % clusters" in body["steps"][0]["text"]
    assert list(body["clusters"]) == ["%-0", "d-3", "c-2"]


def test_regions_are_numbered_in_the_order_of_the_leaves() -> None:
    tree = MetaTree(*(fields()[k] for k in ("left", "right", "feature", "threshold", "histogram")))

    found = leaf_fragments(
        tree, [(0, 1), (0, 2), (1, 2)], ["ant", "bee", "cat"], ("ant", "bee", "cat", "dog"), 1
    )

    assert [(leaf.region, leaf.names) for leaf in found] == [
        ("leaf-0", 0),
        ("leaf-1", 1),
        ("leaf-2", 2),
    ]
    assert found[2].sentence == (
        "In the explained layer the image is not closer to ant clusters than to cat clusters by 5 "
        "or more: such images are cat."
    )


@given(
    value=st.floats(-1e6, 1e6),
    units=st.integers(-(10**9), 10**9),
    decimals=st.integers(0, 8),
    gap=st.floats(-2, 2),
)
def test_what_is_shown_keeps_every_test_true(
    value: float, units: int, decimals: int, gap: float
) -> None:
    unit = 10.0**-decimals
    threshold = float(np.round(units * unit, decimals))
    for near in (value, threshold, threshold + gap * unit):
        least = least_shown(threshold if near > threshold else None, decimals)
        displayed = float(f"{max(near, least):.{decimals}f}")

        assert (displayed <= threshold) == (near <= threshold)
        assert abs(displayed - near) <= 1.0001 * unit
