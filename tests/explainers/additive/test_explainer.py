import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.activations import Activations
from explainers.additive.served import Additive
from explainers.errors import ArtefactError, NotApplicableError, ShapeError
from reasoned.reply.schema import PartsBody


def _additive() -> Additive:
    return Additive(
        class_names=("ant", "bee"),
        weights=np.array([[1.0, 0.0, -2.0], [0.5, 3.0, 0.25]], dtype=np.float32),
        bias=np.array([0.5, -1.0], dtype=np.float32),
    )


def _seen(affine_input: list[float] | None, **more: object) -> Activations:
    found = Activations(
        logits=np.zeros(2, dtype=np.float32),
        hidden=np.zeros(1, dtype=np.float32),
        predicted=0,
        pixels=np.zeros((1, 1, 1), dtype=np.float32),
        affine_input=None if affine_input is None else np.array(affine_input, dtype=np.float32),
    )
    return dataclasses.replace(found, **more)  # type: ignore[arg-type]  # any field


def test_the_sum_worked_by_hand() -> None:
    # The score of ant is 4 + 0 - 2 and 0.5, that of bee 2 + 6 + 0.25 and -1.
    found = _additive().explain(_seen([4.0, 2.0, 1.0]))

    assert (found.names, found.region, found.strength) == (1, None, None)
    assert found.sentence == (
        "The score of bee, 7.25, is an exact sum over the last layer's inputs; the largest "
        "terms are unit 1 +6.00, unit 0 +2.00, unit 2 +0.25."
    )
    assert json.loads(found.body) == {
        "score": "logit of bee",
        "parts": [
            _part("unit 1", 2.0, 3.0, 6.0, 1.0),
            _part("unit 0", 4.0, 0.5, 2.0, 0.333333),
            _part("unit 2", 1.0, 0.25, 0.25, 0.041667),
        ],
        "bias": -1.0,
        "rest": 0.0,
        "total": 7.25,
        "threshold": None,
        "by_design": None,
    }


def _part(
    name: str, value: float, weight: float, contribution: float, relevance: float
) -> dict[str, object]:
    found: dict[str, object] = {"name": name, "value": value, "weight": weight}
    return found | {"contribution": contribution, "relevance": relevance}


def test_relevances_are_shares_of_the_largest_term_of_either_sign() -> None:
    # ant: 1 x 4, 0 x 2, -2 x 5; bee would have 2, 6 and 1.25, and be named.
    ant = dataclasses.replace(_additive(), bias=np.array([50.0, 0.0], dtype=np.float32))
    body = PartsBody.model_validate_json(ant.explain(_seen([4.0, 2.0, 5.0])).body)

    assert [(part.name, part.relevance) for part in body.parts] == [
        ("unit 2", -1.0),
        ("unit 0", 0.4),
        ("unit 1", 0.0),
    ]


def test_where_no_term_adds_anything_every_relevance_is_zero() -> None:
    body = PartsBody.model_validate_json(_additive().explain(_seen([0.0, 0.0, 0.0])).body)

    assert [part.relevance for part in body.parts] == [0.0, 0.0, 0.0]


def test_the_class_is_that_of_the_sums_whatever_the_network_says() -> None:
    row = [4.0, 2.0, 1.0]
    found = _additive().explain(_seen(row))

    for predicted in (0, 1):
        other = _seen(row, predicted=predicted, logits=np.array([9.0, 0.0], dtype=np.float32))
        assert _additive().explain(other) == found


@given(seed=st.integers(0, 2**32 - 1), features=st.integers(1, 40), classes=st.integers(2, 12))
def test_bias_parts_and_rest_add_up_to_the_logit(seed: int, features: int, classes: int) -> None:
    rng = np.random.default_rng(seed)
    weights, bias = rng.normal(size=(classes, features)), rng.normal(size=classes)
    method = Additive(
        class_names=tuple(f"class {i}" for i in range(classes)),
        weights=weights.astype(np.float32),
        bias=bias.astype(np.float32),
    )
    inputs = rng.normal(size=features)
    logits = weights @ inputs + bias

    found = method.explain(_seen(inputs.tolist()))
    body = PartsBody.model_validate_json(found.body)

    largest = sorted((abs(part.contribution) for part in body.parts), reverse=True)
    assert [abs(part.contribution) for part in body.parts] == largest
    assert len(body.parts) == min(features, 10)
    added = body.bias + sum(part.contribution for part in body.parts) + body.rest
    # Thirteen figures, each rounded to six digits.
    np.testing.assert_allclose(added, body.total, rtol=0, atol=13 * 0.5e-6)
    # The weights and inputs are float32 here and float64 there.
    np.testing.assert_allclose(body.total, logits.max(), rtol=0, atol=1e-4)
    assert (body.threshold, body.by_design) == (None, None)
    assert max(abs(part.relevance) for part in body.parts) == 1.0
    for part in body.parts:
        share = part.contribution / abs(body.parts[0].contribution)
        np.testing.assert_allclose(part.relevance, share, rtol=0, atol=1e-4)
        unit = int(part.name.removeprefix("unit "))
        assert found.names is not None
        product = weights[found.names, unit] * inputs[unit]
        np.testing.assert_allclose(part.contribution, product, rtol=0, atol=1e-5)


def test_a_graph_without_the_layers_input_is_refused() -> None:
    told = "additive needs the input of the last affine layer, but the graph gives none"

    with pytest.raises(NotApplicableError, match=told):
        _additive().explain(_seen(None))


@pytest.mark.parametrize(
    ("field", "value", "kind", "told"),
    [
        ("bias", np.zeros(3, np.float32), ShapeError, r"bias must have shape \(classes=2\), not"),
        (
            "weights",
            np.zeros((3, 3), np.float32),
            ShapeError,
            r"weights must have shape \(classes=2, features\), not \(3, 3\)",
        ),
        ("bias", np.array([0, np.inf], np.float32), ArtefactError, "bias must be finite"),
        ("weights", np.full((2, 3), np.nan, np.float32), ArtefactError, "weights must be finite"),
    ],
)
def test_what_must_not_be_used_is_refused(
    field: str, value: object, kind: type[Exception], told: str
) -> None:
    with pytest.raises(kind, match=told):
        dataclasses.replace(_additive(), **{field: value})  # type: ignore[arg-type]  # any field


def test_its_figures() -> None:
    assert _additive().summary() == {"features": 3, "agrees": "by construction"}
