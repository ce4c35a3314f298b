"""The served mixture: by hand, by plain loops, and what it must keep to whatever is stored."""

import dataclasses
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.activations import Activations
from explainers.errors import ShapeError
from explainers.evidence import Evidence
from explainers.mixture.served import Mixture
from reasoned.reply.bodies import RegressionBody
from tests.explainers.graph_heads import numbers_of
from tests.explainers.mixture.stored import drawn, drawn_image, image, permuted, two

KINDS = [
    ("pixels", "features"),
    ("pixels", "hidden"),
    ("superpixels", "features"),
    ("superpixels", "hidden"),
    ("hidden", "features"),
    ("hidden", "hidden"),
]


def body_of(found: Evidence) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(found.body)
    return body


def test_the_worked_example_gives_its_component_and_its_terms() -> None:
    found = two().explain(image(1.0, 0.5))

    # The gate: 1 / (1 + e^-10). Its component: 4 - 0.5 + 1 = 4.5; the coat: 1 + 0.5 - 1 = 0.5.
    body = body_of(found)
    assert body == {
        "score": "log-odds of boot",
        "component": "class-0-component-1",
        "responsibility": 0.999955,
        "components": [
            {"component": "class-0-component-1", "responsibility": 0.999955},
            {"component": "class-0-component-2", "responsibility": 0.000045},
        ],
        "parts": [
            {
                "name": "pixel (row 0, column 0)",
                "value": 1.0,
                "weight": 4.0,
                "contribution": 4.0,
                "relevance": 1.0,
                "interval": [2.04, 5.96],
                "certain": True,
            },
            {
                "name": "pixel (row 0, column 1)",
                "value": 0.5,
                "weight": -1.0,
                "contribution": -0.5,
                "relevance": -0.125,
                "interval": [-2.96, 0.96],
                "certain": False,
            },
        ],
        "intercept": 1.0,
        "rest": 0.0,
        "predicted": 4.5,
        "residual": -2.5,  # the network's log-odds are 2 - 0
        "maps": None,
    }
    assert (found.names, found.region) == (0, "class-0-component-1")
    assert found.strength == pytest.approx(1 / (1 + math.exp(-4.0)))
    assert found.sentence == (
        "Weighted sums over the image's pixels, fitted to imitate the network (a mixture of linear "
        "regressions of its log-odds), put boot first (predicted 4.50): component 1 of 2 answers "
        "for this image (100 %); the largest terms are pixel (row 0, column 0) +4.00, pixel (row "
        "0, column 1) -0.50, beside a constant +1.00."
    )


def test_where_none_dominates_weights_and_deviations_are_combined() -> None:
    # At x_0 = 0.5 the gate's scores are equal: half of both components.
    found = two().explain(image(0.5, 1.0))

    body = body_of(found)
    assert found.region == "class-0-mixed"
    assert (body["component"], body["responsibility"]) == (None, 0.5)
    # (4 - 2) / 2 and (-1 + 3) / 2; the deviations are sqrt(1 + 0.25) / 2.
    assert [part["weight"] for part in body["parts"]] == [1.0, 1.0]
    reach = round(1.96 * math.sqrt(1.25) / 2, 6)
    assert body["parts"][0]["interval"] == pytest.approx([1 - reach, 1 + reach], abs=1e-6)
    assert [part["certain"] for part in body["parts"]] == [False, False]
    assert (body["intercept"], body["predicted"]) == (0.5, 2.0)
    assert "no component dominates (at most 50 %), so the weights of all 2 are" in found.sentence


def test_a_class_with_one_component_says_so_and_has_no_mixed_region() -> None:
    found = two(intercepts=np.array([1.0, 0.0, 30.0])).explain(image(1.0, 0.0))

    assert (found.names, found.region) == (1, "class-1-component-1")
    assert "coat first (predicted 31.00): it has one component, the same for" in found.sentence
    assert two().regions() == (
        "class-0-component-1",
        "class-0-component-2",
        "class-0-mixed",
        "class-1-component-1",
    )


def test_a_black_image_has_no_terms() -> None:
    found = two().explain(image(0.0, 0.0))

    assert body_of(found)["parts"] == []
    assert "no feature adds anything." in found.sentence
    # Beside one that adds something, one that adds nothing is no term either.
    assert len(body_of(two().explain(image(1.0, 0.0)))["parts"]) == 1


def test_a_class_without_structure_is_warned_of() -> None:
    verdicts = ("no linear structure", "all 20 components are occupied")
    assert (
        two(verdicts=verdicts)
        .explain(image(1.0, 0.5))
        .sentence.endswith(" For boot the fit found no linear structure: its weights mean nothing.")
    )
    assert "occupied" not in two(verdicts=verdicts[::-1]).explain(image(1.0, 0.5)).sentence


@pytest.mark.parametrize("best", [0, 1])
@pytest.mark.parametrize("factor", [-1.0, 0.0, 0.5, 2.0, 1e30])
def test_a_graph_that_gives_no_responsibilities_is_not_believed(factor: float, best: int) -> None:
    shown = image(1.0, 0.5)
    lying = [best == 0, best == 1, *(factor * share for share in (0.9, 0.1, 1.0, 0.0))]

    found = two().explain(dataclasses.replace(shown, heads={"mixture": lying}))

    assert found == two().explain(shown)


def test_the_residual_alone_reads_the_network_and_is_bounded() -> None:
    sure = image(1.0, 0.5, logits=(-900.0, 900.0))
    stored = two(limit=13.8)
    found, told = stored.explain(image(1.0, 0.5)), stored.explain(sure)

    assert dataclasses.replace(told, body=found.body) == found
    assert body_of(told)["residual"] == pytest.approx(-13.8 - 4.5, abs=1e-5)
    kept = body_of(found) | {"residual": body_of(told)["residual"]}
    assert body_of(told) == kept


@pytest.mark.parametrize(("features", "gate_reads"), KINDS)
def test_plain_loops_give_the_same(features: str, gate_reads: str) -> None:
    rng = np.random.default_rng(3)
    regions = set[str]()
    for shape in ((1, 6, 5), (3, 4, 3)):
        stored = drawn(rng, features=features, gate_reads=gate_reads, shape=shape)
        for _ in range(20):
            row = drawn_image(rng, stored)
            found = stored.explain(row)
            expected, region = rederived(stored, row)
            body = body_of(found)
            regions.add(str(found.region).rsplit("-", 2)[-1])
            assert (found.names, found.region) == (int(np.argmax(expected)), region)
            assert body["predicted"] == pytest.approx(max(expected), abs=2e-6)
            largest, *others = sorted(expected, reverse=True)
            assert found.strength == pytest.approx(1 / (1 + math.exp(others[0] - largest)))
            told = {part["name"]: part["contribution"] for part in body["parts"]}
            assert told == pytest.approx(largest_terms(stored, row, body), abs=2e-6)
    assert {"mixed", "1"} <= regions


def features_of(stored: Mixture, row: Activations) -> list[float]:
    if stored.features == "hidden":
        return [float(value) for value in row.hidden]
    channels, rows, columns = stored.shape.tolist()
    values = []
    for c in range(channels):
        for r in range(rows):
            for k in range(columns):
                black, white = float(stored.black[c]), float(stored.white[c])
                values.append((float(row.pixels[c, r, k]) - black) / (white - black))
    if stored.features == "pixels":
        return values
    return [
        float(np.mean([v for v, cell in zip(values, stored.cells, strict=True) if cell == one]))
        for one in range(stored.weights.shape[1])
    ]


def rederived(stored: Mixture, row: Activations) -> tuple[list[float], str]:
    """Give the gated prediction of every class, and the region of the named one."""
    x = features_of(stored, row)
    judged = x if stored.gate_reads == "features" else [float(value) for value in row.hidden]
    found, regions = list[float](), list[str]()
    for number in range(len(stored.class_names)):
        own = [j for j, owner in enumerate(stored.owner) if owner == number]
        score = [
            math.exp(sum(map(float.__mul__, stored.gate_weights[j].tolist(), judged)))
            * math.exp(stored.gate_bias[j])
            for j in own
        ]
        share = [one / sum(score) for one in score]
        predicted = [
            sum(map(float.__mul__, stored.weights[j].tolist(), x)) + float(stored.intercepts[j])
            for j in own
        ]
        if max(share) >= stored.dominance:
            place = share.index(max(share))
            found.append(predicted[place])
            regions.append(f"class-{number}-component-{place + 1}")
        else:
            found.append(sum(map(float.__mul__, share, predicted)))
            regions.append(f"class-{number}-mixed")
    return found, regions[int(np.argmax(found))]


def largest_terms(stored: Mixture, row: Activations, body: dict[str, Any]) -> dict[str, Any]:
    number = stored.class_names.index(body["score"].removeprefix("log-odds of "))
    own = np.flatnonzero(stored.owner == number)
    if body["component"] is None:
        share = np.array([one["responsibility"] for one in body["components"]])
    else:
        share = np.array([float(o["component"] == body["component"]) for o in body["components"]])
    terms = share @ stored.weights[own] * np.array(features_of(stored, row))
    names = stored._answering.places.names(len(terms))  # noqa: SLF001  names are tested apart
    order = sorted(range(len(terms)), key=lambda place: -abs(terms[place]))[:5]
    # The shares of a mixed answer are known to six digits.
    return {names[place]: pytest.approx(terms[place], abs=1e-5) for place in order if terms[place]}


@pytest.mark.parametrize(("features", "gate_reads"), KINDS)
def test_the_graph_gives_what_numpy_gives(features: str, gate_reads: str) -> None:
    rng = np.random.default_rng(5)
    for shape in ((1, 6, 5), (3, 4, 3)):
        stored = drawn(rng, features=features, gate_reads=gate_reads, shape=shape)
        head = stored.head()
        assert head is not None
        for _ in range(5):
            row = drawn_image(rng, stored)
            told = dataclasses.replace(row, heads={"mixture": numbers_of(head, row)})
            found, expected = body_of(stored.explain(told)), body_of(stored.explain(row))
            assert found["component"] == expected["component"]
            assert found["score"] == expected["score"]
            for name in ("responsibility", "predicted", "rest", "residual"):
                assert found[name] == pytest.approx(expected[name], abs=1e-4)


def test_a_mixture_too_large_for_the_graph_is_answered_in_numpy() -> None:
    rng = np.random.default_rng(0)
    large = drawn(rng, shape=(1, 256, 256), counts=(2,) * 65, chosen=3)

    assert large.head() is None
    assert large.explain(drawn_image(rng, large)).names is not None


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 10_000),
    kind=st.sampled_from(KINDS),
    chosen=st.integers(0, 30),
    scale=st.sampled_from([0.0, 0.3, 3.0]),
)
def test_terms_add_up_and_responsibilities_too(
    seed: int, kind: tuple[str, str], chosen: int, scale: float
) -> None:
    rng = np.random.default_rng(seed)
    stored = drawn(rng, features=kind[0], gate_reads=kind[1], chosen=chosen, scale=scale)
    found = stored.explain(drawn_image(rng, stored))

    body = RegressionBody.model_validate_json(found.body, strict=True)
    summed = body.intercept + body.rest + sum(part.contribution for part in body.parts)
    assert summed == pytest.approx(body.predicted, abs=1e-5)
    assert sum(one.responsibility for one in body.components) == pytest.approx(1.0, abs=1e-5)
    sizes = [abs(part.relevance) for part in body.parts]
    assert sizes == sorted(sizes, reverse=True)
    assert not sizes or sizes[0] == 1.0
    assert len(sizes) <= 5
    assert found.region in stored.regions()
    assert found.strength is not None
    assert 0.5 <= found.strength <= 1.0


@given(seed=st.integers(0, 10_000))
@settings(deadline=None, max_examples=40)
def test_the_order_of_components_does_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    stored = drawn(rng)
    order = [1, 0, 4, 2, 3, 5, 7, 6]  # within classes of 2, 3, 1 and 2
    row = drawn_image(rng, stored)
    found, expected = permuted(stored, order).explain(row), stored.explain(row)

    assert found.names == expected.names
    assert found.strength == pytest.approx(expected.strength)
    assert body_of(found)["parts"] == body_of(expected)["parts"]
    assert body_of(found)["predicted"] == pytest.approx(body_of(expected)["predicted"], abs=2e-6)


def test_maps_come_in_full_and_in_time() -> None:
    found = two().explain_in_full(image(1.0, 0.5), lambda: False)
    maps = body_of(found)["maps"]

    assert maps == {
        "weights": [[4.0, -1.0]],
        "contributions": [[4.0, -0.5]],
        "certain": [[True, False]],
    }
    late = two().explain_in_full(image(1.0, 0.5), lambda: True)
    assert late == two().explain(image(1.0, 0.5))
    rng = np.random.default_rng(0)
    hidden = drawn(rng, features="hidden", gate_reads="hidden")
    full = hidden.explain_in_full(drawn_image(rng, hidden), lambda: False)
    assert body_of(full)["maps"] is None


def test_in_full_there_are_more_terms() -> None:
    rng = np.random.default_rng(0)
    stored = drawn(rng, counts=(3, 3), chosen=30, scale=0.3)
    row = drawn_image(rng, stored)
    few, many = stored.explain(row), stored.explain_in_full(row, lambda: False)
    more, less = body_of(many), body_of(few)

    assert (len(less["parts"]), len(more["parts"])) == (5, 20)
    assert more["parts"][:5] == less["parts"]
    assert dataclasses.replace(many, body=few.body) == few
    summed = more["intercept"] + more["rest"] + sum(p["contribution"] for p in more["parts"])
    assert summed == pytest.approx(more["predicted"], abs=2e-5)  # of six digits each
    assert body_of(stored.explain_in_full(row, lambda: True)) == less


@given(seed=st.integers(0, 10_000), scale=st.sampled_from([0.0, 0.3]))
@settings(deadline=None, max_examples=40)
def test_intervals_of_mixed_answers_are_those_of_independent_weights(
    seed: int, scale: float
) -> None:
    rng = np.random.default_rng(seed)
    stored = drawn(rng, scale=scale)
    found = stored.explain(drawn_image(rng, stored))
    body, number = body_of(found), found.names
    own = np.flatnonzero(stored.owner == number)
    if body["component"] is None:
        share = np.array([one["responsibility"] for one in body["components"]])
    else:
        share = np.array([float(o["component"] == body["component"]) for o in body["components"]])
    reach = 1.96 * np.sqrt(share**2 @ stored.deviations[own] ** 2)
    weights = share @ stored.weights[own]
    names = stored._answering.places.names(len(weights))  # noqa: SLF001  names are tested apart
    for part in body["parts"]:
        place = names.index(part["name"])
        low, high = part["interval"]
        assert low == pytest.approx(weights[place] - reach[place], abs=1e-5)
        assert high == pytest.approx(weights[place] + reach[place], abs=1e-5)
        assert part["certain"] == (low > 0.0 or high < 0.0)


@pytest.mark.parametrize("dominance", [0.7, 0.8, 0.9])
def test_at_the_very_dominance_graph_and_numpy_decide_alike(dominance: float) -> None:
    # What the graph compares is rounded to float32, and 0.7 would be rounded down.
    stored = drawn(np.random.default_rng(0))
    least = dataclasses.replace(stored, dominance=dominance)._answering.gating.dominance  # noqa: SLF001  read-only

    assert float(np.float32(least)) == least
    assert dominance <= least < dominance + 1e-7


def test_taps_of_other_sizes_are_refused() -> None:
    with pytest.raises(ShapeError, match=r"pixels must have shape \(channels=1, rows=1, columns"):
        two().check_taps(image(1.0, 0.5, 0.0))
    rng = np.random.default_rng(0)
    for kind in (("hidden", "features"), ("pixels", "hidden")):
        stored = drawn(rng, features=kind[0], gate_reads=kind[1])
        stored.check_taps(drawn_image(rng, stored))
        with pytest.raises(ShapeError, match=r"hidden must have shape \(units=7\), not \(8,\)"):
            stored.check_taps(drawn_image(rng, stored, units=8))


def test_it_comes_back_from_its_files_as_it_was(tmp_path: Path) -> None:
    two().save(tmp_path)

    assert Mixture.load(tmp_path).explain(image(1.0, 0.5)) == two().explain(image(1.0, 0.5))
