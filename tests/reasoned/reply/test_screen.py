import dataclasses

import orjson
import pytest

from explainers.evidence import Evidence, Form
from reasoned.reply.disclosure import Disclosure, Mode
from reasoned.reply.screen import Screen

KNOWN = frozenset({"train-000001", "train-000002", "train-000003"})
PATH = {
    "steps": [],
    "vote": 0.5,
    "clusters": {"3/1": {"size": 9, "medoids": ["train-000001", "train-000002"]}},
    "change": None,
}
REGION = {
    "closest": {"distance": 1.0, "relative": 0.123456, "example": "train-000003"},
    "similar": [
        {"id": "train-000001", "distance": 0.0},
        {"id": "train-000002", "distance": 1.234},
        {"id": "train-000003", "distance": 5.678},
    ],
}
PARTS = {"parts": [{"name": "unit 3", "value": 0.123456}]}


def evidence(form: Form, body: object) -> Evidence:
    return Evidence(
        method="any",
        form=form,
        region="r",
        names=1,
        strength=0.5,
        sentence="Like train-000001.",
        body=orjson.dumps(body),
        cited=(("leaf", "leaf-1"), ("example", "train-000001"), ("example", "train-000002")),
    )


def test_where_everything_is_disclosed_nothing_is_done() -> None:
    screen, found = Screen.of(Disclosure(), KNOWN), evidence("path", PATH)

    assert screen.idle
    assert screen.evidence(found) is found


@pytest.mark.parametrize("mode", ["thumbnail", "id"])
def test_pictures_are_no_part_of_evidence(mode: Mode) -> None:
    assert Screen.of(Disclosure(mode), KNOWN).idle


def test_what_is_withheld_leaves_body_words_and_citations() -> None:
    screen = Screen.of(Disclosure(withheld=frozenset({"train-000001"})), KNOWN)
    found = screen.evidence(evidence("path", PATH))

    assert orjson.loads(found.body)["clusters"]["3/1"]["medoids"] == ["train-000002"]
    assert found.sentence == "Like (withheld)."
    assert found.cited == (("leaf", "leaf-1"), ("example", "train-000002"))


def test_a_body_without_what_is_withheld_stays_byte_for_byte() -> None:
    screen = Screen.of(Disclosure(withheld=frozenset({"train-000009"})), KNOWN)
    given = evidence("region", REGION)

    assert screen.evidence(given) == given
    assert screen.evidence(given).body is given.body


@pytest.mark.parametrize("mode", ["prototype", "off"])
def test_where_no_image_is_named_no_place_for_an_id_is_filled(mode: Mode) -> None:
    screen = Screen.of(Disclosure(mode), frozenset())  # also of such as nobody knows of
    path = orjson.loads(screen.evidence(evidence("path", PATH)).body)
    found = screen.evidence(evidence("region", REGION))

    assert path == {**PATH, "clusters": {"3/1": {"size": 9, "medoids": []}}}
    assert orjson.loads(found.body)["similar"] == []
    assert orjson.loads(found.body)["closest"]["example"] is None
    assert found.cited == (("leaf", "leaf-1"),)


def test_where_no_image_is_named_known_ids_are_struck_from_words() -> None:
    found = Screen.of(Disclosure("off"), KNOWN).evidence(evidence("parts", PARTS))

    assert found.sentence == "Like (withheld)."


def test_distances_are_rounded_in_regions_alone() -> None:
    screen = Screen.of(Disclosure(rounded=True), KNOWN)
    region = orjson.loads(screen.evidence(evidence("region", REGION)).body)
    others = [evidence("path", PATH), evidence("parts", PARTS)]

    assert [one["distance"] for one in region["similar"]] == [1.2, 1.2, 5.7]
    assert all(screen.evidence(one) is one for one in others)


def test_a_withheld_image_leaves_before_distances_are_compared() -> None:
    disclosure = Disclosure(rounded=True, withheld=frozenset({"train-000002"}))
    found = Screen.of(disclosure, KNOWN).evidence(evidence("region", REGION))

    similar = orjson.loads(found.body)["similar"]
    assert [(one["id"], one["distance"]) for one in similar] == [
        ("train-000001", 5.7),
        ("train-000003", 5.7),
    ]


def test_nothing_else_of_evidence_changes() -> None:
    given = evidence("region", REGION)
    found = Screen.of(Disclosure("off", rounded=True), KNOWN).evidence(given)

    changed = {"body": given.body, "sentence": given.sentence, "cited": given.cited}
    assert dataclasses.replace(found, **changed) == given  # type: ignore[arg-type]  # by name
