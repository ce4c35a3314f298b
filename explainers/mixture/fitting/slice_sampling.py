"""A draw from a density of one variable, by slice sampling with stepping out and shrinkage."""

import math
from collections.abc import Callable

import numpy as np

from explainers.errors import FittingError

WIDTH = 1.0
# After a large step of the other variables a start may lie hundreds below the mode, and a tail
# that falls with the slope L = 1 is then hundreds wide.
MOST_STEPS = 2000
MOST_SHRINKS = 200


def draw_slice(
    name: str, log_target: Callable[[float], float], start: float, rng: np.random.Generator
) -> float:
    """Draw the next value of a chain that leaves exp(log_target) as it is.

    Parameters
    ----------
    name
        What the messages call the variable.
    log_target
        The log density, up to a constant. Minus infinity outside its support; NaN and plus
        infinity are errors, never a rejection.
    start
        Where the chain stands, within the support.
    rng
        What the slice and the points are drawn with.

    Returns
    -------
    The next value.

    Raises
    ------
    FittingError
        Where the target is NaN or infinite, or the slice is wider than 2,000 steps of 1,
        as it is under a density that cannot be normalised.

    References
    ----------
    Neal, Slice sampling, Annals of Statistics 31(3), 2003: figures 3 and 5.

    """
    level = _evaluate(name, log_target, start) - rng.standard_exponential()
    if level == -math.inf:
        raise FittingError(f"the density of {name} must be positive at its start, {start}")
    low = start - WIDTH * rng.random()
    high = low + WIDTH
    low = _step_out(name, log_target, low, -WIDTH, level)
    high = _step_out(name, log_target, high, WIDTH, level)
    for _ in range(MOST_SHRINKS):
        proposed = low + (high - low) * rng.random()
        if _evaluate(name, log_target, proposed) > level:
            return proposed
        if proposed < start:
            low = proposed
        else:
            high = proposed
    raise FittingError(
        f"no value of {name} is as probable as its start, {start}, after {MOST_SHRINKS} trials "
        "ever nearer to it: its density must be the same whenever it is asked for"
    )


def _step_out(
    name: str, log_target: Callable[[float], float], edge: float, step: float, level: float
) -> float:
    first = edge
    for _ in range(MOST_STEPS):
        if _evaluate(name, log_target, edge) <= level:
            return edge
        edge += step
    raise FittingError(
        f"the slice of {name} at the log density {level} reaches from {first} beyond {edge}: its "
        "density must fall off on both sides, so look for a prior that is missing or too wide"
    )


def _evaluate(name: str, log_target: Callable[[float], float], at: float) -> float:
    try:
        value = log_target(at)
    except (OverflowError, ValueError, ZeroDivisionError) as error:
        raise FittingError(
            f"the log density of {name} cannot be computed at {at}: {error}"
        ) from error
    if math.isnan(value) or value == math.inf:
        raise FittingError(f"the log density of {name} must be a number, but is {value} at {at}")
    return value
