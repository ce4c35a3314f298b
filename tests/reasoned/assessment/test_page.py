"""The page as a whole."""

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from typing import final

import pytest

from reasoned.assessment.page import assessment_page
from tests.reasoned.assessment.report_by_hand import least_report, samples, whole_report

ALWAYS = ["estimate", "bounds", "status", "measured"]
OPTIONAL = ["shift", "strangers", "judges", "stability", "cost", "papers"]
VOID = {"meta", "img", "br"}


@final
class _Reading(HTMLParser):
    """Collects what can reach outside, every id, and tags that are not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.links = list[str]()
        self.ids = list[str]()
        self.open = list[str]()
        self.images_without_words = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.links += [found[n] for n in ("src", "href", "xlink:href", "action") if n in found]
        self.ids += [found["id"]] if "id" in found else []
        self.images_without_words += tag == "img" and not found.get("alt")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()


def read(page: str) -> _Reading:
    found = _Reading()
    found.feed(page)
    found.close()
    return found


@pytest.fixture(scope="module")
def whole() -> str:
    return assessment_page(whole_report(), (), samples())


@pytest.fixture(scope="module")
def least() -> str:
    return assessment_page(least_report())


def test_every_part_has_a_section_and_a_link(whole: str) -> None:
    found = read(whole)

    for anchor in (*ALWAYS, *OPTIONAL):
        assert f"<section id='{anchor}'>" in whole
        assert f"#{anchor}" in found.links


def test_what_was_not_measured_has_none(least: str) -> None:
    for anchor in ALWAYS:
        assert f"<section id='{anchor}'>" in least
    for anchor in (*OPTIONAL, "worst"):
        assert f"<section id='{anchor}'>" not in least
        assert f"#{anchor}" not in read(least).links


def test_sections_come_in_their_order(whole: str) -> None:
    found = re.findall(r"<section id='([a-z]+)'>", whole)

    assert found == ["estimate", "bounds", "status", *OPTIONAL, "measured"]
    listed = [link for link in read(whole).links if link[1:] in found and link.startswith("#")]
    assert listed == [f"#{anchor}" for anchor in found]


def test_it_asks_for_nothing_from_outside(whole: str) -> None:
    found = read(whole)

    outside = [link for link in found.links if not link.startswith(("#", "data:image/"))]
    assert outside == []
    assert "<script" not in whole
    assert "<link" not in whole
    assert "@import" not in whole
    assert set(re.findall(r"url\(([^#)]*)", whole)) <= {""}


def test_it_is_well_formed(whole: str, least: str) -> None:
    for page in (whole, least):
        found = read(page)
        assert found.open == []
        assert len(found.ids) == len(set(found.ids))
        assert found.images_without_words == 0
        for drawing in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
            ET.fromstring(drawing)  # noqa: S314  drawn by ourselves


def test_every_drawing_has_words(whole: str) -> None:
    drawings = whole.count("<svg")

    assert drawings >= 8
    assert len(re.findall(r"role='img' aria-label='[^']{10,}'><svg", whole)) == drawings


def test_the_same_figures_give_the_same_bytes(whole: str) -> None:
    assert assessment_page(whole_report(), (), samples()) == whole


def test_names_cannot_become_markup() -> None:
    bad = "<script>alert('x')</script>"
    report = whole_report()
    figures = report.model_copy(
        update={
            "model": bad,
            "data": bad,
            "command": bad,
            "left_out": (bad,),
            "splits": {bad: 1},
            "libraries": {bad: bad},
            "reliability": report.reliability.model_copy(
                update={
                    "classes": (report.reliability.classes[0].model_copy(update={"name": bad}),),
                    "groups": (report.reliability.groups[0].model_copy(update={"name": bad}),),
                    "methods": (report.reliability.methods[0].model_copy(update={"name": bad}),),
                }
            ),
            "shift": tuple(one.model_copy(update={"kind": bad}) for one in report.shift),
            "strangers": (report.strangers[0].model_copy(update={"name": bad, "what": bad}),),
            "cost": (report.cost[0].model_copy(update={"name": bad}),),
            "paper": (report.paper[0].model_copy(update={"note": bad}),),
        }
    )

    page = assessment_page(figures, (), samples())

    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert read(page).open == []
