"""The tree as a table of rules."""

import numpy as np

from explainers.meta_forest.fitting.inte.meta_learner import TreeSettings, fit_meta_learner
from explainers.meta_forest.fitting.inte.nominal_tree import Condition
from explainers.meta_forest.fitting.inte.rules import rule_table, shortened


def test_what_another_condition_implies_is_left_out() -> None:
    whole = [
        Condition(0, 1, holds=False),
        Condition(1, 4, holds=False),
        Condition(0, 2, holds=True),
    ]

    assert shortened(whole) == (Condition(1, 4, holds=False), Condition(0, 2, holds=True))


def test_rules_divide_the_images_among_them() -> None:
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 5, size=(300, 3))
    predicted = (codes[:, 0] == 2) * 1 + (codes[:, 1] == 3) * 1
    meta = fit_meta_learner(codes, predicted, 3, TreeSettings(), rng)
    unseen = rng.integers(0, 5, size=(200, 3))
    truth = rng.integers(0, 3, size=200)

    rules = rule_table(meta.full, unseen, truth)

    assert len(rules) == len(meta.full.leaves)
    assert sum(rule.support for rule in rules) == 300
    assert sum(rule.agreed.of for rule in rules) == 200
    for row, named in zip(unseen, meta.full.predict(unseen), strict=True):
        holding = [rule for rule in rules if all(step.true_of(row) for step in rule.conditions)]
        assert [rule.names for rule in holding] == [named]


def test_a_rule_is_judged_on_the_images_it_covers() -> None:
    codes = np.array([[0], [0], [1], [1]])
    meta = fit_meta_learner(
        codes, np.array([0, 0, 1, 1]), 2, TreeSettings(), np.random.default_rng(0)
    )

    rules = rule_table(meta.full, np.array([[0], [0], [0], [1]]), np.array([0, 1, 0, 0]))

    assert [(rule.names, rule.agreed.count, rule.agreed.of) for rule in rules] == [
        (0, 2, 3),
        (1, 0, 1),
    ]
    assert [rule.purity for rule in rules] == [1.0, 1.0]
