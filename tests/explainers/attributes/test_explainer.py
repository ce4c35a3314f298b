import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.attributes.served import Attributes
from explainers.errors import ArtefactError, NotApplicableError, ShapeError
from tests.explainers.attributes.interpreters import activations, flat


def _body(found: bytes) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(found)
    return body


def test_the_worked_example_gives_its_relevances_and_its_sum() -> None:
    found = flat().explain(activations([2.0, 0.0, 1.0]))

    # alpha = (2, 0, -4), so r = (0.5, 0, -1); 2 - 4 + 7 = 5 beats 2 for the coat.
    body = _body(found.body)
    assert [(part["name"], part["contribution"], part["relevance"]) for part in body["parts"]] == [
        ("attribute 2", -4.0, -1.0),
        ("attribute 0", 2.0, 0.5),
        ("attribute 1", 0.0, 0.0),
    ]
    assert (body["bias"], body["rest"], body["total"]) == (7.0, 0.0, 5.0)
    assert (body["threshold"], body["by_design"]) == (0.2, False)
    assert found.names == 0
    assert found.region == "pair-c0-a0"
    assert found.strength == pytest.approx(1 / (1 + np.exp(2 - 5)))
    assert found.sentence == (
        "A second, small classifier over the network's inner layers (the interpreter), which was "
        "trained afterwards, without changing the network, names shirt: it adds up 3 learned "
        "features without names (attributes); attribute 0 speaks for it most; the other 2 speak "
        "for it less than 20 % as much, or not."
    )


def test_one_trained_with_the_network_says_so() -> None:
    found = flat(by_design=True).explain(activations([2.0, 0.0, 1.0]))

    assert "trained together with the network" in found.sentence
    assert _body(found.body)["by_design"] is True


def test_without_any_attribute_the_bias_alone_speaks() -> None:
    found = flat().explain(activations([0.0, 0.0, 0.0]))

    body = _body(found.body)
    assert (body["parts"], body["bias"], body["rest"], body["total"]) == ([], 7.0, 0.0, 7.0)
    assert found.region == "other"
    assert "none of which speaks for that; its bias alone does." in found.sentence


def test_a_pair_that_no_training_image_showed_is_other() -> None:
    found = flat(class_bias=np.array([9, 0], np.float32)).explain(activations([0.0, 1.0, 0.0]))

    assert (found.names, found.region) == (0, "other")


def test_attributes_that_only_speak_against_lead_no_pair() -> None:
    found = flat(class_bias=np.array([30, 0], np.float32)).explain(activations([0.0, 0.0, 1.0]))

    assert (found.names, found.region) == (0, "other")
    assert "its bias alone does" in found.sentence


def test_what_leads_is_told_even_where_louder_ones_speak_against() -> None:
    # alpha = (-10, -9, -8, 1): three are listed before the only one that speaks for it.
    weights = np.zeros((2, 4), np.float32)
    weights[0] = [-10, -9, -8, 1]
    fields = {
        "shapes": np.array([[4, 1, 1]]),
        "first_weights": np.eye(4, dtype=np.float32)[:, :, None, None],
        "first_bias": np.zeros(4, np.float32),
        "attribute_weights": np.eye(4, dtype=np.float32),
        "attribute_bias": np.zeros(4, np.float32),
        "class_weights": weights,
        "class_bias": np.array([90, 0], np.float32),
        "mean_phi": np.ones(4),
        "table": np.zeros((2, 4)),
        "pairs": np.array([[0, 3], [1, 2]]),
    }

    found = flat(**fields).explain(activations([1.0, 1.0, 1.0, 1.0]))

    assert (found.names, found.region) == (0, "pair-c0-a3")
    assert "attribute 3 speaks for it most" in found.sentence
    assert [part["name"] for part in _body(found.body)["parts"]][-1] == "attribute 3"


@given(st.lists(st.floats(0, 100, width=32), min_size=3, max_size=3))
def test_parts_bias_and_rest_add_up_and_the_largest_relevance_is_one(phi: list[float]) -> None:
    body = _body(flat().explain(activations(phi)).body)

    summed = body["bias"] + body["rest"] + sum(p["contribution"] for p in body["parts"])
    assert summed == pytest.approx(body["total"], abs=1e-5)
    found = [abs(part["relevance"]) for part in body["parts"]]
    assert not found or max(found) == 1.0
    assert found == sorted(found, reverse=True)


def test_numbers_from_the_graph_are_taken_as_they_are() -> None:
    row = dataclasses.replace(
        activations([0.0, 0.0, 0.0]), heads={"attributes": [0.0, 0.0, 3.0, -5.0, 6.0]}
    )

    found = flat().explain(row)

    assert (found.names, found.region) == (1, "pair-c1-a2")
    assert _body(found.body)["total"] == 6.0


def test_without_its_layer_it_says_which_one_is_missing() -> None:
    row = dataclasses.replace(activations([1.0, 1.0, 1.0]), intermediate=None)

    with pytest.raises(NotApplicableError, match="needs the outputs of hidden, but the graph"):
        flat().explain(row)


def test_a_layer_of_another_size_is_refused() -> None:
    with pytest.raises(ShapeError, match=r"intermediate must have shape \(features=3\), not \(4,"):
        flat().check_taps(activations([1.0, 1.0, 1.0, 1.0]))


def test_a_gallery_shows_samples_a_usual_image_noise_and_the_unbounded_search() -> None:
    tiles = flat().gallery("pair-c1-a2")

    assert [(tile.example, tile.words) for tile in tiles] == [
        ("c", "highest attribute 2 in coat"),
        ("b", "second highest"),
        ("b", "usual image"),
        ("c", "search from noise"),
        ("c", "search without bounds, -4.2 to 5.0"),
    ]
    assert all(tile.picture is not None for tile in tiles)
    assert flat().gallery("other") == ()


def test_a_class_without_a_sample_of_its_own_shows_its_usual_image() -> None:
    found = flat(samples=np.array([[0, -1], [-1, -1]]))

    assert [tile.words for tile in found.gallery("pair-c1-a2")] == ["usual image"]


def test_without_pictures_a_gallery_shows_the_samples() -> None:
    none = np.zeros((0, 0, 0, 0), np.uint8)
    found = flat(
        sample_pictures=none[None][:0],
        random_pictures=none,
        released_pictures=none,
        released_ranges=np.zeros((0, 2), np.float32),
        local_pictures=none,
        pictures_reason="no gradient",
    )

    assert [tile.words for tile in found.gallery("pair-c0-a0")] == ["highest attribute 0 in shirt"]
    assert found.summary()["pictures"] == "no gradient"


def test_the_card_counts_dead_attributes_and_how_exclusive_the_others_are() -> None:
    found = flat().summary()

    assert found["attributes"] == 3
    assert found["dead_attributes"] == 1
    assert found["attributes_of_a_class"] == 1.0
    assert found["attributes_of_several_classes"] == 0
    assert found["gap_of_first_and_second"] == pytest.approx(0.9)
    assert found["trained"] == "for the fixed network"


def test_the_picture_names_classes_attributes_and_the_dead_ones() -> None:
    svg = flat().picture()

    assert svg is not None
    for words in ("shirt", "coat", "attribute 2", "attribute 1 (dead)", ">1.00<", ">-0.50<"):
        assert words in svg
    assert "1 of 3 attributes are dead: hardly ever active on the training images." in svg
    assert "no number: below 0.05." in svg
    assert "(unused)" not in svg


def test_an_attribute_without_any_number_that_is_not_dead_is_called_unused() -> None:
    table = np.array([[1.0, 0.04, -0.5], [0.1, -0.03, 1.0]])
    svg = flat(mean_phi=np.array([1.0, 0.5, 1.0]), table=table).picture()

    assert svg is not None
    assert "attribute 1 (unused)" in svg
    assert "(dead)" not in svg


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"tau": 0.5}, "tau must lie in"),
        ({"layers": ("a", "b", "c")}, "one or two layers"),
        (
            {
                "shapes": np.array([[3, 4096, 4096]]),
                "convolved": (4096, 4096),
                "side": (2, 2),
            },
            "size of the pooling must lie in",
        ),
        ({"convolved": (2, 2)}, r"convolved must be \(1, 1\)"),
        ({"side": (2, 1)}, r"side must not be larger than \(1, 1\)"),
        ({"class_weights": np.full((2, 3), np.nan, np.float32)}, "class_weights must lie in"),
        ({"class_bias": np.zeros(3, np.float32)}, "class_bias must have shape"),
        ({"table": np.full((2, 3), 2.0)}, "table must lie in"),
        ({"pairs": np.array([[0, 0], [0, 0]])}, "pairs must differ"),
        ({"pairs": np.array([[0, 0], [1, 3]])}, "attributes of pairs must lie in"),
        ({"samples": np.array([[-2, 0], [2, 1]])}, "samples must lie in"),
        ({"example_ids": ("a", "b", "a")}, "example_ids must differ"),
        ({"raised": 4}, "raised must lie in"),
        ({"released_ranges": np.zeros((1, 2), np.float32)}, "released_ranges must have shape"),
        ({"released_ranges": np.full((2, 2), np.inf, np.float32)}, "released_ranges must lie in"),
        ({"local_pictures": np.zeros((2, 3, 2, 1), np.uint8)}, "local_pictures must have shape"),
        (
            {"sample_pictures": np.zeros((2, 2, 2, 2, 2), np.uint8)},
            "pictures must have 1 or 3 channels",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises((ArtefactError, ShapeError), match=message):
        flat(**changed)


def test_it_comes_back_from_its_files_as_it_was(tmp_path: Path) -> None:
    flat().save(tmp_path)
    found = Attributes.load(tmp_path)

    row = activations([2.0, 0.0, 1.0])
    assert found.explain(row) == flat().explain(row)
