"""The figures of an assessment, as they are written to a file."""

from typing import Any

from reasoned.folder.manifest import Frozen


class AssessmentSettings(Frozen):
    """What was asked for.

    `images` is how many test images are answered, null for all of them. Shifts and strangers
    are answered on `shift_images` of them each, costs measured on `cost_images`, and so on.
    `strangers` names other data sets, as ``SPEC`` or ``SPEC=DIR``; where there are none, the
    digits of scikit-learn are sent unless the model is one of digits.
    """

    images: int | None = None
    shift_images: int = 1000
    cost_images: int = 50
    stability_images: int = 200
    judges: bool = True
    judge_images: int = 200
    sampling_peers: bool = False
    strangers: tuple[str, ...] = ()
    seed: int = 0


class Sentence(Frozen):
    """One plain statement of the summary: whether it holds, and the figure that shows it."""

    holds: bool | None
    text: str


class GroupFigures(Frozen):
    """One group of images that share a bound: what was promised, and what came.

    `kind` is ``statement`` for the reply's own statement, else the method whose region it is.
    `p_value` is the exact binomial probability of so few agreements or fewer under the bound,
    and `broken` whether Holm's procedure rejects it at 0.1 % over all groups of the model.
    """

    kind: str
    name: str
    estimate: float | None
    lower: float
    agreed: int
    of: int
    p_value: float
    broken: bool


class BinFigures(Frozen):
    """Images of neighbouring estimates: their mean estimate, and what came, with an interval."""

    estimate: float
    observed: float
    low: float
    high: float
    of: int


class ShareFigures(Frozen):
    """Some of the images: how many, and how they did.

    `fidelity` is the share whose first choice names the network's class, `accuracy` the share
    for which the network is right; null where there are none.
    """

    name: str
    of: int
    share: float
    fidelity: float | None
    accuracy: float | None


class ReliabilityFigures(Frozen):
    """Whether the statement of replies holds on unseen images.

    `calibration_error` is the mean distance of estimate and observed share over the bins of
    `diagram`, each by its images, `calibration_error_by_chance` what it would be on average if
    every estimate were right. Both leave out the images for which nothing was counted:
    `estimated` remain.
    """

    images: int
    accuracy: float
    fidelity: float
    estimated: int
    calibration_error: float
    calibration_error_by_chance: float
    bounds_broken_share: float
    diagram: tuple[BinFigures, ...]
    groups: tuple[GroupFigures, ...]
    statuses: tuple[ShareFigures, ...]
    classes: tuple[ShareFigures, ...]
    wrong: ShareFigures
    methods: tuple[ShareFigures, ...]


class ShiftFigures(Frozen):
    """What happens to replies when images change: one kind of change at one severity.

    `severity` 0 is the images as they are. `supported_fidelity` is null where none is
    supported.
    """

    kind: str
    severity: int
    what: str
    images: int
    supported: float
    weak: float
    out_of_support: float
    accuracy: float | None
    fidelity: float
    supported_fidelity: float | None


class StrangerFigures(Frozen):
    """Images that are not of the model's kind at all: the share that is not `supported`.

    `supported_fidelity` is null where none is supported.
    """

    name: str
    what: str
    images: int
    not_supported: float
    out_of_support: float
    supported_fidelity: float | None = None


class CostFigures(Frozen):
    """What one explanation costs, in milliseconds and in passes of the served graph.

    Measured in one run, one image at a time; `kind` is ``ours`` or ``peer``.
    """

    name: str
    kind: str
    milliseconds: float
    passes: float


class PaperRow(Frozen):
    """A figure that a method's paper prints, beside what was measured here."""

    method: str
    figure: str
    paper: str
    ours: str
    note: str


class AssessmentFigures(Frozen):
    """Everything that an assessment found; parts that were not asked for are null or empty.

    `judges` and `stability` are as `reasoned.judges` and `reasoned.stability` write them.
    `splits` counts the images of each split, `left_out` says why a part is missing.
    """

    model: str
    sha256: str
    data: str
    command: str
    settings: AssessmentSettings
    splits: dict[str, int]
    network_trained_here: bool = True
    libraries: dict[str, str]
    seconds: float
    left_out: tuple[str, ...]
    summary: tuple[Sentence, ...]
    reliability: ReliabilityFigures
    shift: tuple[ShiftFigures, ...]
    strangers: tuple[StrangerFigures, ...]
    judges: dict[str, Any] | None
    stability: dict[str, Any] | None
    cost: tuple[CostFigures, ...]
    paper: tuple[PaperRow, ...]
