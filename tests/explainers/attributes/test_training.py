"""The training loop: what it draws, what it changes, and what it leaves alone."""

import dataclasses

import numpy as np
import pytest
import torch

from explainers.arrays import IntArray
from explainers.attributes.fitting.interpreter import Interpreter
from explainers.attributes.fitting.losses import interpretation_loss
from explainers.attributes.fitting.observing import Cached, Observed, Source
from explainers.attributes.fitting.presets import CIFAR10
from explainers.attributes.fitting.schedule import Schedule, Stage, StageWeights
from explainers.attributes.fitting.training import Trainer, rate_at
from explainers.attributes.fitting.variants import RELEASED
from tests.explainers.attributes.small_training import (
    SCALE,
    SMALL,
    Predictor,
    later,
    same,
    states,
    train,
    trainer_of,
)


def test_the_same_seed_gives_the_same_training() -> None:
    first, again = trainer_of(), trainer_of()
    records = train(first, 1, 2, 3), train(again, 1, 2, 3)

    same(first, again)
    one, other = ([dataclasses.replace(r, cpu_seconds=0.0) for r in kept] for kept in records)
    assert one == other


def test_another_seed_gives_another() -> None:
    first, other = trainer_of(), trainer_of(seed=1)
    train(first, 1)
    train(other, 1)

    assert not torch.equal(first.interpreter.head.weight, other.interpreter.head.weight)


def test_an_epoch_does_not_depend_on_what_was_drawn_before() -> None:
    first, again = trainer_of(), trainer_of()
    train(first, 1)
    torch.manual_seed(99)
    train(again, 1)

    same(first, again)


class Noting:
    """A source that notes which rows are asked for."""

    def __init__(self, inner: Source) -> None:
        self.inner = inner
        self.asked: list[list[int]] = []

    def __len__(self) -> int:
        return len(self.inner)

    def observe(self, rows: IntArray, rng: np.random.Generator) -> Observed:
        self.asked.append(rows.tolist())
        return self.inner.observe(rows, rng)

    def network(self) -> torch.nn.Module | None:
        return self.inner.network()


def test_every_epoch_shows_all_images_in_an_order_of_its_own() -> None:
    plain = trainer_of()
    source = Noting(plain.source)
    train(Trainer(plain.interpreter, source, SMALL, 0), 1, 2, 3)
    epochs = [[row for rows in source.asked[5 * e : 5 * e + 5] for row in rows] for e in range(3)]

    assert all(sorted(rows) == list(range(40)) for rows in epochs)
    assert len({tuple(rows) for rows in epochs}) == 3


def test_it_learns_and_logs_the_weights_of_every_epoch() -> None:
    preset = later(SMALL, epochs=30, rate=1e-2)
    records = train(trainer_of(preset), *range(1, 31))

    assert [record.weights for record in records] == [
        preset.schedule.weights(epoch) for epoch in range(1, 31)
    ]
    assert records[-1].terms["prediction"] < 0.8 * records[0].terms["prediction"]
    assert records[-1].terms["input_fidelity"] < records[0].terms["input_fidelity"]
    assert records[-1].rate == 1e-2
    assert [record.epoch for record in records] == list(range(1, 31))


def test_modules_are_in_eval_mode_between_epochs() -> None:
    trainer = trainer_of()
    train(trainer, 1)

    assert not any(module.training for module in trainer.modules.modules())


def test_the_output_fidelity_reaches_the_tapped_layers_but_not_the_head_of_f() -> None:
    trainer = trainer_of()
    predictor = trainer.source.network()
    assert isinstance(predictor, Predictor)
    seen = trainer.source.observe(np.arange(8), np.random.default_rng(0))
    found = trainer.interpreter(seen.maps)
    only = StageWeights(output_fidelity=1.0)
    loss, _ = interpretation_loss(found, seen.logits, seen.images, only, RELEASED)
    loss.backward()  # type: ignore[no-untyped-call]  # torch's

    for parameter in predictor.head.parameters():
        assert parameter.grad is None or not parameter.grad.any()
    for parameter in predictor.lower.parameters():
        assert parameter.grad is not None
    convolution = predictor.lower.get_parameter("0.weight").grad
    assert convolution is not None
    assert float(convolution.abs().max()) > 0


def test_afterwards_only_the_interpreter_is_trained() -> None:
    torch.manual_seed(0)
    predictor = Predictor().eval()
    before = {name: value.clone() for name, value in predictor.state_dict().items()}
    pixels = np.random.default_rng(9).random((40, 1, 6, 6), dtype=np.float32)
    with torch.no_grad():
        logits, tapped = predictor(torch.from_numpy(pixels))
    labels = np.arange(40, dtype=np.int64) % 3
    source = Cached(pixels, labels, logits.numpy(), (tapped.numpy().astype(np.float16),), SCALE)
    interpreter = Interpreter(((4, 6, 6),), (1, 6, 6), 3, SMALL.architecture)
    start = interpreter.head.weight.clone()
    (record,) = train(Trainer(interpreter, source, SMALL, 0), 1)

    assert "prediction" not in record.terms
    assert not torch.equal(interpreter.head.weight, start)
    for name, value in predictor.state_dict().items():
        torch.testing.assert_close(value, before[name], rtol=0, atol=0)
    assert not predictor.training


def test_a_later_rate_comes_with_a_new_optimiser() -> None:
    preset = later(SMALL, later_rate=(3, 1e-4))
    trainer = trainer_of(preset)
    records = train(trainer, 1, 2)
    moments = states(trainer)["0 step"]
    records += train(trainer, 3)

    assert [record.rate for record in records] == [1e-3, 1e-3, 1e-4]
    assert (float(moments), float(states(trainer)["0 step"])) == (10.0, 5.0)


def test_cifar_slows_down_in_epoch_19() -> None:
    assert [rate_at(CIFAR10, (epoch - 1) * 7, 7) for epoch in (18, 19, 25)] == [1e-4, 4e-5, 4e-5]


def test_one_cycle_rises_to_its_peak_and_falls() -> None:
    preset = later(SMALL, rates="one_cycle", epochs=10, rate=1e-2)
    rates = [rate_at(preset, step, 10) for step in range(100)]
    peak = int(np.argmax(rates))

    assert rates[0] == pytest.approx(1e-2 / 25)
    assert rates[peak] == pytest.approx(1e-2, rel=1e-2)
    assert peak == pytest.approx(0.3 * 99, abs=1)
    assert rates[-1] == pytest.approx(1e-2 * 1e-4 / 25)
    assert rates[: peak + 1] == sorted(rates[: peak + 1])
    assert rates[peak:] == sorted(rates[peak:], reverse=True)


def test_few_images_still_make_a_step() -> None:
    trainer = trainer_of(later(SMALL, batch=64))
    before = trainer.interpreter.head.weight.clone()
    train(trainer, 1)

    assert trainer.per_epoch == 1
    assert not torch.equal(trainer.interpreter.head.weight, before)


def test_bfloat16_trains_weights_that_stay_float32() -> None:
    plain = trainer_of(later(SMALL, schedule=Schedule((Stage("output_fidelity", 1, 1.0),))))
    rough = Trainer(plain.interpreter, plain.source, plain.preset, 0, "bfloat16")
    (record,) = train(rough, 1)

    assert all(value.dtype != torch.bfloat16 for value in states(rough).values())
    assert all(np.isfinite(value) for value in record.terms.values())
