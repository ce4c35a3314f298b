"""The served tree as a picture; a large one is pruned for display."""

import numpy as np

from explainers.meta_forest.pictures.diagrams import TreePicture, tree_svg
from explainers.meta_forest.served.tree import MetaTree
from explainers.meta_forest.served.words import number

MOST_LEAVES = 30


def picture_of(
    tree: MetaTree, pairs: list[tuple[int, int]], groups: list[str], classes: tuple[str, ...]
) -> str:
    """Draw the tree, folding the least populated splits while it has over 30 leaves.

    Parameters
    ----------
    tree
        The tree that is served.
    pairs
        Per meta-feature the two positions in `groups` that it compares.
    groups
        The classes with clusters.
    classes
        All classes.

    """
    folded = fold(tree, MOST_LEAVES)
    left = tree.left.copy()
    right = tree.right.copy()
    left[folded], right[folded] = -1, -1
    kept = _reachable(left.tolist(), right.tolist())
    place = {node: i for i, node in enumerate(kept)}
    title = "The meta-level tree: distance to the nearest cluster of either class"
    if folded:
        title += f" (pruned for display from {len(tree.leaves)} leaves)"
    picture = TreePicture(
        children_left=np.array([place.get(child, -1) for child in left[kept].tolist()]),
        children_right=np.array([place.get(child, -1) for child in right[kept].tolist()]),
        conditions=tuple(_condition(tree, node, pairs, groups) for node in kept),
        histograms=tree.histogram[kept],
        classes=classes,
        title=title,
    )
    return tree_svg(picture)


def fold(tree: MetaTree, most: int) -> list[int]:
    """Choose the inner nodes that become leaves until at most `most` leaves are left."""
    left, right = tree.left.tolist(), tree.right.tolist()
    support = tree.histogram.sum(axis=1).tolist()
    leaf = [child < 0 for child in left]
    folded: list[int] = []
    for _ in range(max(0, len(tree.leaves) - most)):
        reached = _reachable(
            [-1 if leaf[n] else left[n] for n in range(len(left))],
            [-1 if leaf[n] else right[n] for n in range(len(left))],
        )
        last = [n for n in reached if not leaf[n] and leaf[left[n]] and leaf[right[n]]]
        weakest = min(last, key=lambda n: min(support[left[n]], support[right[n]]))
        leaf[weakest] = True
        folded.append(weakest)
    return folded


def _reachable(left: list[int], right: list[int]) -> list[int]:
    found, waiting = list[int](), [0]
    while waiting:
        node = waiting.pop()
        found.append(node)
        if left[node] >= 0:
            waiting += [right[node], left[node]]
    return found


def _condition(tree: MetaTree, node: int, pairs: list[tuple[int, int]], groups: list[str]) -> str:
    if tree.left[node] < 0:
        return ""
    first, second = (groups[group] for group in pairs[int(tree.feature[node])])
    limit = float(tree.threshold[node])
    if limit <= 0:
        return f"closer to {first} than to {second} by at least {number(-limit)}?"
    return f"farther from {first} than from {second} by at most {number(limit)}?"
