"""The status rule from validation images."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.bounds import clopper_pearson_lower
from explainers.decision_list import DecisionList, Entry
from explainers.status import StatusRule, subsets
from reasoned.fitting.calibration import Judged
from reasoned.fitting.choosing import LEAST_COVERAGE, LEAST_SHARE, LEFT_OUT, TARGETS, choose_rule
from tests.reasoned.fitting.hand_made import judged, judged_by
from tests.reasoned.rules import rule_of

# With one method there are 27 candidates: (0.05 / 27) ** (1 / 627) = 0.990016.
CUTS = 27
ENOUGH = 627


class Firm(NamedTuple):
    """How many images a line makes firm, and its bound."""

    size: int
    bound: float


def company_of(image: Judged, methods: Sequence[str], method: str) -> int:
    own = image.evidence[method].names
    others = [image.evidence[name] for name in methods if name != method]
    placed = [other.names for other in others if other.region is not None]
    return 0 if own is None else placed.count(own)


def holds(image: Judged, methods: Sequence[str], entry: Entry) -> bool:
    own = image.evidence[entry.method]
    if image.outside or own.region is None or own.strength is None:
        return False
    known = own.strength >= entry.least_strength
    return known and company_of(image, methods, entry.method) >= entry.company


def measured(images: Sequence[Judged], methods: Sequence[str], entry: Entry) -> Firm:
    """Count what a line makes firm, one image after the other."""
    kept = [image for image in images if holds(image, methods, entry)]
    agreed = sum(image.evidence[entry.method].names == image.predicted for image in kept)
    candidates = len(methods) * len(methods) * CUTS * len(methods)
    return Firm(len(kept), clopper_pearson_lower(agreed, len(kept), 1 - 0.05 / candidates))


def candidates(images: Sequence[Judged], methods: Sequence[str]) -> dict[Entry, Firm]:
    """Try every method, company and cut, in this order."""
    found: dict[Entry, Firm] = {}
    for method in methods:
        own = [image.evidence[method] for image in images if not image.outside]
        known = sorted(e.strength for e in own if e.region is not None and e.strength is not None)
        cuts = sorted({known[math.floor(share * (len(known) - 1))] for share in LEFT_OUT if known})
        for company in range(len(methods)):
            for cut in cuts:
                entry = Entry(method, company, cut)
                found[entry] = measured(images, methods, entry)
    return found


def lines(images: Sequence[Judged], methods: Sequence[str], target: float) -> list[Entry]:
    """Take the line that makes most of the images left firm, until none reaches the target."""
    chosen: list[Entry] = []
    left = list(images)
    while True:
        used = {entry.method for entry in chosen}
        good = {
            entry: firm
            for entry, firm in candidates(left, methods).items()
            if entry.method not in used and firm.bound >= target
        }
        if not good:
            return chosen
        best = max(good.values())
        entry = next(entry for entry, firm in good.items() if firm == best)
        chosen.append(entry)
        left = [image for image in left if not holds(image, methods, entry)]


def otherwise(
    images: Sequence[Judged], methods: Sequence[str], entries: Sequence[Entry]
) -> list[str]:
    """Order methods by how often they name the class where none is firm."""
    hard = [
        image
        for image in images
        if not image.outside and not any(holds(image, methods, entry) for entry in entries)
    ]

    def agreed(method: str) -> int:
        found = [(one.evidence[method], one.predicted) for one in hard or images]
        return sum(e.region is not None and e.names == predicted for e, predicted in found)

    return sorted(methods, key=lambda method: -agreed(method))


def by_brute_force(images: Sequence[Judged], methods: Sequence[str]) -> DecisionList:
    for target in TARGETS:
        entries = lines(images, methods, target)
        firm = sum(any(holds(one, methods, entry) for entry in entries) for one in images)
        if firm >= LEAST_SHARE * len(images) or (target == TARGETS[-1] and entries):
            order = otherwise(images, methods, entries)
            return DecisionList(tuple(entries), tuple(order), target, reached=True)
    wide = {
        entry: Firm(firm.size, firm.bound)
        for entry, firm in candidates(images, methods).items()
        if firm.size >= LEAST_COVERAGE * len(images) and firm.bound > 0
    }
    if not wide:
        return DecisionList((), tuple(otherwise(images, methods, ())), TARGETS[-1], reached=False)
    best = max((firm.bound, firm.size) for firm in wide.values())
    entry = next(one for one, firm in wide.items() if (firm.bound, firm.size) == best)
    order = otherwise(images, methods, [entry])
    return DecisionList((entry,), tuple(order), best[0], reached=False)


def few_kinds(seed: int, methods: str) -> list[Judged]:
    """Draw some kinds of images, and how many there are of each; what is strong is right."""
    rng = np.random.default_rng(seed)
    kinds = []
    for _ in range(rng.integers(1, 7)):
        said: dict[str, tuple[float | None, int | None, str | None]] = {}
        for method in methods:
            strength = float(rng.integers(1, 6)) / 5
            wrong = rng.random() > 0.4 + 0.6 * strength
            said[method] = (strength, int(wrong) * int(rng.integers(1, 3)), "r")
            if rng.random() < 0.15:
                said[method] = (None, None, None) if rng.random() < 0.5 else (0.9, 0, None)
        kinds.append(judged_by(said, outside=bool(rng.random() < 0.1)))
    counts = rng.choice([1, 3, 40, 300, 700, 1500], len(kinds)).tolist()
    return [kind for kind, count in zip(kinds, counts, strict=True) for _ in range(count)]


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), methods=st.sampled_from(["a", "ab", "ba", "abc"]))
def test_the_rule_is_that_of_brute_force(seed: int, methods: str) -> None:
    images = few_kinds(seed, methods)
    found = choose_rule(images, list(methods))

    assert found.methods == tuple(methods)
    asked = tuple(methods)  # the sets of fewer have a test of their own
    assert found.lists["+".join(asked)] == by_brute_force(images, asked)


@settings(max_examples=8)
@given(seed=st.integers(0, 10**6))
def test_every_set_of_methods_has_the_list_that_it_would_have_alone(seed: int) -> None:
    images = few_kinds(seed, "abc")
    found = choose_rule(images, ["a", "b", "c"])

    assert set(found.lists) == {"a", "b", "c", "a+b", "a+c", "b+c", "a+b+c"}
    for asked in subsets(("a", "b", "c")):
        key = "+".join(asked)
        assert found.lists[key] == choose_rule(images, asked).lists[key]


@settings(max_examples=15)
@given(seed=st.integers(0, 10**6))
def test_every_line_reaches_the_target_on_the_images_that_earlier_ones_leave(seed: int) -> None:
    images = few_kinds(seed, "abc")
    for key, chosen in choose_rule(images, ["a", "b", "c"]).lists.items():
        left, methods = images, key.split("+")
        for entry in chosen.entries:
            assert measured(left, methods, entry).bound >= chosen.target
            left = [image for image in left if not holds(image, methods, entry)]
        assert chosen.reached == (bool(chosen.entries) and chosen.target in TARGETS)


STRONG, WEAK = judged(0.9, 0), judged(0.4, 1)


def of_path(rule: StatusRule) -> DecisionList:
    return rule.lists["meta_forest"]


def test_six_hundred_and_twenty_seven_that_agree_reach_the_last_target_by_hand() -> None:
    assert len(LEFT_OUT) == CUTS
    enough = choose_rule([STRONG] * ENOUGH + [WEAK] * 13, ["meta_forest"])
    too_few = choose_rule([STRONG] * (ENOUGH - 1) + [WEAK] * 13, ["meta_forest"])

    assert enough == rule_of(meta_forest=0.9)
    found = of_path(too_few)
    assert (found.entries, found.reached) == ((Entry("meta_forest", 0, 0.9),), False)
    assert found.target == pytest.approx((0.05 / CUTS) ** (1 / (ENOUGH - 1)))
    assert found.target < 0.99


@pytest.mark.parametrize(
    ("target", "enough"), [(0.999, 6289), (0.998, 3143), (0.995, 1256), (0.99, ENOUGH)]
)
def test_the_strictest_target_that_can_be_shown_is_taken(target: float, enough: int) -> None:
    # enough is log(0.05 / 27) / log(target), rounded up.
    assert of_path(choose_rule([STRONG] * enough, ["meta_forest"])).target == target
    assert of_path(choose_rule([STRONG] * (enough - 1), ["meta_forest"])).target < target


@pytest.mark.parametrize(("left_out", "target"), [(7, 0.999), (8, 0.99)])
def test_a_strict_target_is_taken_only_where_it_leaves_enough_supported(
    left_out: int, target: float
) -> None:
    # Of the weaker 7 or 8 % one in 14 or 16 is wrong: strict leaves them out, 0.99 does not.
    middle = [judged(0.5, 0)] * (left_out * 100 - 50) + [judged(0.5, 1)] * 50
    images = [STRONG] * (10_000 - left_out * 100) + middle
    found = of_path(choose_rule(images, ["meta_forest"]))

    least = {0.999: 0.9, 0.99: 0.5}[target]
    assert found == DecisionList(
        (Entry("meta_forest", 0, least),), ("meta_forest",), target, reached=True
    )


def test_the_last_target_is_taken_however_few_it_leaves() -> None:
    found = of_path(choose_rule([STRONG] * 7000 + [WEAK] * 2000, ["meta_forest"]))

    # 78 % supported, though they could show 0.999.
    assert (found.target, found.reached) == (0.99, True)
    assert found.entries == (Entry("meta_forest", 0, 0.9),)


def test_where_no_cut_reaches_a_target_the_best_bound_at_half_is_taken() -> None:
    images = [judged(s / 10, int(s < 4)) for s in range(10) for _ in range(10)]
    found = of_path(choose_rule(images, ["meta_forest"]))

    # From 0.4 on all agree, at 60 of 100; from 0.5 on as well, but that is fewer.
    assert found.entries == (Entry("meta_forest", 0, 0.4),)
    assert found.target == pytest.approx((0.05 / CUTS) ** (1 / 60))
    assert not found.reached


def test_a_line_for_less_than_half_is_not_taken() -> None:
    # All that are firm agree, but most images lie outside.
    images = [STRONG] * 49 + [judged(0.9, 0, outside=True)] * 51
    assert of_path(choose_rule(images, ["meta_forest"])).entries == ()
    half = [STRONG] * 50 + [judged(0.9, 0, outside=True)] * 50
    assert of_path(choose_rule(half, ["meta_forest"])).entries == (Entry("meta_forest", 0, 0.9),)


@pytest.mark.parametrize(
    "image",
    [
        judged(0.9, 0, outside=True),
        judged(None, 0),
        judged(0.9, 0, region=None),
        judged(0.9, 1),
        judged_by({"meta_forest": (None, None, None)}),
    ],
)
def test_where_nothing_can_be_shown_nothing_is_supported(image: Judged) -> None:
    rule = choose_rule([image] * 5, ["meta_forest"])

    assert of_path(rule) == DecisionList((), ("meta_forest",), TARGETS[-1], reached=False)
    assert image.status(rule) in ("weak", "out_of_support")


def test_without_a_method_with_regions_there_is_nothing_to_choose() -> None:
    image = Judged({}, outside=False, predicted=0, label=0)

    assert choose_rule([image], []) == StatusRule((), {})


def both(tree: tuple[float, int], cells: tuple[float, int] | None) -> Judged:
    """Judge an image of class 0 by two methods; the second may leave it out."""
    said: dict[str, tuple[float | None, int | None, str | None]]
    said = {"tree": (*tree, "leaf-0"), "cells": (None, None, None)}
    if cells is not None:
        said["cells"] = (*cells, "cell-0")
    return judged_by(said)


def test_two_methods_that_are_right_where_they_agree_need_each_others_company() -> None:
    # Each is wrong for one image in ten, however strong, and never both in the same way.
    together = [both((0.9, 0), (0.9, 0))] * 2400
    apart = [both((0.9, 1), (0.9, 0)), both((0.9, 0), (0.9, 1)), both((0.9, 1), (0.9, 2))] * 100
    rule = choose_rule(together + apart, ["tree", "cells"])

    chosen = rule.lists["tree+cells"]
    assert chosen.entries == (Entry("tree", 1, 0.9),)
    assert (chosen.target, chosen.reached) == (0.99, True)
    assert {one.status(rule) for one in together} == {"supported"}
    assert {one.status(rule) for one in apart} == {"weak"}
    # Asked alone, neither reaches a target: what it has is the best there is.
    assert [rule.lists[name].reached for name in ("tree", "cells")] == [False, False]


def test_the_method_that_makes_more_images_firm_is_asked_first() -> None:
    # The tree is right for 1,000 images, the cells for 1,400 of 1,500.
    images = [both((0.9, 0), (0.9, 0))] * 1000 + [both((0.1, 1), (0.9, 0))] * 400
    images += [both((0.1, 1), None)] * 100
    rule = choose_rule(images, ["tree", "cells"])

    assert rule.lists["tree+cells"] == DecisionList(
        (Entry("cells", 0, 0.9),), ("tree", "cells"), 0.99, reached=True
    )


def test_a_later_line_is_judged_where_the_earlier_ones_do_not_hold() -> None:
    # Over all images a vote of 0.6 is right for 3,000 of 3,100, and 0.7 for 900; the cells take
    # the 3,000, and leave a tree that is wrong with 0.6.
    images = [both((0.6, 0), (0.9, 0))] * 3000 + [both((0.7, 0), None)] * 900
    images += [both((0.6, 1), None)] * 100
    rule = choose_rule(images, ["cells", "tree"])

    assert rule.lists["cells+tree"].entries == (Entry("cells", 0, 0.9), Entry("tree", 0, 0.7))
    assert {one.status(rule) for one in images[:3900]} == {"supported"}
    assert {one.status(rule) for one in images[3900:]} == {"weak"}


def test_a_method_has_one_line() -> None:
    # The tree is right in company, and alone where it is strong: only the longer line is taken.
    images = [both((0.5, 0), (0.5, 0))] * 2400 + [both((0.9, 0), None)] * 900
    images += [both((0.5, 1), None)] * 300
    rule = choose_rule(images, ["tree", "cells"])

    assert rule.lists["tree+cells"].entries == (Entry("tree", 1, 0.5),)


def test_a_tie_keeps_the_order_of_the_methods_and_asks_for_no_company() -> None:
    images = [both((0.9, 0), (0.9, 0))] * 1000

    for order in (["tree", "cells"], ["cells", "tree"]):
        chosen = choose_rule(images, order).lists["+".join(order)]
        assert chosen.entries == (Entry(order[0], 0, 0.9),)
        assert chosen.otherwise == tuple(order)


def test_where_no_line_holds_the_method_that_is_most_often_right_there_leads() -> None:
    # Where it is firm the tree is always right; elsewhere the cells are the better guess.
    images = [both((0.9, 0), (0.1, 1))] * 2000
    images += [both((0.1, 1), (0.1, 0))] * 60 + [both((0.1, 0), (0.1, 1))] * 40
    rule = choose_rule(images, ["tree", "cells"])

    assert rule.lists["tree+cells"].otherwise == ("cells", "tree")


def test_what_the_network_says_of_one_image_moves_counts_only() -> None:
    # Two splits with the same counts but other classes have the same rule.
    images = [judged(s / 10, s % 2, predicted=s % 2) for s in range(1, 10)] * 100
    renamed = [judged(s / 10, 0, predicted=0) for s in range(1, 10)] * 100

    assert choose_rule(images, ["meta_forest"]) == choose_rule(renamed, ["meta_forest"])
