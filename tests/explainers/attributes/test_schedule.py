"""The weights of the loss by epoch, against the published table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.attributes.fitting.presets import PRESETS
from explainers.attributes.fitting.schedule import Schedule, Stage, StageWeights, staged

# (first epoch, beta, gamma, delta, l1): each row holds until the next begins.
TABLE = {
    "mnist": [(1, 0, 0.8, 0, 0), (3, 0.5, 0.8, 0, 0.1), (5, 0.5, 0.8, 0.2, 0.1)],
    "quickdraw": [
        (1, 0, 5.0, 0, 0),
        (2, 0, 5.0, 0, 0.02),
        (3, 0.1, 5.0, 0, 0.3),
        (4, 0.1, 5.0, 0.1, 0.3),
    ],
    "cifar10": [
        (1, 0, 2.0, 0, 0),
        (2, 0, 2.0, 0, 0.001),
        (3, 0.6, 2.0, 0, 0.15),
        (4, 0.6, 2.0, 0.2, 0.15),
    ],
}


@pytest.mark.parametrize(
    ("preset", "table"), [*TABLE.items(), ("mnist-64", TABLE["mnist"])], ids=lambda v: str(v)[:9]
)
def test_every_epoch_has_the_published_weights(preset: str, table: list[tuple[float, ...]]) -> None:
    schedule = PRESETS[preset].schedule
    for epoch in range(1, PRESETS[preset].epochs + 1):
        _, beta, gamma, delta, l1 = max(row for row in table if row[0] <= epoch)

        assert schedule.weights(epoch) == StageWeights(beta, gamma, delta, delta, l1)


def test_the_order_of_the_stages_does_not_matter() -> None:
    stages = (Stage("l1", 3, 0.3), Stage("l1", 2, 0.02))

    assert [Schedule(stages).weights(epoch).l1 for epoch in (1, 2, 3, 4)] == [0, 0.02, 0.3, 0.3]


def test_other_weights_hold_from_where_the_term_had_its_last() -> None:
    changed = PRESETS["quickdraw"].schedule.with_weights(l1=0.5, diversity=0.0)

    assert [changed.weights(epoch).l1 for epoch in (1, 2, 3)] == [0, 0.02, 0.5]
    assert changed.weights(4) == StageWeights(0.1, 5.0, 0.1, 0.0, 0.5)


def test_a_term_that_was_not_there_begins_at_once() -> None:
    schedule = Schedule(staged(beta=(0.5, 3), gamma=(0.8, 1), delta=(0.2, 5)))

    assert schedule.with_weights(l1=0.1).weights(1).l1 == 0.1


@given(st.lists(st.tuples(st.integers(1, 20), st.floats(0, 10)), min_size=1, max_size=5))
def test_the_latest_stage_that_has_begun_counts(stages: list[tuple[int, float]]) -> None:
    of_epoch = dict(stages)
    schedule = Schedule(tuple(Stage("l1", *one) for one in of_epoch.items()))
    for epoch in range(1, 22):
        begun = [one for one in of_epoch if one <= epoch]

        assert schedule.weights(epoch).l1 == (of_epoch[max(begun)] if begun else 0.0)


def test_an_unknown_term_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a stage must be of one of conciseness.*not 'beta'"):
        Schedule((Stage("beta", 1, 0.5),))


@pytest.mark.parametrize(
    ("epoch", "weight"), [(0, 0.5), (1, -0.5), (1, float("inf")), (1, float("nan"))]
)
def test_an_impossible_stage_is_refused(epoch: int, weight: float) -> None:
    with pytest.raises(ValueError, match=r"the stage of l1 must begin at epoch 1 or later"):
        Schedule((Stage("l1", epoch, weight),))
