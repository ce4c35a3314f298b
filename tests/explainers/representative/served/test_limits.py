"""What is finite, and yet too large to be answered with."""

from typing import Any

import numpy as np
import pytest

from explainers.errors import ArtefactError, ShapeError
from explainers.representative.served.checks import MOST_STORED
from tests.explainers.representative.served.worked import seen, worked

SMALL: dict[str, Any] = {"tail_slopes": (0.0,), "tail_biases": np.zeros(3)}


@pytest.mark.parametrize("huge", [1e16, -1e16])
def test_margins_must_stay_numbers(huge: float) -> None:
    offsets = worked().offsets.copy()
    offsets[2] = huge

    with pytest.raises(ArtefactError, match="offsets must lie in"):
        worked(offsets=offsets)
    with pytest.raises(ArtefactError, match="norms must lie in"):
        worked(norms=np.full(8, huge, np.float32))


def test_starts_that_wrap_around_are_refused() -> None:
    starts = np.array([0, 2**63 - 1, -2, 8])

    with pytest.raises(ArtefactError, match=r"starts must lie in \[0, 8\]"):
        worked(starts=starts)


def test_a_tail_that_would_take_too_long_is_refused() -> None:
    wide: dict[str, Any] = {"tail_shapes": ((300_000, 2), (3, 300_000)), "tail_slopes": (0.0, 0.0)}

    with pytest.raises(ArtefactError, match="number of tail_weights must lie in"):
        worked(**wide, tail_weights=np.zeros(1_500_000), tail_biases=np.zeros(300_003))
    with pytest.raises(ArtefactError, match="tail_shapes must lie in"):
        worked(**SMALL, tail_shapes=((-3, -2),), tail_weights=np.zeros(6))
    with pytest.raises(ArtefactError, match="tail_weights must lie in"):
        worked(**SMALL, tail_shapes=((3, 2),), tail_weights=np.full(6, 1e200))


def test_too_many_images_to_search_are_refused() -> None:
    images = MOST_STORED + 1

    with pytest.raises(ArtefactError, match="number of search_points must lie in"):
        worked(
            search_points=np.zeros((images, 2), np.float32),
            search_predicted=np.zeros(images, np.int64),
        )


def test_taps_of_another_size_are_refused() -> None:
    rules, psi = worked(), np.zeros((2, 2, 2), np.float32)

    rules.check_taps(seen((1, 2), psi=psi))
    with pytest.raises(ShapeError, match=r"boundary must have shape \(units=2\)"):
        rules.check_taps(seen((1, 2, 3), psi=psi))
    with pytest.raises(ShapeError, match=r"psi must have shape \(channels=2, rows, columns\)"):
        rules.check_taps(seen((1, 2), psi=np.zeros((3, 2, 2), np.float32)))
