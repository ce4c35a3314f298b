"""The choice of the two clustering levels' sizes, on validation images alone."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import final

import numpy as np

from explainers.activations import ActivationTable
from explainers.errors import FittingError
from explainers.fitting_contract import silent
from explainers.meta_forest.fitting.inte.fidelity import Rate, agreement
from explainers.meta_forest.fitting.inte.meta_learner import WHOLE_TREE
from explainers.meta_forest.fitting.inte.pipeline import InteSettings, fit_network_side
from explainers.meta_forest.fitting.inte.reading import ReadingSetting

WITHIN = 0.01


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Trial:
    """One setting, as it did on the validation images by the network route."""

    sizes: ReadingSetting
    fidelity: Rate
    leaves: int


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Selection:
    """Every trial, and the one that the rule takes."""

    trials: tuple[Trial, ...]
    chosen: Trial


def default_grid(classes: int) -> tuple[ReadingSetting, ...]:
    """Give 2, 5 or 10 on level one, as many clusters as classes or twice as many on two."""
    return tuple(
        ReadingSetting(factors, clusters)
        for factors in (2, 5, 10)
        for clusters in (classes, 2 * classes)
    )


def choose(trials: Sequence[Trial]) -> Trial:
    """Take the fewest leaves among the trials within one point of the best fidelity."""
    best = max(trial.fidelity.share for trial in trials)
    near = [trial for trial in trials if trial.fidelity.share >= best - WITHIN - 1e-12]
    return min(near, key=lambda trial: (trial.leaves, -trial.fidelity.share))


def select(
    train: ActivationTable,
    validation: ActivationTable,
    settings: InteSettings,
    grid: Sequence[ReadingSetting],
    rng: np.random.Generator,
    progress: Callable[..., Iterable[ReadingSetting]] = silent,
) -> Selection:
    """Fit every setting of the grid to `train` and judge it on `validation`.

    Raises
    ------
    FittingError
        When the grid is empty.

    """
    if not grid:
        raise FittingError("the grid of settings is empty; give at least one ReadingSetting")
    classes = train.logits.shape[1]
    trials = []
    for sizes in progress(grid, "clustering sizes"):
        tried = dataclasses.replace(settings, sizes=sizes, tree=WHOLE_TREE)
        side = fit_network_side(train, classes, tried, rng.spawn(1)[0])
        found = agreement(side.predict(validation), validation.predicted)
        trials.append(Trial(sizes, found, len(side.meta.full.leaves)))
    return Selection(tuple(trials), choose(trials))
