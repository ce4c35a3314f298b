import dataclasses

import numpy as np
import pytest

from explainers.activations import ActivationTable
from explainers.errors import NotApplicableError
from explainers.mixture.fitting.options import MixtureOptions
from explainers.mixture.fitting.targets import log_odds, natural_weights, rows_of_class
from tests.explainers.planting import Planted


@pytest.fixture
def table(planted: Planted) -> ActivationTable:
    return planted.data.train


def test_log_odds_are_those_of_the_probabilities() -> None:
    logits = np.random.default_rng(0).normal(size=(20, 4))
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)

    np.testing.assert_allclose(log_odds(logits, 100.0), np.log(shares / (1 - shares)), rtol=1e-10)


def test_log_odds_of_two_classes_by_hand() -> None:
    np.testing.assert_allclose(log_odds(np.array([[3.0, 1.0]]), 100.0), [[2.0, -2.0]])


def test_a_probability_that_rounds_to_one_has_log_odds_still() -> None:
    found = log_odds(np.array([[60.0, 0.0, 0.0]], np.float32), 1000.0)

    np.testing.assert_allclose(found[0, 0], 60.0 - np.log(2.0))


def test_log_odds_are_cut_off_on_both_sides() -> None:
    np.testing.assert_array_equal(log_odds(np.array([[60.0, 0.0]]), 13.8), [[13.8, -13.8]])


def test_half_of_the_rows_are_contrast(table: ActivationTable) -> None:
    rows = rows_of_class(table, 1, MixtureOptions.read({}), np.random.default_rng(0))
    inside = table.predicted[rows] == 1

    assert inside.sum() == (table.predicted == 1).sum()
    assert inside.mean() == pytest.approx(0.5)
    assert (np.diff(rows) > 0).all()


def test_there_are_at_most_as_many_rows_as_asked_for(table: ActivationTable) -> None:
    rows = rows_of_class(table, 1, MixtureOptions.read({"rows": "31"}), np.random.default_rng(0))

    assert len(rows) == 30


def test_the_papers_rows_are_those_of_the_true_class(table: ActivationTable) -> None:
    moved = dataclasses.replace(table, predicted=(table.predicted + 1) % 4)
    options = MixtureOptions.read({"preset": "paper"})

    rows = rows_of_class(moved, 2, options, np.random.default_rng(0))

    np.testing.assert_array_equal(rows, np.flatnonzero(table.labels == 2))


def test_a_class_that_the_network_never_gives_is_refused(table: ActivationTable) -> None:
    never = dataclasses.replace(table, predicted=np.zeros_like(table.predicted))

    with pytest.raises(NotApplicableError, match="10 training images or more inside class 3"):
        rows_of_class(never, 3, MixtureOptions.read({}), np.random.default_rng(0))


def test_weights_bring_back_the_natural_mix(table: ActivationTable) -> None:
    rows = rows_of_class(table, 0, MixtureOptions.read({}), np.random.default_rng(0))
    weights = natural_weights(table.predicted, rows, 0)

    inside = table.predicted[rows] == 0
    share = weights[inside].sum() / weights.sum()
    assert share == pytest.approx((table.predicted == 0).mean())


def test_rows_of_one_class_weigh_alike() -> None:
    predicted = np.array([0, 0, 1], np.int64)

    np.testing.assert_array_equal(natural_weights(predicted, np.array([0, 1]), 0), [1.0, 1.0])
