import dataclasses
import json

import numpy as np
import orjson
import pytest

from explainers.activations import Activations
from explainers.neighbours.served import Representatives
from reasoned.reply.fragments import Filling
from reasoned.reply.prototypes import LEAST_AVERAGED, Prototypes
from reasoned.reply.schema import Prototype
from reasoned.reply.shown_images import Shown

CLASSES = ("cat", "dog", "owl")
# Two clusters of cats of 12 and 3, one of dogs of 10, one of owls of 4.
SIZES, CALLED = (12, 3, 10, 4), (0, 0, 1, 2)


def stored() -> Representatives:
    clusters = np.repeat(np.arange(4), SIZES)
    count = len(clusters)
    labels = np.array(CALLED)[clusters]
    labels[:2] = 1  # of the first cluster's cats two are dogs
    return Representatives(
        vectors=np.stack([clusters * 10.0, np.arange(count) % 2], axis=1).astype(np.float32),
        rows=np.arange(count),
        ids=tuple(f"train-{i:06d}" for i in range(count)),
        labels=labels,
        predicted=np.array(CALLED)[clusters],
        stands_for=np.full(count, 10),
        clusters=clusters,
        cluster_names=("cat/1", "cat/2", "dog/1", "owl/1"),
    )


def prototypes(withheld: frozenset[str] = frozenset(), floor: float | None = None) -> Prototypes:
    return Prototypes.of(stored(), CLASSES, withheld, Filling(floor))


def shown(found: Prototypes, first: float, predicted: int, count: int = 5) -> Shown:
    hidden = np.array([first, 0.5], np.float32)
    pixels = np.zeros((1, 1, 1), np.float32)
    activations = Activations(np.zeros(3, np.float32), hidden, predicted, pixels)
    return found.show(activations, stored().search(hidden, predicted, 1), count)


def records(found: Shown) -> list[Prototype]:
    return [Prototype.model_validate_json(orjson.dumps(one)) for one in found.examples]


def test_groups_of_ten_stand_for_themselves_and_smaller_ones_for_their_class() -> None:
    found = prototypes()

    assert found.ids == ("prototype-0", "prototype-2", "prototype-class-0", "prototype-class-2")
    assert {name: len(members) for name, members in found.members.items()} == {
        "prototype-0": 12,
        "prototype-2": 10,
        "prototype-class-0": 15,  # all cats
    }
    np.testing.assert_allclose(found.means[0], [0.0, 0.5])
    np.testing.assert_allclose(found.means[2], [3 * 10.0 / 15, 7 / 15], rtol=1e-6)
    assert found.exact


def test_a_prototype_tells_of_how_many_it_is_the_mean() -> None:
    near = records(shown(prototypes(), first=0.0, predicted=0))

    assert [one.id for one in near] == [
        "prototype-0",
        "prototype-class-0",
        "prototype-2",
        "prototype-class-2",
    ]
    assert near[0] == Prototype(
        id="prototype-0",
        label="cat",
        predicted="cat",
        distance=0.0,
        stands_for=120,
        cluster="cat/1",
        image="/v1/examples/prototype-0.png",
        averaged=12,
    )
    assert (near[3].image, near[3].averaged, near[3].cluster) == (None, None, "owl")


def test_the_contrast_is_the_nearest_of_another_class() -> None:
    found = shown(prototypes(), first=0.0, predicted=0, count=1)

    assert json.loads(orjson.dumps(found.contrast))["id"] == "prototype-2"
    assert found.cited == [("prototype", "prototype-0"), ("prototype", "prototype-2")]
    assert len(found.examples) == 1


def test_a_withheld_image_is_in_no_group() -> None:
    # A third of the dogs' images: nine are left, which are too few for a picture.
    found = prototypes(frozenset({"train-000015"}))

    assert "train-000015" not in {one for members in found.members.values() for one in members}
    assert "prototype-2" not in found.ids
    assert "prototype-class-1" in found.ids
    assert "prototype-class-1" not in found.members


def test_no_mean_is_of_fewer_than_ten() -> None:
    for count in range(30):
        found = prototypes(frozenset(f"train-{i:06d}" for i in range(count)))
        assert all(len(members) >= LEAST_AVERAGED for members in found.members.values())


def test_where_all_are_withheld_there_is_no_group() -> None:
    found = prototypes(frozenset(stored().ids))

    assert found.ids == ()
    assert shown(found, first=0.0, predicted=0) == Shown([], None, [])


@pytest.mark.parametrize(("floor", "distance"), [(None, 0.0), (1.25, 1.2)])
def test_distances_are_floored_where_they_are_rounded(floor: float | None, distance: float) -> None:
    near = records(shown(prototypes(floor=floor), first=0.0, predicted=0))

    assert near[0].distance == distance


def test_they_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        prototypes().means[0] = 0.0
    with pytest.raises(dataclasses.FrozenInstanceError):
        prototypes().ids = ()  # type: ignore[misc]  # what the test is about
