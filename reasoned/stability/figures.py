"""The figures of stability, and what they were measured by, as they are written to a file."""

from typing import Annotated

from pydantic import Field

from reasoned.folder.manifest import Frozen

Positive = Annotated[int, Field(ge=1)]


class NoiseSettings(Frozen):
    """How images are disturbed.

    `sigmas` are standard deviations of Gaussian noise in grey levels, of 255; noisy pixels are
    rounded and cut off at black and white. Each image gets `draws` of each.
    """

    sigmas: tuple[Annotated[float, Field(gt=0.0)], ...] = (2.0, 4.0, 8.0)
    draws: Positive = 5
    images: Positive = 200
    seed: Annotated[int, Field(ge=0)] = 0


class MethodNoise(Frozen):
    """How one method's explanations change while the network's class stays the same.

    `names_changed`, `region_changed` and `steps_changed` are shares of draws; the last is the
    mean share of a path's tests that are not the same, null for other forms. `change` is the
    Euclidean change of what the explanation shows (margins on a path, a heat map, contributions)
    as a share of its size, and `lipschitz` that over the change of the image: the root mean
    square of the change of its pixels, from 0 to 1. `lipschitz_mean` is over all draws,
    `lipschitz` the mean over images of the largest over its draws, `lipschitz_largest` the
    largest of all. Null where an explanation shows no numbers.
    """

    method: str
    form: str
    draws: int
    names_changed: float | None
    region_changed: float | None
    steps_changed: float | None
    change: float | None
    lipschitz_mean: float | None
    lipschitz: float | None
    lipschitz_largest: float | None


class NoiseLevel(Frozen):
    """What noise of one strength does.

    `input_change` is the mean over draws of the root mean square of the change of an image's
    pixels, from 0 to 1. `class_kept` is the share of draws for which the network's class stays;
    all below is of these draws. `first_changed` is the share for which the first choice names
    another class although the network does not.
    """

    sigma: float
    input_change: float
    class_kept: float
    first_changed: float | None
    status_changed: float | None
    nearest_changed: float | None
    methods: tuple[MethodNoise, ...]


class NoiseFigures(Frozen):
    """The same image under small noise, for images of one model."""

    settings: NoiseSettings
    images: int
    levels: tuple[NoiseLevel, ...]


class SeedSettings(Frozen):
    """Under which seeds methods are fitted, and on how many test images fits are compared."""

    seeds: Annotated[tuple[int, ...], Field(min_length=2)] = (0, 1, 2, 3, 4)
    images: Positive = 2000


class Range(Frozen):
    """The mean over fits or over pairs of fits, and the extremes."""

    mean: float
    least: float
    most: float


class MethodSeeds(Frozen):
    """One method under several seeds, compared on test images in all pairs of fits.

    Per fit: `fidelity` is the share of images in a region whose evidence names the network's
    class, `coverage` the share that is in a region, `regions` how many there are. Per pair:
    `same_class` is the share, of images for which both fits name a class, that get the same
    one; `rand_index` the adjusted Rand index of the two assignments to regions (being outside
    all is one more), `jaccard` the mean over the regions of one fit of their best overlap with
    a region of the other. `shared_steps` is the mean overlap (Jaccard) of the tests that two
    paths make, whatever the thresholds; `picture_correlation` the mean correlation of maps
    where both fits name the same class; `clusters_rand_index` and `clusters_jaccard` are of
    images put to their nearest clusters; `attribute_correlation` is the mean correlation of
    attributes over images, each matched with one of the other fit. Null where a method has no
    such thing.
    """

    method: str
    seconds: Range
    fidelity: Range
    coverage: Range
    regions: Range
    same_class: Range | None
    rand_index: Range
    jaccard: Range
    shared_steps: Range | None = None
    picture_correlation: Range | None = None
    clusters_rand_index: Range | None = None
    clusters_jaccard: Range | None = None
    attribute_correlation: Range | None = None


class ExampleSeeds(Frozen):
    """The examples that replies show, chosen under several seeds.

    `overlap` is the share of images in both choices, of those in either, and `same_nearest`
    how often the nearest example is the same image, over pairs of seeds.
    """

    examples: Range
    overlap: Range
    same_nearest: Range


class SeedFigures(Frozen):
    """The same network and data, explained by fits under several seeds.

    `left_out` says why, for a method that could not be fitted.
    """

    settings: SeedSettings
    images: int
    options: dict[str, dict[str, str]]
    methods: tuple[MethodSeeds, ...]
    examples: ExampleSeeds
    left_out: dict[str, str]
