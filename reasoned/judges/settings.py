"""What judges are asked, and every parameter that their scores depend on."""

from typing import Annotated, Final, Literal

from pydantic import Field

from reasoned.folder.manifest import Frozen

Metric = Literal[
    "pixel_flipping",
    "faithfulness_correlation",
    "road",
    "max_sensitivity",
    "random_logit",
    "parameter_randomisation",
    "deletion",
    "insertion",
]
Direction = Literal["higher", "lower"]
DIRECTIONS: Final[dict[Metric, Direction]] = {
    "pixel_flipping": "lower",
    "faithfulness_correlation": "higher",
    "road": "lower",
    "max_sensitivity": "lower",
    "random_logit": "lower",
    "parameter_randomisation": "lower",
    "deletion": "lower",
    "insertion": "higher",
}
METRICS: Final = tuple(DIRECTIONS)
Count = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(gt=0.0, lt=1.0)]


class JudgeSettings(Frozen):
    """Every parameter of a run; two runs with the same settings give the same figures.

    Every picture is divided by its largest absolute number before it is judged, image by
    image. Signs are kept: pixels that speak against the class come last.

    Parameters
    ----------
    images
        How many test images are judged.
    metrics
        Which metrics.
    sampling_peers
        Whether LIME and Kernel SHAP are judged too.
    samples
        How many images each of their models is fitted on.
    references
        How many training images are counted where a polytope is searched.
    runs, subset
        Faithfulness correlation: how many subsets of values are blackened, and the share of
        values in each.
    removed
        ROAD: the percentages of pixels that are removed, the most important first.
    draws, noise
        Max-sensitivity: how many noisy images are tried for each, and the most that a value
        changes, as a share of the way from black to white.
    blur
        Insertion: the standard deviation of the Gaussian that blurs the image it starts from,
        as a share of its longer side.
    sanity_images
        How many of the images the sanity checks use.
    shuffled_images, shuffled_epochs
        The network with shuffled labels: its training images, and the passes over them.
    timed
        How many images the cost of a picture is measured on, one by one.
    seed
        Of every draw.

    """

    images: Count = 200
    metrics: tuple[Metric, ...] = METRICS
    sampling_peers: bool = False
    samples: Count = 200
    references: Count = 2000
    runs: Annotated[int, Field(ge=2)] = 100
    subset: Share = 0.2
    removed: Annotated[tuple[Annotated[int, Field(gt=0, lt=100)], ...], Field(min_length=1)] = (
        10,
        20,
        30,
        40,
        50,
        60,
        70,
        80,
        90,
    )
    draws: Count = 5
    noise: Share = 0.05
    blur: Share = 0.125
    sanity_images: Count = 100
    shuffled_images: Count = 2000
    shuffled_epochs: Count = 10
    timed: Count = 10
    seed: Annotated[int, Field(ge=0)] = 0
