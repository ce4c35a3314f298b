"""What explanations cost."""

from collections.abc import Iterator

import pytest

from explainers.arrays import ByteArray
from explainers.fitting_contract import silent
from reasoned.assessment.cost import NETWORK, Priced, cost_figures, our_costs
from reasoned.model import ExplainedModel


def seconds(*lasting: float) -> Iterator[float]:
    now = 0.0
    for one in lasting:
        yield now
        now += one
        yield now


def test_medians_over_images_in_turn(digits_images: list[ByteArray]) -> None:
    asked: list[tuple[str, int]] = []

    def priced(name: str) -> Priced:
        return Priced(name, "ours", lambda image: asked.append((name, id(image))))

    # Three images, network and tree in turn: medians 0.002 and 0.006.
    clock = seconds(0.002, 0.006, 0.001, 0.005, 0.009, 0.1)
    images = digits_images[:3]
    found = cost_figures([priced(NETWORK), priced("tree")], images, silent, lambda: next(clock))

    network, tree = found
    assert network.passes == 1.0
    assert network.milliseconds == pytest.approx(2.0)
    assert tree.milliseconds == pytest.approx(6.0)
    assert tree.passes == pytest.approx(3.0)
    # Once before all, and in turn, each after an untimed pass.
    before = [(NETWORK, 0), ("tree", 0)]
    turn = (NETWORK, NETWORK, NETWORK, "tree")
    places = {id(image): place for place, image in enumerate(images)}
    assert [(name, places[image]) for name, image in asked] == [
        *before,
        *((name, place) for place in range(3) for name in turn),
    ]


def test_what_the_service_computes_is_timed(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    found = cost_figures(our_costs(digits_model), digits_images[:3], silent)

    assert [one.name for one in found] == [
        NETWORK,
        *digits_model.methods,
        "a whole reply",
        "a whole reply, in full",
    ]
    assert all(one.milliseconds > 0 and one.kind == "ours" for one in found)
