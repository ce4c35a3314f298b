"""Sanity checks hold on the trained network, and fail on networks that know nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from explainers.errors import ShapeError
from explainers.fitting_contract import silent
from reasoned.judges.network import JudgedNetwork
from reasoned.judges.sanity import (
    LOOKS,
    NAMES,
    Check,
    agreement,
    check_faithful,
    check_true,
    sanity_figures,
)
from reasoned.judges.settings import JudgeSettings
from reasoned.judges.shuffled_labels import train_on_shuffled
from reasoned.judges.subject import JudgeSubject


def checks(subject: JudgeSubject, given_network: JudgedNetwork) -> dict[tuple[str, str], Check]:
    found = check_faithful(
        subject.explainers, subject.pictures, subject.network, given_network, subject.pixels
    )
    return {(check.check, check.method): check for check in found}


def test_every_check_holds_on_the_trained_network(digits_subject: JudgeSubject) -> None:
    found = checks(digits_subject, digits_subject.network)
    assert {method for claim, method in found if claim == NAMES} == {"meta_forest", "additive"}
    assert all(check.holds for check in found.values()), found
    assert found[LOOKS, "saliency"].figure == pytest.approx(1.0)
    assert found[NAMES, "additive"].figure == 1.0


@pytest.mark.parametrize("seed", [0, 1])
def test_the_checks_fail_for_a_randomised_network(digits_subject: JudgeSubject, seed: int) -> None:
    found = checks(digits_subject, digits_subject.network.drawn_again(seed))
    # A mixture of regressions on pixels, and numbers drawn at random, do not read the network.
    by_construction = {(LOOKS, "mixture"), (LOOKS, "random")}
    holding = {place for place, check in found.items() if check.holds}
    assert holding == by_construction
    assert max(check.figure for place, check in found.items() if place[0] == NAMES) < 0.25


def test_the_checks_fail_for_shuffled_labels(digits_subject: JudgeSubject) -> None:
    subject, asked = digits_subject, JudgeSettings(shuffled_epochs=12)
    before = subject.network.fingerprint()
    shuffled = train_on_shuffled(
        subject.network, subject.train_pixels, subject.train_labels, asked, silent
    )
    assert subject.network.fingerprint() == before
    assert (np.bincount(shuffled.labels) == np.bincount(subject.train_labels)).all()
    learned = shuffled.network.logits(subject.train_pixels).argmax(axis=1)
    # It learned something of what it was told, which is nothing of the classes.
    assert (learned == shuffled.labels).mean() > 0.2
    assert check_true(subject.network, subject.pixels, subject.labels).holds
    assert not check_true(shuffled.network, subject.pixels, subject.labels).holds
    holding = {place for place, check in checks(subject, shuffled.network).items() if check.holds}
    assert holding == {(LOOKS, "mixture"), (LOOKS, "random")}


def test_agreement_is_worked_by_hand() -> None:
    # Three of four agree; by chance 2/4 x 1/4 + 2/4 x 3/4 = 1/2 would.
    found = agreement(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]))
    assert found == pytest.approx((0.75 - 0.5) / 0.5)
    assert agreement(np.array([2, 2]), np.array([2, 2])) == 0.0
    assert agreement(np.array([-1, -1]), np.array([0, 1])) == 0.0
    with pytest.raises(ShapeError, match="second must have shape"):
        agreement(np.array([1, 2]), np.array([1]))


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(-1, 3), st.integers(0, 3)), min_size=2, max_size=30))
def test_agreement_is_cohens_kappa(pairs: list[tuple[int, int]]) -> None:
    first, second = (np.array(column) for column in zip(*pairs, strict=True))
    if len(set(first.tolist()) | set(second.tolist())) > 1:
        assert agreement(first, second) == pytest.approx(cohen_kappa_score(first, second))


@pytest.mark.parametrize(
    ("figures", "passed"),
    [((0.9, 0.1, 0.1), True), ((0.4, 0.1, 0.1), False), ((0.9, 0.5, 0.1), False)],
)
def test_a_check_passes_where_it_tells_networks_apart(
    figures: tuple[float, float, float],
    passed: bool,  # noqa: FBT001  a column of the table
) -> None:
    trained, redrawn, shuffled = ([Check(LOOKS, "mixture", figure, 0.5)] for figure in figures)
    (found,) = sanity_figures(trained, redrawn, shuffled, {"mixture": "it reads pixels"})
    assert (found.passed, found.note) == (passed, "it reads pixels")
    assert (found.trained, found.redrawn, found.shuffled_labels) == figures
