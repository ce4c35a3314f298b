import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.representative.served.words import (
    crossing_words,
    found_words,
    inside_words,
    outside_words,
)
from reasoned.reply.bodies import RegionBody
from tests.explainers.representative.served.worked import POINT, seen, worked

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("inside", "others", "words"),
    [
        (1, 0, "it holds 1 training image, and the network calls every one boot."),
        (12, 0, "it holds 12 training images, and the network calls every one boot."),
        (
            12,
            2,
            "it holds 12 training images, of which the network puts 2 into another class.",
        ),
    ],
)
def test_what_is_inside_is_counted(inside: int, others: int, words: str) -> None:
    assert inside_words("polytope-4", "boot", inside, others, "").endswith(words)


def test_shares_are_whole_percents() -> None:
    assert "12 % of the way" in crossing_words("boot", 0.1234)
    assert "100 % of the way" in crossing_words("boot", 1.0)


def test_one_stored_polytope_is_no_plural() -> None:
    assert outside_words(1) == "The image lies outside the stored polytope."
    assert outside_words(2) == "The image lies outside all 2 stored polytopes."


def test_what_was_found_names_the_class_as_given() -> None:
    assert found_words("boot", 3, 0, 9).startswith(
        "A polytope searched for it alone around boot, its class by construction, holds 3 of the 9"
    )


@given(
    names=st.lists(NAMES, min_size=3, max_size=3),
    ids=st.lists(NAMES, min_size=8, max_size=8, unique=True),
)
def test_any_names_come_back_as_they_are(names: list[str], ids: list[str]) -> None:
    stored = worked(class_names=tuple(names), example_ids=tuple(ids))

    found = stored.explain(seen(POINT))

    body = RegionBody.model_validate_json(found.body, strict=True)
    assert [facet.against.label for facet in body.facets] == [names[c] for c in (1, 1, 2, 2)]
    assert body.closest is not None
    assert (body.closest.against.label, body.closest.example) == (names[1], ids[4])
    assert [one.id for one in body.similar] == [ids[place] for place in (3, 1, 6, 0)]
    assert names[0] in found.sentence
    assert json.loads(found.body)["facets"][0]["margin"] == 6.5
