"""Figures of a trained interpreter."""

import numpy as np
import pytest
import torch

from explainers.attributes.fitting.measuring import Passed, measure, pass_through
from tests.explainers.attributes.small_training import train, trainer_of


def test_the_figures_of_four_images_worked_by_hand() -> None:
    weights = np.array([[2, 0, -1], [0, 4, 0]], np.float32)
    phi = np.array([[1, 0, 1], [1, 0, 1], [0, 1, 0], [0, 2, 0]], np.float32)
    g = phi @ weights.T  # classes 0, 0, 1, 1
    passed = Passed(
        phi=phi,
        f_logits=np.array([[1, 0], [0, 1], [0, 1], [0, 1]], np.float32),
        g_logits=g,
        errors=np.array([0.1, 0.2, 0.3, 0.4], np.float32),
        labels=np.array([0, 0, 0, 1]),
    )
    found = measure(passed, weights)

    # f is right on images 0 and 3, g on 0, 1 and 3, and they disagree on 1.
    assert (found.f, found.g, found.fidelity) == (0.5, 0.75, 0.75)
    assert found.input_error == pytest.approx(0.25)
    # Relevances (1, 0, -1/2) twice, and (0, 1, 0) twice.
    assert set(found.cns) == {"1.5", "2", "2.5", "3", "4", "5"}
    assert set(found.cns.values()) == {1.0}
    assert (found.cns_absolute["2"], found.cns_absolute["2.5"]) == (1.0, 1.5)
    assert (found.live, found.used, found.served) == (3, (1, 1), (1, 1, 0))
    assert found.gap == 1.0


def test_a_dead_attribute_is_counted() -> None:
    phi = np.array([[1, 0], [1, 1e-3]], np.float32)
    passed = Passed(phi, phi, phi, np.zeros(2, np.float32), np.zeros(2, np.int64))

    assert measure(passed, np.eye(2, dtype=np.float32)).live == 1


def test_all_images_pass_through_once_in_their_order() -> None:
    trainer = trainer_of()
    train(trainer, 1)
    passed = pass_through(trainer.interpreter, trainer.source)
    rows = np.array([39, 0, 7])
    seen = trainer.source.observe(rows, np.random.default_rng(0))
    found = trainer.interpreter(seen.maps)

    assert len(passed.phi) == len(passed.labels) == 40
    assert passed.labels.tolist() == [i % 3 for i in range(40)]
    for name, value in (
        ("phi", found.phi),
        ("g_logits", found.logits),
        ("f_logits", seen.logits),
        ("errors", (found.reconstruction - seen.images).square().mean((1, 2, 3))),
    ):
        # Batches of other sizes are multiplied in another order.
        np.testing.assert_allclose(
            getattr(passed, name)[rows], value.detach().numpy(), rtol=1e-4, atol=1e-6
        )
    assert not torch.is_grad_enabled() or trainer.interpreter.head.weight.requires_grad
