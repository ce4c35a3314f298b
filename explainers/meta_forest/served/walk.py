"""Trees as nested tuples: a loop over them costs less than six calls into numpy."""

from explainers.errors import ArtefactError
from explainers.meta_forest.served.forest import BitForest
from explainers.meta_forest.served.tree import MetaTree

# An inner node is (first, second, threshold, left, right): the test is
# ``distances[first] - distances[second] <= threshold``. A leaf of the meta-level tree is
# its number, one of a forest's trees its class shares in 255ths.
Path = tuple[int, int, float, "Path", "Path"] | int
Voter = tuple[int, int, float, "Voter", "Voter"] | bytes
Pairs = list[tuple[int, int]]


def nested_tree(tree: MetaTree, pairs: Pairs) -> Path:
    """Nest the meta-level tree."""
    numbers = {node: number for number, node in enumerate(tree.leaves)}
    built: dict[int, Path] = {}
    # Children come after their parents.
    for node in reversed(range(len(tree.left))):
        if node in numbers:
            built[node] = numbers[node]
            continue
        first, second = pairs[int(tree.feature[node])]
        left, right = built[int(tree.left[node])], built[int(tree.right[node])]
        built[node] = (first, second, float(tree.threshold[node]), left, right)
    return built[0]


def nested_forest(forest: BitForest, pairs: Pairs) -> tuple[Voter, ...]:
    """Nest every tree of a forest, from its masks.

    Raises
    ------
    ArtefactError
        When the masks are not those of a tree.

    """
    return tuple(_nested_voter(forest, number, pairs) for number in range(len(forest.shares)))


def _nested_voter(forest: BitForest, tree: int, pairs: Pairs) -> Voter:
    splits: dict[int, list[tuple[int, int]]] = {}
    for node, mask in enumerate(forest.masks[:, tree].tolist()):
        cleared = mask ^ (2**64 - 1)
        if cleared:
            first = (cleared & -cleared).bit_length() - 1
            after = cleared.bit_length()
            if cleared != (1 << after) - (1 << first):
                raise ArtefactError(f"forest_masks: a mask of tree {tree} clears no run of leaves")
            splits.setdefault(first, []).append((after, node))
    count = sum(len(found) for found in splits.values())

    def build(first: int, after: int) -> Voter:
        inside = [pair for pair in splits.get(first, []) if pair[0] < after]
        if not inside:
            if after - first != 1:
                raise ArtefactError(f"forest_masks: tree {tree} leaves {first}-{after - 1} unsplit")
            share: bytes = forest.shares[tree, first].tobytes()
            return share
        middle, node = max(inside)
        one, other = pairs[int(forest.features[node, tree])]
        threshold = float(forest.thresholds[node, tree])
        return (one, other, threshold, build(first, middle), build(middle, after))

    return build(0, count + 1)


def reach(node: Path, distances: list[float]) -> int:
    """Give the number of the leaf that is reached."""
    while not isinstance(node, int):
        first, second, threshold, left, right = node
        node = left if distances[first] - distances[second] <= threshold else right
    return node


def vote(voters: tuple[Voter, ...], distances: list[float], target: int) -> float:
    """Give the mean share of class `target` in the leaves that are reached, in [0, 1]."""
    total = 0
    for voter in voters:
        node = voter
        while not isinstance(node, bytes):
            first, second, threshold, left, right = node
            node = left if distances[first] - distances[second] <= threshold else right
        total += node[target]
    return total / (255.0 * len(voters))
