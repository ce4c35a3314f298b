"""What `explain=full` adds: heat maps, and outside a polytope for one image alone."""

import dataclasses
import json

import numpy as np
import pytest

from explainers.arrays import DoubleArray
from explainers.evidence import Evidence
from explainers.representative.served import Representative
from explainers.representative.served.search import DenseTail, References
from explainers.representative.served.words import found_words, outside_words
from reasoned.reply.bodies import RegionBody
from tests.explainers.representative.planted import (
    half_plane,
    pentagon_and_island,
    random_tail,
    references_of,
)
from tests.explainers.representative.served.worked import (
    POINT,
    random_rule_set,
    seen,
    single,
    stored_tail,
    worked,
)

OUTSIDE = outside_words(3, 0.0)
LATE = f"{OUTSIDE} A search for this image alone did not end before the deadline."
UNSEARCHED = (
    f"{OUTSIDE} No polytope can be searched for it alone: the network above the explained map is "
    "not stored with the model."
)


def pentagon() -> tuple[DenseTail, References, DoubleArray]:
    """Give the planted head, points of it, and which of these lie in the pentagon."""
    tail, sides = pentagon_and_island()
    points = single(np.random.default_rng(0).uniform(-3, 3, (3000, 2)))
    # Just off a corner two sides count at once, and the boundary there is parallel to neither.
    beyond = points @ sides.T - 0.8
    points = points[((beyond > 0) & (beyond < 0.02)).sum(axis=1) < 2]
    predicted = tail.logits(points.astype(np.float64)).argmax(axis=1)
    return tail, References(points, predicted), sides


def searching(tail: DenseTail, references: References, **changes: object) -> Representative:
    """The worked rule set, a hundred units away, above a network that is searched."""
    offsets = single([-98, 102, 2, 2, -101, 1, 63, -201])
    return worked(
        class_names=("in 100 %", "out"),
        class_coverage=np.zeros(2),
        class_agreement=np.zeros(2),
        offsets=offsets,
        guarded=np.array([1, 1, 1, 1, 0, 1, 0, 1]),
        **(
            {"example_predicted": np.zeros(8, dtype=np.int64)}
            | stored_tail(tail, references)
            | changes
        ),
    )


def never() -> bool:
    return False


def test_a_polytope_searched_for_one_image_holds_all_that_it_can_and_no_other_class() -> None:
    tail, references, sides = pentagon()
    inside = (references.predicted == 0) & (np.linalg.norm(references.points, axis=1) < 1.5)
    point = (0.1, -0.05)

    found = searching(tail, references).explain_in_full(seen(point, 0), never)

    assert (found.region, found.names, found.strength) == (None, 0, None)
    told = found_words("in 100 %", int(inside.sum()), 0, len(references))
    assert found.sentence == f"{OUTSIDE} {told}"
    body = RegionBody.model_validate_json(found.body, strict=True)
    assert (body.references, body.others) == (inside.sum(), 0)
    assert (body.inside, body.heat_map) == ([], None)
    # Of the examples the seed alone, at the origin, lies in the pentagon.
    assert [one.id for one in body.similar] == ["seed"]
    assert 5 <= len(body.facets) <= 7
    assert all(facet.margin > 0 for facet in body.facets)
    assert {facet.against.label for facet in body.facets} == {"out"}
    # By construction a side is 0.8 from the origin, and the logits meet 1/50 beyond it.
    assert body.closest is not None
    assert body.closest.distance == pytest.approx(min(0.82 - sides @ point), abs=1e-3)
    assert body.closest.margin == min(facet.margin for facet in body.facets)
    # All examples are said to be of its own class: none is beyond a side.
    assert (body.closest.relative, body.closest.example) == (None, None)


def test_of_the_network_s_class_it_is_by_construction() -> None:
    tail, references, _ = pentagon()

    found = searching(tail, references).explain_in_full(seen((1.5, -1.5), 1), never)

    body = RegionBody.model_validate_json(found.body, strict=True)
    assert (found.names, body.others) == (1, 0)
    assert body.references is not None
    assert body.references > 100
    assert found.sentence.endswith(found_words("out", body.references, 0, len(references)))


def test_the_count_is_that_of_the_margins_that_are_told() -> None:
    # The only boundary is where the first unit is 0: all can be counted by hand.
    points = single([[1, 5], [2, -3], [0.5, 0], [-1, 0], [-2, 2]])
    references = References(points, np.array([0, 0, 0, 1, 1]))

    found = searching(half_plane(), references).explain_in_full(seen((3, 0), 0), never)

    assert json.loads(found.body) == {
        "inside": [],
        # The difference of the logits is twice the first unit.
        "facets": [{"against": {"label": "out", "index": 1}, "margin": 6.0}],
        "closest": {
            "against": {"label": "out", "index": 1},
            "margin": 6.0,
            "distance": 3.0,
            "relative": None,
            "example": None,
        },
        "references": 3,
        "others": 0,
        # The examples on its side, by twice what their first units differ from 3.
        "similar": [
            {"id": "wrong class", "distance": 1.0},
            {"id": "tip", "distance": 2.2},
            {"id": "5 % off", "distance": 2.5},
            {"id": "inner side", "distance": 3.5},
        ],
        "heat_map": None,
    }


def test_the_closest_boundary_is_reached_before_the_nearest_example_beyond_it() -> None:
    references = References(single([[1, 5], [-1, 0]]), np.array([0, 1]))
    stored = searching(
        half_plane(), references, example_predicted=np.array([0, 0, 0, 1, 1, 1, 1, 1])
    )

    found = stored.explain_in_full(seen((3, 5), 0), never)

    # Beyond x = 0 there are (-9, 0), 13 away, and nearer (-1.5, 0).
    closest = json.loads(found.body)["closest"]
    away = np.hypot(4.5, 5)
    assert (closest["distance"], closest["example"]) == (3.0, "left")
    assert closest["relative"] == pytest.approx(3 / away, abs=5.1e-7)


def test_without_an_image_of_another_class_there_is_no_boundary_to_tell() -> None:
    references = References(single([[1, 0], [2, 0]]), np.array([0, 0]))

    found = searching(half_plane(), references).explain_in_full(seen((3, 0), 0), never)

    body = RegionBody.model_validate_json(found.body, strict=True)
    assert (body.facets, body.closest, body.references, body.others) == ([], None, 2, 0)
    # Without a boundary nothing tells images apart: none is more similar than another.
    assert (body.similar, body.heat_map) == ([], None)


def test_images_of_another_class_that_cannot_be_cut_off_are_said() -> None:
    # Two references are said to be of class 1 where the network gives class 0.
    references = References(single([[1, 0], [2, 0], [3, 0], [-1, 0]]), np.array([0, 1, 1, 1]))

    found = searching(half_plane(), references).explain_in_full(seen((3, 1), 0), never)

    assert found.sentence.endswith(found_words("in 100 %", inside=3, others=2, of=4))
    assert json.loads(found.body)["others"] == 2


@pytest.mark.parametrize("asked", [0, 1, 3])
def test_when_it_gets_late_no_class_is_named(asked: int) -> None:
    # What cannot be cut off is searched for again and again, and each time the clock is asked.
    references = References(single([[1, 0], [2, 0], [3, 0], [-1, 0]]), np.array([0, 1, 1, 1]))
    stored, answers = searching(half_plane(), references), [False] * asked + [True]
    times = iter(answers)

    found = stored.explain_in_full(seen((3, 1), 0), lambda: next(times))

    assert list(times) == []
    assert (found.region, found.names, found.strength) == (None, None, None)
    assert found.sentence == LATE
    body = RegionBody.model_validate_json(found.body, strict=True)
    assert (body.facets, body.closest, body.references) == ([], None, None)
    assert (body.similar, body.heat_map) == ([], None)


def test_late_before_it_began_it_does_not_search_at_all() -> None:
    # One round would do here, after which nobody asks for the time.
    references = References(single([[1, 0], [-1, 0]]), np.array([0, 1]))

    found = searching(half_plane(), references).explain_in_full(seen((3, 0), 0), lambda: True)

    assert (found.names, found.sentence) == (None, LATE)


def test_the_same_image_gets_the_same_search_whatever_was_asked_before() -> None:
    rng = np.random.default_rng(0)
    tail = random_tail(rng, (10, 24, 3))
    references = references_of(tail, rng, 1500)
    rule_set = random_rule_set(0, units=10)
    stored = dataclasses.replace(
        rule_set,
        offsets=rule_set.offsets - 100,
        **stored_tail(tail, references),
    )
    points = single(rng.normal(size=(6, 10)))
    images = [
        seen(point, int(tail.logits(point[None].astype(np.float64)).argmax())) for point in points
    ]

    forwards = [stored.explain_in_full(image, never) for image in images]

    again = [
        seen(point.copy(), image.predicted) for point, image in zip(points, images, strict=True)
    ]
    assert [stored.explain_in_full(image, never) for image in again[::-1]] == forwards[::-1]
    assert [found.names for found in forwards] == [image.predicted for image in images]
    assert len({found.body for found in forwards}) == len(forwards)
    assert all(found.region is None for found in forwards)


def test_it_survives_being_stored(tmp_path_factory: pytest.TempPathFactory) -> None:
    tail, references, _ = pentagon()
    stored, folder = searching(tail, references), tmp_path_factory.mktemp("stored")
    image = seen((0.1, -0.05), 0)

    stored.save(folder)

    loaded = Representative.load(folder)
    assert loaded.explain_in_full(image, never) == stored.explain_in_full(image, never)


@pytest.mark.parametrize(
    "missing",
    [
        {"tail_shapes": (), "tail_slopes": (), "tail_weights": np.zeros(0)}
        | {"tail_biases": np.zeros(0)},
        {"search_points": np.zeros((0, 2), np.float32), "search_predicted": np.zeros(0, np.int64)},
    ],
    ids=["no tail", "no images"],
)
def test_where_nothing_is_stored_to_search_it_says_so(
    missing: dict[str, object],
) -> None:
    tail, references, _ = pentagon()
    stored = searching(tail, references, **missing)

    found = stored.explain_in_full(seen((0.1, -0.05), 0), never)

    assert found.sentence == UNSEARCHED
    assert dataclasses.replace(found, sentence=OUTSIDE) == stored.explain(seen((0.1, -0.05), 0))
    assert (found.names, found.region) == (None, None)


def test_inside_a_polytope_nothing_is_searched() -> None:
    tail, references, _ = pentagon()
    stored = searching(tail, references)

    def fail() -> bool:
        pytest.fail("inside a stored polytope there is nothing to be late for")

    found = stored.explain_in_full(seen((100, 0), 1), fail)

    assert found.region == "polytope-0"
    assert found == stored.explain(seen((100, 0), 1))


def test_inside_only_the_heat_map_is_added() -> None:
    psi = single([[[1, 2], [3, 4]], [[1, 1], [0, 6]]])
    stored = worked()

    found = stored.explain_in_full(seen(POINT, psi=psi), never)

    # The weights 1 and -1 give 0, 1, 3 and -2, which the ReLU makes 0.
    assert json.loads(found.body)["heat_map"] == [[0.0, 0.333], [1.0, 0.0]]
    assert _without_heat(found) == _without_heat(stored.explain(seen(POINT)))


def _without_heat(found: Evidence) -> tuple[object, ...]:
    body = json.loads(found.body)
    del body["heat_map"]
    return found.region, found.names, found.strength, found.sentence, body
