"""The same image under small noise."""

import numpy as np
import pytest

from explainers.arrays import ByteArray
from explainers.fitting_contract import silent
from reasoned.errors import DataError
from reasoned.model import ExplainedModel
from reasoned.stability.figures import MethodNoise, NoiseFigures, NoiseSettings
from reasoned.stability.noise import disturbed, noise_stability

SETTINGS = NoiseSettings(sigmas=(1.0, 20.0, 90.0), draws=3, images=25, seed=4)


@pytest.fixture(scope="module")
def figures(digits_model: ExplainedModel, digits_images: list[ByteArray]) -> NoiseFigures:
    return noise_stability(digits_model.explaining.parts, digits_images[-25:], SETTINGS, silent)


def method(figures: NoiseFigures, level: int, name: str) -> MethodNoise:
    return next(one for one in figures.levels[level].methods if one.method == name)


def test_noise_is_of_the_size_that_was_asked() -> None:
    grey = np.full((100, 100, 1), 128, np.uint8)

    noisy = disturbed(grey, 5.0, np.random.default_rng(0))

    assert noisy.dtype == np.uint8
    assert noisy.std() == pytest.approx(5.0, rel=0.05)  # of 10,000 draws
    assert noisy.mean() == pytest.approx(128.0, abs=0.3)


def test_noise_is_cut_off_at_black_and_white() -> None:
    ends = np.array([[[0], [255]]], np.uint8).repeat(200, axis=0)

    noisy = disturbed(ends, 30.0, np.random.default_rng(0))

    # Half of the draws would leave the scale, and stay at its end instead of coming out
    # at the other one.
    assert (noisy[:, 0] < 150).all()
    assert (noisy[:, 1] > 100).all()
    assert (noisy[:, 0] == 0).mean() == pytest.approx(0.5, abs=0.1)


def test_stronger_noise_changes_more(figures: NoiseFigures) -> None:
    inputs = [level.input_change for level in figures.levels]
    changes = [method(figures, place, "meta_forest").change for place in range(3)]

    assert inputs == sorted(inputs)
    assert changes[0] is not None
    assert changes[2] is not None
    assert changes[0] < changes[2]
    assert figures.levels[0].class_kept > figures.levels[2].class_kept
    assert figures.levels[0].nearest_changed is not None
    assert figures.levels[2].nearest_changed is not None
    assert figures.levels[0].nearest_changed < figures.levels[2].nearest_changed


def test_a_sum_that_agrees_by_construction_names_the_class_that_stays(
    figures: NoiseFigures,
) -> None:
    for place in range(3):
        found = method(figures, place, "additive")
        assert found.names_changed == 0.0
        assert found.region_changed is None
        assert found.steps_changed is None


def test_a_rate_is_the_change_over_that_of_the_image(figures: NoiseFigures) -> None:
    for place in range(3):
        for found in figures.levels[place].methods:
            assert found.lipschitz_mean is not None
            assert found.lipschitz is not None
            assert found.lipschitz_largest is not None
            assert found.lipschitz_mean <= found.lipschitz <= found.lipschitz_largest


def test_figures_rederived_from_single_explanations(
    figures: NoiseFigures, digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    parts, rng = digits_model.explaining.parts, np.random.default_rng(SETTINGS.seed)
    path = parts.explainers["meta_forest"]
    sigma, kept, moved, distances = SETTINGS.sigmas[0], [], [], []
    for image in digits_images[-25:]:
        calm = parts.network.run(parts.preprocessing.apply(image))
        for _ in range(SETTINGS.draws):
            noisy = disturbed(image, sigma, rng)
            seen = parts.network.run(parts.preprocessing.apply(noisy))
            kept.append(seen.predicted == calm.predicted)
            moved.append(path.explain(seen).region != path.explain(calm).region)
            distances.append(np.sqrt(np.mean((noisy / 255.0 - image / 255.0) ** 2)))

    level = figures.levels[0]
    assert level.class_kept == pytest.approx(np.mean(kept))
    assert level.input_change == pytest.approx(np.mean(distances))
    assert method(figures, 0, "meta_forest").draws == sum(kept)
    assert method(figures, 0, "meta_forest").region_changed == pytest.approx(
        np.mean(np.array(moved)[kept])
    )


def test_one_seed_gives_one_answer(
    figures: NoiseFigures, digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    parts = digits_model.explaining.parts
    again = noise_stability(parts, digits_images[-25:], SETTINGS, silent)
    other = noise_stability(
        parts, digits_images[-25:], SETTINGS.model_copy(update={"seed": 5}), silent
    )

    assert again == figures
    assert other.levels != figures.levels


def test_no_more_images_are_taken_than_asked(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    few = NoiseSettings(sigmas=(8.0,), draws=1, images=3)

    found = noise_stability(digits_model.explaining.parts, digits_images, few, silent)

    assert found.images == 3
    assert found.levels[0].methods[0].draws <= 3


def test_no_image_is_refused(digits_model: ExplainedModel) -> None:
    with pytest.raises(DataError, match="needs at least one image, and got none"):
        noise_stability(digits_model.explaining.parts, [], SETTINGS, silent)
