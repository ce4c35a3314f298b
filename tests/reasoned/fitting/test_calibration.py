"""What is counted on calibration images: per region, and per group of the status rule."""

import dataclasses

import numpy as np
import pytest
from scipy.stats import binom

from explainers.arrays import DoubleArray
from explainers.bounds import clopper_pearson_lower
from explainers.decision_list import DecisionList, Entry
from explainers.fitting_contract import silent
from explainers.reliability import ReliabilityTable
from explainers.status import StatusRule
from reasoned.datasets.digits import open_digits
from reasoned.fitting.calibration import Judged, count_reliability, judge_all
from reasoned.model import ExplainedModel
from tests.reasoned.fitting.hand_made import judged, judged_by, table_of
from tests.reasoned.rules import rule_of

SIZE = 12


def two(tree: tuple[float, int], cells: tuple[float, int] | None, predicted: int = 0) -> Judged:
    """Judge an image of class 0 by two methods; the second may leave it out."""
    said: dict[str, tuple[float | None, int | None, str | None]]
    said = {"tree": (*tree, "leaf-0"), "cells": (None, None, None)}
    if cells is not None:
        said["cells"] = (*cells, "cell-0")
    return judged_by(said, predicted)


def test_a_verdict_is_that_of_the_rule_for_what_is_asked() -> None:
    rule = rule_of(tree=0.5, cells=0.5)
    image = two((0.1, 1), (0.9, 0))

    whole, alone = image.verdict(rule), image.verdict(rule, "tree")
    assert whole is not None
    assert alone is not None
    assert (whole.first, whole.status, whole.asked) == ("cells", "supported", "tree+cells")
    assert (alone.first, alone.status, alone.group) == ("tree", "weak", "weak tree 0")
    assert image.first_choice(rule) == image.evidence["cells"]
    assert image.status(rule) == "supported"


def test_without_a_method_with_regions_there_is_no_verdict() -> None:
    image = Judged({}, outside=False, predicted=0, label=0)

    assert (image.verdict(rule_of()), image.first_choice(rule_of())) == (None, None)
    assert image.status(rule_of()) == "weak"
    assert dataclasses.replace(image, outside=True).status(rule_of()) == "out_of_support"


def test_reliability_is_counted_by_hand() -> None:
    rule = rule_of(meta_forest=0.5)
    images = [
        judged(0.9, names=1, predicted=1, label=1),
        judged(0.5, names=2, predicted=1, label=1),  # at the bound: supported
        judged(0.7, names=1, predicted=1, label=0),
        judged(0.4, names=1, predicted=1, label=2),
        judged(0.9, names=1, predicted=1, label=1, outside=True),
        judged(0.9, names=0, predicted=1, label=1, region="leaf-1"),
        judged(0.9, names=0, predicted=0, label=0, region=None),
    ]
    found = count_reliability(images, rule, "held_out")

    leaves = found.counts["meta_forest"]
    assert set(leaves) == {"leaf-0", "leaf-1"}
    assert set(leaves["leaf-0"]) == {"supported", "weak", "out_of_support"}
    supported = leaves["leaf-0"]["supported"]
    assert supported[:3] == (2, 3, 2)
    # The share at which 2 or 3 of 3 come with 5 %: 3 p^2 - 2 p^3 = 0.05.
    assert 3 * supported[3] ** 2 - 2 * supported[3] ** 3 == pytest.approx(0.05)
    assert leaves["leaf-0"]["weak"][:3] == (1, 1, 0)
    assert leaves["leaf-0"]["weak"][3] == pytest.approx(0.05)
    assert leaves["leaf-0"]["out_of_support"][:3] == (1, 1, 1)
    assert leaves["leaf-1"] == {"supported": (0, 1, 1, 0.0)}
    assert found.calibration == "held_out"
    assert found.of("meta_forest", "leaf-1", "weak") == (0, 0, 0, 0.0)
    assert found.of("additive", None, "weak") is None


def test_the_status_of_a_count_is_that_of_the_first_choice() -> None:
    rule = rule_of(tree=0.5, cells=0.5)
    images = [
        two((0.9, 0), (0.1, 1)),  # the tree leads, firmly
        two((0.1, 1), (0.9, 0)),  # the cells lead, firmly
        two((0.1, 0), (0.1, 1)),  # none is firm
        two((0.1, 1), None),
    ]
    counts = count_reliability(images, rule, "held_out").counts

    assert {k: v[:2] for k, v in counts["tree"]["leaf-0"].items()} == {
        "supported": (1, 2),
        "weak": (1, 2),
    }
    assert {k: v[:2] for k, v in counts["cells"]["cell-0"].items()} == {
        "supported": (1, 2),
        "weak": (0, 1),
    }


def test_statements_are_counted_by_hand() -> None:
    rule = rule_of(tree=0.5, cells=0.5)
    images = [two((0.9, 0), (0.1, 1))] * 9  # the tree leads, firmly, and agrees
    images += [two((0.9, 1), (0.9, 0), predicted=0)]  # and parts
    images += [two((0.1, 1), (0.9, 2), predicted=2)] * 4  # the cells lead; the network is wrong
    images += [two((0.1, 0), (0.1, 0))] * 2  # none is firm, both find the same
    images += [two((0.1, 0), (0.1, 1), predicted=1)] * 3  # the tree parts, alone
    found = count_reliability(images, rule, "held_out")

    groups = found.statements["tree+cells"]
    assert {name: stated[:3] for name, stated in groups.items()} == {
        "supported tree": (9, 10, 10),
        "supported cells": (4, 4, 0),
        "weak tree 1": (2, 2, 2),
        "weak tree 0": (0, 3, 0),
    }
    # Jeffreys' prior, and 5 % over four groups.
    assert [stated[3] for stated in groups.values()] == [
        (stated[0] + 0.5) / (stated[1] + 1) for stated in groups.values()
    ]
    level = 1 - 0.05 / 4
    assert groups["supported tree"][4] == clopper_pearson_lower(9, 10, level)
    assert groups["supported cells"][4] == pytest.approx(0.0125 ** (1 / 4), rel=1e-12)
    assert groups["weak tree 1"][4] == pytest.approx(0.0125 ** (1 / 2), rel=1e-12)
    assert groups["weak tree 0"][4] == 0.0
    # All images of a status together, and the prior alone where there is none.
    assert found.overall["tree+cells"] == {
        "supported": 13.5 / 15,
        "weak": 2.5 / 6,
        "out_of_support": 0.5,
    }


def test_what_fewer_methods_would_say_is_counted_for_them() -> None:
    rule = rule_of(tree=0.5, cells=0.5)
    images = [two((0.9, 0), (0.9, 1))] * 6 + [two((0.1, 1), (0.9, 0))] * 3
    images += [dataclasses.replace(two((0.9, 0), None), outside=True)] * 2
    found = count_reliability(images, rule, "may_have_been_seen").statements

    assert set(found) == {"tree", "cells", "tree+cells"}
    assert {name: stated[:2] for name, stated in found["tree"].items()} == {
        "supported tree": (6, 6),
        "weak tree 0": (0, 3),
        "out_of_support tree": (2, 2),
    }
    # Where the cells have no region they say nothing that could be counted.
    assert {name: stated[:2] for name, stated in found["cells"].items()} == {
        "supported cells": (3, 9),
    }
    # Three groups there, one here.
    assert found["tree"]["supported tree"][4] == pytest.approx((0.05 / 3) ** (1 / 6))
    assert found["cells"]["supported cells"][4] == clopper_pearson_lower(3, 9)


def test_without_a_method_with_regions_nothing_is_counted() -> None:
    rule = rule_of()
    images = [Judged({}, outside=False, predicted=0, label=0)]
    found = count_reliability(images, rule, "may_have_been_seen")

    assert found == ReliabilityTable({}, {}, {}, "may_have_been_seen")


GROUPED = StatusRule(("a",), {"a": DecisionList((Entry("a", 0, 0.5),), ("a",), 0.99, reached=True)})


def split_of(agreed: list[int]) -> list[Judged]:
    """Give twelve images of each of two groups, so many of which agree."""
    images = []
    for strength, count in zip((0.9, 0.1), agreed, strict=True):
        images += [judged_by({"a": (strength, 0, "r")})] * count
        images += [judged_by({"a": (strength, 1, "r")})] * (SIZE - count)
    return images


def held(lowers: DoubleArray, shares: DoubleArray) -> DoubleArray:
    """Give the exact probability that each group's bound holds; shape (shares)."""
    agreed = np.arange(SIZE + 1)
    holds = lowers[None] <= shares[:, None]
    found: DoubleArray = (binom.pmf(agreed, SIZE, shares[:, None]) * holds).sum(axis=1)
    return found


def test_all_bounds_hold_at_once_in_nineteen_of_twenty_calibrations_whatever_the_shares() -> None:
    counted = [
        count_reliability(split_of([k, SIZE - k]), GROUPED, "held_out").statements["a"]
        for k in range(SIZE + 1)
    ]
    strong = np.array([groups["supported a"][4] for groups in counted])
    weak = np.array([groups["weak a 0"][4] for groups in counted])[::-1]
    np.testing.assert_array_equal(strong, weak)
    shares = np.linspace(0.0, 1.0, 1001)

    # Groups are independent: the worst pair is that of the two worst shares.
    assert held(strong, shares).min() ** 2 >= 0.95
    # A bound of 95 % for each alone would be too loose.
    alone = np.array([clopper_pearson_lower(k, SIZE) for k in range(SIZE + 1)])
    assert held(alone, shares).min() ** 2 < 0.95


def test_bounds_of_drawn_calibrations_hold_at_once() -> None:
    # Twelve of twelve come in 4 % of the draws: 95 % for each alone then promises 0.78.
    rng, share, draws = np.random.default_rng(0), 0.77, 400
    together = alone = 0
    for _ in range(draws):
        counts = rng.binomial(SIZE, share, 2).tolist()
        stated = count_reliability(split_of(counts), GROUPED, "held_out").statements["a"]
        together += all(one[4] <= share for one in stated.values())
        alone += all(clopper_pearson_lower(count, SIZE) <= share for count in counts)

    assert together >= 0.95 * draws
    assert alone < 0.95 * draws


def test_images_are_judged_as_they_are_answered(
    digits_model: ExplainedModel, tmp_path_factory: pytest.TempPathFactory
) -> None:
    parts, dataset = digits_model.explaining.parts, open_digits()
    rows = range(0, 300, 5)
    pixels = np.stack([parts.preprocessing.apply(dataset.image(row)) for row in rows])
    folder = tmp_path_factory.mktemp("judged")
    table = table_of(parts.network, pixels, dataset.labels[list(rows)], folder)
    found = judge_all(table, parts.explainers, parts.representatives, parts.support, silent)
    for row, one in zip(rows, found, strict=True):
        said = digits_model.explain(dataset.image(row))
        assert list(one.evidence) == ["meta_forest"]  # the one with regions
        evidence = one.evidence["meta_forest"]
        assert said.explanation is not None
        assert one.status(parts.rule) == said.explanation.status
        assert evidence.region == said.explanation.evidence[0].region
        assert one.predicted == said.prediction.index
        assert one.label == dataset.labels[row]
