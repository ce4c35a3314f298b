"""The figures of an evaluation of polytopes, as they are written to a file."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from reasoned.folder.manifest import Frozen
from reasoned.images.preprocessing import Preprocessing


class Spread(Frozen):
    """The mean of some images' figures, with its standard error; null where there are too few."""

    mean: float | None
    standard_error: float | None
    of: int


class MapFigures(Frozen):
    """How one method's maps did: AD and AI, the means over the explained images.

    `mad_beyond_grad_cam` is the mean difference of AD to Grad-CAM's with reused weights,
    image by image: below 0 is better than Grad-CAM. `empty` is the share of maps that are
    zero everywhere.
    """

    method: str
    similar: Literal["own", "shared"]
    weights: Literal["reused", "own", "none"]
    mad: Spread
    mai: Spread
    mad_beyond_grad_cam: Spread
    empty: float


class ClassFigures(Frozen):
    """AD on the images of one class, with reused weights, on the same similar images."""

    name: str
    images: int
    ri_paper: float
    ri_served: float
    grad_cam: float


class PolytopeFigures(Frozen):
    """The polytopes of single images in one mode, means over the images.

    `coverage` is the share of all unseen images inside, `class_coverage` of those of the
    image's class; `precision` the share of those inside, without the image itself, that
    share its class, and `pooled_precision` the same over all pairs.
    """

    mode: str
    coverage: Spread
    class_coverage: Spread
    precision: Spread
    pooled_precision: float | None
    tau: Spread
    tau_zero: float
    facets: Spread
    boundaries: Spread
    failed: int


class StabilityFigures(Frozen):
    """How alike the polytopes of one image are over several seeds, means over the images."""

    mode: str
    seeds: int
    jaccard: Spread
    agreement: Spread
    rank_correlation: Spread


class CurvePoint(Frozen):
    """The paper's search with so many boundaries to choose from."""

    boundaries: int
    tau: Spread
    coverage: Spread
    precision: Spread
    facets: Spread


class StoredFigures(Frozen):
    """The rule set that the model carries, on unseen images.

    `precision` is over all pairs of an image and a polytope that holds it;
    `image_precision` over the covered images, by the polytope in which each lies deepest;
    `contested` is the share of all images that lie in polytopes of several classes.
    """

    polytopes: int
    unseen_coverage: float
    precision: float | None
    image_precision: float | None
    contested: float


class EvaluationSettings(Frozen):
    """What was asked for."""

    images: int
    similar: int
    top: float
    fill: Literal["mean", "black", "blur"]
    boundaries: int
    seeds: int
    seed: int


class RepresentativeFigures(Frozen):
    """Everything that an evaluation of the method ``representative`` found."""

    method: Literal["representative"] = "representative"
    model: str
    data: str
    psi: tuple[int, int, int]
    boundary_units: int
    references: int
    unseen: int
    explained: int
    left_out: int
    approximate: str
    settings: EvaluationSettings
    preprocessing: Preprocessing
    maps: tuple[MapFigures, ...]
    classes: tuple[ClassFigures, ...]
    polytopes: tuple[PolytopeFigures, ...]
    stability: tuple[StabilityFigures, ...]
    curves: tuple[CurvePoint, ...]
    stored: StoredFigures | None

    def maps_of(self, method: str, similar: str, weights: str) -> MapFigures:
        """Find one row of the table of maps."""
        asked = (method, similar, weights)
        return next(row for row in self.maps if (row.method, row.similar, row.weights) == asked)


def spread(values: Sequence[float | None]) -> Spread:
    """Give the mean of the values that there are, and its standard error."""
    known = np.array([value for value in values if value is not None], np.float64)
    error = float(known.std(ddof=1) / np.sqrt(len(known))) if len(known) > 1 else None
    mean = float(known.mean()) if len(known) else None
    return Spread(mean=mean, standard_error=error, of=len(known))
