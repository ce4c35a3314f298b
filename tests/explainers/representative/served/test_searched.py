"""What is told of a polytope searched for one image alone, against naive loops."""

import dataclasses
import json
import zlib
from collections.abc import Callable
from typing import Any, final

import numpy as np
import pytest

from explainers.arrays import DoubleArray, FloatArray
from explainers.representative.served import Representative
from explainers.representative.served.one_image import SETTINGS
from explainers.representative.served.search import (
    DenseTail,
    Found,
    References,
    Seed,
    find_polytope,
)
from tests.explainers.representative.planted import random_tail, references_of
from tests.explainers.representative.served.worked import (
    no_maps,
    random_rule_set,
    seen,
    single,
    stored_tail,
)

UNITS, CHANNELS, ROWS, COLUMNS = 12, 3, 2, 2
IMAGES = 16


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Case:
    """A rule set far away, above a network with psi of 3 channels, 2 rows and 2 columns.

    `affine`, of the shape (units, 12), carries psi to boundary space.
    """

    stored: Representative
    tail: DenseTail
    references: References
    affine: DoubleArray
    psi: FloatArray

    def point(self, image: int) -> FloatArray:
        return single(self.affine @ self.psi[image].ravel())

    def found(self, image: int) -> Found:
        """Search once more."""
        point = self.point(image)
        rng = np.random.default_rng([0, zlib.crc32(point.tobytes())])
        seed = Seed(point.astype(np.float64), self.predicted(image))
        found = find_polytope(self.tail, self.references, seed, rng, SETTINGS)
        assert found is not None
        return found

    def predicted(self, image: int) -> int:
        return int(self.tail.logits(self.point(image)[None].astype(np.float64)).argmax())

    def body(self, image: int) -> dict[str, Any]:
        told = self.stored.explain_in_full(
            seen(self.point(image), self.predicted(image), self.psi[image]), lambda: False
        )
        assert told.region is None
        body: dict[str, Any] = json.loads(told.body)
        return body


def case(affine: DoubleArray, channel_map: FloatArray) -> Case:
    rng = np.random.default_rng(4)
    tail = random_tail(rng, (UNITS, 20, 3))
    references = references_of(tail, rng, 1200)
    rule_set = random_rule_set(0, units=UNITS)
    polytopes = len(rule_set.references)
    fields: dict[str, Any] = {
        "offsets": rule_set.offsets - 100,
        "channel_weights": np.zeros((polytopes, CHANNELS), dtype=np.float32),
        "channel_map": channel_map,
        "heats": np.zeros((polytopes, 7, ROWS, COLUMNS), dtype=np.uint8),
        "side_heats": np.zeros((polytopes, 1, ROWS, COLUMNS), dtype=np.uint8),
        **stored_tail(tail, references),
    }
    psi = single(rng.normal(size=(IMAGES, CHANNELS, ROWS, COLUMNS)))
    return Case(dataclasses.replace(rule_set, **fields), tail, references, affine, psi)


def psi_itself() -> Case:
    return case(np.eye(UNITS), np.zeros((0, CHANNELS), dtype=np.float32))


def affine_layer() -> Case:
    affine = np.random.default_rng(8).normal(size=(UNITS, UNITS)) / UNITS**0.5
    return case(affine, single(affine.reshape(UNITS, CHANNELS, -1).mean(axis=2)))


def test_the_similar_are_the_examples_inside_by_their_semantic_distance() -> None:
    searched, counts = psi_itself(), list[int]()
    for image in range(IMAGES):
        found, point = searched.found(image), searched.point(image).astype(float)
        expected = list[tuple[float, str]]()
        for name, place in zip(
            searched.stored.example_ids, searched.stored.example_points.astype(float), strict=True
        ):
            apart, inside = 0.0, True
            for normal, offset in zip(found.normals, found.offsets, strict=True):
                inside = inside and float(normal @ place + offset) > 0
                apart += abs(float(normal @ point) - float(normal @ place))
            if inside:
                expected.append((apart, name))
        expected.sort()

        told = searched.body(image)["similar"]

        assert [one["id"] for one in told] == [name for _, name in expected[:4]]
        np.testing.assert_allclose(
            [one["distance"] for one in told], [a for a, _ in expected[:4]], rtol=0, atol=5.1e-5
        )
        counts.append(len(expected))
    # Some have more than can be told, and some have fewer.
    assert min(counts) < 4 < max(counts)


def test_the_closest_facet_and_the_example_beyond_it() -> None:
    searched, beyond, parted = psi_itself(), 0, 0
    stored = searched.stored
    for image in range(IMAGES):
        found, point = searched.found(image), searched.point(image).astype(float)
        distances = [
            float(normal @ point + offset) / float(np.sqrt((normal**2).sum()))
            for normal, offset in zip(found.normals, found.offsets, strict=True)
        ]
        facet = distances.index(min(distances))
        others = [
            (float(np.sqrt(((place - point) ** 2).sum())), name)
            for place, name, label in zip(
                stored.example_points.astype(float),
                stored.example_ids,
                stored.example_predicted.tolist(),
                strict=True,
            )
            if label == found.guarded[facet]
            and float(found.normals[facet] @ place + found.offsets[facet]) < 0
        ]

        body = searched.body(image)

        closest, margins = body["closest"], [one["margin"] for one in body["facets"]]
        assert closest["against"] == body["facets"][facet]["against"]
        assert closest["against"]["index"] == found.guarded[facet]
        assert closest["margin"] == margins[facet]
        assert closest["distance"] == pytest.approx(distances[facet], abs=5.1e-5)
        away, name = min(others, default=(np.inf, None))
        assert closest["example"] == name
        assert closest["relative"] == (
            pytest.approx(distances[facet] / away, abs=1e-6) if others else None
        )
        beyond += bool(others)
        parted += closest["margin"] > min(margins)
    assert beyond == IMAGES
    # The nearest facet need not be the one with the least margin.
    assert parted > 0


@pytest.mark.parametrize("make", [psi_itself, affine_layer])
def test_the_heat_map_is_that_of_the_mean_of_its_facets(
    make: Callable[[], Case],
) -> None:
    searched = make()
    for image in range(IMAGES):
        found, psi = searched.found(image), searched.psi[image].astype(float)
        weights = np.zeros(CHANNELS)
        for facet, normal in enumerate(found.normals):
            # W_h in psi, towards the class.
            raw = (normal @ searched.affine).reshape(CHANNELS, ROWS, COLUMNS)
            sign = -1 if found.facets.flipped[facet] else 1
            for channel in range(CHANNELS):
                weights[channel] += sign * raw[channel].mean() / len(found.normals)
        heat = np.zeros((ROWS, COLUMNS))
        for row in range(ROWS):
            for column in range(COLUMNS):
                heat[row, column] = max(float(weights @ psi[:, row, column]), 0.0)
        span = heat.max() - heat.min()

        told = searched.body(image)["heat_map"]

        # Three decimals are written.
        np.testing.assert_allclose(
            told, (heat - heat.min()) / (span if span > 0 else 1.0), rtol=0, atol=5.1e-4
        )


def test_where_psi_is_no_map_there_is_no_heat_map() -> None:
    # One place alone, and an affine map that is not kept: 3 channels are not the 12 units.
    searched = psi_itself()
    stored = dataclasses.replace(searched.stored, **no_maps())
    image = seen(searched.point(0), searched.predicted(0), np.ones((3, 1, 1), dtype=np.float32))

    told = stored.explain_in_full(image, lambda: False)

    body = json.loads(told.body)
    assert body["heat_map"] is None
    assert body["facets"]
