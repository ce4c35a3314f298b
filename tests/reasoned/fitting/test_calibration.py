"""The status rule from validation images, the counts from calibration images."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.bounds import clopper_pearson_lower
from explainers.fitting_contract import silent
from explainers.status import StatusRule
from reasoned.datasets.digits import open_digits
from reasoned.fitting.calibration import (
    LEAST_COVERAGE,
    TARGET,
    Judged,
    choose_rule,
    count_reliability,
    judge_all,
)
from reasoned.model import ExplainedModel
from tests.reasoned.fitting.hand_made import judged, judged_by, table_of
from tests.reasoned.halfspace import rule_of


def by_brute_force(images: list[Judged]) -> tuple[float, float, bool]:
    """Try every strength there is, and count."""
    inside = [image for image in images if not image.outside]
    found: list[tuple[float, float, float]] = []  # (share, bound, cut)
    for cut in {float(image.evidence["meta_forest"].strength or 0) for image in inside}:
        kept = [i for i in inside if (i.evidence["meta_forest"].strength or 0) >= cut]
        agreed = sum(i.evidence["meta_forest"].names == i.predicted for i in kept)
        bound = clopper_pearson_lower(agreed, len(kept))
        found.append((len(kept) / len(images), bound, cut))
    good = [one for one in found if one[1] >= TARGET]
    if good:
        return min(cut for _, _, cut in good), TARGET, True
    least = min(LEAST_COVERAGE, max(share for share, _, _ in found))
    wide = [one for one in found if one[0] >= least]
    best = max(bound for _, bound, _ in wide)
    return max(cut for _, bound, cut in wide if bound == best), best, False


def of_method(rule: StatusRule, method: str) -> tuple[float, float, bool]:
    return rule.least_strength[method], rule.target[method], rule.reached[method]


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10**6),
    count=st.integers(1, 900),
    levels=st.integers(1, 8),
    worst=st.sampled_from([0.0, 0.2, 0.9, 1.0]),
    outside=st.sampled_from([0.0, 0.1, 0.7]),
)
def test_the_rule_is_that_of_brute_force(
    seed: int, count: int, levels: int, worst: float, outside: float
) -> None:
    rng = np.random.default_rng(seed)
    strengths = rng.integers(1, levels + 1, count) / levels
    agrees = rng.random(count) < worst + (1 - worst) * strengths**0.2
    away = rng.random(count) < outside
    away[0] = False
    images = [
        judged(float(s), 0 if a else 1, outside=bool(o))
        for s, a, o in zip(strengths, agrees, away, strict=True)
    ]
    found = choose_rule(images, ["meta_forest"])

    assert of_method(found, "meta_forest") == by_brute_force(images)


def test_three_hundred_that_agree_reach_the_target_by_hand() -> None:
    # 0.05 ** (1 / 299) = 0.99003, 0.05 ** (1 / 298) = 0.98999.
    strong, weak = judged(0.9, 0), judged(0.4, 1)
    enough = choose_rule([strong] * 299 + [weak] * 10, ["meta_forest"])
    too_few = choose_rule([strong] * 298 + [weak] * 10, ["meta_forest"])

    assert enough == rule_of(meta_forest=0.9)
    least, target, reached = of_method(too_few, "meta_forest")
    assert (least, reached) == (0.9, False)
    assert target == pytest.approx(0.05 ** (1 / 298))


def test_the_rule_never_reads_what_the_network_says_of_one_image_alone() -> None:
    # Fixed on validation: two rules from the same strengths differ by the counts only.
    images = [judged(s / 10, s % 2, predicted=s % 2) for s in range(1, 10)]
    renamed = [judged(s / 10, 0, predicted=0) for s in range(1, 10)]

    assert choose_rule(images, ["meta_forest"]) == choose_rule(renamed, ["meta_forest"])


@pytest.mark.parametrize(
    "image",
    [judged(0.9, 0, outside=True), judged(None, 0), judged(0.9, 0, region=None)],
)
def test_without_a_strength_nothing_is_supported(image: Judged) -> None:
    rule = choose_rule([image], ["meta_forest"])

    assert of_method(rule, "meta_forest") == (2.0, TARGET, False)
    assert image.status(rule) in ("weak", "out_of_support")


def test_without_a_method_with_regions_nothing_is_asked() -> None:
    image = Judged({}, outside=False, predicted=0, label=0)
    rule = choose_rule([image], [])

    assert rule.order == ()
    assert (image.first_choice(rule), image.status(rule)) == (None, "weak")
    assert dataclasses.replace(image, outside=True).status(rule) == "out_of_support"


def both(tree: tuple[float, int], cells: tuple[float, int] | None) -> Judged:
    """Judge an image of class 0 by two methods; the second may leave it out."""
    said: dict[str, tuple[float | None, int | None, str | None]]
    said = {"tree": (*tree, "leaf-0"), "cells": (None, None, None)}
    if cells is not None:
        said["cells"] = (*cells, "cell-0")
    return judged_by(said)


def test_the_method_that_shows_the_target_for_more_images_is_asked_first() -> None:
    # The tree shows it for 300 images, the cells for 400 of 500.
    images = [both((0.9, 0), (0.9, 0))] * 300 + [both((0.1, 1), (0.9, 0))] * 100
    images += [both((0.1, 1), None)] * 100
    rule = choose_rule(images, ["tree", "cells"])

    assert rule.order == ("cells", "tree")
    # Where the cells are not firm the tree is wrong: it is never firm there.
    assert of_method(rule, "cells") == (0.9, TARGET, True)
    assert of_method(rule, "tree") == (2.0, TARGET, False)


def test_a_later_method_is_judged_where_the_earlier_ones_are_not_firm() -> None:
    # The cells are right for 600 of the 1,000, and leave 400 to the tree, which is right
    # for 300 of them with a vote of 0.7 and wrong for the rest with 0.6. Among the images
    # of the cells a vote of 0.6 is right too: alone, the tree would take 0.6.
    images = [both((0.6, 0), (0.9, 0))] * 30_000 + [both((0.7, 0), None)] * 300
    images += [both((0.6, 1), None)] * 100
    rule = choose_rule(images, ["tree", "cells"])

    assert rule.order == ("tree", "cells")  # alone, 0.6 reaches the target everywhere
    assert of_method(rule, "tree") == (0.6, TARGET, True)
    fewer = images[:600] + images[30_000:]
    rule = choose_rule(fewer, ["tree", "cells"])
    assert rule.order == ("cells", "tree")
    assert of_method(rule, "tree") == (0.7, TARGET, True)
    assert {one.status(rule) for one in fewer[-100:]} == {"weak"}


def test_a_tie_keeps_the_order_of_the_methods() -> None:
    images = [both((0.9, 0), (0.9, 0))] * 400

    assert choose_rule(images, ["tree", "cells"]).order == ("tree", "cells")
    assert choose_rule(images, ["cells", "tree"]).order == ("cells", "tree")


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6), count=st.integers(1, 1500), worst=st.sampled_from([0.5, 0.95]))
def test_every_later_method_meets_the_target_where_it_is_the_first_that_is_firm(
    seed: int, count: int, worst: float
) -> None:
    rng = np.random.default_rng(seed)
    votes, rights = rng.integers(1, 6, (count, 3)) / 5, rng.random((count, 3))
    images = [
        judged_by(
            {
                name: (float(vote), int(right > worst + (1 - worst) * vote**0.1), "r")
                if right > 0.05
                else (None, None, None)
                for name, vote, right in zip("abc", vote, right_of, strict=True)
            },
            outside=bool(rng.random() < 0.05),
        )
        for vote, right_of in zip(votes.tolist(), rights.tolist(), strict=True)
    ]
    rule = choose_rule(images, list("abc"))
    for name in rule.order[1:]:
        firsts = [
            one for one in images if one.status(rule) == "supported" and leader(one, rule) == name
        ]
        agreed = sum(one.evidence[name].names == one.predicted for one in firsts)
        assert rule.reached[name] == bool(firsts)
        assert not firsts or clopper_pearson_lower(agreed, len(firsts)) >= TARGET


def leader(image: Judged, rule: StatusRule) -> str | None:
    first = image.first_choice(rule)
    return None if first is None else first.method


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
        both((0.9, 0), (0.1, 1)),  # the tree leads, firmly
        both((0.1, 1), (0.9, 0)),  # the cells lead, firmly
        both((0.1, 0), (0.1, 1)),  # none is firm
        both((0.1, 1), None),
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


def test_without_a_method_with_regions_nothing_is_counted() -> None:
    rule = rule_of()
    images = [Judged({}, outside=False, predicted=0, label=0)]
    found = count_reliability(images, rule, "may_have_been_seen")

    assert found.counts == {}
    assert found.calibration == "may_have_been_seen"


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
