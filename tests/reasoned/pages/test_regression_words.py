"""A regression in words."""

import pytest

from reasoned.pages.regression_words import (
    certain_words,
    chart_words,
    component_words,
    disagreeing_words,
    heading_words,
    residual_words,
    share_words,
    short_name,
)
from reasoned.reply.bodies import RegressionBody, RegressionPart
from reasoned.reply.schema import RegressionEvidence


def part(name: str = "unit 3", *, certain: bool = True) -> RegressionPart:
    return RegressionPart(
        name=name,
        value=1.0,
        weight=2.0,
        contribution=2.0,
        relevance=1.0,
        interval=(-0.5, 4.12345),
        certain=certain,
    )


def body(*shares: float, component: int | None = None, **fields: object) -> RegressionBody:
    components = [
        {"component": f"c-{place}", "responsibility": share}
        for place, share in enumerate(shares, start=1)
    ]
    given = {
        "score": "log-odds of boot",
        "component": None if component is None else f"c-{component}",
        "responsibility": max(shares),
        "components": components,
        "parts": [part()],
        "intercept": 1.0,
        "rest": 0.0,
        "predicted": 3.0,
        "residual": -1.25,
        "maps": None,
    }
    return RegressionBody.model_validate(given | fields)


def evidence(named: str | None, found: RegressionBody) -> RegressionEvidence:
    given = {
        "method": "mixture",
        "region": "c-1",
        "names": None if named is None else {"label": named, "index": 0},
        "agrees": None,
        "reliability": None,
        "sentence": "",
        "form": "regression",
        "body": found,
        "picture": None,
    }
    return RegressionEvidence.model_validate(given)


def test_the_component_that_answers_is_counted_from_one() -> None:
    assert component_words(body(0.03, 0.97, component=2)) == (
        "This class has 2 weighted sums (components), each for another kind of image. Judged from "
        "the image alone, component 2 answers for this one (responsibility 97 %)."
    )
    assert "(at most 54 %), so all are combined" in component_words(body(0.54, 0.46))
    assert component_words(body(1.0, component=1)).startswith("This class has one weighted sum")


def test_shares_are_listed_where_there_are_several() -> None:
    assert share_words(body(1.0, component=1)) == ""
    assert (
        share_words(body(0.25, 0.75)) == "How far each answers: component 1 25 %, component 2 75 %."
    )
    assert share_words(body(*[0.125] * 8)).endswith("component 6 12 % and 2 more.")


def test_what_the_network_says_is_the_prediction_and_the_residual() -> None:
    assert residual_words(body(1.0)) == (
        "Predicted: 3.00 (log-odds of boot: above 0 means more likely than not). The network's own "
        "value is 1.75, so the sum is too high by 1.25."
    )


def test_an_interval_says_whether_the_sign_is_known() -> None:
    assert certain_words(part()) == "-0.5 to 4.12"
    assert certain_words(part(certain=False)) == "-0.5 to 4.12, sign uncertain"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("pixel (row 12, column 7)", "12, 7"),
        ("pixel (row 0, column 107), green", "0, 107 green"),
        ("superpixel 12", "superpixel 12"),
        ("unit 5", "unit 5"),
    ],
)
def test_pixels_have_short_names(name: str, short: str) -> None:
    assert short_name(name) == short


def test_rows_and_columns_are_explained_where_there_are_pixels() -> None:
    assert "counted from 0" not in chart_words(body(1.0))
    assert "counted from 0" in chart_words(body(1.0, parts=[part("pixel (row 1, column 2)")]))


def test_a_disagreement_is_said() -> None:
    assert disagreeing_words(evidence("boot", body(1.0)), "coat") == (
        "The weighted sums put boot first; the network says coat. The two disagree."
    )
    assert disagreeing_words(evidence("boot", body(1.0)), "boot") == ""
    assert disagreeing_words(evidence(None, body(1.0)), "boot") == ""


def test_the_heading_names_the_class() -> None:
    assert heading_words(evidence("boot", body(1.0))).endswith(": why they put boot first")
    assert heading_words(evidence(None, body(1.0))) == "Weighted sums that imitate the network"
