"""What becomes a row, and what becomes of an answer without one."""

import dataclasses

import pytest

from reasoned.ledger.decision import Decision
from reasoned.ledger.refusal import Refusal
from reasoned.reply.options import ReplyOptions
from reasoned.reply.outcome import Outcome
from service.errors import LedgerFullError
from service.recording import Recorder
from service.telling import Told
from tests.service.metrics.counted import OUTCOME, told

NEVER = 0.0


def recorder(rows: list[Decision], refusal: Refusal | None = None) -> Recorder:
    def offer(decision: Decision) -> Refusal | None:
        rows.append(decision)
        return refusal

    return Recorder(offer, "0" * 64, "nothing", replies=True, share=1.0, strict=False)


def rows_of(told_of: Told, *, share: float = 1.0) -> list[Decision]:
    rows: list[Decision] = []
    dataclasses.replace(recorder(rows), share=share).observe(told_of)
    return rows


def test_a_row_says_what_was_answered() -> None:
    (row,) = rows_of(told())

    assert (row.predicted, row.label, row.status, row.agrees) == (1, "bright", "supported", True)
    assert (row.reply, row.kept, row.sampled, row.disclosure) == (b"{}", None, True, "full")


def test_a_class_alone_is_no_decision() -> None:
    assert rows_of(dataclasses.replace(told(), options=ReplyOptions("none"))) == []


@pytest.mark.parametrize("status", ["supported", None])
def test_what_is_not_sampled_is_left_out(status: str | None) -> None:
    assert rows_of(told(dataclasses.replace(OUTCOME, status=status)), share=NEVER) == []


@pytest.mark.parametrize(
    "outcome",
    [
        dataclasses.replace(OUTCOME, status="weak"),
        dataclasses.replace(OUTCOME, status="out_of_support"),
        dataclasses.replace(OUTCOME, disagreeing=True),
    ],
    ids=["weak", "out_of_support", "disagreeing"],
)
def test_doubt_and_disagreement_always_are_kept_and_marked(outcome: Outcome) -> None:
    (row,) = rows_of(told(outcome), share=NEVER)
    assert not row.sampled


def test_without_a_place_the_answer_goes_out() -> None:
    recorder([], "full").observe(told())


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        ("full", "The ledger has no place for this request, and every request must be recorded"),
        ("unwritable", "The ledger cannot be written at present, and every request must be"),
        ("closed", "This service is ending and records nothing more, and every request must"),
    ],
)
def test_in_strict_mode_it_does_not_and_says_why(refusal: Refusal, said: str) -> None:
    strict = dataclasses.replace(recorder([], refusal), strict=True)
    with pytest.raises(LedgerFullError, match=said):
        strict.observe(told())
