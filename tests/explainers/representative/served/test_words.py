import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.representative.served.words import (
    crossing_words,
    found_words,
    inside_words,
    nowhere_words,
    outside_words,
)
from reasoned.reply.bodies import RegionBody
from tests.explainers.representative.served.worked import POINT, seen, worked

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


ENCLOSED = "(polytope-4) that the network's own decision boundaries enclose; the network calls"


@pytest.mark.parametrize(
    ("inside", "others", "words"),
    [
        (1, 0, f'a group of 1 training image {ENCLOSED} it "boot".'),
        (1200, 0, f'a group of 1,200 training images {ENCLOSED} every one of them "boot".'),
        (12, 2, f'a group of 12 training images {ENCLOSED} 2 of them not "boot".'),
    ],
)
def test_what_is_inside_is_counted(inside: int, others: int, words: str) -> None:
    assert inside_words("polytope-4", "boot", inside, others, "").endswith(words)


def test_boundaries_that_are_tangents_say_why() -> None:
    assert "tangents to the network's own decision boundaries enclose (GELU bends);" in (
        inside_words("polytope-4", "boot", 3, 0, "GELU bends")
    )


def test_shares_are_whole_percents() -> None:
    assert crossing_words("boot", 0.1234) == (
        'The closest boundary is the one to "boot": it is reached 12 % of the way to the nearest '
        "stored example beyond it."
    )
    assert "100 % of the way" in crossing_words("boot", 1.0)
    assert "less than 1 % of the way" in crossing_words("boot", 0.0)
    assert nowhere_words("boot").endswith("no stored example of that class lies beyond it.")


def test_one_stored_polytope_is_no_plural() -> None:
    assert outside_words(1, 0.0) == "The image lies outside the stored polytope."
    assert outside_words(2000, 0.0) == "The image lies outside all 2,000 stored polytopes."
    assert "too near the rim" in outside_words(2, 0.5)


def test_what_was_found_names_the_class_as_given() -> None:
    assert found_words("boot", 3000, 0, 9000) == (
        'A polytope searched for it alone is one of "boot" by construction; it holds 3,000 of the '
        '9,000 stored training images, and the network calls every one of them "boot".'
    )
    assert found_words("boot", 0, 0, 9).endswith("it holds none of the 9 stored training images.")


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
