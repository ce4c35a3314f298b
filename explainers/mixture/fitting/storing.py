"""From what was fitted to the arrays that are served."""

import dataclasses
import json
from collections.abc import Sequence
from typing import Any, Final, final

import numpy as np

from explainers.arrays import AnyArray, BoolArray, DoubleArray, IntArray
from explainers.fitting_contract import FittingData
from explainers.mixture.fitting.class_rows import ClassRows
from explainers.mixture.fitting.convergence import worst
from explainers.mixture.fitting.features import Features
from explainers.mixture.fitting.judging import DOMINANCE, Judged
from explainers.mixture.fitting.options import MixtureOptions
from explainers.mixture.fitting.summary import Posterior
from explainers.mixture.served import Mixture
from explainers.mixture.served.lines import NORMAL_95

SHOWN: Final = 8
SAME_NET: Final = 0.5


@final
@dataclasses.dataclass(frozen=True, eq=False)
class ClassFit:
    """One class, fitted and judged.

    Attributes
    ----------
    own
        Its regression.
    posterior
        Its distinct components, the largest first.
    verdict
        What must be said of it, or nothing.
    judged
        Its gate, and the errors on validation images.
    ridge_rmse
        The error of one ridge regression on the same images.

    """

    own: ClassRows
    posterior: Posterior
    verdict: str
    judged: Judged
    ridge_rmse: float


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Choices:
    """How everything was fitted.

    Attributes
    ----------
    options
        What was asked for.
    features
        What is read.
    gate_reads
        What the gates read.
    fidelity
        The share of validation images for which the network's class is named.

    """

    options: MixtureOptions
    features: Features
    gate_reads: str
    fidelity: float


def stored(data: FittingData, choices: Choices, classes: Sequence[ClassFit], size: int) -> Mixture:
    """Put all classes together; `size` is the number of features."""
    features = choices.features
    return Mixture(
        class_names=data.classes,
        features=features.kind,
        shape=np.array(features.shape, np.int64),
        black=features.black,
        white=features.white,
        cells=features.cells,
        gate_reads=choices.gate_reads,
        dominance=DOMINANCE,
        limit=choices.options.limit,
        verdicts=tuple(one.verdict for one in classes),
        validation_fidelity=choices.fidelity,
        preset=choices.options.preset,
        settings=json.dumps(choices.options.model_dump(), sort_keys=True),
        **_components(classes, size),
        **_errors(classes),
        **_examples(data, classes),
    )


def _components(classes: Sequence[ClassFit], size: int) -> dict[str, Any]:
    posteriors = [one.posterior for one in classes]
    gates = [one.judged.gate for one in classes]
    return {
        "owner": np.repeat([one.own.number for one in classes], [len(p.b) for p in posteriors]),
        "weights": np.concatenate([_spread(one, one.posterior.b, size) for one in classes]),
        "deviations": np.concatenate(
            [_spread(one, one.posterior.deviation, size) for one in classes]
        ),
        "certain": np.concatenate([_spread(one, _certain(one.posterior), size) for one in classes]),
        "selected": np.array([_chosen(one, size) for one in classes]),
        "intercepts": np.concatenate([_intercepts(one) for one in classes]),
        "nets": np.concatenate([net_labels(p.same_net) for p in posteriors]),
        "gate_weights": np.concatenate([gate.weights for gate in gates]),
        "gate_bias": np.concatenate([gate.bias for gate in gates]),
    } | {
        name: np.concatenate([getattr(p, name) for p in posteriors])
        for name in ("s2", "shares", "l1", "l2")
    }


def _certain(posterior: Posterior) -> BoolArray:
    """Say where the interval that is served leaves out 0, so that the two never disagree."""
    return np.asarray(np.abs(posterior.b) > NORMAL_95 * posterior.deviation)


def _spread(one: ClassFit, columns: AnyArray, size: int) -> AnyArray:
    """Put a class's columns at the places of its features; the others stay 0."""
    found = np.zeros((len(columns), size), columns.dtype)
    found[:, one.own.selected] = columns[:, : len(one.own.selected)]
    return found


def _chosen(one: ClassFit, size: int) -> BoolArray:
    found = np.zeros(size, np.bool_)
    found[one.own.selected] = True
    return found


def _intercepts(one: ClassFit) -> DoubleArray:
    b = one.posterior.b
    return b[:, -1].copy() if one.own.regression.intercept else np.zeros(len(b))


def net_labels(same_net: DoubleArray) -> IntArray:
    """Give the nets of a class's components labels; two that mostly shared one have one label.

    Parameters
    ----------
    same_net
        Shape (components, components). How probably two components use one net.

    """
    labels = np.full(len(same_net), -1, np.int64)
    for j in range(len(same_net)):
        if labels[j] < 0:
            alike = (same_net[j] > SAME_NET) & (labels < 0)
            alike[j] = True
            labels[alike] = labels.max() + 1
    return labels


def _errors(classes: Sequence[ClassFit]) -> dict[str, Any]:
    return {
        "assigned_rmse": np.array([one.judged.assigned_rmse for one in classes]),
        "ridge_rmse": np.array([one.ridge_rmse for one in classes]),
        "predictive_rmse": np.array([one.judged.predictive_rmse for one in classes]),
        "gate_accuracy": np.array([one.judged.accuracy for one in classes]),
        "r_hat": np.array([worst(one.posterior.r_hat) for one in classes]),
    }


def _examples(data: FittingData, classes: Sequence[ClassFit]) -> dict[str, Any]:
    """Give the training images with the highest responsibility, as positions among them."""
    chosen = np.concatenate([leading_rows(one.own, one.posterior) for one in classes])
    shown = np.unique(chosen[chosen >= 0])
    rows = data.train.rows[shown]
    return {
        "example_ids": tuple(data.example_ids(int(row)) for row in rows),
        "example_rows": rows.astype(np.int64),
        "members": np.where(chosen >= 0, np.searchsorted(shown, chosen), -1).astype(np.int64),
    }


def leading_rows(own: ClassRows, posterior: Posterior) -> IntArray:
    """Give each component's most typical rows, shape (components, 8), -1 for none.

    Of the rows that are assigned to it, those with the highest responsibility come first,
    and among equal ones those that its regression fits best.
    """
    found = np.full((len(posterior.b), SHOWN), -1, np.int64)
    errors = np.abs(own.regression.y[:, None] - own.regression.x @ posterior.b.T)
    for j in range(len(posterior.b)):
        members = np.flatnonzero(posterior.z == j)
        shares = np.round(posterior.responsibilities[members, j], 3)
        order = np.lexsort((errors[members, j], -shares))[:SHOWN]
        found[j, : len(order)] = own.rows[members[order]]
    return found
