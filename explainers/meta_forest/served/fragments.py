"""All that can be written about a leaf before any image has come."""

import dataclasses
import math
from typing import final

from explainers.evidence import Citation
from explainers.meta_forest.served.tree import Condition, MetaTree
from explainers.meta_forest.served.words import join, merge, number, quoted, say


@final
@dataclasses.dataclass(frozen=True, slots=True)
class LeafFragment:
    """One leaf, ready to be filled in.

    Attributes
    ----------
    region
        The leaf's name.
    names
        The class that the leaf names.
    steps
        Per test: the least value that may be shown, which is one unit in the last place
        above the path's greatest lower bound on the feature (-infinity where there is
        none), and the two class positions whose clusters it compares.
    groups
        The class positions that occur in the steps, each once.
    template
        The body as JSON text, with places for each step's value and two cluster names, for
        the vote, for what the clusters mean, and for the smallest change.
    sentence
        The whole path in words, intervals merged.
    cited
        The leaf as a citation.

    """

    region: str
    names: int
    steps: tuple[tuple[float, int, int], ...]
    groups: tuple[int, ...]
    template: str
    sentence: str
    cited: tuple[Citation, ...]


def leaf_fragments(
    tree: MetaTree,
    pairs: list[tuple[int, int]],
    groups: list[str],
    class_names: tuple[str, ...],
    decimals: int,
) -> tuple[LeafFragment, ...]:
    """Write every leaf's fragment; `groups` are the names of the classes with clusters."""
    found = []
    for number_of_leaf, (path, named) in enumerate(zip(tree.paths, tree.names(), strict=True)):
        steps = tuple((condition, *pairs[condition.feature]) for condition in path)
        used = dict.fromkeys(group for step in steps for group in step[1:])
        least = {i.feature: least_shown(i.above, decimals) for i in merge(path)}
        text = ",".join(_step(step, groups, decimals) for step in steps)
        found.append(
            LeafFragment(
                region=f"leaf-{number_of_leaf}",
                names=named,
                steps=tuple((least[c.feature], a, b) for c, a, b in steps),
                groups=tuple(used),
                template=f'{{"steps":[{text}],"vote":%.4f,"clusters":{{%s}},"change":%s}}',
                sentence=_sentence(path, pairs, groups, class_names[named]),
                cited=(("leaf", f"leaf-{number_of_leaf}"),),
            )
        )
    return tuple(found)


def least_shown(above: float | None, decimals: int) -> float:
    """Give the least value that may be shown where all tests say ``> above``.

    Rounding to `decimals` keeps ``value <= threshold`` true, since thresholds have that
    many decimals; it may carry a value just above its greatest lower bound onto it, which
    this least value undoes. All tests of a path on one feature so show one value.
    """
    return -math.inf if above is None else above + 10.0**-decimals


def feature_name(first: str, second: str) -> str:
    """Name the margin between two classes."""
    return f"distance to {first} minus distance to {second}"


def _step(step: tuple[Condition, int, int], groups: list[str], decimals: int) -> str:
    condition, first, second = step
    interval = merge((condition,))[0]
    feature = feature_name(groups[first], groups[second])
    return (
        f'{{"feature":{quoted(feature)},"value":%.{decimals}f,'
        f'"test":"{"<=" if condition.below else ">"}","threshold":{number(condition.threshold)},'
        f'"outcome":true,"clusters":[%s,%s],'
        f'"text":{quoted(say(interval, groups[first], groups[second]))}}}'
    )


def _sentence(
    path: tuple[Condition, ...], pairs: list[tuple[int, int]], groups: list[str], named: str
) -> str:
    if not path:
        return f"The trace has one region only, and it names {named}."
    told = []
    for interval in merge(path):
        first, second = (groups[group] for group in pairs[interval.feature])
        told.append((named not in (first, second), say(interval, first, second)))
    # The tests that speak of the named class come first: they tell a reader most.
    told_in_order = [text for _, text in sorted(told, key=lambda pair: pair[0])]
    return f"In the explained layer the image is {join(told_in_order)}: such images are {named}."
