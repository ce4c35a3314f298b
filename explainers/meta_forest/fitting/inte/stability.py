"""How much of the clustering a second seed finds again."""

import dataclasses
from typing import final

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_rand_score

from explainers.activations import ActivationTable
from explainers.arrays import AnyArray, IntArray
from explainers.meta_forest.fitting.inte.column_factors import ColumnFactors
from explainers.meta_forest.fitting.inte.fidelity import agreement
from explainers.meta_forest.fitting.inte.meta_learner import WHOLE_TREE
from explainers.meta_forest.fitting.inte.pipeline import (
    InteSettings,
    NetworkSide,
    fit_network_side,
)


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Stability:
    """Several fits with different seeds, each held against the first.

    Attributes
    ----------
    fidelities
        By the network route on the test images, one for each seed.
    id_agreement
        Adjusted Rand index of the ids, averaged over best-matching factors, for each
        seed but the first.
    partition_agreement
        Adjusted Rand index of the units' factors; empty where a reading has no such
        partition.

    """

    fidelities: tuple[float, ...]
    id_agreement: tuple[float, ...]
    partition_agreement: tuple[float, ...]


def stability(
    train: ActivationTable,
    test: ActivationTable,
    settings: InteSettings,
    rng: np.random.Generator,
    *,
    seeds: int = 3,
) -> Stability:
    """Fit the clusters and the tree with several seeds."""
    classes = train.logits.shape[1]
    whole = dataclasses.replace(settings, tree=WHOLE_TREE)
    sides = [fit_network_side(train, classes, whole, stream) for stream in rng.spawn(seeds)]
    first = sides[0].codes(test)
    partitions = [found for side in sides if (found := _partition(side)) is not None]
    return Stability(
        fidelities=tuple(agreement(side.predict(test), test.predicted).share for side in sides),
        id_agreement=tuple(matched_ids(first, side.codes(test)) for side in sides[1:]),
        partition_agreement=tuple(_rand(partitions[0], found) for found in partitions[1:]),
    )


def matched_ids(codes: IntArray, others: IntArray) -> float:
    """Average the adjusted Rand index over the best matching of two fits' factors."""
    table = [
        [_rand(mine, theirs) for theirs in others.T]  # factors are columns
        for mine in codes.T
    ]
    rows, columns = linear_sum_assignment(np.array(table), maximize=True)
    return float(np.mean([table[r][c] for r, c in zip(rows, columns, strict=True)]))


def _partition(side: NetworkSide) -> AnyArray | None:
    reading = side.reading
    return reading.factor_map.factor_of_unit if isinstance(reading, ColumnFactors) else None


def _rand(labels: AnyArray, others: AnyArray) -> float:
    return float(adjusted_rand_score(labels, others))
