import dataclasses
import inspect

import numpy as np
import pytest

from explainers.activations import Activations, ActivationTable
from explainers.arrays import DoubleArray
from explainers.fitting_contract import silent
from explainers.meta_forest.served import MetaForest
from explainers.neighbours.fitting import choose_representatives
from explainers.neighbours.served import Representatives
from explainers.status import Status
from explainers.support.fitting import fit_support
from explainers.support.served import Support
from explainers.support.served.statistics import block_means
from tests.explainers.graph_heads import numbers_of, reads
from tests.explainers.planting import CLASSES, Planted, example_id
from tests.reasoned.rules import rule_of


@pytest.fixture(scope="module")
def representatives(planted: Planted) -> Representatives:
    train = planted.data.train
    distinct = np.ones(len(train), dtype=np.bool_)
    return choose_representatives(train, CLASSES, example_id, distinct, np.random.default_rng(0))


@pytest.fixture(scope="module")
def support(planted: Planted, representatives: Representatives) -> Support:
    return _fit(planted, representatives)


def _fit(planted: Planted, representatives: Representatives) -> Support:
    data = planted.data
    return fit_support(
        data.train, data.validation, representatives, np.random.default_rng(0), silent
    )


def _sides(
    support: Support, representatives: Representatives, table: ActivationTable
) -> DoubleArray:
    """Novelty on all sides, the hidden distance by brute force, shape (images, 3)."""
    found = []
    for i in range(len(table)):
        one = table.one(i)
        gaps = representatives.vectors.astype(np.float64) - one.hidden
        judged = support.judge(one, float(np.sqrt((gaps**2).sum(axis=1)).min()))
        found.append(judged.sides)
    return np.array(found)


def test_the_limits_are_the_quantiles_of_validation(
    support: Support, representatives: Representatives, planted: Planted
) -> None:
    sides = _sides(support, representatives, planted.data.validation)

    # One image in a hundred lies beyond each limit, which is 1 here.
    np.testing.assert_allclose(np.quantile(sides, 0.99, axis=0), 1.0, rtol=1e-5)
    beyond = (sides > 1.0).sum(axis=0)
    assert beyond.tolist() == [4, 4, 4] == [len(planted.data.validation) // 100] * 3


def test_most_new_images_of_the_same_kind_are_inside(
    support: Support, representatives: Representatives, planted: Planted
) -> None:
    sides = _sides(support, representatives, planted.test)

    assert (sides > 1.0).any(axis=1).mean() <= 0.06


def test_noise_that_is_ordinary_in_the_hidden_layer_is_told_by_the_map(
    support: Support, representatives: Representatives, planted: Planted
) -> None:
    rng = np.random.default_rng(0)
    shape = (len(planted.test), 3, 4, 4)
    noise = dataclasses.replace(
        planted.test, convolution=np.abs(3.0 * rng.normal(size=shape)).astype(np.float32)
    )

    sides = _sides(support, representatives, noise)

    assert (sides[:, [0, 2]] > 1.0).mean(axis=0).max() <= 0.03
    assert (sides[:, 1] > 1.0).mean() >= 0.97


def test_noise_that_is_ordinary_for_the_network_is_told_by_its_pixels(
    support: Support, representatives: Representatives, planted: Planted
) -> None:
    # Every pixel has the mean and the variance of training; only what lies side by side is new.
    rng = np.random.default_rng(0)
    smooth = np.repeat(np.repeat(rng.choice([-1.0, 1.0], (len(planted.test), 1, 4, 4)), 2, 2), 2, 3)
    noise = dataclasses.replace(planted.test, pixels=smooth.astype(np.float32))

    sides = _sides(support, representatives, noise)

    assert (sides[:, :2] > 1.0).mean(axis=0).max() <= 0.03
    assert (sides[:, 2] > 1.0).mean() >= 0.97


def test_what_is_strange_in_the_hidden_layer_alone_is_outside_too(
    support: Support, representatives: Representatives, planted: Planted
) -> None:
    strange = dataclasses.replace(planted.test, hidden=planted.test.hidden + 5.0)

    sides = _sides(support, representatives, strange)

    assert (sides[:, 0] > 1.0).all()
    assert (sides[:, 1:] > 1.0).mean(axis=0).max() <= 0.03


def test_without_a_convolutional_map_the_pixels_tell(
    planted: Planted, representatives: Representatives
) -> None:
    data = dataclasses.replace(
        planted.data,
        train=dataclasses.replace(planted.data.train, convolution=None),
        validation=dataclasses.replace(planted.data.validation, convolution=None),
    )
    found = _fit(dataclasses.replace(planted, data=data), representatives)
    blank = dataclasses.replace(
        planted.test, convolution=None, pixels=np.full_like(planted.test.pixels, 0.9)
    )

    assert found.scale.shape == (2 * 16,)
    assert (_sides(found, representatives, blank)[:, 1:] > 1.0).all()


def test_the_same_seed_fits_the_same(
    planted: Planted, representatives: Representatives, support: Support
) -> None:
    again = _fit(planted, representatives)

    for field in dataclasses.fields(support):
        np.testing.assert_array_equal(getattr(again, field.name), getattr(support, field.name))


def test_the_block_means_of_training_are_whitened(support: Support, planted: Planted) -> None:
    train = planted.data.train
    whitened = np.stack([block_means(one) for one in train.pixels]) @ support.whitening

    # But for the shrinkage: a thousandth of the identity.
    np.testing.assert_allclose(np.cov(whitened, rowvar=False), np.eye(16), atol=2e-3)


def test_images_that_are_all_alike_leave_a_limit(
    planted: Planted, representatives: Representatives
) -> None:
    data = planted.data
    train, validation = _alike(data.train), _alike(data.validation)

    found = _fit(
        dataclasses.replace(
            planted, data=dataclasses.replace(data, train=train, validation=validation)
        ),
        representatives,
    )

    assert min(found.input_limit, found.pixel_limit) >= 1e-6
    assert not found.judge(validation.one(0), 0.0).outside
    other = dataclasses.replace(validation, pixels=validation.pixels + np.float32(0.5))
    assert found.judge(other.one(0), 0.0).outside


def _alike(table: ActivationTable) -> ActivationTable:
    return dataclasses.replace(
        table,
        convolution=np.ones((len(table), 3, 4, 4), np.float32),
        pixels=np.full_like(table.pixels, 0.25),
    )


def test_the_judgement_does_not_hang_on_the_networks_answer(
    planted: Planted,
    representatives: Representatives,
    support: Support,
    planted_trace: MetaForest,
) -> None:
    rule = rule_of(meta_forest=0.9)
    told = dict.fromkeys(("supported", "weak"), 0)
    for i in range(len(planted.test)):
        one = planted.test.one(i)
        found: set[Status] = set()
        for predicted in range(len(CLASSES)):
            other = dataclasses.replace(one, predicted=predicted, logits=-one.logits)
            nearest = representatives.search(other.hidden, predicted, 1).distances[0]
            evidence = planted_trace.explain(other)
            outside = support.judge(other, nearest).outside
            said = rule.decide("meta_forest", {"meta_forest": evidence}, outside=outside)
            found.add(said.status)
        assert len(found) == 1
        told[found.pop()] = 1
    assert told == {"supported": 1, "weak": 1, "out_of_support": 1}


def test_the_graph_computes_the_same_distances(support: Support, planted: Planted) -> None:
    head = support.head((1, 8, 8), 16)
    assert reads(head) == {"convolution", "pixels"}

    for i in range(50):
        one = planted.test.one(i)
        told = dataclasses.replace(one, heads={head.name: numbers_of(head, one)})
        np.testing.assert_allclose(
            support.judge(told, 1.0).sides, support.judge(one, 1.0).sides, rtol=1e-4
        )  # sums in another order
        # What the graph gave is what is read.
        far = dataclasses.replace(told, heads={head.name: [9.0, 16.0]})
        assert (support.pixel_distance(far), support.input_distance(far)) == (3.0, 4.0)


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 16, 11), (3, 5, 30)])
def test_without_a_map_the_graph_computes_the_distance_of_the_pixels(
    shape: tuple[int, int, int],
) -> None:
    rng = np.random.default_rng(0)
    blocks = len(block_means(np.zeros(shape, np.float32)))
    statistics = 2 * shape[0] * 16
    support = Support(
        centres=rng.normal(size=(5, statistics)).astype(np.float32),
        scale=np.ones(statistics, np.float32),
        pixel_centres=rng.normal(size=(7, blocks)).astype(np.float32),
        whitening=rng.normal(size=(blocks, blocks)).astype(np.float32),
        input_limit=1.0,
        hidden_limit=1.0,
        pixel_limit=1.0,
    )
    head = support.head(shape, None)
    assert (reads(head), head.sizes) == ({"pixels"}, (1,))

    for _ in range(10):
        one = Activations(
            logits=np.zeros(2, np.float32),
            hidden=np.zeros(1, np.float32),
            predicted=0,
            pixels=rng.normal(size=shape).astype(np.float32),
            convolution=None,
        )
        told = dataclasses.replace(one, heads={head.name: numbers_of(head, one)})
        np.testing.assert_allclose(
            support.pixel_distance(told), support.pixel_distance(one), rtol=1e-3
        )  # the expanded square cancels in float32
        if shape == (1, 8, 8):
            # The head says nothing of the map: numpy does.
            assert support.input_distance(told) == support.input_distance(one)


def test_nothing_that_judges_is_given_the_networks_class() -> None:
    assert list(inspect.signature(Support.judge).parameters) == ["self", "activations", "nearest"]
