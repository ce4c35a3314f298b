import dataclasses
import json

import numpy as np
import pytest

from explainers.errors import NotApplicableError
from explainers.representative.served import Representative
from explainers.representative.served.words import (
    crossing_words,
    inside_words,
    nowhere_words,
    outside_words,
)
from tests.explainers.graph_heads import numbers_of
from tests.explainers.representative.served.worked import (
    CLASSES,
    POINT,
    no_maps,
    random_rule_set,
    seen,
    single,
    worked,
)

ANT, BEE, CAT = ({"label": label, "index": index} for index, label in enumerate(CLASSES))
OUTSIDE: dict[str, object] = {
    "inside": [],
    "facets": [],
    "closest": None,
    "references": None,
    "others": None,
    "similar": [],
    "heat_map": None,
}


def test_the_answer_worked_by_hand() -> None:
    found = worked().explain(seen(POINT))

    # 0.75 deep in the square, 0.25 in the triangle: 0.75 / (0.75 + scale).
    assert (found.method, found.form, found.region) == ("representative", "region", "polytope-0")
    assert (found.names, found.strength) == (0, 0.6)
    inside = inside_words("polytope-0", "ant 100 %", inside=5, others=2, approximate="")
    assert found.sentence == f"{inside} {crossing_words(CLASSES[1], 0.15)}"
    assert json.loads(found.body) == {
        "inside": ["polytope-0", "polytope-1"],
        "facets": [
            {"against": BEE, "margin": 6.5},
            {"against": BEE, "margin": 3.0},
            {"against": CAT, "margin": 2.25},
            {"against": CAT, "margin": 0.875},
        ],
        # The side x = 2. Nearer images lie on its inner side or are of another class; the one
        # at (4.25, 4.25) is 5 away: 3 across and 4 up.
        "closest": {
            "against": BEE,
            "margin": 3.0,
            "distance": 0.75,
            "relative": 0.15,
            "example": "5 % off",
        },
        "references": 5,
        "others": 2,
        # With the raw normals 6 for each unit across and 1.5 for each unit up.
        "similar": [
            {"id": "inner side", "distance": 0.375},
            {"id": 'a "1"', "distance": 2.625},
            {"id": "tip", "distance": 4.275},
            {"id": "seed", "distance": 7.875},
        ],
        "heat_map": None,
    }


def test_where_no_example_lies_beyond_the_facet_there_is_no_relative_distance() -> None:
    found = worked().explain(seen((0, 1.75)))

    assert json.loads(found.body)["closest"] == {
        "against": CAT,
        "margin": 0.125,
        "distance": 0.25,
        "relative": None,
        "example": None,
    }
    assert found.sentence.endswith(nowhere_words("çat\\ %s & %%"))


def test_an_image_on_a_stored_example_has_no_semantic_distance_to_it() -> None:
    similar = json.loads(worked().explain(seen((1, 1))).body)["similar"]

    assert similar[0] == {"id": 'a "1"', "distance": 0.0}


def test_outside_all_polytopes_nothing_is_named() -> None:
    found = worked().explain(seen((0, 2.5)))

    assert (found.region, found.names, found.strength) == (None, None, None)
    assert found.sentence == outside_words(3, 0.0)
    assert json.loads(found.body) == OUTSIDE


def test_on_a_facet_is_outside() -> None:
    assert worked().explain(seen((0, 2))).region is None
    assert worked().explain(seen((0, 1.999))).region == "polytope-0"


@pytest.mark.parametrize(
    ("least_depth", "region", "inside"),
    [
        (0.0, "polytope-0", ["polytope-0", "polytope-1"]),
        (0.25, "polytope-0", ["polytope-0"]),
        (0.7, "polytope-0", ["polytope-0"]),
        (0.75, None, []),
    ],
)
def test_only_what_lies_deep_enough_is_inside(
    least_depth: float, region: str | None, inside: list[str]
) -> None:
    found = worked(least_depth=least_depth).explain(seen(POINT))

    assert found.region == region
    assert json.loads(found.body)["inside"] == inside


def test_of_polytopes_as_deep_the_first_is_told() -> None:
    # 0.5 from the side x = 2 of the square, and from the side x = 1 of the triangle.
    found = worked().explain(seen((1.5, 1)))

    assert (found.region, found.names, found.strength) == ("polytope-0", 0, 0.5)
    assert json.loads(found.body)["inside"] == ["polytope-0", "polytope-1"]


def test_a_usual_depth_is_half_as_strong_as_can_be_and_a_greater_one_stronger() -> None:
    stored = worked(scale=0.75)
    strengths = [stored.explain(seen((x, 0.25))).strength for x in (1.25, 1, 0.75, 0.25)]

    assert strengths == [0.5, 1 / 1.75, 1.25 / 2, 1.75 / 2.5]


def test_the_class_that_the_network_gives_is_never_looked_at() -> None:
    stored = random_rule_set(1)
    for point in single(np.random.default_rng(5).normal(size=(30, 6))):
        answers = [stored.explain(seen(point, predicted)) for predicted in range(3)]
        in_full = [
            stored.explain_in_full(seen(point, predicted), lambda: False) for predicted in range(3)
        ]

        assert answers[0] == answers[1] == answers[2]
        assert in_full[0] == in_full[1] == in_full[2]


def test_at_most_ten_polytopes_are_listed_the_deepest_first() -> None:
    stored = _nested(30)

    found = stored.explain(seen((0.0, 0.0)))

    assert found.region == "polytope-29"
    assert json.loads(found.body)["inside"] == [f"polytope-{29 - place}" for place in range(10)]


def _nested(count: int) -> Representative:
    """Half-planes x > -1, x > -2, ..., all of class 0."""
    return worked(
        normals=single([[1, 0]] * count),
        offsets=single(range(1, count + 1)),
        norms=np.ones(count, dtype=np.float32),
        guarded=np.ones(count, dtype=np.int64),
        starts=np.arange(count + 1),
        polytope_classes=np.zeros(count, dtype=np.int64),
        references=np.arange(1, count + 1),
        others=np.zeros(count, dtype=np.int64),
        similar=np.zeros((count, 1), dtype=np.int64),
        coverage=np.ones(count),
        agreement=np.ones(count),
        **no_maps(),
    )


@pytest.mark.parametrize("in_full", [False, True])
def test_without_the_tap_it_says_what_it_needs(in_full: bool) -> None:  # noqa: FBT001  parametrised
    image = dataclasses.replace(seen(POINT), boundary=None)
    stored = worked()

    with pytest.raises(NotApplicableError, match="needs the tap `boundary`, but the graph gives"):
        stored.explain_in_full(image, lambda: False) if in_full else stored.explain(image)


def test_the_graph_is_asked_how_deep_it_may_be() -> None:
    stored = worked()

    head = stored.head()

    assert head is not None
    assert head.name == "representative"
    numbers = numbers_of(head, seen(POINT))
    np.testing.assert_allclose(numbers, [0.75, 0.25, -2.25], rtol=0, atol=1e-6)
