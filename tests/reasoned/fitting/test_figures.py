"""The figures that are reported of the test split."""

from explainers.status import StatusRule
from reasoned.fitting.figures import report
from tests.reasoned.fitting.hand_made import judged

RULE = StatusRule(least_strength=0.5, target=0.9, reached=True)


def test_every_figure_by_hand() -> None:
    images = [
        judged(0.9, names=0),  # supported, agrees, right
        judged(0.9, names=1),  # supported, parts, right
        judged(0.9, names=1, predicted=1, label=0),  # supported, agrees, wrong
        judged(0.1, names=2, predicted=1, label=0),  # weak, parts, wrong
    ]
    assert report(images, RULE, "meta_forest") == {
        "images": 4,
        "accuracy": 0.5,
        "path_fidelity": 0.5,
        "path_fidelity_where_wrong": 0.5,
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
    assert report([judged(0.9, 0)], RULE, None) == {"images": 1, "accuracy": 1.0}
