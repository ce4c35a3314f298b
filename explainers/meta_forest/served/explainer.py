"""CNN-INTE as it is served: one true path, and the forest's vote beside it."""

import dataclasses
import json
from typing import ClassVar, final

import numpy as np
import numpy.typing as npt

from explainers.activations import Activations
from explainers.arrays import (
    DoubleArray,
    FloatArray,
    IntArray,
    check_lengths,
    check_range,
    check_shape,
)
from explainers.contract import Explainer
from explainers.errors import ArtefactError
from explainers.evidence import Evidence, Form
from explainers.heads import Head
from explainers.meta_forest.served.change import SmallestChange
from explainers.meta_forest.served.forest import MOST_LEAVES, BitForest, MaskArray
from explainers.meta_forest.served.fragments import LeafFragment, leaf_fragments
from explainers.meta_forest.served.margins import ClassDistances, margins
from explainers.meta_forest.served.meanings import canonical
from explainers.meta_forest.served.picture import picture_of
from explainers.meta_forest.served.tree import MetaTree, check_tree
from explainers.meta_forest.served.walk import (
    Path,
    Voter,
    nested_forest,
    nested_tree,
    reach,
    vote,
)

MOST_DECIMALS = 8


@final
@dataclasses.dataclass(frozen=True, eq=False)
class MetaForest(Explainer):
    """Explain by one path of a meta-level tree over clusters of hidden activations.

    Level 1 groups training images by the class that the network gives them, level 2
    clusters each group's activations. A meta-feature is the margin between two classes:
    the distance to the nearest cluster of the one minus that to the nearest cluster of
    the other. A tree over the margins gives the path, a forest over the same margins
    votes for the class that the path's leaf names. Neither reads the logits, the
    predicted class or the head's weights.

    Attributes
    ----------
    class_names
        The classes, in the order of the logits.
    centroids
        Shape (clusters, units). Sorted by class.
    cluster_classes
        Shape (clusters). The class that the network gave the cluster's images.
    cluster_names, cluster_meanings
        Per cluster a name, and a JSON object: size, classes, medoids, units.
    cluster_medoids
        Shape (clusters, medoids). Data-set rows of the images named in the meanings.
    pair_first, pair_second
        Shape (pairs). Positions among the classes that have clusters.
    left, right, feature, threshold, histogram
        The tree; see `MetaTree`. Thresholds are rounded to `decimals`.
    forest_features, forest_thresholds, forest_masks, forest_shares
        The forest; see `BitForest`.

    References
    ----------
    Liu, Wang and Matwin, Interpretable deep convolutional neural networks via
    meta-learning, IJCNN 2018. This is a reconstruction: the method section could not be
    read. Departures: level 1 groups images, not units (reading R2, with the network's
    class as the first level); clusters are refined so that the nearest one names the
    network's class more often; the tree reads margins, not nominal cluster ids, which
    cap its fidelity; the forest is at the meta level and is evidence beside the path.

    """

    name: ClassVar[str] = "meta_forest"
    form: ClassVar[Form] = "path"

    class_names: tuple[str, ...]
    centroids: FloatArray
    cluster_classes: IntArray
    cluster_names: tuple[str, ...]
    cluster_meanings: tuple[str, ...]
    cluster_medoids: IntArray
    pair_first: IntArray
    pair_second: IntArray
    left: IntArray
    right: IntArray
    feature: IntArray
    threshold: DoubleArray
    histogram: IntArray
    forest_features: IntArray
    forest_thresholds: FloatArray
    forest_masks: MaskArray
    forest_shares: npt.NDArray[np.uint8]
    decimals: int
    distances: ClassDistances = dataclasses.field(init=False, repr=False)
    tree: MetaTree = dataclasses.field(init=False, repr=False)
    forest: BitForest = dataclasses.field(init=False, repr=False)
    _leaves: tuple[LeafFragment, ...] = dataclasses.field(init=False, repr=False)
    _quoted: tuple[str, ...] = dataclasses.field(init=False, repr=False)
    _cards: tuple[str, ...] = dataclasses.field(init=False, repr=False)
    _path: Path = dataclasses.field(init=False, repr=False)
    _voters: tuple[Voter, ...] = dataclasses.field(init=False, repr=False)
    _change: SmallestChange = dataclasses.field(init=False, repr=False)

    def check(self) -> None:
        """Raise `ArtefactError` where clusters, pairs, tree or forest do not fit together."""
        check_shape("centroids", self.centroids, "clusters", "units")
        clusters, classes, pairs = len(self.centroids), len(self.class_names), self.pair_first.size
        check_range("number of clusters", np.array([clusters]), 1, np.iinfo(np.int64).max)
        check_lengths("centroids", self.centroids)
        check_shape("cluster_classes", self.cluster_classes, "clusters", clusters=clusters)
        check_range("cluster_classes", self.cluster_classes, 0, classes - 1)
        if np.any(np.diff(self.cluster_classes) < 0):
            raise ArtefactError("cluster_classes must be sorted")
        if not len(self.cluster_names) == len(self.cluster_meanings) == clusters:
            raise ArtefactError(f"cluster_names and cluster_meanings must hold {clusters} each")
        if len(set(self.cluster_names)) != clusters:
            raise ArtefactError("cluster_names must differ: replies use them as keys")
        groups = len(np.unique(self.cluster_classes))
        for name, pair in (("pair_first", self.pair_first), ("pair_second", self.pair_second)):
            check_shape(name, pair, "pairs", pairs=pairs)
            check_range(name, pair, 0, groups - 1)
        check_shape(
            "cluster_medoids", self.cluster_medoids, "clusters", "medoids", clusters=clusters
        )
        self._check_tree(pairs, classes)
        self._check_forest(pairs, classes)

    def _check_tree(self, pairs: int, classes: int) -> None:
        tree = {k: getattr(self, k) for k in ("left", "right", "feature", "threshold", "histogram")}
        check_tree(tree, pairs)
        check_shape("histogram", self.histogram, "nodes", "classes", classes=classes)
        check_range("decimals", np.array([self.decimals]), 0, MOST_DECIMALS)
        asked = self.threshold[self.left >= 0]
        if not np.array_equal(asked, np.round(asked, self.decimals)):
            raise ArtefactError(f"tree threshold must have at most {self.decimals} decimals")

    def _check_forest(self, pairs: int, classes: int) -> None:
        check_shape("forest_features", self.forest_features, "n", "t")
        nodes, trees = self.forest_features.shape
        check_range("forest trees", np.array([trees]), 1, np.iinfo(np.int64).max)
        check_shape("forest_thresholds", self.forest_thresholds, "n", "t", n=nodes, t=trees)
        check_shape("forest_masks", self.forest_masks, "n", "t", n=nodes, t=trees)
        check_shape(
            "forest_shares", self.forest_shares, "t", "l", "c", t=trees, l=MOST_LEAVES, c=classes
        )
        check_range("forest_features", self.forest_features, 0, pairs - 1)
        if np.any(np.isnan(self.forest_thresholds)):
            raise ArtefactError("forest_thresholds must not hold NaN")
        if not np.all(np.bitwise_and.reduce(self.forest_masks, axis=0)):
            raise ArtefactError("forest_masks: a tree's masks leave no leaf to reach")

    def prepare(self) -> None:
        """Build the index of distances, the tree, the forest and all that is said of leaves."""
        starts = np.unique(self.cluster_classes, return_index=True)[1].astype(np.int64)
        tree = MetaTree(self.left, self.right, self.feature, self.threshold, self.histogram)
        forest = BitForest(
            self.forest_features, self.forest_thresholds, self.forest_masks, self.forest_shares
        )
        object.__setattr__(self, "distances", ClassDistances(self.centroids, starts))
        object.__setattr__(self, "tree", tree)
        object.__setattr__(self, "forest", forest)
        quoted = tuple(json.dumps(name, ensure_ascii=False) for name in self.cluster_names)
        cards = zip(quoted, map(canonical, self.cluster_meanings), strict=True)
        object.__setattr__(self, "_quoted", quoted)
        object.__setattr__(self, "_cards", tuple(f"{name}:{means}" for name, means in cards))
        groups = [self.class_names[c] for c in self.cluster_classes[starts].tolist()]
        pairs = list(zip(self.pair_first.tolist(), self.pair_second.tolist(), strict=True))
        object.__setattr__(self, "_path", nested_tree(tree, pairs))
        object.__setattr__(self, "_voters", nested_forest(forest, pairs))
        leaves = leaf_fragments(tree, pairs, groups, self.class_names, self.decimals)
        object.__setattr__(self, "_leaves", leaves)
        change = SmallestChange.of(tree, pairs, groups, leaves, self.class_names, self.decimals)
        object.__setattr__(self, "_change", change)

    def row(self, hidden: FloatArray) -> FloatArray:
        """Give the meta-features, shape (..., pairs), for activations (..., units)."""
        squared = self.distances.squared_many(np.atleast_2d(hidden))
        found = margins(self.distances.per_class(squared), self.pair_first, self.pair_second)
        return found if hidden.ndim > 1 else found[0]

    def explain(self, activations: Activations) -> Evidence:
        """Walk the tree and let the forest vote for the class that the leaf names."""
        numbers = activations.heads.get(self.name)
        read = None if numbers is None else self.distances.read(numbers)
        distances, clusters = read or self.distances.closest(activations.hidden)
        leaf = self._leaves[reach(self._path, distances)]
        share = vote(self._voters, distances, leaf.names)
        return Evidence(
            method=self.name,
            form=self.form,
            region=leaf.region,
            names=leaf.names,
            strength=share,
            sentence=leaf.sentence,
            body=self._body(leaf, share, distances, clusters),
            cited=leaf.cited,
        )

    def _body(
        self, leaf: LeafFragment, share: float, distances: list[float], clusters: list[int]
    ) -> bytes:
        names = self._quoted
        filled: list[object] = []
        for least, first, second in leaf.steps:
            # Formatting rounds: never up past a threshold, which has as many decimals, and
            # never down onto the lower bound, since `least` is shown then.
            gap = distances[first] - distances[second]
            filled += (max(gap, least), names[clusters[first]], names[clusters[second]])
        said = ",".join([self._cards[clusters[group]] for group in leaf.groups])
        change = self._change.record(leaf, distances)
        return (leaf.template % (*filled, share, said, change)).encode()

    def head(self) -> Head | None:
        """Let the graph compute the distances to the nearest cluster of each class."""
        return self.distances.head(self.name)

    def regions(self) -> tuple[str, ...]:
        """Name the leaves."""
        return tuple(leaf.region for leaf in self._leaves)

    def cites(self) -> tuple[int, ...]:
        """Give the rows of the clusters' medoids."""
        return tuple(np.unique(self.cluster_medoids[self.cluster_medoids >= 0]).tolist())

    def summary(self) -> dict[str, float | int | str]:
        """Count clusters, meta-features, leaves, trees and tests."""
        lengths = [len(path) for path in self.tree.paths]
        return {
            "clusters": len(self.centroids),
            "meta_features": len(self.pair_first),
            "leaves": len(self.tree.leaves),
            "longest_path": max(lengths),
            "forest_trees": self.forest_shares.shape[0],
            "presented_as": "a reconstruction of CNN-INTE",
        }

    def picture(self) -> str | None:
        """Draw the tree, pruned for display where it has over 30 leaves."""
        starts = self.distances.starts
        groups = [self.class_names[c] for c in self.cluster_classes[starts].tolist()]
        pairs = list(zip(self.pair_first.tolist(), self.pair_second.tolist(), strict=True))
        return picture_of(self.tree, pairs, groups, self.class_names)

    def cluster_card(self, cluster: int) -> dict[str, object]:
        """Give what one cluster means, as stored."""
        found: dict[str, object] = json.loads(self.cluster_meanings[cluster])
        return found
