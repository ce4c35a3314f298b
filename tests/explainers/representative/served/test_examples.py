"""Which example is the nearest beyond a facet."""

import json

import numpy as np
import pytest

from explainers.representative.served.examples import Examples
from tests.explainers.representative.served.worked import POINT, random_rule_set, single, worked


def examples() -> Examples:
    stored = worked()
    return Examples(stored.example_ids, stored.example_points, stored.example_predicted)


@pytest.mark.parametrize(
    ("point", "label", "facet", "found"),
    [
        # x < 2: of class 1 only (4.25, 4.25) is beyond, 3 across and 4 up; of class 2 (2.5, 0.25).
        (POINT, 1, (-4, 0, 8), ("5 % off", 5.0)),
        (POINT, 2, (-4, 0, 8), ("wrong class", 1.25)),
        # x < 1: of three of class 1 beyond it is (1.25, 0.5).
        ((0.5, 0.5), 1, (-0.5, 0, 0.5), ("inner side", 0.75)),
        # x > -2: (-9, 0) is 12 across and 5 down, and nearer ones are on this side.
        ((3, 5), 1, (2, 0, 4), ("left bee", 13.0)),
        # x > -9: it lies on the facet, which is not beyond it.
        ((3, 5), 1, (2, 0, 18), None),
        (POINT, 0, (-4, 0, 8), None),
        # No example at all is of such a class.
        (POINT, 3, (-4, 0, 8), None),
    ],
)
def test_the_nearest_beyond_a_facet_by_hand(
    point: tuple[float, float],
    label: int,
    facet: tuple[float, float, float],
    found: tuple[str, float] | None,
) -> None:
    normal = np.array(facet[:2], dtype=np.float64)

    nearest = examples().nearest_outside(np.array(point, dtype=np.float64), label, normal, facet[2])

    told = nearest and (json.loads(nearest[0]), nearest[1])
    assert told == found


@pytest.mark.parametrize("seed", range(5))
def test_a_stored_facet_has_the_same_nearest(seed: int) -> None:
    stored, rng = random_rule_set(seed), np.random.default_rng(seed)
    held = Examples(stored.example_ids, stored.example_points, stored.example_predicted)
    beyond = held.beyond(stored.polytopes, stored.guarded)
    for facet, label in enumerate(stored.guarded.tolist()):
        point, known = single(rng.normal(size=6)), beyond[facet]
        normal = 3.0 * stored.normals[facet].astype(np.float64)

        alone = held.nearest_outside(
            point.astype(np.float64), label, normal, 3.0 * float(stored.offsets[facet])
        )

        if known is None:
            assert alone is None
            continue
        assert alone is not None
        name, away = held.nearest_beyond(point, float(point @ point), label, known)
        assert alone[0] == name
        assert alone[1] == pytest.approx(away, rel=1e-5)  # float32
