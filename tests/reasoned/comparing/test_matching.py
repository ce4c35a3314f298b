"""Regions matched by the images in them."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reasoned.comparing.figures import RegionFigures
from reasoned.comparing.matching import compare_regions

NAMES = ("", "a", "b", "c", "d")
divisions = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), min_size=2)


def _compared(before: Sequence[str], after: Sequence[str]) -> RegionFigures:
    about = np.array(["cat" if region == "a" else "dog" for region in before], object)
    one, other = np.array(before, object), np.array(after, object)
    return compare_regions("leaves", one, other, about, np.random.default_rng(0))


def test_regions_worked_by_hand() -> None:
    # a keeps 4 of 5 as x; b keeps 1 of 4 as y, which 2 outsiders join; c is gone; z is new.
    before = ["a"] * 5 + ["b"] * 4 + ["c"] * 2 + [""] * 4
    after = ["x"] * 4 + [""] + ["y"] + [""] * 3 + [""] * 2 + ["y"] * 2 + ["z"] + [""]

    found = _compared(before, after)

    told = [(one.before, one.after, one.move, one.shared, one.jaccard) for one in found.pairs]
    assert told == [
        ("b", "y", "moved", 1, 1 / 6),
        ("c", None, "vanished", 0, 0.0),
        ("a", "x", "kept", 4, 4 / 5),
        (None, "z", "appeared", 0, 0.0),
    ]
    assert [one.about for one in found.pairs] == ["dog", "dog", "cat", "dog"]
    assert [(one.images_before, one.images_after) for one in found.pairs[:2]] == [(4, 3), (2, 0)]
    # 4 in a, 1 in b, 1 outside.
    assert found.staying == 6 / 15
    assert [found.count(move) for move in ("kept", "moved", "vanished", "appeared")] == [1] * 4


@settings(max_examples=30)
@given(divisions, st.permutations(NAMES[1:]))
def test_other_names_are_no_move(pairs: list[tuple[str, str]], names: list[str]) -> None:
    before, after = ([pair[side] for pair in pairs] for side in (0, 1))
    renamed = dict(zip(NAMES, ("", *names), strict=True))
    back = dict(zip(("", *names), NAMES, strict=True))

    plain, found = _compared(before, after), _compared(before, [renamed[name] for name in after])

    called = tuple(
        one.model_copy(update={"after": back[one.after] if one.after else None})
        for one in found.pairs
    )
    assert found.model_copy(update={"pairs": called}) == plain


@settings(max_examples=30)
@given(divisions)
def test_the_same_regions_under_other_names_are_all_kept(pairs: list[tuple[str, str]]) -> None:
    before = [first for first, _ in pairs]
    after = [name and f"region-{name}" for name in before]

    found = _compared(before, after)

    assert (found.agreement, found.low, found.high, found.staying) == (1, 1, 1, 1)
    assert {pair.move for pair in found.pairs} <= {"kept"}
    assert all(pair.after == f"region-{pair.before}" for pair in found.pairs)


def test_divisions_by_chance_do_not_agree() -> None:
    rng = np.random.default_rng(1)
    before, after = (rng.choice(["a", "b", "c"], 3000).tolist() for _ in range(2))

    found = _compared(before, after)

    assert found.agreement == pytest.approx(0, abs=0.005)


def test_two_regions_with_hardly_an_image_in_common_are_not_one_that_moved() -> None:
    found = _compared(["a"] * 10 + [""] * 9, [""] * 9 + ["b"] * 10)

    assert sorted(pair.move for pair in found.pairs) == ["appeared", "vanished"]
