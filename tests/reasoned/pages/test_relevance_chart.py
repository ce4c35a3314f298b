"""Relevances as bars."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasoned.pages.relevance_chart import LOWERS, RAISES, SHORT, chart
from reasoned.reply.bodies import Part


def part(relevance: float, name: str = "attribute 7") -> Part:
    return Part(name=name, value=1.0, weight=1.0, contribution=1.0, relevance=relevance)


def bars(svg: str) -> list[tuple[float, float, str]]:
    """Give left end, length and colour of each bar."""
    found = re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)".*?fill="(#\w+)"', svg)
    return [(float(left), float(length), colour) for left, length, colour in found]


def dashed(svg: str) -> list[float]:
    """Give where dashed lines stand."""
    return [float(x) for x in re.findall(r'<path d="M([\d.]+) [^>]*stroke-dasharray', svg)]


def test_bars_lie_on_one_axis_by_hand() -> None:
    # From -1 to 1 over the 204 between names and numbers: zero in the middle, at 206.
    found = bars(chart([part(1.0), part(-1.0), part(0.1)], 0.2))

    assert found == [(206.0, 102.0, RAISES), (104.0, 102.0, LOWERS), (206.0, 10.2, SHORT)]


def test_without_negative_parts_the_axis_begins_at_zero() -> None:
    assert bars(chart([part(1.0), part(0.5)], None)) == [
        (104.0, 204.0, RAISES),
        (104.0, 102.0, RAISES),
    ]


def test_the_threshold_is_a_dashed_line_where_it_belongs() -> None:
    svg = chart([part(1.0), part(0.25)], 0.25)

    assert dashed(svg) == [104.0 + 51.0]
    assert ">threshold 0.25</text>" in svg
    # Above it, not at it.
    assert [colour for _, _, colour in bars(svg)] == [RAISES, SHORT]
    assert dashed(chart([part(1.0)], None)) == []


@given(
    relevances=st.lists(st.floats(-1.0, 1.0), min_size=1, max_size=12),
    names=st.lists(st.text(max_size=40), min_size=12, max_size=12),
    threshold=st.none() | st.floats(0.0, 1.0),
)
def test_every_bar_stays_inside_and_every_name_is_escaped(
    relevances: list[float], names: list[str], threshold: float | None
) -> None:
    svg = chart([part(r, n) for r, n in zip(relevances, names, strict=False)], threshold)

    # Attributes without quotes are HTML, not XML.
    ET.fromstring(svg.replace("class=chart", "").replace("role=img", ""))  # noqa: S314  our own
    found = bars(svg)
    assert len(found) == len(relevances)
    for left, length, _ in found:
        assert left >= 103.0 - 0.1
        assert left + length <= 309.0 + 0.1


@pytest.mark.parametrize("name", ["attribute 123456", "é" * 40])
def test_long_names_are_cut_and_kept_for_who_points_at_them(name: str) -> None:
    svg = chart([part(1.0, name)], None)

    assert f"<title>{name}</title>" in svg
    assert f">{name[:14]}…</text>" in svg
