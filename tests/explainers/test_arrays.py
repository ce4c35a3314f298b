import dataclasses
import re

import numpy as np
import pytest

from explainers.arrays import (
    check_finite,
    check_lengths,
    check_range,
    check_shape,
    make_read_only,
)
from explainers.errors import ArtefactError, ReasonedError, ShapeError


@pytest.mark.parametrize(
    ("array", "told"),
    [
        (np.zeros(3), "rows must have shape (images, units=4), not (3,)"),
        (np.zeros((3, 5)), "rows must have shape (images, units=4), not (3, 5)"),
        (np.zeros((3, 4, 1)), "rows must have shape (images, units=4), not (3, 4, 1)"),
        (np.zeros(()), "rows must have shape (images, units=4), not ()"),
    ],
)
def test_a_wrong_shape_is_told_by_its_axes(array: np.ndarray[tuple[int, ...]], told: str) -> None:
    with pytest.raises(ShapeError, match=re.escape(told)):
        check_shape("rows", array, "images", "units", units=4)


def test_a_right_shape_passes() -> None:
    check_shape("rows", np.zeros((0, 4)), "images", "units", units=4)
    check_shape("number", np.zeros(()))


def test_the_range_is_closed() -> None:
    check_range("shares", np.array([0.0, 1.0]), 0.0, 1.0)
    check_range("shares", np.array([]), 0.0, 1.0)


@pytest.mark.parametrize("values", [[-0.01, 0.5], [0.5, 1.01], [np.nan, 0.5]])
def test_a_value_out_of_range_is_told(values: list[float]) -> None:
    with pytest.raises(ArtefactError, match=r"shares must lie in \[0.0, 1.0\], but runs from"):
        check_range("shares", np.array(values), 0.0, 1.0)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_told(value: float) -> None:
    with pytest.raises(ArtefactError, match="centroids must be finite, but holds NaN or infinity"):
        check_finite("centroids", np.array([0.0, value]))


def test_finite_numbers_pass() -> None:
    check_finite("centroids", np.array([np.finfo(np.float64).max, 0.0]))


def test_locked_arrays_cannot_be_written() -> None:
    @dataclasses.dataclass(frozen=True)
    class Held:
        number: int
        array: np.ndarray[tuple[int, ...]]

    held = Held(1, np.zeros(3))

    make_read_only(held)

    with pytest.raises(ValueError, match="read-only"):
        held.array[0] = 1.0


def test_the_errors_are_value_errors_of_the_project() -> None:
    for kind in (ShapeError, ArtefactError):
        assert issubclass(kind, ReasonedError)
        assert issubclass(kind, ValueError)


@pytest.mark.parametrize("value", [np.nan, np.inf, 1.1e15, 3e38])
def test_a_row_too_long_to_be_squared_is_told(value: float) -> None:
    check_lengths("centres", np.array([[0, 1e15], [3, 4]], dtype=np.float32))
    check_lengths("centres", np.zeros((0, 3)))
    with pytest.raises(ArtefactError, match=r"centres must be finite and at most 1e\+15 from"):
        check_lengths("centres", np.array([[0, 1], [value, 0]], dtype=np.float32))
