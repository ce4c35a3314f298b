"""Traces with the numbers that a test asks for."""

import numpy as np

from reasoned.stability.traces import Trace


def picture(*numbers: float, names: int | None = 0, region: str | None = "r") -> Trace:
    return Trace(names, region, frozenset(), (), np.array(numbers, np.float64))


def named_trace(names: int | None = 0, region: str | None = "r", **numbers: float) -> Trace:
    return Trace(names, region, frozenset(), tuple(numbers), np.array([*numbers.values()]))


def path(*features: str, names: int | None = 0) -> Trace:
    steps = frozenset((feature, "<=", 0.5) for feature in features)
    return Trace(names, "leaf", steps, features, np.ones(len(features)))
