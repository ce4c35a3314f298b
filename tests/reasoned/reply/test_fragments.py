"""Pieces of JSON that are encoded once."""

import json

import numpy as np
import orjson
from hypothesis import given
from hypothesis import strategies as st

from explainers.meta_forest.served.fragments import leaf_fragments
from explainers.meta_forest.served.tree import MetaTree
from explainers.neighbours.served import Representatives
from explainers.reliability import ReliabilityTable
from explainers.status import STATUSES
from reasoned.reply.fragments import (
    class_fragments,
    example_fragments,
    region_fragments,
    reliability_record,
    statement_fragments,
)
from reasoned.reply.schema import Contrast, Example, PathBody, Reliability, Statement
from tests.reasoned.rules import counted_for, rule_of

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
        body = PathBody.model_validate_json(leaf.template % (value, *quoted, 0.75, "", "null"))
        step = body.steps[0]
        assert (step.test, step.value, step.threshold) == (test, value, 0.5)
        assert step.feature == f"distance to {labels[0]} minus distance to {labels[1]}"
        assert step.clusters == list(names)
        assert labels[0] in step.text
        assert labels[1] in step.text
        assert (body.vote, body.clusters, body.change) == (0.75, {}, None)
        assert leaf.sentence.endswith(f"such images are {groups[leaf.names]}.")


TABLE = ReliabilityTable(
    counts={"meta_forest": {"leaf-0": {"supported": (412, 414, 405, 0.9847999)}}},
    statements={"meta_forest": {"supported meta_forest": (412, 414, 405, 0.9939759, 0.9784999)}},
    overall={"meta_forest": {"supported": 0.9939, "weak": 0.6, "out_of_support": 0.5}},
    calibration="held_out",
)
SAID: dict[str, tuple[str, ...]] = {"meta_forest": ("leaf-0",), "additive": ()}


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
    found = region_fragments(TABLE, SAID)["meta_forest", "leaf-0", "weak"]
    empty = Reliability.model_validate_json(orjson.dumps(found.reliability))

    assert empty.estimate is None
    assert (empty.agreed, empty.of, empty.lower, found.lower) == (0, 0, 0.0, 0.0)


def test_a_method_without_regions_has_no_reliability_and_comes_last() -> None:
    found = region_fragments(TABLE, SAID)
    places = (("meta_forest", "leaf-0"), ("meta_forest", None), ("additive", None))

    assert set(found) == {(*place, status) for place in places for status in STATUSES}
    for status in STATUSES:
        for method in ("meta_forest", "additive"):
            fragment = found[method, None, status]
            assert orjson.dumps(fragment.reliability) == b"null"
            assert fragment.lower < found["meta_forest", "leaf-0", status].lower
    assert found["meta_forest", "leaf-0", "supported"].lower == 0.9847999


def test_a_statement_by_hand() -> None:
    found = statement_fragments(rule_of(meta_forest=0.5), TABLE)
    one = found["meta_forest", "supported meta_forest"]

    assert json.loads(orjson.dumps(one.reliability)) == {
        "estimate": 0.993976,
        "lower": 0.978499,  # cut, not rounded: never above the bound
        "agreed": 412,
        "of": 414,
        "cnn_right": 405,
        "group": "supported meta_forest",
        "company": None,
        "calibration": "held_out",
    }
    assert "412: an estimated 99.3 %, and with 95 % confidence at least 97.8 %." in one.words


def test_a_group_without_calibration_images_says_so() -> None:
    one = statement_fragments(rule_of(meta_forest=0.5), TABLE)["meta_forest", "weak meta_forest 0"]
    stated = Statement.model_validate_json(orjson.dumps(one.reliability))

    assert (stated.agreed, stated.of, stated.company) == (0, 0, 0)
    assert (stated.estimate, stated.lower) == (0.6, 0.0)
    assert "No calibration image was explained like this one" in one.words


def test_where_no_method_with_regions_is_asked_nothing_is_stated() -> None:
    found = statement_fragments(rule_of(meta_forest=0.5), TABLE)

    for status in STATUSES:
        assert orjson.dumps(found["", status].reliability) == b"null"
        assert "it holds by construction" in found["", status].words
    assert set(statement_fragments(rule_of(), TABLE)) == {("", status) for status in STATUSES}


def test_every_verdict_has_a_statement_that_keeps_the_contract() -> None:
    rule = rule_of(company=1, b=0.5, a=0.5, c=2.0)
    found = statement_fragments(rule, counted_for(rule, {}, "may_have_been_seen"))

    for verdict in rule.verdicts():
        if verdict.asked:
            one = found[verdict.asked, verdict.group]
            stated = Statement.model_validate_json(orjson.dumps(one.reliability))
            assert (stated.group, stated.company) == (verdict.group, verdict.company)
            assert stated.calibration == "may_have_been_seen"
            assert (stated.agreed, stated.of, stated.lower) == (40, 50, 0.7)
