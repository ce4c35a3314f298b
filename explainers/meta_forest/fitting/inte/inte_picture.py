"""A nominal tree in the words and arrays that a picture of a tree takes."""

from explainers.meta_forest.fitting.inte.nominal_tree import Condition, NominalTree, TreePath
from explainers.meta_forest.pictures.diagrams import TreePicture


def picture_of(
    tree: NominalTree, classes: tuple[str, ...], title: str, path: TreePath | None = None
) -> TreePicture:
    """Describe a nominal tree; where a path is given, it is highlighted."""
    tests = zip(tree.factor.tolist(), tree.cluster.tolist(), strict=True)
    return TreePicture(
        children_left=tree.is_child,
        children_right=tree.is_not_child,
        conditions=tuple(f"{Condition(f, c, holds=True).text}?" for f, c in tests),
        histograms=tree.histograms,
        classes=classes,
        highlighted=() if path is None else path.nodes,
        title=title,
    )
