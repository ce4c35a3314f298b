"""The page of all detectors, and that of one alarm."""

import dataclasses
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import final

import pytest

from reasoned.drift.acknowledged import Seen, read_seen
from reasoned.drift.alarms import acknowledge
from reasoned.drift.display import Divergence
from reasoned.drift.live import Share
from reasoned.drift.overview import Overview, read_overview
from reasoned.ledger.ledger import Ledger
from reasoned.pages.alarm_page import alarm_page
from reasoned.pages.drift_page import drift_page
from tests.reasoned.drift.planted import REFERENCE
from tests.reasoned.drift.raised import RUN_LENGTH, let_drift

EVIL = "<script>alert(1)</script>'\"&"


@final
class Reader(HTMLParser):
    """Collects what a page holds."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.links += [given["href"] or ""] if "href" in given else []
        self.fetched += [value or "" for name, value in attrs if name in {"src", "xlink:href"}]


def read_page(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


def plain(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page).replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    path: Path = tmp_path_factory.mktemp("drift") / "ledger.sqlite3"
    found = Ledger.open(str(path))
    let_drift(found)
    yield found
    found.close()


@pytest.fixture(scope="module")
def found(ledger: Ledger) -> Overview:
    return read_overview(ledger, REFERENCE, "planted", tenant="a", run_length=RUN_LENGTH)


def test_it_says_what_was_counted_and_what_an_alarm_promises(found: Overview) -> None:
    page = plain(drift_page(found))

    assert "Drift of planted" in page
    assert "180 requests counted; last looked" in page
    assert "false alarms come at least 1,000 requests apart on average" in page
    assert "all 7 signals together" in page
    assert "1,000 images (drawn)" in page
    assert "has a probability of at most 0.10 %" in page
    for family in REFERENCE.record.families:
        assert family.name in page
    assert "The explanation named another class than the network for" in page


def test_it_neither_runs_nor_fetches_anything(found: Overview) -> None:
    page = drift_page(found)
    reader = read_page(page)

    assert 'http-equiv="Content-Security-Policy" content="default-src \'none\'' in page
    assert not {"script", "link", "iframe", "img", "form"} & {*reader.tags}
    assert reader.fetched == []
    assert "url(" not in page
    assert "http://" not in page
    assert "https://" not in page


def test_alarms_are_linked_with_the_decisions_that_show_them(found: Overview) -> None:
    links = read_page(drift_page(found)).links

    for alarm in found.alarms:
        assert f"/v1/alarms/{alarm.number}.html" in links
        for example in alarm.examples:
            assert f"/v1/explanations/{example}.html" in links
            assert f"…{example[-8:]}</a>" in drift_page(found)
    assert "Evidence and shares are of the moment an alarm was raised." in drift_page(found)
    assert read_page(drift_page(found, links=False)).links == []
    assert found.alarms[0].examples[0] in drift_page(found, links=False)


def test_what_waits_for_somebody_is_said_first(found: Overview) -> None:
    one = dataclasses.replace(found, alarms=found.alarms[:1])
    seen = dataclasses.replace(one, seen={one.alarms[0].number: Seen(1.7e9, EVIL, EVIL)})

    assert "1 alarm that nobody has acknowledged" in plain(drift_page(one))
    page = drift_page(seen)
    assert "no alarm waits for anybody" in page
    assert "Acknowledged 2023-11-14 22:13:20 UTC by" in page
    assert "<script" not in page
    assert "None was raised." in drift_page(dataclasses.replace(found, alarms=()))


def test_why_nothing_counts_stands_above_all(found: Overview) -> None:
    idle = drift_page(dataclasses.replace(found, idle=f"Nobody does. {EVIL}", alarms=()))

    assert "<p class=banner>Nobody does. &lt;script&gt;" in idle
    assert "no alarm waits" not in idle
    assert "class=banner" not in drift_page(found)


def test_too_few_requests_are_greyed_with_the_reason(found: Overview) -> None:
    page = drift_page(found)

    assert "180 of the 1,000 that it takes" in plain(page)
    assert "Population stability index" not in page
    assert page.count("class='pairs grey'") == 3


def test_enough_requests_are_shown_with_psi_and_js(found: Overview) -> None:
    many = tuple(
        Share("cluster", f"c-{i}", 0.02, 0.04 if i == 7 else 0.02, 5000) for i in range(41)
    )
    far = (Divergence("cluster", 0.0215, 0.064, 41, 5000, grey=False),)
    shown = dataclasses.replace(found.shown, n=5000, shares=many, divergences=far)
    page = drift_page(dataclasses.replace(found, shown=shown))

    assert "stability index 0.021" in page or "stability index 0.022" in page
    assert "Jensen-Shannon distance 0.064, n = 5,000" in page
    assert "grey'" not in page
    shown_first, folded = page.split("<summary>21 more</summary>")
    assert shown_first.count("class=then x=0 y=1 width=50.00") == 20
    assert folded.count("class=then x=0 y=1 width=50.00") == 21  # on the same scale


def test_an_empty_ledger_has_a_page(tmp_path: Path) -> None:
    ledger = Ledger.open(str(tmp_path / "ledger.sqlite3"))
    nothing = read_overview(ledger, REFERENCE, EVIL, tenant=None, run_length=RUN_LENGTH)
    ledger.close()
    page = drift_page(nothing)

    assert "0 requests counted; last looked never" in page
    assert "No detector has looked at this ledger yet." in page
    assert "<script" not in page


def test_an_alarm_has_a_page_of_its_own(ledger: Ledger, found: Overview) -> None:
    alarm = found.alarms[-1]
    page = alarm_page(alarm, None)
    links = read_page(page).links

    assert f"Alarm {alarm.number}: Explanation and network disagree" in page
    assert "not acknowledged" in page
    assert "Evidence and shares are of the moment an alarm was raised." in page
    assert f"in the requests {alarm.first_seq:,} to {alarm.last_seq:,} of" in plain(page)
    assert "the first of them answered 2023-11-14 22:" in page
    assert ", began 2023-11-14 22:" in drift_page(found)
    assert "at fit time at most 5.0 % (measured 2.0 %)" in plain(page)
    assert links == [f"/v1/explanations/{one}.html" for one in alarm.examples] + ["/v1/drift.html"]
    assert f"reasoned drift acknowledge {alarm.number}" in page
    assert "default-src 'none'" in page

    seen = acknowledge(ledger, alarm.number, f"anna {EVIL}", f"a new camera {EVIL}")
    after = alarm_page(seen, read_seen(ledger, [seen])[alarm.number])
    assert "by anna &lt;script&gt;" in after
    assert "a new camera &lt;script&gt;" in after
    assert "<script" not in after
    assert "To say that it was seen" not in after


def test_an_alarm_without_contributors_or_decisions_says_so(found: Overview) -> None:
    bare = dataclasses.replace(found.alarms[-1], contributors=(), examples=())
    page = alarm_page(bare, None)

    assert "Nothing was left to compare" in page
    assert "Decisions of other tenants are not shown here; with the ledger itself" in page


def test_what_a_method_calls_its_regions_is_escaped(found: Overview) -> None:
    due = found.alarms[-1].contributors[0].model_copy(update={"member": EVIL})
    alarm = dataclasses.replace(found.alarms[-1], signal="attribute", contributors=(due,))
    share = Share("attribute", EVIL, 0.1, 0.9, 5000)
    shown = dataclasses.replace(found.shown, shares=(share,))

    assert "<script" not in alarm_page(alarm, None)
    assert "<script" not in drift_page(dataclasses.replace(found, alarms=(alarm,), shown=shown))
