"""Fit the method: a mixture for every class, its gates, and how far they hold."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import Final, final

import numpy as np

from explainers.activations import ActivationTable
from explainers.fitting_contract import FittingData
from explainers.mixture.fitting.chain import FEWEST_SWEEPS, Plan
from explainers.mixture.fitting.chains import Task, preview_all, sample_all
from explainers.mixture.fitting.class_rows import ClassRows, class_rows
from explainers.mixture.fitting.features import Features, choose_features
from explainers.mixture.fitting.judging import (
    Judged,
    Seen,
    judge_gates,
    ridge_error,
)
from explainers.mixture.fitting.merging import Merged, merged
from explainers.mixture.fitting.options import MixtureOptions
from explainers.mixture.fitting.storing import Choices, ClassFit, stored
from explainers.mixture.fitting.targets import log_odds
from explainers.mixture.served import Mixture

GATES: Final = ("features", "hidden")
Progress = Callable[..., Iterable[int]]


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Fitted:
    """The mixtures of some classes, before their gates.

    Attributes
    ----------
    features
        What they read.
    rows
        The regression of each class.
    found
        What was found for each, components that are not distinct merged.

    """

    features: Features
    rows: tuple[ClassRows, ...]
    found: tuple[Merged, ...]


def fit_mixture(data: FittingData, rng: np.random.Generator, progress: Progress) -> Mixture:
    """Sample a mixture of regressions of every class's log-odds, and learn its gate.

    Parameters
    ----------
    data
        Training images are regressed on, and train the gates. Validation images only choose
        what gates read, and measure.
    rng
        Draws the rows and seeds the chains.
    progress
        Shows the sweeps.

    Raises
    ------
    NotApplicableError
        When a class has too few images, or no feature that varies.
    FittingError
        When a chain meets a number that is none.

    """
    options = MixtureOptions.read(data.options)
    fitted = fit_classes(data, options, rng, progress, tuple(range(len(data.classes))))
    seen = _seen(data.validation, fitted.features, options)
    kinds = GATES if options.gate == "auto" else (options.gate,)
    gates = [
        _gates(data.train, own, found, fitted.features, seen, kinds)
        for own, found in zip(fitted.rows, fitted.found, strict=True)
    ]
    kind = _chosen(kinds, gates)
    classes = [
        _finished(own, found, judged[kind], seen)
        for own, found, judged in zip(fitted.rows, fitted.found, gates, strict=True)
    ]
    named = np.stack([one.judged.predicted for one in classes], axis=1).argmax(axis=1)
    fidelity = float((named == data.validation.predicted).mean())
    choices = Choices(options, fitted.features, kind, fidelity)
    return stored(data, choices, classes, seen.values.shape[1])


def fit_classes(
    data: FittingData,
    options: MixtureOptions,
    rng: np.random.Generator,
    progress: Progress,
    classes: Sequence[int],
) -> Fitted:
    """Sample the mixtures of some classes; the arguments are those of `fit_mixture`."""
    features = choose_features(data.train, options, data.input_range, rng)
    rows = tuple(class_rows(data.train, features, number, options, rng) for number in classes)
    tasks = [_task(one, data.classes[one.number], options, rng) for one in rows]
    if options.sweeps:
        posteriors = sample_all(tasks, data.threads, progress, data.kept)
    else:
        posteriors = preview_all(tasks, data.threads, progress)
    found = tuple(merged(one, own.regression) for one, own in zip(posteriors, rows, strict=True))
    return Fitted(features, rows, found)


def _task(own: ClassRows, label: str, options: MixtureOptions, rng: np.random.Generator) -> Task:
    seed = int(rng.integers(2**31))
    sweeps = options.sweeps or FEWEST_SWEEPS
    plans = tuple(Plan(seed, chain, sweeps, options.start) for chain in range(options.chains))
    return Task(label, own.regression, options.prior(), plans)


def _seen(table: ActivationTable, features: Features, options: MixtureOptions) -> Seen:
    everything = np.arange(len(table))
    values = features.values(table, everything)
    inputs = {"features": values, "hidden": np.asarray(table.hidden)}
    return Seen(values, inputs, log_odds(table.logits, options.limit))


def _gates(
    table: ActivationTable,
    own: ClassRows,
    found: Merged,
    features: Features,
    seen: Seen,
    kinds: Sequence[str],
) -> dict[str, Judged]:
    inputs = {
        "features": features.values(table, own.rows),
        "hidden": np.asarray(table.hidden[own.rows]),
    }
    wanted = {kind: inputs[kind] for kind in kinds}
    return judge_gates(own, found.posterior, wanted, seen)


def _chosen(kinds: Sequence[str], gates: Sequence[dict[str, Judged]]) -> str:
    """Give what gates read: of what may be, what predicts validation images best."""
    return min(kinds, key=lambda kind: sum(one[kind].predictive_rmse ** 2 for one in gates))


def _finished(own: ClassRows, found: Merged, judged: Judged, seen: Seen) -> ClassFit:
    return ClassFit(
        own=own,
        posterior=found.posterior,
        verdict="; ".join(filter(None, (found.verdict, *found.posterior.warnings))),
        judged=judged,
        ridge_rmse=ridge_error(own, seen),
    )
