"""Array types, and the checks that are made wherever arrays enter."""

import dataclasses
from typing import Any

import numpy as np
import numpy.typing as npt

from explainers.errors import ArtefactError, ShapeError

FloatArray = npt.NDArray[np.float32]
DoubleArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
ByteArray = npt.NDArray[np.uint8]
AnyArray = npt.NDArray[Any]
LARGEST_SQUARE = 1e30


def check_shape(name: str, array: AnyArray, *axes: str, **sizes: int) -> None:
    """Raise unless `array` has one axis per name, each of the given size.

    Parameters
    ----------
    name
        What the message calls the array.
    array
        The array to look at.
    axes
        The names of the wanted axes, in order.
    sizes
        The wanted size of those axes whose size is known.

    Raises
    ------
    ShapeError
        With the name, what was wanted and what came.

    """
    fits = array.ndim == len(axes) and all(
        size == sizes.get(axis, size) for axis, size in zip(axes, array.shape, strict=True)
    )
    if not fits:
        expected = ", ".join(f"{a}={sizes[a]}" if a in sizes else a for a in axes)
        raise ShapeError(f"{name} must have shape ({expected}), not {array.shape}")


def check_range(name: str, array: AnyArray, low: float, high: float) -> None:
    """Raise `ArtefactError` unless every value of a stored array lies in [low, high]."""
    if array.size and not (np.all(array >= low) and np.all(array <= high)):
        raise ArtefactError(
            f"{name} must lie in [{low}, {high}], but runs from {array.min()} to {array.max()}"
        )


def check_finite(name: str, array: AnyArray) -> None:
    """Raise `ArtefactError` when a stored array holds NaN or infinity."""
    if not np.all(np.isfinite(array)):
        raise ArtefactError(f"{name} must be finite, but holds NaN or infinity")


def check_lengths(name: str, array: AnyArray) -> None:
    """Raise `ArtefactError` unless the rows of an array are finite and of sane length.

    Squared distances to such rows, from such rows, do not overflow in float32.
    """
    squared = (array.astype(np.float64) ** 2).sum(axis=-1)
    if not np.all(squared <= LARGEST_SQUARE):  # which NaN is not either
        raise ArtefactError(
            f"{name} must be finite and at most {LARGEST_SQUARE**0.5:g} from the origin"
        )


def make_read_only(instance: object) -> None:
    """Lock every array of a frozen dataclass, which `frozen=True` alone leaves writable."""
    for field in dataclasses.fields(instance):  # type: ignore[arg-type]
        value = getattr(instance, field.name, None)
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
