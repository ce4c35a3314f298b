"""The meta-learner: a decision tree from cluster ids to the network's class."""

import dataclasses
import sys
from typing import final

import numpy as np
from sklearn.tree import DecisionTreeClassifier

from explainers.arrays import FloatArray, IntArray, check_shape
from explainers.meta_forest.fitting.inte.nominal import NominalCodes
from explainers.meta_forest.fitting.inte.nominal_tree import LEAF, NominalTree


@final
@dataclasses.dataclass(frozen=True, slots=True)
class TreeSettings:
    """How far the displayed copy of the tree is pruned.

    Attributes
    ----------
    most_leaves
        The least cost-complexity pruning is taken that leaves no more than these.
    pruning
        The cost-complexity parameter itself, where it is to be fixed.

    """

    most_leaves: int = 30
    pruning: float | None = None


WHOLE_TREE = TreeSettings(most_leaves=sys.maxsize)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class MetaLearner:
    """The tree in full, for every figure, and its pruned copy, for display.

    Attributes
    ----------
    full, display
        The two trees; the same one where nothing needed pruning.
    pruning
        The cost-complexity parameter of the displayed copy.

    """

    full: NominalTree
    display: NominalTree
    pruning: float


def fit_meta_learner(
    codes: IntArray,
    target: IntArray,
    classes: int,
    settings: TreeSettings,
    rng: np.random.Generator,
) -> MetaLearner:
    """Fit the tree on one-hot ids, so that no test compares the size of an id.

    Parameters
    ----------
    codes
        Shape (images, factors).
    target
        Shape (images). The class to name: the network's, or the true one.
    classes
        The number of classes.
    settings
        How far the displayed copy is pruned.
    rng
        Breaks ties between equally good splits.

    """
    check_shape("codes", codes, "images", "factors", images=len(target))
    nominal = NominalCodes.fit(codes)
    grower = _Grower(nominal, nominal.one_hot(codes), target, classes, int(rng.integers(2**31)))
    full = grower.grow(0.0)
    if settings.pruning is not None:
        return MetaLearner(full, grower.grow(settings.pruning), settings.pruning)
    if len(full.leaves) <= settings.most_leaves:
        return MetaLearner(full, full, 0.0)
    return MetaLearner(full, *_least_pruned(grower, settings.most_leaves))


def _least_pruned(grower: "_Grower", most_leaves: int) -> tuple[NominalTree, float]:
    alphas = grower.pruning_steps()
    low, high = 0, len(alphas) - 1
    while low < high:
        middle = (low + high) // 2
        if len(grower.grow(alphas[middle]).leaves) <= most_leaves:
            high = middle
        else:
            low = middle + 1
    return grower.grow(alphas[high]), alphas[high]


@final
@dataclasses.dataclass(frozen=True, eq=False)
class _Grower:
    """The same tree each time, but for how far it is pruned."""

    nominal: NominalCodes
    columns: FloatArray
    target: IntArray
    classes: int
    seed: int

    def grow(self, pruning: float) -> NominalTree:
        fitted = DecisionTreeClassifier(random_state=self.seed, ccp_alpha=pruning)
        return self._as_arrays(fitted.fit(self.columns, self.target))

    def pruning_steps(self) -> list[float]:
        tree = DecisionTreeClassifier(random_state=self.seed)
        alphas = tree.cost_complexity_pruning_path(self.columns, self.target).ccp_alphas
        # Rounding can leave the last step a hair short of the root: end beyond it.
        return [max(0.0, float(alpha)) for alpha in alphas] + [float(alphas[-1]) * 2 + 1]

    def _as_arrays(self, fitted: DecisionTreeClassifier) -> NominalTree:
        tree = fitted.tree_
        inner = tree.children_left >= 0
        column = np.where(inner, tree.feature, 0)
        shares = tree.value[:, 0, :] / tree.value[:, 0, :].sum(axis=1, keepdims=True)
        histograms = np.zeros((tree.node_count, self.classes), dtype=np.int64)
        histograms[:, fitted.classes_] = np.rint(shares * tree.n_node_samples[:, None])
        return NominalTree(
            is_child=np.where(inner, tree.children_right, LEAF).astype(np.int64),
            is_not_child=np.where(inner, tree.children_left, LEAF).astype(np.int64),
            factor=np.where(inner, self.nominal.factor[column], LEAF).astype(np.int64),
            cluster=np.where(inner, self.nominal.cluster[column], LEAF).astype(np.int64),
            histograms=histograms,
        )
