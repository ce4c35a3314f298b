"""The terms of the loss, worked by hand."""

import dataclasses
import math

import pytest
import torch

from explainers.attributes.fitting.losses import (
    Interpreted,
    conciseness,
    diversity,
    entropy,
    input_fidelity,
    interpretation_loss,
    output_fidelity,
    prediction_loss,
    size,
)
from explainers.attributes.fitting.schedule import StageWeights
from explainers.attributes.fitting.variants import PRINTED, RELEASED

J = 25


def random_batch(images: int = 6) -> tuple[Interpreted, torch.Tensor, torch.Tensor]:
    drawn = torch.Generator().manual_seed(3)

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=drawn, dtype=torch.float64)

    found = Interpreted(normal(images, J), normal(images, 4), normal(images, 1, 5, 5))
    return found, normal(images, 4), normal(images, 1, 5, 5)


def test_the_entropy_of_nothing_is_that_of_a_uniform_choice() -> None:
    assert float(entropy(torch.zeros(J, dtype=torch.float64))) == pytest.approx(math.log(25))
    assert math.log(25) == pytest.approx(3.2189, abs=5e-5)


def test_the_entropy_of_one_large_attribute_is_none() -> None:
    only = torch.zeros(J, dtype=torch.float64)
    only[0] = 50

    assert 0 <= float(entropy(only)) < 1e-6


def test_the_entropy_of_huge_values_is_a_number() -> None:
    only = torch.zeros(J)
    only[0] = 1e4

    assert float(entropy(only)) == 0.0


def test_the_entropy_has_the_gradient_that_it_should() -> None:
    values = random_batch()[0].phi.requires_grad_()

    assert torch.autograd.gradcheck(entropy, (values,))


def test_the_entropies_are_least_for_distinct_attributes() -> None:
    # One attribute per image, all of them used: no entropy in an image, and over the batch a
    # uniform mean, whose entropy is ln J.
    phi = 20 * torch.eye(J, dtype=torch.float64)

    assert float(conciseness(phi, RELEASED)) == pytest.approx(0, abs=1e-5)
    assert float(diversity(phi)) == pytest.approx(math.log(J))
    assert float(conciseness(phi, RELEASED) - diversity(phi)) == pytest.approx(-math.log(J), 1e-5)


def test_the_entropies_cancel_where_all_images_share_one_attribute() -> None:
    phi = torch.zeros(J, J, dtype=torch.float64)
    phi[:, 4] = 20

    assert float(conciseness(phi, RELEASED) - diversity(phi)) == pytest.approx(0, abs=1e-5)


def test_the_loss_weighs_conciseness_up_and_diversity_down() -> None:
    found, f_logits, images = random_batch()
    weights = StageWeights(0.5, 0.8, 0.2, 0.3, 0.1)
    total, terms = interpretation_loss(found, f_logits, images, weights, RELEASED)

    expected = (
        0.5 * terms["output_fidelity"]
        + 0.8 * terms["input_fidelity"]
        + 0.2 * terms["conciseness"]
        - 0.3 * terms["diversity"]
        + 0.1 * terms["l1"]
    )
    assert float(total) == pytest.approx(float(expected), rel=1e-12)


def test_the_released_fidelity_takes_f_as_the_target() -> None:
    # f is sure of the first class, g gives it 1/4: the cross-entropy is ln 4.
    f, g = torch.tensor([[50.0, 0.0]]), torch.tensor([[0.0, math.log(3)]])

    assert float(output_fidelity(g, f, RELEASED)) == pytest.approx(math.log(4), rel=1e-6)
    # As printed, g weighs log f: 3/4 of the 50 nats that f gives the second class.
    assert float(output_fidelity(g, f, PRINTED)) == pytest.approx(37.5, rel=1e-6)


@pytest.mark.parametrize("variant", [RELEASED, PRINTED])
def test_no_gradient_goes_into_the_logits_of_f(variant: object) -> None:
    assert variant in (RELEASED, PRINTED)
    found, f_logits, _ = random_batch()
    f, g = f_logits.requires_grad_(), found.logits.requires_grad_()
    chosen = RELEASED if variant == RELEASED else PRINTED
    output_fidelity(g, f, chosen).backward()  # type: ignore[no-untyped-call]  # torch's

    assert f.grad is None
    assert g.grad is not None
    assert float(g.grad.abs().max()) > 0


def test_doubling_the_batch_changes_no_released_term() -> None:
    found, f_logits, images = random_batch()
    twice = Interpreted(
        *(torch.cat([t, t]) for t in (found.phi, found.logits, found.reconstruction))
    )
    weights = StageWeights()
    _, one = interpretation_loss(found, f_logits, images, weights, RELEASED)
    _, two = interpretation_loss(
        twice, torch.cat([f_logits] * 2), torch.cat([images] * 2), weights, RELEASED
    )

    for name, term in one.items():
        torch.testing.assert_close(term, two[name], rtol=1e-12, atol=0)


def test_doubling_the_batch_doubles_every_printed_sum_but_not_the_diversity() -> None:
    found, f_logits, images = random_batch()
    twice = Interpreted(
        *(torch.cat([t, t]) for t in (found.phi, found.logits, found.reconstruction))
    )
    weights = StageWeights()
    _, one = interpretation_loss(found, f_logits, images, weights, PRINTED)
    _, two = interpretation_loss(
        twice, torch.cat([f_logits] * 2), torch.cat([images] * 2), weights, PRINTED
    )

    for name, term in one.items():
        times = 1 if name == "diversity" else 2
        torch.testing.assert_close(times * term, two[name], rtol=1e-12, atol=0)


def test_the_size_of_ones_is_one_as_released_and_all_of_them_as_printed() -> None:
    ones = torch.ones(6, J)

    assert float(size(ones, RELEASED)) == 1.0
    assert float(size(-ones, RELEASED)) == 1.0
    assert float(size(ones, PRINTED)) == 6 * J


def test_the_reconstruction_is_judged_by_squares_or_absolute_values() -> None:
    # One pixel in four is 0.5 off, in two images.
    images, rebuilt = torch.zeros(2, 1, 2, 2), torch.zeros(2, 1, 2, 2)
    rebuilt[:, 0, 0, 0] = 0.5
    absolute = dataclasses.replace(RELEASED, absolute_error=True)

    assert float(input_fidelity(rebuilt, images, RELEASED)) == 0.0625
    assert float(input_fidelity(rebuilt, images, absolute)) == 0.125
    assert float(input_fidelity(rebuilt, images, PRINTED)) == 0.5


def test_the_prediction_is_judged_by_its_cross_entropy() -> None:
    logits = torch.tensor([[0.0, math.log(3)], [0.0, 0.0]])

    found = float(prediction_loss(logits, torch.tensor([0, 1]), RELEASED))
    assert found == pytest.approx((math.log(4) + math.log(2)) / 2, rel=1e-6)
