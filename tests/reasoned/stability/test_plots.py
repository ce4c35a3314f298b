"""The drawings."""

from reasoned.stability.figures import (
    ExampleSeeds,
    MethodNoise,
    MethodSeeds,
    NoiseFigures,
    NoiseLevel,
    NoiseSettings,
    Range,
    SeedFigures,
    SeedSettings,
)
from reasoned.stability.plots import noise_plot, seed_plot

HALF = Range(mean=0.5, least=0.25, most=0.75)


def noise_figures() -> NoiseFigures:
    def method(name: str, region: float | None) -> MethodNoise:
        return MethodNoise(
            method=name,
            form="parts",
            draws=10,
            names_changed=0.1,
            region_changed=region,
            steps_changed=None,
            change=0.2,
            lipschitz_mean=3.0,
            lipschitz=4.0,
            lipschitz_largest=5.0,
        )

    level = NoiseLevel(
        sigma=2.0,
        input_change=0.01,
        class_kept=0.9,
        first_changed=0.0,
        status_changed=0.0,
        nearest_changed=0.1,
        methods=(method("additive", None), method("meta_forest", 0.3)),
    )
    later = level.model_copy(update={"sigma": 4.0})
    return NoiseFigures(settings=NoiseSettings(), images=10, levels=(level, later))


def seed_figures() -> SeedFigures:
    method = MethodSeeds(
        method="representative",
        seconds=HALF,
        fidelity=HALF,
        coverage=HALF,
        regions=HALF,
        same_class=None,
        rand_index=HALF,
        jaccard=HALF,
    )
    return SeedFigures(
        settings=SeedSettings(),
        images=10,
        options={},
        methods=(method,),
        examples=ExampleSeeds(examples=HALF, overlap=HALF, same_nearest=HALF),
        left_out={},
    )


def test_noise_is_drawn_the_same_every_time() -> None:
    drawn = noise_plot(noise_figures())

    assert drawn == noise_plot(noise_figures())
    assert drawn.startswith("<svg")
    # In the key, also the one without regions.
    assert ">additive</text>" in drawn
    assert ">meta_forest</text>" in drawn
    assert "grey levels" in drawn


def test_seeds_are_drawn_the_same_every_time() -> None:
    drawn = seed_plot(seed_figures())

    assert drawn == seed_plot(seed_figures())
    assert ">representative</text>" in drawn
    assert "same class" in drawn
