"""A sum of parts in words."""

import pytest

from reasoned.pages.parts_words import (
    MOST_PARTS,
    Term,
    apart_words,
    dashed_words,
    leading_part,
    led_words,
    most_relevant,
    nothing_words,
    origin_words,
    terms,
    threshold_words,
    total_words,
)
from reasoned.reply.bodies import ClassName, Part, PartsBody
from reasoned.reply.schema import PartsEvidence


def part(name: str, relevance: float, contribution: float = 0.0) -> Part:
    return Part(
        name=name, value=2.0, weight=0.123456, contribution=contribution, relevance=relevance
    )


def body(*parts: Part, **fields: object) -> PartsBody:
    given: dict[str, object] = {"score": "s", "bias": 1.0, "rest": 0.0, "total": 1.0}
    given |= {"threshold": None, "by_design": None}
    return PartsBody.model_validate({**given, "parts": list(parts), **fields})


def evidence(named: int | None, found: PartsBody, region: str | None = None) -> PartsEvidence:
    return PartsEvidence(
        method="sums",
        region=region,
        names=None if named is None else ClassName(label=f"class {named}", index=named),
        agrees=None if named is None else named == 1,
        reliability=None,
        sentence="",
        form="parts",
        body=found,
        picture=None,
    )


def test_the_most_relevant_of_either_sign_come_first() -> None:
    found = most_relevant(body(part("a", 0.1), part("b", -0.9), part("c", 1.0), part("d", -0.1)))

    assert [one.name for one in found] == ["c", "b", "a", "d"]
    assert len(most_relevant(body(*[part("x", 0.5)] * 40))) == MOST_PARTS


def test_the_terms_add_up_by_hand() -> None:
    found = terms(body(part("a", 0.1, 0.5), part("b", -1.0, -5.0), rest=0.25, total=-3.25))

    assert found == [
        Term("b", "2 x 0.123", -5.0, -1.0),
        Term("a", "2 x 0.123", 0.5, 0.1),
        Term("bias", "", 1.0),
        Term("all others", "", 0.25),
    ]


def test_what_is_not_listed_is_with_all_others_and_no_others_are_not_told() -> None:
    many = body(*[part("x", 0.5, 1.0)] * (MOST_PARTS + 2), rest=0.5, total=MOST_PARTS + 3.5)

    assert terms(many)[-1] == Term("all others", "", 2.5)
    assert [term.name for term in terms(body(part("a", 1.0, 4.0), total=5.0))] == ["a", "bias"]


def test_evidence_is_named_with_its_region() -> None:
    assert led_words(evidence(1, body())) == "sums"
    assert led_words(evidence(1, body(), "pair-c1-a7")) == "sums, pair-c1-a7"


@pytest.mark.parametrize(
    ("by_design", "words"),
    [
        (True, "The interpreter was trained together with the network (by design)."),
        (False, "The interpreter was trained afterwards, for the fixed network."),
        (None, ""),
    ],
)
def test_its_origin_is_said(by_design: bool | None, words: str) -> None:  # noqa: FBT001  as the reply has it
    assert origin_words(body(by_design=by_design)) == words


def test_a_disagreement_is_said_as_what_it_is() -> None:
    fitted, exact = body(by_design=False), body()

    assert apart_words(evidence(2, fitted), "class 1") == (
        "The interpreter speaks for class 2; the network says class 1. The two disagree, so these "
        "attributes do not explain the network's answer."
    )
    assert apart_words(evidence(2, exact), "class 1") == (
        "This sum is that of class 2; the network says class 1. The two disagree."
    )
    for found in (fitted, exact):
        assert apart_words(evidence(1, found), "class 1") == ""
        assert apart_words(evidence(None, found), "class 1") == ""


def test_the_threshold_is_said_with_its_meaning() -> None:
    assert threshold_words(body()) == ""
    assert threshold_words(body(threshold=0.2)) == (
        "Those above the threshold of 0.2 are the local interpretation: each adds more than 20 % "
        "of the largest contribution."
    )


def test_the_dashed_line_is_said_with_its_meaning() -> None:
    assert dashed_words(body()) == ""
    assert dashed_words(body(threshold=0.2)) == (
        "Attributes past the dashed line (20 % of the largest) are counted as the explanation. "
        "Bars to the left speak against the class and never count."
    )


def test_the_total_of_an_interpreter_is_called_its_score() -> None:
    assert total_words(evidence(1, body())) == "s"
    assert total_words(evidence(1, body(by_design=True))) == (
        "the interpreter's score for class 1 (s)"
    )


def test_the_part_that_leads_is_the_one_that_raises_most() -> None:
    assert leading_part(body(part("a", -1.0, -5.0), part("b", 0.1, 0.5), part("c", 0.2, 1.0))) == (
        "c"
    )
    assert leading_part(body(part("a", -1.0, -5.0))) == ""
    assert leading_part(body()) == ""


def test_where_nothing_is_added_that_is_said() -> None:
    assert nothing_words(body(part("a", 0.0))) == "No part adds anything to this score."
    assert nothing_words(body()) == "No part adds anything to this score."
    assert nothing_words(body(part("a", 0.0), part("b", -1.0))) == ""
