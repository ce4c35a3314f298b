"""The figures that are reported of the test split."""

from reasoned.fitting.figures import report
from tests.reasoned.fitting.hand_made import judged, judged_by
from tests.reasoned.rules import rule_of

RULE = rule_of(meta_forest=0.5)


def test_every_figure_by_hand() -> None:
    images = [
        judged(0.9, names=0),  # supported, agrees, right
        judged(0.9, names=1),  # supported, parts, right
        judged(0.9, names=1, predicted=1, label=0),  # supported, agrees, wrong
        judged(0.1, names=2, predicted=1, label=0),  # weak, parts, wrong
    ]
    assert report(images, RULE) == {
        "images": 4,
        "accuracy": 0.5,
        "meta_forest_coverage": 1.0,
        "meta_forest_fidelity": 0.5,
        "first_choice_fidelity": 0.5,
        "first_choice_fidelity_where_wrong": 0.5,
        "supported_share": 0.75,
        "supported_fidelity": round(2 / 3, 6),
        "supported_accuracy": round(2 / 3, 6),
        "weak_share": 0.25,
        "weak_fidelity": 0.0,
        "weak_accuracy": 0.0,
        "out_of_support_share": 0.0,
        "out_of_support_fidelity": None,
        "out_of_support_accuracy": None,
    }


def test_without_a_first_choice_there_is_no_fidelity() -> None:
    assert report([judged(0.9, 0)], rule_of()) == {"images": 1, "accuracy": 1.0}


def test_each_method_has_its_own_coverage_and_the_first_choice_leads() -> None:
    images = [
        judged_by({"tree": (0.9, 1, "a"), "cells": (0.9, 0, "b")}),  # the cells lead, agree
        judged_by({"tree": (0.9, 0, "a"), "cells": (None, None, None)}),  # the tree leads, agrees
        judged_by({"tree": (0.1, 0, "a"), "cells": (0.1, 2, "b")}, predicted=1),  # none is firm
        judged_by({"tree": (0.1, 0, "a"), "cells": (None, None, None)}),
    ]
    found = report(images, rule_of(cells=0.5, tree=0.5))

    assert (found["cells_coverage"], found["cells_fidelity"]) == (0.5, 0.5)
    assert (found["tree_coverage"], found["tree_fidelity"]) == (1.0, 0.5)
    assert (found["first_choice_fidelity"], found["first_choice_fidelity_where_wrong"]) == (0.75, 0)
    assert (found["supported_share"], found["supported_fidelity"]) == (0.5, 1.0)
    assert (found["weak_share"], found["weak_fidelity"]) == (0.5, 0.5)


def test_a_method_that_covers_nothing_has_no_fidelity() -> None:
    found = report([judged_by({"cells": (None, None, None)})], rule_of(cells=2.0))

    assert (found["cells_coverage"], found["cells_fidelity"]) == (0.0, None)
    assert (found["first_choice_fidelity"], found["weak_share"]) == (0.0, 1.0)
