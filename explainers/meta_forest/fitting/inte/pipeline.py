"""The reconstruction as a whole: both routes from an image to a path in the tree."""

import dataclasses
from typing import Literal, final

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import AnyArray, FloatArray, IntArray
from explainers.meta_forest.fitting.inte.base_learners import (
    BaseLearners,
    ForestSettings,
    pixel_rows,
)
from explainers.meta_forest.fitting.inte.column_factors import ColumnFactors
from explainers.meta_forest.fitting.inte.meta_learner import (
    MetaLearner,
    TreeSettings,
    fit_meta_learner,
)
from explainers.meta_forest.fitting.inte.nominal_tree import TreePath
from explainers.meta_forest.fitting.inte.reading import Reading, ReadingSetting
from explainers.meta_forest.fitting.inte.readings import reading_named


@final
@dataclasses.dataclass(frozen=True, slots=True)
class InteSettings:
    """Everything about the reconstruction that a user may choose.

    Attributes
    ----------
    sizes
        Of the two clustering levels.
    reading
        ``columns``, ``rows`` or ``maps``.
    forests, tree
        Of the base learners and the meta-learner.
    target
        Whether the tree learns the network's class, which is what is explained, or the
        true one.
    base_input
        Whether the forests read pixels, as the paper wants it, or the clustered layer.

    """

    sizes: ReadingSetting
    reading: str = ColumnFactors.name
    forests: ForestSettings = dataclasses.field(default_factory=ForestSettings)
    tree: TreeSettings = dataclasses.field(default_factory=TreeSettings)
    target: Literal["network", "truth"] = "network"
    base_input: Literal["pixels", "activations"] = "pixels"


@final
@dataclasses.dataclass(frozen=True, eq=False)
class NetworkSide:
    """What needs no base learners: the clusters and the tree over their ids."""

    reading: Reading
    meta: MetaLearner

    def codes(self, table: ActivationTable) -> IntArray:
        """Give the ids of the network's own activations, shape (images, factors)."""
        return self.reading.codes(self.reading.layer_of(table))

    def predict(self, table: ActivationTable) -> IntArray:
        """Name a class for each image by the network route, with the full tree."""
        return self.meta.full.predict(self.codes(table))


@final
@dataclasses.dataclass(frozen=True, eq=False)
class CnnInte:
    """A fitted reconstruction of CNN-INTE.

    The network route takes the ids from the network's own activations; only it speaks of
    the network. The forest route takes them from the base learners, as the paper does; it
    explains the forests.

    Attributes
    ----------
    network
        The clusters and the tree.
    learners
        The base learners.
    base_input
        What the base learners read.

    """

    network: NetworkSide
    learners: BaseLearners
    base_input: Literal["pixels", "activations"] = "pixels"

    def network_codes(self, table: ActivationTable) -> IntArray:
        """Give the ids of the network's own activations, shape (images, factors)."""
        return self.network.codes(table)

    def forest_codes(self, table: ActivationTable) -> IntArray:
        """Give the ids that the base learners name, shape (images, factors)."""
        return self.learners.codes(self._inputs(table))

    def network_route(self, layer: AnyArray) -> IntArray:
        """Name a class for each image from the clustered layer, with the full tree."""
        return self.network.meta.full.predict(self.network.reading.codes(layer))

    def forest_route(self, inputs: FloatArray) -> IntArray:
        """Name a class for each image from what the base learners read, with the full tree."""
        return self.network.meta.full.predict(self.learners.codes(inputs.reshape(len(inputs), -1)))

    def path(self, codes: IntArray) -> TreePath:
        """Give the displayed path of one image, from its ids of shape (factors)."""
        return self.network.meta.display.path(codes)

    def _inputs(self, table: ActivationTable) -> FloatArray:
        return base_inputs(table, self.base_input, self.network.reading)


def base_inputs(
    table: ActivationTable, base_input: Literal["pixels", "activations"], reading: Reading
) -> FloatArray:
    """Give what the base learners read, shape (images, features)."""
    return pixel_rows(table.pixels if base_input == "pixels" else reading.layer_of(table))


def fit_network_side(
    train: ActivationTable, classes: int, settings: InteSettings, rng: np.random.Generator
) -> NetworkSide:
    """Fit the two clustering levels and the tree."""
    kind = reading_named(settings.reading)
    reading = kind.fit(kind.layer_of(train), settings.sizes, rng)
    target = train.predicted if settings.target == "network" else train.labels
    meta = fit_meta_learner(reading.fitted_codes, target, classes, settings.tree, rng)
    return NetworkSide(reading, meta)


def fit_cnn_inte(
    train: ActivationTable,
    classes: int,
    settings: InteSettings,
    rng: np.random.Generator,
    *,
    out_of_bag: bool = True,
) -> CnnInte:
    """Fit the whole reconstruction.

    The tree learns from the clusters' own ids and never from what the forests name on
    their training images, which would leak between the levels.

    Parameters
    ----------
    train
        The training images.
    classes
        The number of classes.
    settings
        Everything that may be chosen.
    rng
        All randomness.
    out_of_bag
        Whether to score the base learners on images that their trees did not draw.

    """
    network = fit_network_side(train, classes, settings, rng)
    inputs = base_inputs(train, settings.base_input, network.reading)
    codes = network.reading.fitted_codes
    learners = BaseLearners.fit(inputs, codes, settings.forests, rng, out_of_bag=out_of_bag)
    return CnnInte(network, learners, settings.base_input)
