from collections.abc import Iterator

import pytest

from reasoned.ledger.feedback import GivenFeedback, give
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.records import moment
from reasoned.ledger.statistics import Ratio, read_statistics
from tests.reasoned.ledger.both import KINDS, opened
from tests.reasoned.ledger.recorded import START, decision


@pytest.fixture(scope="module", params=KINDS)
def ledger(request: pytest.FixtureRequest) -> Iterator[Ledger]:
    """Five decisions of one tenant, of which one is beyond the even sample."""
    with opened(request, "statistics") as found:
        found.write(
            [
                decision(1),
                decision(2, label="dog", status="weak"),
                decision(3, status=None, agrees=None, model="cd" * 32),
                decision(4, agrees=False),
                decision(5, agrees=False, sampled=False),
                decision(6, tenant="other", label="bird"),
            ]
        )
        for number, said in (
            (1, GivenFeedback(label="dog", useful=True)),
            (1, GivenFeedback(label="cat")),
            (2, GivenFeedback(label="cat")),
            (4, GivenFeedback(note="hm")),
            (6, GivenFeedback(useful=False)),
        ):
            give(found, decision(number).id, None, said, 1.0)
        yield found


def test_one_tenants_decisions_are_counted(ledger: Ledger) -> None:
    found = read_statistics(ledger, "acme")

    assert found.decisions == 5
    assert found.bytes is None
    assert (found.first, found.last) == (moment(START + 1), moment(START + 5))
    assert list(found.statuses.items()) == [("supported", 3), ("unexplained", 1), ("weak", 1)]
    assert list(found.classes.items()) == [("cat", 4), ("dog", 1)]
    assert found.models == {"ab" * 32: 4, "cd" * 32: 1}
    assert found.agreement == Ratio(count=2, of=3)  # of 1, 2 and 4
    assert found.feedback == 3
    assert found.wrong == Ratio(count=1, of=2)  # the newest of 1 is right
    assert found.useful == Ratio(count=1, of=1)


def test_everybodys_are_counted_together(ledger: Ledger) -> None:
    found = read_statistics(ledger, None)

    assert found.decisions == 6
    assert found.bytes == ledger.size().bytes
    assert found.useful == Ratio(count=1, of=2)


def test_nobody_has_nothing(ledger: Ledger) -> None:
    found = read_statistics(ledger, "nobody")

    assert (found.decisions, found.first, found.statuses) == (0, None, {})
    assert found.agreement == found.wrong == Ratio(count=0, of=0)
