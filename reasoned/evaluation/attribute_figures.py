"""The figures of an evaluation of attribute functions, as they are written to a file."""

from typing import Literal

from reasoned.evaluation.figures import Spread
from reasoned.folder.manifest import Frozen


class AttributeSettings(Frozen):
    """What was asked for."""

    images: int
    examples: int
    lime_samples: int
    seed: int


class ClassFigures(Frozen):
    """One class of the network.

    `fidelity` is over the unseen images that the network gives it; null where there are
    none. `gap` is the relevance of its first attribute less that of its second, `used` how
    many of its attributes have a mean relevance above 1/tau.
    """

    name: str
    images: int
    fidelity: float | None
    gap: float
    used: int


class InputFigures(Frozen):
    """Mean squared errors over the unseen images, pixels in [0, 1].

    `rebuilt` is null where no decoder is stored; `mean_image` is the error of one picture
    for all, the mean training image.
    """

    rebuilt: float | None
    mean_image: float


class MaximisationFigures(Frozen):
    """Activation maximisation from unseen images, for the leading attributes of each.

    `raised` counts pictures that activate the attribute more than the dimmed image that the
    search starts from, `above_original` more than the whole image; `reason` says why there
    are none.
    """

    tried: int
    raised: int
    above_original: int
    steps: int
    reason: str


class LimeFigures(Frozen):
    """LIME and g on the same unseen images; shares that name the network's class.

    `removed_lime` and `removed_g` are over images with half of the cells removed at random,
    fresh draws of what LIME's surrogate was fitted on; the image itself, with nothing removed,
    lies outside its samples.
    """

    images: int
    samples: int
    cells: int
    variants: int
    lime: Spread
    g: Spread
    removed_lime: Spread
    removed_g: Spread


class AttributeFigures(Frozen):
    """Everything that an evaluation of the method ``attributes`` found; shares up to 1.

    `fidelity_on_errors` is the share of the network's errors where g names the same wrong
    class, `corrected` where g names the true one. `cns` and `cns_absolute` hold the mean
    number of attributes whose relevance, or its absolute value, is above 1/tau, by tau.
    `table` is the mean relevance of each attribute (columns) for each class (rows) over the
    unseen images where f and g agree; `served` counts the classes that each attribute
    serves.
    """

    method: Literal["attributes"] = "attributes"
    model: str
    data: str
    layers: tuple[str, ...]
    by_design: bool
    attributes: int
    dead: tuple[int, ...]
    tau: float
    unseen: int
    settings: AttributeSettings
    f: float
    g: float
    fidelity: float
    errors: int
    fidelity_on_errors: float | None
    corrected: float | None
    cns: dict[str, float]
    cns_absolute: dict[str, float]
    classes: tuple[ClassFigures, ...]
    served: tuple[int, ...]
    table: tuple[tuple[float, ...], ...]
    inputs: InputFigures
    maximisation: MaximisationFigures
    lime: LimeFigures | None

    @property
    def gap(self) -> float:
        """The mean gap between the first and the second attribute of a class."""
        return sum(one.gap for one in self.classes) / len(self.classes)

    @property
    def used(self) -> float:
        """The mean number of attributes that a class uses."""
        return sum(one.used for one in self.classes) / len(self.classes)

    @property
    def shared(self) -> int:
        """How many attributes serve several classes."""
        return sum(count > 1 for count in self.served)
