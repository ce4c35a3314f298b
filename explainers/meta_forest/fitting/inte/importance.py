"""Which pixels a base learner goes by when it names one cluster."""

from typing import Protocol

import numpy as np
from sklearn.ensemble import RandomForestClassifier

from explainers.arrays import AnyArray, DoubleArray, IntArray
from explainers.errors import FittingError
from explainers.meta_forest.fitting.inte.base_learners import BaseLearners


class _Tree(Protocol):
    """The part of scikit-learn's tree structure that is read here."""

    children_left: IntArray
    children_right: IntArray
    feature: IntArray
    value: AnyArray
    weighted_n_node_samples: AnyArray
    n_features: int


def cluster_importance(learners: BaseLearners, factor: int, cluster: int) -> DoubleArray:
    """Give the pixel map of one cluster id, shape (features).

    A forest's Gini impurity is a sum over its classes of ``p * (1 - p)``. Each split's
    decrease of one class's term is credited to the feature that it tests, so the maps of
    a factor's clusters add up to the forest's usual impurity importance, which sums to 1.

    Raises
    ------
    FittingError
        When no training image has that id.

    """
    position = np.flatnonzero(learners.orders[factor] == cluster)
    if not len(position):
        raise FittingError(
            f"cluster {cluster} of factor {factor} has no training image, so no forest names "
            f"it; ask for one of {sorted(learners.orders[factor].tolist())}"
        )
    forest: RandomForestClassifier = learners.forests[factor]
    maps = [_one_tree(tree.tree_, int(position[0])) for tree in forest.estimators_]
    grown = [found for found in maps if found is not None]
    if not grown:
        return np.zeros(forest.n_features_in_)
    return np.asarray(np.mean(grown, axis=0), dtype=np.float64)


# Written out, for scikit-learn gives the importance over all classes only.
def _one_tree(tree: _Tree, position: int) -> DoubleArray | None:
    inner = np.flatnonzero(tree.children_left >= 0)
    if not len(inner):
        return None
    shares = tree.value[:, 0, :] / tree.value[:, 0, :].sum(axis=1, keepdims=True)
    terms = shares * (1 - shares) * tree.weighted_n_node_samples[:, None]  # (nodes, classes)
    left, right = tree.children_left[inner], tree.children_right[inner]
    decrease = terms[inner] - terms[left] - terms[right]  # (inner nodes, classes)
    features = tree.feature[inner]
    found = np.bincount(features, decrease[:, position], minlength=tree.n_features)
    return np.asarray(found / decrease.sum(), dtype=np.float64)
