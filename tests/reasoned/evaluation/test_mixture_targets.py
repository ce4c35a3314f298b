"""The evaluation judges by what the fit was told."""

import numpy as np
import pytest
from scipy import special

from explainers.mixture.fitting.options import MixtureOptions
from reasoned.errors import FolderError
from reasoned.evaluation.mixture_targets import Targets
from tests.explainers.mixture.stored import two


def test_what_is_not_stored_is_as_the_fit_has_it_by_default() -> None:
    default = MixtureOptions()
    assert Targets.of(two()) == Targets(limit=default.limit, contrast=default.contrast)


def test_stored_options_are_read() -> None:
    paper = MixtureOptions.read({"preset": "paper"})
    found = Targets.of(two(settings=paper.model_dump_json(), limit=7.5))
    assert (found.limit, found.contrast) == (7.5, False)
    with pytest.raises(FolderError, match="settings of the method mixture hold a wrong contrast"):
        Targets.of(two(settings='{"contrast": "far"}'))


def test_log_odds_are_cut_off_at_the_stored_limit() -> None:
    logits = np.array([[0.0, 0.0], [1.0, 0.0], [90.0, 0.0], [-90.0, 0.0]], np.float32)
    np.testing.assert_allclose(Targets(limit=5.0).y(logits, 0), [0.0, 1.0, 5.0, -5.0], atol=1e-12)
    three = np.array([[2.0, 1.0, -1.0]], np.float32)
    chance = special.softmax(three.astype(np.float64))[0, 1]
    np.testing.assert_allclose(Targets().y(three, 1), [special.logit(chance)], rtol=1e-12)


def test_rows_are_the_class_and_as_many_others_or_the_true_class() -> None:
    labels, predicted = np.array([1, 1, 0, 0, 2, 2, 2]), np.array([1, 0, 0, 1, 2, 2, 2])
    rng = np.random.default_rng(0)
    for _ in range(20):
        rows = Targets().rows(labels, predicted, 1, rng)
        assert predicted[rows].tolist().count(1) == 2
        assert len(rows) == len(set(rows.tolist())) == 4
        assert rows.tolist() == sorted(rows.tolist())
    plain = Targets(contrast=False).rows(labels, predicted, 1, rng)
    assert plain.tolist() == [0, 1]
    # Fewer others than own.
    assert len(Targets().rows(labels[:3], np.array([1, 1, 0]), 1, rng)) == 3
