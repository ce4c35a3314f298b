"""The tree as a table: one rule for each leaf."""

import dataclasses
from collections.abc import Sequence
from typing import final

from explainers.arrays import IntArray
from explainers.meta_forest.fitting.inte.fidelity import Rate, agreement
from explainers.meta_forest.fitting.inte.nominal_tree import Condition, NominalTree


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """One leaf.

    Attributes
    ----------
    leaf
        Its node in the tree.
    conditions
        What an image must fulfil, without those that another one implies.
    names
        The class that the rule names.
    support
        How many training images fulfil it.
    purity
        The share of them in that class.
    agreed
        How often, of the images it was judged on, the network says that class.

    """

    leaf: int
    conditions: tuple[Condition, ...]
    names: int
    support: int
    purity: float
    agreed: Rate


def rule_table(tree: NominalTree, codes: IntArray, predicted: IntArray) -> tuple[Rule, ...]:
    """Write the tree as rules and judge them on images with ids (images, factors)."""
    leaf_of = tree.leaf_of(codes)
    rules = []
    for leaf in tree.leaves:
        path = tree.path_to(int(leaf))
        here = predicted[leaf_of == leaf]
        rule = Rule(
            leaf=int(leaf),
            conditions=shortened(path.conditions),
            names=path.names,
            support=path.support,
            purity=path.purity,
            agreed=agreement(here * 0 + path.names, here),
        )
        rules.append(rule)
    return tuple(sorted(rules, key=lambda rule: (rule.names, -rule.support, rule.leaf)))


def shortened(conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """Leave out "is not" conditions on a factor whose cluster another condition names."""
    named = {condition.factor for condition in conditions if condition.holds}
    return tuple(c for c in conditions if c.holds or c.factor not in named)
