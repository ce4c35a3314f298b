"""What the reconstruction's figures must be held against before they mean anything."""

import dataclasses
from typing import final

import numpy as np
from sklearn.tree import DecisionTreeClassifier

from explainers.activations import ActivationTable
from explainers.arrays import IntArray
from explainers.meta_forest.fitting.inte.base_learners import (
    ForestSettings,
    fit_forest,
    pixel_rows,
)
from explainers.meta_forest.fitting.inte.fidelity import Rate, agreement
from explainers.meta_forest.fitting.inte.meta_learner import (
    WHOLE_TREE,
    TreeSettings,
    fit_meta_learner,
)
from explainers.meta_forest.fitting.inte.pipeline import InteSettings, fit_cnn_inte


@final
@dataclasses.dataclass(frozen=True, slots=True)
class UntrainedControl:
    """Fidelity to the trained network, with ids taken from an untrained copy of it."""

    network_route: Rate
    forest_route: Rate


@final
@dataclasses.dataclass(frozen=True, slots=True)
class ShuffleControl:
    """Fidelity of a tree that learned from shuffled classes, and the commonest class's share."""

    fidelity: Rate
    majority: float


def pixel_tree(train: ActivationTable, test: ActivationTable, rng: np.random.Generator) -> Rate:
    """Give the fidelity of a plain decision tree from pixels to the network's class."""
    tree = DecisionTreeClassifier(random_state=int(rng.integers(2**31)))
    tree.fit(pixel_rows(train.pixels), train.predicted)
    return agreement(tree.predict(pixel_rows(test.pixels)), test.predicted)


def pixel_forest(
    train: ActivationTable,
    test: ActivationTable,
    settings: ForestSettings,
    rng: np.random.Generator,
) -> Rate:
    """Give the fidelity of a forest from pixels straight to the network's class.

    It knows nothing of the hidden layer. Where the forest route does no better, its score
    is the forests' merit and says nothing about the network.
    """
    forest = fit_forest(pixel_rows(train.pixels), train.predicted, settings, rng)
    return agreement(forest.predict(pixel_rows(test.pixels)), test.predicted)


def untrained_network(
    train: ActivationTable, test: ActivationTable, settings: InteSettings, rng: np.random.Generator
) -> UntrainedControl:
    """Run the same pipeline on activations of an untrained copy of the network.

    Parameters
    ----------
    train, test
        As made by `with_activations_of`: layers of the untrained copy, classes of the
        trained network.
    settings
        The same as for the trained network.
    rng
        All randomness.

    """
    whole = dataclasses.replace(settings, tree=WHOLE_TREE)
    fitted = fit_cnn_inte(train, train.logits.shape[1], whole, rng, out_of_bag=False)
    tree = fitted.network.meta.full
    return UntrainedControl(
        network_route=agreement(tree.predict(fitted.network_codes(test)), test.predicted),
        forest_route=agreement(tree.predict(fitted.forest_codes(test)), test.predicted),
    )


def with_activations_of(trained: ActivationTable, untrained: ActivationTable) -> ActivationTable:
    """Keep the trained network's classes, but take the layers of an untrained copy."""
    return dataclasses.replace(trained, hidden=untrained.hidden, convolution=untrained.convolution)


def label_shuffle(
    train: tuple[IntArray, IntArray],
    test: tuple[IntArray, IntArray],
    settings: TreeSettings,
    rng: np.random.Generator,
) -> ShuffleControl:
    """Let the tree learn the network's classes in random order, and score it on the test.

    Whatever it still gets right is chance. The displayed copy is scored: a tree without
    any pruning learns the disorder by heart and falls below the commonest class's share.

    Parameters
    ----------
    train, test
        The ids, shape (images, factors), and the network's classes, shape (images).
    settings
        How far the tree is pruned.
    rng
        Shuffles, and breaks ties.

    """
    classes = int(max(train[1].max(), test[1].max())) + 1
    meta = fit_meta_learner(train[0], rng.permutation(train[1]), classes, settings, rng)
    return ShuffleControl(
        fidelity=agreement(meta.display.predict(test[0]), test[1]),
        majority=float(np.bincount(test[1]).max() / len(test[1])),
    )
