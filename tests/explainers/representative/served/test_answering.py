"""Every number of an answer, against what is made again in float64."""

import dataclasses
import json

import numpy as np
import pytest

from explainers.representative.served.explainer import OUTSIDE
from tests.explainers.graph_heads import numbers_of
from tests.explainers.representative.served import rederived
from tests.explainers.representative.served.worked import (
    CLASSES,
    random_rule_set,
    seen,
    single,
)


@pytest.mark.parametrize("graph", [False, True])
def test_a_side_that_float32_cannot_tell_is_told_in_float64(graph: bool) -> None:  # noqa: FBT001  parametrised
    rng = np.random.default_rng(0)
    normal = rng.normal(size=40)
    normals = single(normal / np.linalg.norm(normal))[None]
    stored = dataclasses.replace(
        random_rule_set(0, units=40, polytopes=1),
        normals=normals,
        offsets=single([1.5]),
        norms=single([1.0]),
        guarded=np.array([1]),
        starts=np.array([0, 1]),
        polytope_classes=np.array([0]),
    )
    wrongly = 0
    for _ in range(200):
        point = single(rng.normal(size=40))
        point = single(point - (float(normals[0] @ point) + 1.5) * normals[0].astype(np.float64))
        image = seen(point)
        if graph:
            numbers = numbers_of(stored.polytopes.head("representative"), image)
            image = dataclasses.replace(image, heads={"representative": numbers})

        found = stored.explain(image)

        exactly = rederived.depths(stored, point)[0]
        assert (found.region is not None) == (exactly > 0)
        wrongly += bool(stored.polytopes.depths(point)[0] > 0) != (exactly > 0)
    assert wrongly > 0


@pytest.mark.parametrize("seed", range(12))
def test_every_number_is_the_one_that_is_made_again(seed: int) -> None:
    stored, rng = random_rule_set(seed), np.random.default_rng(seed)
    for point in single(rng.normal(size=(40, 6))):
        found, again = stored.explain(seen(point)), rederived.expected(stored, point)

        body = json.loads(found.body)
        if again is None:
            assert (found.region, body) == (None, json.loads(OUTSIDE))
            continue
        assert found.region == f"polytope-{again.told}"
        assert found.names == stored.polytope_classes[again.told]
        # Numbers are written with four decimals, made in float32 from sums of some twenty.
        assert found.strength == pytest.approx(again.strength, abs=1e-5)
        assert body["inside"] == [f"polytope-{place}" for place in again.inside]
        np.testing.assert_allclose(
            [facet["margin"] for facet in body["facets"]], again.margins, rtol=1e-5, atol=2e-4
        )
        _check_closest(body["closest"], again.closest)
        assert [one["id"] for one in body["similar"]] == [name for name, _ in again.similar]
        np.testing.assert_allclose(
            [one["distance"] for one in body["similar"]],
            [apart for _, apart in again.similar],
            rtol=1e-5,
            atol=2e-4,
        )


def _check_closest(found: dict[str, object], again: dict[str, object]) -> None:
    assert (found["example"], found["against"]) == (
        again["example"],
        {"label": CLASSES[int(str(again["index"]))], "index": again["index"]},
    )
    for name in ("margin", "distance", "relative"):
        assert found[name] == (
            None if again[name] is None else pytest.approx(again[name], rel=1e-4, abs=2e-4)
        )


def test_the_random_rule_sets_meet_every_case() -> None:
    met = {"outside": 0, "many": 0, "nowhere": 0, "weak": 0}
    for seed in range(12):
        stored, rng = random_rule_set(seed), np.random.default_rng(seed)
        for point in single(rng.normal(size=(40, 6))):
            again = rederived.expected(stored, point)
            met["outside"] += again is None
            if again is not None:
                met["many"] += len(again.inside) > 2
                met["nowhere"] += again.closest["example"] is None
                met["weak"] += again.strength < 0.2

    assert min(met.values()) > 5, met
