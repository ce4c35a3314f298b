"""Pieces of JSON that are encoded once."""

import json

import numpy as np
import orjson
from hypothesis import given
from hypothesis import strategies as st

from explainers.evidence import Form
from explainers.meta_forest.served.fragments import leaf_fragments
from explainers.meta_forest.served.tree import MetaTree
from explainers.neighbours.served import Representatives
from explainers.reliability import ReliabilityTable
from reasoned.reply.fragments import (
    class_fragments,
    example_fragments,
    region_fragments,
    reliability_record,
)
from reasoned.reply.schema import Contrast, Example, PathBody, Reliability

LABEL = st.text(st.characters(exclude_categories=["Cs"]))
AWKWARD = ["100 %", "%s%%d", 'a "b"', "back\\slash", "\u2028", "\x00", "é→鳥", "{0}", "%.4f"]
LABELS = st.lists(LABEL | st.sampled_from(AWKWARD), min_size=2, max_size=4, unique=True)


@given(LABELS)
def test_any_label_survives_in_a_class(labels: list[str]) -> None:
    found = orjson.loads(orjson.dumps(list(class_fragments(tuple(labels)))))

    assert found == [{"label": label, "index": i} for i, label in enumerate(labels)]


@given(
    labels=LABELS,
    identity=st.from_regex(r"[a-z0-9][a-z0-9._-]{0,20}", fullmatch=True),
    cluster=LABEL,
    distance=st.floats(0, 1e6),
)
def test_any_label_survives_in_an_example(
    labels: list[str], identity: str, cluster: str, distance: float
) -> None:
    representatives = Representatives(
        vectors=np.zeros((1, 2), np.float32),
        rows=np.array([7]),
        ids=(identity,),
        labels=np.array([1]),
        predicted=np.array([0]),
        stands_for=np.array([12]),
        clusters=np.array([0]),
        cluster_names=(cluster,),
    )
    found = example_fragments(representatives, tuple(labels))[0]
    rounded = round(distance, 4)

    assert Example.model_validate_json(found.example % distance) == Example(
        id=identity,
        label=labels[1],
        predicted=labels[0],
        distance=rounded,
        stands_for=12,
        cluster=cluster,
        image=f"/v1/examples/{identity}.png",
    )
    assert Contrast.model_validate_json(found.contrast % distance) == Contrast(
        id=identity,
        label=labels[1],
        predicted=labels[0],
        distance=rounded,
        image=f"/v1/examples/{identity}.png",
    )


@given(labels=LABELS, names=st.tuples(LABEL, LABEL))
def test_any_label_survives_in_a_leafs_template(labels: list[str], names: tuple[str, str]) -> None:
    # One test, `margin 0 <= 0.5`, and two leaves.
    tree = MetaTree(
        left=np.array([1, -1, -1]),
        right=np.array([2, -1, -1]),
        feature=np.array([0, -1, -1]),
        threshold=np.array([0.5, 0.0, 0.0]),
        histogram=np.array([[1, 1], [1, 0], [0, 1]]),
    )
    groups, quoted = labels[:2], [json.dumps(name) for name in names]
    left, right = leaf_fragments(tree, [(0, 1)], groups, tuple(groups), 2)
    for leaf, test, value in ((left, "<=", 0.25), (right, ">", 0.75)):
        body = PathBody.model_validate_json(leaf.template % (value, *quoted, 0.75, ""))
        step = body.steps[0]
        assert (step.test, step.value, step.threshold) == (test, value, 0.5)
        assert step.feature == f"distance to {labels[0]} minus distance to {labels[1]}"
        assert step.clusters == list(names)
        assert labels[0] in step.text
        assert labels[1] in step.text
        assert (body.vote, body.clusters) == (0.75, {})
        assert leaf.sentence.endswith(f"such images are {groups[leaf.names]}.")


TABLE = ReliabilityTable(
    {"meta_forest": {"leaf-0": {"supported": (412, 414, 405, 0.9847999)}}}, "held_out"
)

SAID: dict[str, tuple[Form, tuple[str, ...]]] = {
    "meta_forest": ("path", ("leaf-0",)),
    "additive": ("parts", ()),
}


def test_a_reliability_by_hand() -> None:
    found = reliability_record(TABLE, "meta_forest", "leaf-0", "supported")

    assert found == {
        "agreed": 412,
        "of": 414,
        "estimate": 0.995169,
        "lower": 0.984799,  # cut, not rounded: never above the bound
        "cnn_right": 405,
        "calibration": "held_out",
    }
    assert Reliability.model_validate(found).of == 414


def test_a_region_without_calibration_images_says_so() -> None:
    found = region_fragments(TABLE, SAID)
    empty = json.loads(orjson.dumps(found["meta_forest", "leaf-0", "weak"].reliability))

    assert Reliability.model_validate(empty).estimate is None
    assert (empty["agreed"], empty["of"], empty["lower"]) == (0, 0, 0.0)
    words = found["meta_forest", "leaf-0", "weak"].words
    assert "No calibration image in {region} had this status (weak), so nothing is known" in words


def test_a_method_without_regions_has_no_reliability() -> None:
    found = region_fragments(TABLE, SAID)
    statuses = ("supported", "weak", "out_of_support")

    assert set(found) == {
        (method, region, status)
        for method, region in (("meta_forest", "leaf-0"), ("meta_forest", None), ("additive", None))
        for status in statuses
    }
    for status in statuses:
        fragment = found["additive", None, status]  # type: ignore[index]  # the loop's literals
        assert orjson.dumps(fragment.reliability) == b"null"
        assert "it holds by construction" in fragment.words
