"""Attributes on images whose concepts are known."""

import dataclasses

import numpy as np
import pytest
import torch

from explainers.attributes.fitting.architecture import Architecture
from explainers.attributes.fitting.interpreter import Interpreter
from explainers.attributes.fitting.measuring import Measured, Passed, measure, pass_through
from explainers.attributes.fitting.observing import Training
from explainers.attributes.fitting.presets import Preset
from explainers.attributes.fitting.schedule import Schedule, Stage, StageWeights, staged
from explainers.attributes.fitting.training import Trainer
from explainers.fitting_contract import silent
from tests.explainers.attributes.planted_strokes import (
    CLASSES,
    SmallPredictor,
    Strokes,
    best_matching,
    planted,
)
from tests.explainers.attributes.small_training import SCALE

# Calibrated once. The images are rebuilt before g follows f, and a class is a sum of parts.
PARTS = Preset(
    architecture=Architecture(
        attributes=8,
        width=16,
        outer_slope=0.01,
        positive_head=True,
        decoder_start=8,
        decoder_widths=(16,),
    ),
    predictor="lenet",
    schedule=Schedule(
        (
            *staged(beta=(0.3, 6), gamma=(20.0, 1), delta=(0.0, 1)),
            Stage("l1", 3, 0.05),
        )
    ).with_weights(diversity=0.5),
    epochs=20,
    batch=16,
    rate=5e-4,
)
PUBLISHED = Preset(
    architecture=Architecture(attributes=8, width=16, outer_slope=0.01),
    predictor="lenet",
    schedule=Schedule(
        (*staged(beta=(0.5, 3), gamma=(0.8, 1), delta=(0.2, 5)), Stage("l1", 3, 0.1))
    ),
    epochs=12,
    batch=64,
    rate=2e-3,
)


@pytest.fixture(scope="module")
def strokes() -> tuple[Strokes, Strokes]:
    return planted(2000, 0), planted(800, 1)


def trained(preset: Preset, strokes: tuple[Strokes, Strokes]) -> tuple[Passed, Measured]:
    train, unseen = strokes
    torch.set_num_threads(1)
    torch.manual_seed(0)
    network = SmallPredictor()
    made = Interpreter(((16, 7, 7),), (1, 28, 28), len(CLASSES), preset.architecture)
    trainer = Trainer(made, Training(train.pixels, train.labels, network, SCALE), preset, 0)
    for number in range(1, preset.epochs + 1):
        trainer.epoch(number, silent)
    passed = pass_through(made, Training(unseen.pixels, unseen.labels, network, SCALE))
    return passed, measure(passed, made.class_weights.detach().numpy())


def test_a_perfect_attribute_is_matched_to_its_stroke(strokes: tuple[Strokes, Strokes]) -> None:
    present = strokes[1].present
    order = np.array([3, 0, 5, 1, 4, 2])
    phi = np.concatenate([present[:, order], np.zeros((800, 2))], axis=1).astype(np.float32)

    np.testing.assert_array_equal(best_matching(phi, present), np.ones(6))
    # Nothing that is the same for all images tells a stroke.
    np.testing.assert_array_equal(best_matching(np.zeros((800, 8), np.float32), present), 0.5)


@pytest.mark.slow
def test_the_planted_strokes_are_found(strokes: tuple[Strokes, Strokes]) -> None:
    passed, found = trained(PARTS, strokes)

    assert found.fidelity >= 0.97
    assert (best_matching(passed.phi, strokes[1].present) >= 0.9).sum() >= 4
    assert found.cns["5"] <= 4
    # The strokes are shared between classes, and so are attributes.
    assert max(found.served) >= 2


@pytest.mark.slow
def test_without_the_entropies_more_attributes_explain_an_image(
    strokes: tuple[Strokes, Strokes],
) -> None:
    weights = dataclasses.asdict(StageWeights())
    schedule = PUBLISHED.schedule
    without = dataclasses.replace(
        PUBLISHED, schedule=schedule.with_weights(conciseness=0.0, diversity=0.0)
    )
    alone = dataclasses.replace(PUBLISHED, schedule=schedule.with_weights(**weights))
    (_, full), (_, plain), (_, base) = (
        trained(preset, strokes) for preset in (PUBLISHED, without, alone)
    )

    assert full.cns["5"] < plain.cns["5"]
    assert full.fidelity > 0.97
    assert plain.fidelity > 0.97
    assert abs(full.f - base.f) <= 0.005
