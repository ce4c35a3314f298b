"""Networks whose log-odds are known functions of pixels, as the tables that a fit reads."""

import dataclasses
from collections.abc import Mapping

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import AnyArray, BoolArray, DoubleArray, IntArray
from explainers.fitting_contract import FittingData

CLASSES = ("boot", "coat")
RANGE = np.array([[0.0], [1.0]], np.float32)  # pixels are the network's input as they are
# Of the images that are told apart by their first pixel.
ROWS, COLUMNS = 5, 6
NOISE = 0.1
SUPPORTS = ((3, 8, 13, 21), (1, 8, 17, 26))
SIZES = ((6.0, -8.0, 5.0, 7.0), (-6.0, 6.0, 8.0, -5.0))


def example_id(row: int) -> str:
    return f"image-{row}"


def table(pixels: AnyArray, log_odds: DoubleArray, hidden: AnyArray, first: int) -> ActivationTable:
    """Give images of shape (images, rows, columns) whose first class has these log-odds."""
    logits = np.column_stack([log_odds, np.zeros(len(log_odds))]).astype(np.float32)
    predicted = logits.argmax(axis=1).astype(np.int64)
    return ActivationTable(
        rows=first + 2 * np.arange(len(pixels), dtype=np.int64),
        labels=predicted.copy(),
        predicted=predicted,
        logits=logits,
        hidden=np.asarray(hidden, np.float32),
        pixels=np.ascontiguousarray(pixels[:, None], np.float32),
    )


def fitting_data(
    train: ActivationTable, validation: ActivationTable, options: Mapping[str, str]
) -> FittingData:
    return FittingData(
        train=train,
        validation=validation,
        classes=CLASSES,
        example_ids=example_id,
        head=None,
        head_reason="these tables have no network",
        input_range=RANGE,
        options=options,
    )


def by_first_pixel(count: int, seed: int, *, first: int = 0) -> ActivationTable:
    """Draw images with one set of weights where the first pixel is bright, else with another.

    The first pixel is at most 0.3 or at least 0.7, and the hidden layer tells nothing.
    """
    rng = np.random.default_rng(seed)
    x = rng.random((count, ROWS * COLUMNS))
    x[:, 0] = 0.3 * x[:, 0] + 0.7 * (rng.random(count) < 0.5)
    b = np.zeros((2, ROWS * COLUMNS))
    for side, (support, sizes) in enumerate(zip(SUPPORTS, SIZES, strict=True)):
        b[side, list(support)] = sizes
    centred = x - 0.5
    log_odds = np.where(x[:, 0] > 0.5, centred @ b[0], centred @ b[1])
    log_odds += NOISE * rng.standard_normal(count)
    hidden = rng.standard_normal((count, 3))
    return table(x.reshape(count, ROWS, COLUMNS), log_odds, hidden, first)


def with_hidden(given: ActivationTable, hidden: AnyArray) -> ActivationTable:
    return dataclasses.replace(given, hidden=np.asarray(hidden, np.float32))


# Of the images of 28 x 28: where the signal is, as (row, column), and how strong.
SIDE = 28
PLANTED = {(2, 25): 9.0, (5, 3): -7.0, (13, 14): 11.0, (14, 13): -10.0, (20, 6): 8.0, (26, 26): 6.0}


def positions() -> list[int]:
    """Give where the signal is, in pixels counted from the top left, row by row."""
    return sorted(SIDE * row + column for row, column in PLANTED)


def by_known_pixels(count: int, seed: int, *, first: int = 0) -> ActivationTable:
    """Draw images of which only some pixels matter, all equally strongly lit.

    The frame is black, and the pixels' variances differ, so that selecting the 300 that vary
    most leaves gaps between those that are kept.
    """
    rng = np.random.default_rng(seed)
    spread = np.random.default_rng(5).uniform(0.3, 1.0, (SIDE, SIDE))
    for row, column in PLANTED:
        spread[row, column] = 1.0
    spread[[0, -1]] = spread[:, [0, -1]] = 0.0
    x = spread * rng.random((count, SIDE, SIDE))
    log_odds = 0.1 * rng.standard_normal(count)
    for (row, column), size in PLANTED.items():
        log_odds += size * (x[:, row, column] - 0.5)
    return table(x, log_odds, rng.standard_normal((count, 3)), first)


def moved(given: ActivationTable, order: IntArray) -> ActivationTable:
    """Put pixel ``order[i]`` into place i of every image."""
    flat = given.pixels.reshape(len(given), -1)[:, order]
    return dataclasses.replace(given, pixels=flat.reshape(given.pixels.shape))


def by_hidden_side(count: int, seed: int, *, first: int = 0) -> tuple[ActivationTable, BoolArray]:
    """Draw images of two sets of weights, of which only the hidden layer knows which holds.

    Also gives the sides, shape (images); the one hidden unit is 1 or -1.
    """
    rng = np.random.default_rng(seed)
    x = rng.random((count, 12))
    sides = rng.random(count) < 0.5
    b = np.zeros((2, 12))
    b[0, [1, 4]], b[1, [1, 7]] = (9.0, -6.0), (-8.0, 7.0)
    log_odds = np.where(sides, (x - 0.5) @ b[0], (x - 0.5) @ b[1])
    log_odds += NOISE * rng.standard_normal(count)
    hidden = np.where(sides, 1.0, -1.0)[:, None]
    return table(x.reshape(count, 3, 4), log_odds, hidden, first), sides
