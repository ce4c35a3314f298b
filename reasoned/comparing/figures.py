"""The figures of a comparison, as they are written to a file. A is before, B after."""

from typing import Literal

from reasoned.comparing.thresholds import Thresholds
from reasoned.folder.manifest import Frozen

Move = Literal["kept", "moved", "vanished", "appeared"]
Outcome = Literal["within", "over", "noise"]


class ModelFigures(Frozen):
    """Which model was compared; `sha256` is the digest of its manifest."""

    folder: str
    name: str
    version: str
    sha256: str
    methods: tuple[str, ...]


class DifferenceFigures(Frozen):
    """One figure of both models on the same images, and B's minus A's with its interval.

    `measure` says what was measured, and `of` of which method or status; "" of all.
    """

    measure: Literal["accuracy", "fidelity", "coverage", "status", "calibration_error"]
    of: str
    images: int
    before: float
    after: float
    difference: float
    low: float
    high: float


class ChangeFigures(Frozen):
    """The share of images for which something is not what it was, with its interval.

    ``class`` is the network's, over all images; ``evidence`` (the class that the first choice
    names), ``status`` and ``carrier`` are over those to which both networks give one class.
    """

    measure: Literal["class", "evidence", "status", "carrier"]
    images: int
    share: float
    low: float
    high: float


class RegionPair(Frozen):
    """A region of A and the region of B that holds most of the same images, if there is one.

    `jaccard` is the share of the images in either that are in both; ``kept`` from 0.5 on,
    ``moved`` from 0.1 on. `about` is the class that A's network gives most of the images.
    """

    before: str | None
    after: str | None
    move: Move
    images_before: int
    images_after: int
    shared: int
    jaccard: float
    about: str


class RegionFigures(Frozen):
    """How alike two divisions of the same images are, whatever the regions are called.

    `agreement` is the adjusted Rand index with its interval: 1 for the same division, about 0
    for divisions that have nothing to do with each other. `staying` is the share of images
    whose region in B is the one matched to their region in A; to lie outside all is a region.
    """

    of: str
    images: int
    agreement: float
    low: float
    high: float
    staying: float
    pairs: tuple[RegionPair, ...]

    def count(self, move: Move) -> int:
        """Count the pairs of a kind."""
        return sum(pair.move == move for pair in self.pairs)


class ExampleFigures(Frozen):
    """Which training images the models show.

    `same_nearest` is the share of images with the same nearest example; `shared` counts the
    examples that both models store. Null where the models were fitted on different data, so
    that their examples cannot be the same.
    """

    before: int
    after: int
    shared: int | None
    same_nearest: float | None
    low: float | None
    high: float | None


class ClassFigures(Frozen):
    """Images to which both networks give one class: the shares that are not what they were."""

    name: str
    images: int
    evidence: float
    status: float
    carrier: float


class NamedFigures(Frozen):
    """On how many of those images the first choice names one class in A and another in B.

    Null where it names none.
    """

    before: str | None
    after: str | None
    images: int


class Told(Frozen):
    """What one model says of an image."""

    predicted: str
    first: str
    names: str | None
    status: str
    estimate: float | None
    carrier: str | None
    sentence: str


class MovedImage(Frozen):
    """One of the images whose explanation moved most."""

    id: str
    label: str
    before: Told
    after: Told


class Check(Frozen):
    """One threshold: what was wanted and what was found.

    ``over`` is beyond the threshold; ``noise`` lies beyond it too, but the interval includes
    that nothing changed, so it does not count.
    """

    option: str
    of: str
    wanted: float
    found: float
    low: float | None
    high: float | None
    outcome: Outcome


class ComparisonFigures(Frozen):
    """Everything that a comparison found.

    `lost` are methods that A has and B lacks, `gained` the other way round; their figures
    cannot be compared. `notes` say what must be known to read the rest.
    """

    before: ModelFigures
    after: ModelFigures
    data: str
    images: int
    seed: int
    thresholds: Thresholds
    crossed: bool
    checks: tuple[Check, ...]
    notes: tuple[str, ...]
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    differences: tuple[DifferenceFigures, ...]
    changes: tuple[ChangeFigures, ...]
    regions: tuple[RegionFigures, ...]
    examples: ExampleFigures
    classes: tuple[ClassFigures, ...]
    named: tuple[NamedFigures, ...]
    worst: tuple[MovedImage, ...]
