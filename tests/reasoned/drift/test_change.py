"""When a change began."""

import numpy as np
import pytest

from reasoned.drift.change import describe
from reasoned.drift.rows import Rows
from reasoned.drift.signals import Requests
from reasoned.drift.watch import Watch
from tests.reasoned.drift.planted import REFERENCE, outcome


def test_the_range_begins_with_the_first_request_of_the_change() -> None:
    # 40 that agree, then none that does: no other beginning has more evidence.
    watch = Watch(REFERENCE, 1000)
    outcomes = [outcome(agrees=i < 40) for i in range(60)]
    requests = Requests.of(outcomes, watch.signals.place)
    crossing = next(c for c in watch.count(requests) if c.family == 0)
    last = crossing.request + 1
    led = Requests.of(outcomes[:last], watch.signals.place)
    rows = Rows(np.arange(100, 100 + last), ("t",) * last, led)
    bank, family = watch.signals.bank, watch.families[crossing.family]
    change = describe(crossing, family, bank, rows, watch.signals.batch(led))

    assert change is not None
    assert change.first_seq == 140
    (told,) = change.contributors.members
    assert (told.member, told.live, told.n) == ("disagreement", 1.0, last - 40)
    newest = tuple(range(99 + last, max(139, 94 + last), -1))
    assert change.contributors.examples == {"t": newest[:5]}


def test_what_a_family_counted_before_it_began_anew_is_left_out() -> None:
    # All disagree, so the second alarm's range begins right behind the first alarm.
    watch = Watch(REFERENCE, 1000)
    requests = Requests.of([outcome(agrees=False)] * 60, watch.signals.place)
    first, second, *_ = (c for c in watch.count(requests) if c.family == 0)
    last = second.request + 1
    led = Requests.of([outcome(agrees=False)] * last, watch.signals.place)
    rows = Rows(np.arange(last), ("t",) * last, led)
    family = watch.families[second.family]
    change = describe(second, family, watch.signals.bank, rows, watch.signals.batch(led))

    assert change is not None
    assert change.first_seq == first.request + 1


def test_the_strongest_five_are_named_and_a_smaller_share_is_told_as_one() -> None:
    # Nothing has stripes any more: 1 - share is what has grown.
    watch = Watch(REFERENCE, 100)
    outcomes = [outcome(cited=(("cluster", "c-1"),))] * 200
    requests = Requests.of(outcomes, watch.signals.place)
    crossing = next(c for c in watch.count(requests) if watch.families[c.family].kind)
    last = crossing.request + 1
    led = Requests.of(outcomes[:last], watch.signals.place)
    rows = Rows(np.arange(last), ("t",) * last, led)
    family = watch.families[crossing.family]
    change = describe(crossing, family, watch.signals.bank, rows, watch.signals.batch(led))

    assert family.name in ("attribute", "cluster")
    assert change is not None
    found = {(one.member, one.side): one for one in change.contributors.members}
    if family.name == "attribute":
        assert found["stripes", "below"].live == 0.0
        assert change.contributors.members[0].side == "below"


def test_a_member_that_adds_next_to_nothing_is_not_named() -> None:
    # Confidence falls: that it would rise has no part in the alarm.
    watch = Watch(REFERENCE, 100)
    outcomes = [outcome(confidence=0.4)] * 60
    requests = Requests.of(outcomes, watch.signals.place)
    crossing = next(
        c for c in watch.count(requests) if watch.families[c.family].name == "confidence"
    )
    rows = Rows(np.arange(60), ("t",) * 60, requests)
    family = watch.families[crossing.family]
    change = describe(crossing, family, watch.signals.bank, rows, watch.signals.batch(requests))

    assert change is not None
    (told,) = change.contributors.members
    assert told.side == "below"
    assert told.live == pytest.approx(0.4)


def test_no_row_left_is_no_change() -> None:
    watch = Watch(REFERENCE, 1000)
    crossing = watch.count(Requests.of([outcome(agrees=False)] * 60, watch.signals.place))[0]
    none = Requests.of([], watch.signals.place)
    rows = Rows(np.zeros(0, np.int64), (), none)
    batch, family = watch.signals.batch(none), watch.families[crossing.family]
    assert describe(crossing, family, watch.signals.bank, rows, batch) is None
