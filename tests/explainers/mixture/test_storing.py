import dataclasses
import json
from pathlib import Path
from typing import final

import numpy as np
import pytest

from explainers.fitting_contract import FittingData, silent
from explainers.mixture.fitting import MixtureOptions, fit_mixture
from explainers.mixture.fitting.class_rows import ClassRows
from explainers.mixture.fitting.fitter import Fitted, fit_classes
from explainers.mixture.fitting.gate import Gate
from explainers.mixture.fitting.judging import Judged
from explainers.mixture.fitting.regression import Regression
from explainers.mixture.fitting.storing import (
    SHOWN,
    Choices,
    ClassFit,
    leading_rows,
    net_labels,
    stored,
)
from explainers.mixture.served import Mixture
from tests.explainers.mixture.planted_pixels import by_first_pixel, example_id, fitting_data
from tests.explainers.mixture.regimes import a_posterior

OPTIONS = {"preset": "preview", "components": "3", "most_features": "20"}


@final
@dataclasses.dataclass(frozen=True)
class Fit:
    """What was fitted on, the mixtures of the classes, and what is stored of them."""

    data: FittingData
    fitted: Fitted
    stored: Mixture


def fit(options: dict[str, str]) -> Fit:
    data = fitting_data(by_first_pixel(400, 0), by_first_pixel(60, 1, first=1), options)
    read = MixtureOptions.read(options)
    return Fit(
        data=data,
        fitted=fit_classes(data, read, np.random.default_rng(0), silent, range(2)),
        stored=fit_mixture(data, np.random.default_rng(0), silent),
    )


@pytest.fixture(scope="module")
def found() -> Fit:
    return fit(OPTIONS)


def test_components_that_mostly_shared_a_net_have_one_label() -> None:
    same = np.eye(4)
    same[0, 2] = same[2, 0] = 0.9
    same[1, 3] = same[3, 1] = 0.4
    np.testing.assert_array_equal(net_labels(same), [0, 1, 0, 2])

    same[1, 3] = same[3, 1] = 0.6
    np.testing.assert_array_equal(net_labels(same), [0, 1, 0, 1])


def test_a_label_is_given_once() -> None:
    # The second shares a net with the first and the third, which do not share one.
    same = np.array([[1.0, 0.6, 0.1], [0.6, 1.0, 0.6], [0.1, 0.6, 1.0]])

    np.testing.assert_array_equal(net_labels(same), [0, 0, 1])
    np.testing.assert_array_equal(net_labels(np.zeros((2, 2))), [0, 1])


def test_the_most_typical_rows_come_first() -> None:
    # Nine rows of the first component, y = x, and two of the second, y = -x + 40.
    x = np.array([[1.0], [2], [3], [4], [5], [6], [7], [8], [9], [1], [2]])
    x = np.column_stack([x, np.ones(11)])
    off = np.array([0.5, 0.0, 0.1, 0.2, 0.3, 0.0, 0.0, 0.0, 0.4, 1.0, 0.0])
    b = np.array([[1.0, 0.0], [-1.0, 40.0]])
    z = np.array([0] * 9 + [1] * 2)
    regression = Regression(x, np.einsum("ip,ip->i", x, b[z]) + off, intercept=True)
    posterior = a_posterior(regression, b, 0.1, np.array([0.5, 0.5]))
    np.testing.assert_array_equal(posterior.z, z)
    # All other shares are 1: rounded, those of the sixth and seventh too.
    shares = posterior.responsibilities.copy()
    shares[[5, 6, 7], 0] = [0.9996, 0.99961, 0.97]
    posterior = dataclasses.replace(posterior, responsibilities=shares)
    own = ClassRows(
        0, 100 + 10 * np.arange(11), np.array([0]), regression, np.ones(len(regression.y))
    )

    found = leading_rows(own, posterior)

    # Of equal shares by error: 0 (rows 1, 5, 6), 0.1 (2), 0.2 (3), 0.3 (4), 0.4 (8), 0.5 (0).
    np.testing.assert_array_equal(found[0], [110, 150, 160, 120, 130, 140, 180, 100])
    np.testing.assert_array_equal(found[1], [200, 190] + [-1] * 6)


def test_a_component_without_rows_shows_none() -> None:
    regression = Regression(np.ones((3, 1)), np.ones(3), intercept=False)
    posterior = a_posterior(regression, np.array([[1.0], [50.0]]), 0.1, np.array([0.5, 0.5]))
    own = ClassRows(0, np.arange(3), np.array([0]), regression, np.ones(len(regression.y)))

    found = leading_rows(own, posterior)

    assert found.shape == (2, SHOWN)
    np.testing.assert_array_equal(found[1], -1)
    np.testing.assert_array_equal(found[0], [0, 1, 2] + [-1] * 5)


def test_what_was_found_stands_where_the_features_are(found: Fit) -> None:
    kept = found.stored
    for own, one in zip(found.fitted.rows, found.fitted.found, strict=True):
        components = np.flatnonzero(kept.owner == own.number)
        at = np.ix_(components, own.selected)
        np.testing.assert_array_equal(kept.weights[at], one.posterior.b[:, :-1])
        np.testing.assert_array_equal(kept.deviations[at], one.posterior.deviation[:, :-1])
        reach = 1.96 * one.posterior.deviation[:, :-1]
        np.testing.assert_array_equal(kept.certain[at], np.abs(one.posterior.b[:, :-1]) > reach)
        np.testing.assert_array_equal(kept.intercepts[components], one.posterior.b[:, -1])
        for name in ("s2", "shares", "l1", "l2"):
            np.testing.assert_array_equal(
                getattr(kept, name)[components], getattr(one.posterior, name)
            )
        np.testing.assert_array_equal(np.flatnonzero(kept.selected[own.number]), own.selected)
    assert np.bincount(kept.owner).max() > 1  # or none could be put at another's place


def test_features_that_are_not_read_are_exactly_zero(found: Fit) -> None:
    kept = found.stored
    np.testing.assert_array_equal(kept.selected.sum(axis=1), 20)
    not_read = ~kept.selected[kept.owner]

    assert not_read.any()
    for name in ("weights", "deviations", "certain"):
        assert not getattr(kept, name)[not_read].any()


def test_without_an_intercept_there_are_zeros() -> None:
    found = fit(OPTIONS | {"intercept": "false", "components": "1"})

    np.testing.assert_array_equal(found.stored.intercepts, 0.0)
    for own, one in zip(found.fitted.rows, found.fitted.found, strict=True):
        components = np.flatnonzero(found.stored.owner == own.number)
        np.testing.assert_array_equal(
            found.stored.weights[np.ix_(components, own.selected)], one.posterior.b
        )


def test_examples_are_training_images_of_their_component(found: Fit) -> None:
    kept, train = found.stored, found.data.train
    leading = np.concatenate(
        [
            leading_rows(own, one.posterior)
            for own, one in zip(found.fitted.rows, found.fitted.found, strict=True)
        ]
    )

    assert kept.example_ids == tuple(example_id(row) for row in kept.example_rows.tolist())
    assert np.all(np.diff(kept.example_rows) > 0)
    assert set(kept.example_rows.tolist()) <= set(train.rows.tolist())
    # Each is shown by some component, and each component shows its own.
    assert set(kept.members[kept.members >= 0].tolist()) == set(range(len(kept.example_ids)))
    np.testing.assert_array_equal(kept.members < 0, leading < 0)
    shown = kept.members >= 0
    np.testing.assert_array_equal(
        kept.example_rows[kept.members[shown]], train.rows[leading[shown]]
    )
    assert kept.cites() == tuple(kept.example_rows.tolist())


def test_components_of_few_images_show_fewer(found: Fit) -> None:
    classes = []
    for own, one in zip(found.fitted.rows, found.fitted.found, strict=True):
        components = len(one.posterior.b)
        few = np.full(len(own.rows), components)  # of none of them, but for three
        few[[2, 3, 5]] = 0
        judged = Judged(
            Gate(np.zeros((components, 30)), np.zeros(components)), np.zeros(60), 0.0, 1.0, 0.0
        )
        posterior = dataclasses.replace(one.posterior, z=few)
        classes.append(ClassFit(own, posterior, "", judged, 0.0))
    options = MixtureOptions.read(OPTIONS)

    made = stored(found.data, Choices(options, found.fitted.features, "features", 1.0), classes, 30)

    for own in found.fitted.rows:
        first, *others = made.members[made.owner == own.number]
        assert (first >= 0).sum() == 3
        np.testing.assert_array_equal(first[3:], -1)
        assert all(np.all(other == -1) for other in others)
        rows = found.data.train.rows[own.rows[[2, 3, 5]]]
        assert set(made.example_rows[first[:3]].tolist()) == set(rows.tolist())


def test_a_preview_has_no_r_hat_and_says_what_it_was_asked_for(found: Fit) -> None:
    np.testing.assert_array_equal(found.stored.r_hat, 0.0)
    assert found.stored.preset == "preview"
    assert json.loads(found.stored.settings) == MixtureOptions.read(OPTIONS).model_dump()
    assert set(json.loads(found.stored.settings)) == set(MixtureOptions.model_fields)


def test_it_is_the_same_when_it_is_read_again(found: Fit, tmp_path: Path) -> None:
    found.stored.save(tmp_path)

    again = Mixture.load(tmp_path)

    for field in dataclasses.fields(Mixture):
        if field.init:
            np.testing.assert_array_equal(
                getattr(again, field.name), getattr(found.stored, field.name)
            )


def test_what_is_read_of_the_input_is_stored(found: Fit) -> None:
    kept = found.stored

    np.testing.assert_array_equal(kept.shape, [1, 5, 6])
    assert (kept.black.tolist(), kept.white.tolist()) == ([0.0], [1.0])
    assert kept.cells.size == 0
    assert (kept.features, kept.class_names) == ("pixels", ("boot", "coat"))
