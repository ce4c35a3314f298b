"""The examples that replies show, chosen under several seeds."""

import itertools
from collections.abc import Sequence

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import AnyArray
from explainers.fitting_contract import FittingData
from explainers.neighbours.fitting import choose_representatives
from explainers.neighbours.served import Representatives
from reasoned.fitting.distinct import distinct_images
from reasoned.stability.figures import ExampleSeeds
from reasoned.stability.fit_comparison import spread
from reasoned.stability.traces import shared


def compare_examples(
    given: FittingData, test: ActivationTable, seeds: Sequence[int]
) -> ExampleSeeds:
    """Choose examples under every seed, and compare the choices in all pairs."""
    distinct = distinct_images(given.train)
    chosen = [
        choose_representatives(
            given.train,
            given.classes,
            given.example_ids,
            distinct,
            np.random.default_rng([seed, 2]),
        )
        for seed in seeds
    ]
    nearest = [_nearest(one, test) for one in chosen]
    rows = [frozenset(one.rows.tolist()) for one in chosen]
    return ExampleSeeds(
        examples=spread([float(len(one)) for one in chosen]),
        overlap=spread([shared(a, b) for a, b in itertools.combinations(rows, 2)]),
        same_nearest=spread(
            [float((a == b).mean()) for a, b in itertools.combinations(nearest, 2)]
        ),
    )


def _nearest(examples: Representatives, test: ActivationTable) -> AnyArray:
    """Give the data-set row of each image's nearest example, shape (images)."""
    found = [
        examples.search(test.hidden[i], int(test.predicted[i]), 1).positions[0]
        for i in range(len(test))
    ]
    return examples.rows[found]
