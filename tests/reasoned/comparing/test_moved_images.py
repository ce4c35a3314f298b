"""Which images moved most, and what both models say of them."""

import dataclasses

import numpy as np

from reasoned.comparing.moved_images import most_moved, moved_images
from reasoned.comparing.pair import Pair
from reasoned.comparing.sides import Side


def test_no_image_moves_between_a_model_and_itself(pair: Pair, side: Side) -> None:
    assert len(most_moved(side, side)) == 0
    assert moved_images(pair, side, side) == ()


def test_images_come_by_what_moved_then_by_how_sure_the_models_were(side: Side) -> None:
    answers = side.answers
    predicted, names, status = (
        column.copy() for column in (answers.predicted, answers.first_names, answers.status)
    )
    predicted[7] = (predicted[7] + 1) % 10
    names[[3, 4]] = (names[[3, 4]] + 1) % 10
    status[5] = "another"
    estimate = np.full(len(predicted), 0.9)
    estimate[4], estimate[3] = 0.95, np.nan
    planted = dataclasses.replace(
        answers, predicted=predicted, first_names=names, status=status, estimate=estimate
    )
    before = dataclasses.replace(side, answers=dataclasses.replace(answers, estimate=estimate))
    after = dataclasses.replace(side, answers=planted)

    assert most_moved(before, after).tolist() == [4, 3, 5, 7]
    assert most_moved(before, after, 2).tolist() == [4, 3]


def test_both_models_tell_of_an_image(pair: Pair, side: Side, misled: Side) -> None:
    found = moved_images(pair, side, misled)

    assert len(found) == 10
    for one in found:
        figures = one.figures
        assert figures.before.names != figures.after.names
        assert figures.before.predicted == figures.after.predicted
        assert figures.before.sentence.startswith(f"The network says {figures.before.predicted}")
        assert one.picture.shape == (8, 8, 1)
