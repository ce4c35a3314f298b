"""Shares of images, and how replies to them did."""

from reasoned.assessment.reliability import reliability_of
from reasoned.assessment.shares import by_class, by_method, by_status, on_errors
from tests.reasoned.assessment.small_answers import NAN, answers, columns

FOUR = answers(
    [0, 1, 1, 0],
    predicted=[0, 1, 0, 0],
    labels=[0, 0, 0, 1],
    status=["supported", "supported", "weak", "supported"],
    group=["a", "a", "b", "a"],
    promised=[(0.75, 0.6), (0.75, 0.6), (NAN, NAN), (0.75, 0.6)],
    methods={"meta_forest": columns([0, 0, 0, 0], ["x", "x", "", "x"], [0.5, 0.5, NAN, 0.5])},
)


def test_shares_by_status() -> None:
    supported, weak, outside = by_status(FOUR)

    assert (supported.name, supported.of, supported.share) == ("supported", 3, 0.75)
    assert (supported.fidelity, supported.accuracy) == (1.0, 1 / 3)
    assert (weak.of, weak.fidelity, weak.accuracy) == (1, 0.0, 1.0)
    assert (outside.of, outside.share, outside.fidelity, outside.accuracy) == (0, 0.0, None, None)


def test_shares_by_the_class_that_the_network_gives() -> None:
    zero, one, two = by_class(FOUR, ("zero", "one", "two"))

    assert (zero.name, zero.of, zero.fidelity, zero.accuracy) == ("zero", 3, 2 / 3, 2 / 3)
    assert (one.of, one.fidelity, one.accuracy) == (1, 1.0, 0.0)
    assert (two.of, two.fidelity) == (0, None)


def test_the_networks_errors() -> None:
    found = on_errors(FOUR)

    assert (found.of, found.share, found.fidelity, found.accuracy) == (2, 0.5, 1.0, 0.0)


def test_images_without_a_true_class_are_no_errors_and_have_no_accuracy() -> None:
    strangers = answers([0, 1], labels=[-1, -1])

    assert on_errors(strangers).of == 0
    assert by_status(strangers)[0].accuracy is None


def test_a_method_is_judged_where_it_has_a_region() -> None:
    (found,) = by_method(FOUR)

    assert (found.name, found.of, found.share) == ("meta_forest", 3, 0.75)
    assert (found.fidelity, found.accuracy) == (2 / 3, 1 / 3)


def test_all_of_it_together() -> None:
    found = reliability_of(FOUR, ("zero", "one"))

    assert (found.images, found.estimated) == (4, 3)
    assert (found.accuracy, found.fidelity) == (0.5, 0.75)
    # Three of three came of 0.75 each.
    assert found.calibration_error == 0.25
    assert [(one.kind, one.of) for one in found.groups] == [("statement", 3), ("meta_forest", 3)]
    assert found.bounds_broken_share == 0.0
