"""The shapes of Psi, generated from those of the tapped layers."""

import dataclasses

import pytest

from explainers.attributes.fitting.architecture import Architecture, plan_psi
from explainers.errors import NotApplicableError

PAPER = Architecture()


def test_the_paper_s_mnist_map_is_pooled_to_576() -> None:
    plan = plan_psi(((32, 14, 14),), PAPER)

    assert (plan.channels, plan.kernels, plan.strides) == ((32,), (3,), (1,))
    assert (plan.shape, plan.side, plan.features) == ((64, 14, 14), (3, 3), 576)


@pytest.mark.parametrize("side", [7, 8])
def test_the_paper_s_two_maps_are_joined_at_the_smaller(side: int) -> None:
    plan = plan_psi(((256, side, side), (512, 4, 4)), PAPER)

    assert (plan.channels, plan.strides) == ((256, 512), (2, 1))
    assert (plan.shape, plan.features) == ((64, 4, 4), 576)


def test_a_map_is_made_smaller_before_psi() -> None:
    plan = plan_psi(((32, 15, 12),), Architecture(pool=4))

    assert (plan.shape, plan.side) == ((64, 3, 3), (3, 3))


def test_a_flat_layer_needs_no_neighbours() -> None:
    plan = plan_psi(((128, 1, 1),), PAPER)

    assert (plan.kernels, plan.side, plan.features) == ((1,), (1, 1), 64)


@pytest.mark.parametrize("count", [0, 3])
def test_other_than_one_or_two_layers_are_refused(count: int) -> None:
    with pytest.raises(NotApplicableError, match=rf"Psi reads one or two layers, not {count}"):
        plan_psi(((8, 4, 4),) * count, PAPER)


def test_maps_that_no_stride_makes_alike_are_refused() -> None:
    with pytest.raises(NotApplicableError, match=r"cannot join layers of \(8, 10, 9\) and.*whole"):
        plan_psi(((8, 10, 9), (8, 4, 4)), PAPER)


@pytest.mark.parametrize("name", ["attributes", "width", "pool", "decoder_start"])
def test_nothing_is_empty(name: str) -> None:
    with pytest.raises(ValueError, match=rf"{name} must be at least 1, not 0"):
        dataclasses.replace(PAPER, **{name: 0})  # type: ignore[arg-type]  # only fields of whole numbers


def test_layers_of_very_different_sizes_are_refused() -> None:
    with pytest.raises(NotApplicableError, match="one is more than 3 times as large as the other"):
        plan_psi(((8, 28, 28), (8, 7, 7)), PAPER)


def test_a_map_cannot_be_averaged_by_more_than_its_sides() -> None:
    with pytest.raises(NotApplicableError, match=r"\(8, 4, 40\).* by 5; set pool to 4 or less"):
        plan_psi(((8, 4, 40),), Architecture(pool=5))


def test_nothing_is_enormous() -> None:
    with pytest.raises(ValueError, match="width must be at most 4096, not 5000"):
        Architecture(width=5000)
    with pytest.raises(ValueError, match=r"decoder_widths must be one or more numbers from 1 to"):
        Architecture(decoder_widths=())
