from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.representative.served.picture import draw_rule_set
from tests.explainers.representative.served.worked import CLASSES, worked

SVG = "{http://www.w3.org/2000/svg}"


def parse(svg: str | None) -> ET.Element:
    assert svg is not None
    return ET.fromstring(svg)  # noqa: S314  our own output


def texts(root: ET.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def curves(root: ET.Element) -> list[list[tuple[float, float]]]:
    """The points of the thick lines."""
    found = []
    for element in root.iter(f"{SVG}path"):
        if element.get("stroke-width") == "2":
            points = element.attrib["d"].removeprefix("M").split("L")
            found.append([(float(x), float(y)) for x, y in (point.split() for point in points)])
    return found


def test_the_rule_set_worked_by_hand() -> None:
    root = parse(worked().picture())

    words = texts(root)
    assert root.findtext(f"{SVG}title") == "A rule set of 3 polytopes"
    # Each class with a polytope, and how many it has.
    assert [word for word in words if word in CLASSES] == [CLASSES[0], CLASSES[1]]
    assert words[words.index(CLASSES[0]) + 1] == "2"
    assert words[words.index(CLASSES[1]) + 1] == "1"
    assert {"1 polytope", "3 polytopes", "100 %", "50 %", "0 %"} <= set(words)
    assert "validation images inside a polytope: 100.0 %" in words
    coverage, agreement = curves(root)
    # From 0 at the bottom, y = 230, to 100 % at the top, y = 50.
    assert coverage == [(60.0, 140.0), (360.0, 95.0), (660.0, 50.0)]
    assert agreement == [(60.0, 50.0), (360.0, 72.5), (660.0, 61.2)]


def test_bars_are_as_long_as_what_the_polytopes_hold() -> None:
    root = parse(worked().picture())

    bars = [box for box in root.iter(f"{SVG}rect") if box.get("rx") == "0"]
    widths = [float(bar.attrib["width"]) for bar in bars]
    # The class with the most, 5 + 2 images, fills 460; the other class holds 3.
    assert widths == pytest.approx([460 * 5 / 7, 460 * 2 / 7, 460 * 3 / 7], abs=0.06)


def test_a_long_name_is_cut_where_the_bars_begin() -> None:
    long = "a very long name of a class that has no end"

    words = texts(parse(draw_rule_set((long,), [1.0], [1.0], [(0, 4)])))

    assert long[:24] in words
    assert long not in words


def test_one_polytope_alone_is_a_level_line() -> None:
    root = parse(draw_rule_set(("ant", "bee"), [0.95], [1.0], [(1, 4)]))

    assert curves(root) == [[(60.0, 59.0), (660.0, 59.0)], [(60.0, 50.0), (660.0, 50.0)]]
    assert "bee" in texts(root)
    assert "ant" not in texts(root)


@given(names=st.lists(st.text(max_size=60), min_size=2, max_size=4))
def test_it_is_well_formed_whatever_the_classes_are_called(names: list[str]) -> None:
    polytopes = [(label, 1 + label) for label in range(len(names))]

    root = parse(draw_rule_set(tuple(names), [0.5, 1.0], [1.0, 0.9], polytopes))

    assert len(texts(root)) == 10 + 2 * len(names)
