"""What explanations show, compared."""

import math

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from explainers.evidence import Evidence, Form
from reasoned.model import ExplainedModel
from reasoned.stability.traces import Trace, aligned, change, read_trace, shared, trace_of
from tests.reasoned.stability.traces_by_hand import named_trace, picture


def evidence(form: Form, body: object) -> Evidence:
    return Evidence("any", form, "here", 2, 0.5, "", orjson.dumps(body))


def part(name: str, contribution: float) -> dict[str, object]:
    return {"name": name, "value": 1.0, "weight": 9.0, "contribution": contribution}


def test_a_path_is_its_tests_and_their_margins() -> None:
    step = {"feature": "a - b", "value": -1.5, "test": "<=", "threshold": 0.25, "outcome": True}

    found = read_trace(evidence("path", {"steps": [step], "vote": 1.0}))

    assert found.steps == {("a - b", "<=", 0.25)}
    assert found.places == ("a - b",)
    assert found.numbers.tolist() == [-1.5]
    assert (found.names, found.region) == (2, "here")


def test_a_region_is_its_heat_map() -> None:
    found = read_trace(evidence("region", {"heat_map": [[0.0, 1.0], [0.5, 0.25]]}))

    assert found.numbers.tolist() == [0.0, 1.0, 0.5, 0.25]
    assert found.places == ()
    assert not read_trace(evidence("region", {"heat_map": None})).numbers.size


def test_a_sum_is_its_contributions() -> None:
    found = read_trace(evidence("parts", {"parts": [part("unit 3", -2.0), part("unit 1", 1.0)]}))

    assert found.places == ("unit 3", "unit 1")
    assert found.numbers.tolist() == [-2.0, 1.0]
    assert not found.steps


def test_a_regression_is_its_map_where_it_has_one() -> None:
    parts = [part("pixel", 3.0)]
    mapped = {"parts": parts, "maps": {"contributions": [[0.0, 3.0]], "weights": [[0.0, 1.0]]}}

    assert read_trace(evidence("regression", mapped)).numbers.tolist() == [0.0, 3.0]
    assert read_trace(evidence("regression", {"parts": parts, "maps": None})).places == ("pixel",)


def test_changes_worked_by_hand() -> None:
    # (3, 4) to (3, 0) is 4 apart, and the larger has length 5.
    assert change(picture(3.0, 4.0), picture(3.0, 0.0)) == pytest.approx(0.8)
    # a: 3 to 0, which is left out; b: 4 to 4; c: 0 to 3. |(3, 0, -3)| over |(3, 4, 0)|.
    one, other = named_trace(a=3.0, b=4.0), named_trace(b=4.0, c=3.0)
    assert change(one, other) == pytest.approx(math.sqrt(18.0) / 5.0)
    assert change(picture(1.0, 2.0), picture()) == 1.0  # one of them shows nothing
    assert change(picture(1.0, 2.0), picture(-1.0, -2.0)) == pytest.approx(2.0)
    assert math.isnan(change(picture(), picture()))
    assert change(picture(0.0, 0.0), picture(0.0, 0.0)) == 0.0


def test_numbers_are_put_beside_those_of_the_same_name() -> None:
    first, second = aligned(named_trace(a=1.0, b=2.0), named_trace(c=5.0, a=4.0))

    assert first.tolist() == [1.0, 2.0, 0.0]
    assert second.tolist() == [4.0, 0.0, 5.0]


MAPS = arrays.arrays(np.float64, 4, elements=st.floats(-100.0, 100.0, width=32))


@given(MAPS, MAPS)
def test_a_change_goes_both_ways_and_has_limits(
    first: np.ndarray[tuple[int], np.dtype[np.float64]],
    second: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> None:
    one, other = picture(*first), picture(*second)

    assert change(one, one) == 0.0
    assert change(one, other) == change(other, one)
    assert 0.0 <= change(one, other) <= 2.0 + 1e-12


def test_sets_share_what_is_in_both() -> None:
    assert shared(frozenset("abc"), frozenset("bcd")) == 0.5
    assert shared(frozenset(), frozenset()) == 1.0
    assert shared(frozenset("a"), frozenset()) == 0.0


def test_a_trace_is_what_the_method_answers(digits_model: ExplainedModel) -> None:
    parts = digits_model.explaining.parts
    pixels = np.zeros((1, 8, 8), np.float32)
    activations = parts.network.run(pixels, whole=True)

    for method in parts.explainers.values():
        found, evidence = trace_of(method, activations), method.explain(activations)
        assert isinstance(found, Trace)
        assert (found.names, found.region) == (evidence.names, evidence.region)
        assert found.numbers.size
