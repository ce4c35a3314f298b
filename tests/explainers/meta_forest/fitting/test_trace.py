import collections
import dataclasses

import numpy as np
import pytest

from explainers.activations import ActivationTable
from explainers.errors import FittingError
from explainers.fitting_contract import FittingData, silent
from explainers.meta_forest.fitting import fit_meta_forest
from explainers.meta_forest.fitting.trace import MOST_PAIRS, class_pairs, cluster_names
from explainers.meta_forest.fitting.trace_clusters import Clusters
from explainers.meta_forest.served import MetaForest
from tests.explainers.meta_forest import rederived
from tests.explainers.planting import CLASSES, Planted, plant, relabelled

# How far a control may be from the share of the most frequent class.
NEAR_MAJORITY = 0.08


def _fit(data: FittingData) -> MetaForest:
    return fit_meta_forest(data, np.random.default_rng(0), silent)


def _fidelity(trace: MetaForest, table: ActivationTable) -> float:
    named = [trace.explain(table.one(i)).names for i in range(len(table))]
    return float((np.array(named) == table.predicted).mean())


def _majority(table: ActivationTable) -> float:
    return float(np.bincount(table.predicted).max() / len(table))


@pytest.fixture(scope="module", params=[0, 1, 2])
def sown(request: pytest.FixtureRequest) -> Planted:
    return plant(int(request.param))


def test_planted_clusters_are_found(sown: Planted) -> None:
    assert _fidelity(_fit(sown.data), sown.test) >= 0.98


def test_of_an_untrained_network_nothing_is_found(sown: Planted) -> None:
    found = _fidelity(_fit(sown.untrained), sown.untrained_test)

    assert abs(found - _majority(sown.untrained_test)) <= NEAR_MAJORITY


def test_of_shuffled_classes_nothing_is_found(sown: Planted) -> None:
    rng = np.random.default_rng(7)
    train, held = sown.data.train, sown.data.validation
    data = dataclasses.replace(
        sown.data,
        train=relabelled(train, rng.permutation(train.predicted)),
        validation=relabelled(held, rng.permutation(held.predicted)),
    )

    found = _fidelity(_fit(data), sown.test)

    assert abs(found - _majority(sown.test)) <= NEAR_MAJORITY


def test_the_fit_never_reads_logits_or_the_head(
    planted: Planted, planted_trace: MetaForest
) -> None:
    train, held = planted.data.train, planted.data.validation
    blind = dataclasses.replace(
        planted.data,
        train=dataclasses.replace(train, logits=-train.logits, affine_input=None),
        validation=dataclasses.replace(held, logits=-held.logits, affine_input=None),
        head=None,
        head_reason="none",
    )

    found = fit_meta_forest(blind, np.random.default_rng(1), silent)

    for field in dataclasses.fields(found):
        if field.init:
            first, second = getattr(found, field.name), getattr(planted_trace, field.name)
            np.testing.assert_array_equal(first, second)


def test_the_size_of_the_tree_is_chosen_on_validation(planted: Planted) -> None:
    # Where validation is of shuffled classes no tree is worth more leaves than another.
    rng = np.random.default_rng(7)
    held = planted.data.validation
    shuffled = relabelled(held, np.full(len(held), rng.integers(4)))

    data = dataclasses.replace(planted.data, validation=shuffled)

    assert len(_fit(data).tree.leaves) <= len(_fit(planted.data).tree.leaves)


@pytest.mark.parametrize("images", [0, 1, 30])
def test_a_class_that_the_network_seldom_gives(planted: Planted, images: int) -> None:
    train = planted.data.train
    predicted = train.predicted.copy()
    seldom = np.flatnonzero(predicted == 1)
    predicted[seldom[images:]] = 3
    held = relabelled(
        planted.data.validation,
        np.where(planted.data.validation.predicted == 1, 3, planted.data.validation.predicted),
    )

    trace = _fit(
        dataclasses.replace(planted.data, train=relabelled(train, predicted), validation=held)
    )

    assert set(trace.cluster_classes.tolist()) == ({0, 2, 3} if images < 2 else {0, 1, 2, 3})
    for hidden in planted.test.hidden[:50]:
        rederived.check_path(trace, hidden)


def test_one_class_alone_cannot_be_traced(planted: Planted) -> None:
    train = planted.data.train
    data = dataclasses.replace(planted.data, train=relabelled(train, np.full(len(train), 2)))

    with pytest.raises(FittingError, match="at least two classes on the training images, but it"):
        _fit(data)


def test_up_to_a_thousand_pairs_are_all_compared() -> None:
    first, second = class_pairs(np.zeros((1, 45), dtype=np.float32))

    assert len(first) == 45 * 44 // 2 == 990
    assert np.all(first < second)
    assert len(set(zip(first.tolist(), second.tolist(), strict=True))) == 990


def test_of_more_pairs_the_most_frequent_nearest_are_compared() -> None:
    rng = np.random.default_rng(0)
    groups, images = 60, 6000
    per_class = 10 + rng.random((images, groups)).astype(np.float32)
    # Every other image lies between classes 3 and 17.
    per_class[::2, [3, 17]] = [1.0, 0.5]

    first, second = class_pairs(per_class)

    kept = list(zip(first.tolist(), second.tolist(), strict=True))
    assert len(kept) == len(set(kept)) == MOST_PAIRS == 1000
    assert np.all(first < second)
    assert (3, 17) in kept
    two = np.sort(np.argsort(per_class, axis=1)[:, :2], axis=1).tolist()
    counts = collections.Counter(tuple(pair) for pair in two)
    least = min(counts[pair] for pair in kept)
    assert all(pair in kept for pair, count in counts.items() if count > least)


def test_clusters_are_named_by_class_and_number() -> None:
    clusters = Clusters(np.zeros((4, 1), dtype=np.float32), np.array([0, 0, 2, 2]))

    assert cluster_names(clusters, CLASSES) == (
        "anorak 100%-1",
        "anorak 100%-2",
        "çizme-1",
        "çizme-2",
    )
