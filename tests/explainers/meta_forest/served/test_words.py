import json
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.meta_forest.served.tree import Condition
from explainers.meta_forest.served.words import (
    MOST_TOLD,
    Interval,
    join,
    merge,
    number,
    quoted,
    say,
)

tenths = st.integers(-30, 30).map(lambda units: round(units / 10, 1))
conditions = st.builds(Condition, feature=st.integers(0, 2), below=st.booleans(), threshold=tenths)
rows = st.lists(st.integers(-62, 62).map(lambda units: units / 20), min_size=3, max_size=3)


def holds(condition: Condition, row: list[float]) -> bool:
    below = row[condition.feature] <= condition.threshold
    return below if condition.below else not below


def inside(interval: Interval, margin: float) -> bool:
    above = interval.above is None or margin > interval.above
    return above and (interval.below is None or margin <= interval.below)


@given(st.lists(conditions, max_size=12).map(tuple), st.lists(rows, min_size=1))
def test_merged_intervals_hold_where_all_tests_hold(
    path: tuple[Condition, ...], tried: list[list[float]]
) -> None:
    merged = merge(path)

    for row in tried:
        all_inside = all(inside(interval, row[interval.feature]) for interval in merged)
        assert all_inside == all(holds(condition, row) for condition in path)
    assert [interval.feature for interval in merged] == list(
        dict.fromkeys(condition.feature for condition in path)
    )


def test_merging_worked_by_hand() -> None:
    path = (
        Condition(4, below=True, threshold=2.0),
        Condition(1, below=False, threshold=0.5),
        Condition(4, below=True, threshold=1.5),
        Condition(4, below=False, threshold=-3.0),
        Condition(4, below=False, threshold=-1.0),
    )

    assert merge(path) == (Interval(4, -1.0, 1.5), Interval(1, 0.5, None))


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (None, -5.0, "closer to A clusters than to B clusters by at least 5"),
        (None, 0.0, "closer to A clusters than to B clusters"),
        (-7.0, 0.0, "closer to A clusters than to B clusters by less than 7"),
        (-7.0, -5.0, "closer to A clusters than to B clusters by at least 5 and by less than 7"),
        (5.0, None, "closer to B clusters than to A clusters by more than 5"),
        (0.0, None, "closer to B clusters than to A clusters"),
        (0.0, 7.0, "closer to B clusters than to A clusters by at most 7"),
        (5.0, 7.0, "closer to B clusters than to A clusters by more than 5 and by at most 7"),
        (None, 5.0, "not farther from A clusters than from B clusters by over 5"),
        (-5.0, None, "not closer to A clusters than to B clusters by 5 or more"),
        (
            -2.5,
            0.5,
            (
                "about as close to A clusters as to B clusters "
                "(less than 2.5 closer and at most 0.5 farther)"
            ),
        ),
    ],
)
def test_what_is_said_of_an_interval(low: float | None, high: float | None, text: str) -> None:
    assert say(Interval(0, low, high), "A", "B") == text


COMPARED: dict[str, Callable[[float, float], bool]] = {
    "by at least": lambda margin, bound: margin >= bound,
    "by more than": lambda margin, bound: margin > bound,
    "by at most": lambda margin, bound: margin <= bound,
    "by less than": lambda margin, bound: margin < bound,
}


def believed(text: str, margin: float) -> bool:
    """What a reader takes the text to say of ``distance to A - distance to B``."""
    if told := re.fullmatch(
        r"not farther from A clusters than from B clusters by over (\S+)", text
    ):
        return margin <= float(told[1])
    if told := re.fullmatch(r"not closer to A clusters than to B clusters by (\S+) or more", text):
        return -margin < float(told[1])
    if told := re.fullmatch(
        r"about as close to A clusters as to B clusters "
        r"\(less than (\S+) closer and at most (\S+) farther\)",
        text,
    ):
        return -margin < float(told[1]) and margin <= float(told[2])
    told = re.fullmatch(r"closer to (A|B) clusters than to (?:A|B) clusters(.*)", text)
    if told is None:
        pytest.fail(f"nobody can read {text!r}")
    closeness = -margin if told[1] == "A" else margin
    bounds = re.findall(r"(by (?:at least|more than|at most|less than)) (\S+)", told[2])
    return closeness >= 0 and all(COMPARED[how](closeness, float(bound)) for how, bound in bounds)


@given(
    st.none() | tenths,
    st.none() | tenths,
    st.lists(st.integers(-62, 62).map(lambda units: units / 20), min_size=1),
)
def test_what_is_said_is_true_where_the_interval_holds(
    low: float | None, high: float | None, margins: list[float]
) -> None:
    if (low is None and high is None) or (low is not None and high is not None and low >= high):
        return
    interval = Interval(0, low, high)
    text = say(interval, "A", "B")

    for margin in margins:
        # At exactly 0 "closer" is a matter of words: neither is.
        if margin != 0:
            assert believed(text, margin) == inside(interval, margin)


@given(st.integers(-(10**14), 10**14), st.integers(0, 8))
def test_a_number_is_written_in_full(units: int, decimals: int) -> None:
    value = round(units / 10.0**decimals, decimals)

    assert float(number(value)) == value


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (1, "c0"),
        (2, "c0; and c1"),
        (3, "c0; c1; and c2"),
        (8, "c0; c1; c2; c3; c4; c5; c6; and c7"),
        (9, "c0; c1; c2; c3; c4; c5; c6; c7; and 1 further test that it passes"),
        (11, "c0; c1; c2; c3; c4; c5; c6; c7; and 3 further tests that it passes"),
    ],
)
def test_at_most_eight_are_told(count: int, text: str) -> None:
    assert join([f"c{i}" for i in range(count)]) == text


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=40))
def test_no_more_than_eight_are_ever_told(parts: list[str]) -> None:
    clauses = re.split(r"; (?:and )?", join(parts))

    assert len([clause for clause in clauses if "further" not in clause]) <= MOST_TOLD
    assert clauses[:MOST_TOLD] == parts[:MOST_TOLD]


@given(st.text())
def test_a_quoted_text_survives_json_and_formatting(text: str) -> None:
    assert json.loads(quoted(text) % ()) == text
