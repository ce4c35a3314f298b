"""How steady explanations are, as a section of the page."""

from collections.abc import Mapping
from typing import Any, Final

from reasoned.assessment.page_blocks import PageSection, paragraph, plot, subheading, table_of
from reasoned.assessment.page_numbers import NOTHING, images, percent, plain
from reasoned.assessment.plots import named
from reasoned.stability.figures import (
    ExampleSeeds,
    MethodNoise,
    MethodSeeds,
    NoiseFigures,
    NoiseLevel,
    Range,
    SeedFigures,
)
from reasoned.stability.plots import noise_plot, seed_plot

_ABOUT: Final = (
    "Two images that a person cannot tell apart should get the same explanation. Here each image "
    "is explained again after a little noise, and explanations are compared wherever the "
    "network's own class stayed the same. Good: low figures throughout. Bad: a first choice that "
    "changes its class, or a region that changes often, under noise that nobody would see."
)
_LEVELS: Final = (
    "noise, grey levels of 255",
    "network's class stays",
    "first choice names another class",
    "status changes",
    "nearest example changes",
)
_METHODS: Final = (
    "method",
    "names another class",
    "another region",
    "tests changed",
    "explanation changes by",
    "sensitivity",
    "largest",
)
_SENSITIVITY: Final = (
    "Sensitivity: the change of what the explanation shows, as a share of its size, for each "
    "unit of change of the image (root mean square, black to white is 1), at the worst draw of "
    "an image, on average over images; and the largest of all (a Lipschitz-style estimate). "
    "Compare methods by it with care: they show different things."
)
_SEEDS: Final = (
    "The same network and the same data, explained by fits that differ only in their random "
    "seed. Good: figures near 100 %, for then what is explained is the network's and not the "
    "dice's. Each cell is the mean over fits or pairs of fits, and the range."
)
_SEED_HEAD: Final = (
    "method",
    "names the network's class",
    "images covered",
    "regions",
    "two fits name the same class",
    "regions alike (adjusted Rand index)",
    "overlap of matched regions",
    "and besides",
)
_BESIDES: Final = {
    "shared_steps": "shared tests",
    "picture_correlation": "correlation of maps",
    "clusters_rand_index": "clusters alike (Rand index)",
    "clusters_jaccard": "overlap of clusters",
    "attribute_correlation": "correlation of attributes",
}


def stability_section(found: Mapping[str, Any] | None) -> PageSection | None:
    """Show steadiness under noise and under seeds, or give None where neither was measured.

    Parameters
    ----------
    found
        `NoiseFigures` as a record, or a record with them under ``noise``, and `SeedFigures`
        under ``seeds``.

    """
    if not found:
        return None
    noise = found if "levels" in found else found.get("noise")
    seeds = found.get("seeds")
    parts = [] if noise is None else _noise(NoiseFigures.model_validate(noise))
    parts += [] if seeds is None else _seeds(SeedFigures.model_validate(seeds))
    if not parts:
        return None
    return PageSection("stability", "Are explanations steady?", _ABOUT, tuple(parts))


def _noise(figures: NoiseFigures) -> list[str]:
    draws = figures.settings.draws
    rows = [
        (
            f"{level.sigma:g}",
            percent(level.class_kept),
            percent(level.first_changed),
            percent(level.status_changed),
            percent(level.nearest_changed),
        )
        for level in figures.levels
    ]
    said = f"{images(figures.images)}, {draws} draws of each strength of noise."
    parts = [subheading("Under small noise"), paragraph(said), table_of(_LEVELS, rows)]
    drawing = named(noise_plot(figures), "noise")
    parts.append(
        plot(drawing, "How much changes over the strength of the noise, per method.", large=True)
    )
    parts += [_level(level) for level in figures.levels]
    return [*parts, paragraph(_SENSITIVITY, "soft")]


def _level(level: NoiseLevel) -> str:
    caption = f"Method by method, under noise of {level.sigma:g} grey levels"
    return table_of(_METHODS, [_method(one) for one in level.methods], caption)


def _method(one: MethodNoise) -> tuple[str, ...]:
    return (
        one.method,
        percent(one.names_changed),
        percent(one.region_changed),
        percent(one.steps_changed),
        percent(one.change),
        plain(one.lipschitz),
        plain(one.lipschitz_largest),
    )


def _seeds(figures: SeedFigures) -> list[str]:
    count = len(figures.settings.seeds)
    parts = [
        subheading(f"Under {count} random seeds"),
        paragraph(_SEEDS),
        plot(named(seed_plot(figures), "seeds"), "Agreement between fits, per method.", large=True),
        table_of(_SEED_HEAD, [_seed(one) for one in figures.methods]),
        paragraph(_examples(figures.examples)),
    ]
    parts += [
        paragraph(f"Left out: {name}: {why}", "soft") for name, why in figures.left_out.items()
    ]
    return parts


def _seed(one: MethodSeeds) -> tuple[str, ...]:
    return (
        one.method,
        _shares(one.fidelity),
        _shares(one.coverage),
        f"{one.regions.mean:.3g} ({one.regions.least:.3g} to {one.regions.most:.3g})",
        _shares(one.same_class),
        f"{one.rand_index.mean:.2f} ({one.rand_index.least:.2f} to {one.rand_index.most:.2f})",
        _shares(one.jaccard),
        _besides(one),
    )


def _besides(one: MethodSeeds) -> str:
    found = ((words, getattr(one, field)) for field, words in _BESIDES.items())
    return "; ".join(f"{words} {known.mean:.2f}" for words, known in found if known is not None)


def _shares(found: Range | None) -> str:
    if found is None:
        return NOTHING
    return f"{percent(found.mean)} ({percent(found.least)} to {percent(found.most)})"


def _examples(found: ExampleSeeds) -> str:
    return (
        f"Of the training images that replies may show, {percent(found.overlap.mean)} are chosen "
        "under two seeds alike, and the nearest example is the same image for "
        f"{percent(found.same_nearest.mean)}."
    )
