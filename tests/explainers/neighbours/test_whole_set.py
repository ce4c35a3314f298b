import dataclasses
from pathlib import Path

import numpy as np
import pytest

from explainers.errors import ArtefactError, ShapeError
from explainers.neighbours.fitting import choose_representatives
from explainers.neighbours.fitting.whole_set import fit_whole_set, recall
from explainers.neighbours.served import WholeSet
from tests.explainers.planting import CLASSES, Planted, example_id

pytest.importorskip("faiss", reason="the extra `faiss` is not installed")


@pytest.fixture(scope="module")
def whole(planted: Planted) -> WholeSet:
    train, rng = planted.data.train, np.random.default_rng(0)
    distinct = np.ones(len(train), dtype=np.bool_)
    shown = choose_representatives(train, CLASSES, example_id, distinct, rng)
    return fit_whole_set(train, shown, example_id, rng)


def test_every_training_image_can_be_found(whole: WholeSet, planted: Planted) -> None:
    train = planted.data.train

    for position in range(0, len(train), 7):
        nearest, distance = whole.search(train.hidden[position], 1)[0]
        assert whole.ids[nearest] == example_id(int(train.rows[position]))
        assert distance == pytest.approx(0.0, abs=1e-3)


def test_what_is_found_is_nearest_first_with_true_distances(
    whole: WholeSet, planted: Planted
) -> None:
    for hidden in planted.test.hidden[:50]:
        found = whole.search(hidden, 7)

        distances = [distance for _, distance in found]
        assert distances == sorted(distances)
        gaps = whole.vectors[[position for position, _ in found]].astype(np.float64) - hidden
        np.testing.assert_allclose(distances, np.sqrt((gaps**2).sum(axis=1)), rtol=1e-4)


def test_little_is_missed(whole: WholeSet, planted: Planted) -> None:
    assert recall(whole, planted.data.validation) >= 0.95


def test_it_survives_save_and_load(whole: WholeSet, planted: Planted, tmp_path: Path) -> None:
    whole.save(tmp_path)

    loaded = WholeSet.load(tmp_path)

    for hidden in planted.test.hidden[:20]:
        assert loaded.search(hidden, 5) == whole.search(hidden, 5)


@pytest.mark.parametrize(
    ("field", "value", "kind", "told"),
    [
        ("ids", ("a",), ArtefactError, "ids must name 800 images, but name 1"),
        ("labels", np.zeros(3, np.int64), ShapeError, r"labels must have shape \(images=800\)"),
        ("centroids", np.zeros((2, 3), np.float32), ShapeError, r"\(lists, units=16\), not"),
        ("centroids", np.full((1, 16), np.nan, np.float32), ArtefactError, "must be finite"),
    ],
)
def test_what_must_not_be_used_is_refused(
    whole: WholeSet, field: str, value: object, kind: type[Exception], told: str
) -> None:
    with pytest.raises(kind, match=told):
        dataclasses.replace(whole, **{field: value})  # type: ignore[arg-type]  # any field


def test_what_is_passed_over_gives_way_to_the_next(whole: WholeSet, planted: Planted) -> None:
    for hidden in planted.test.hidden[:20]:
        every = whole.search(hidden, len(whole.ids))
        gone = frozenset(place for place, _ in every[:12:2])

        found = whole.search(hidden, 7, gone)

        assert found == [one for one in every if one[0] not in gone][:7]


def test_where_all_are_passed_over_none_is_found(whole: WholeSet, planted: Planted) -> None:
    assert whole.search(planted.test.hidden[0], 3, frozenset(range(len(whole.ids)))) == []
