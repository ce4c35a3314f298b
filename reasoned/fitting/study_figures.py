"""The figures of a CNN-INTE study, as they are written to a file."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0.0, le=1.0)]
RECONSTRUCTION = (
    "This is a reconstruction of CNN-INTE (Liu, Wang, Matwin, 2018) and not a reproduction: "
    "the paper's method section could not be read. That hidden activations are clustered on "
    "two levels, that random forests are the base learners, that the results are shown as "
    "diagrams and that accuracy is claimed to be kept is the paper's; what exactly is "
    "clustered, every size and every setting is this project's choice."
)


class Figures(BaseModel):
    """A record that neither changes nor takes unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RateFigure(Figures):
    """`count` of `of`, with the exact two-sided 95 % interval; `share` is null for 0 of 0."""

    count: int
    of: int
    share: Share | None
    lower: Share
    upper: Share


class TrialFigure(Figures):
    """One setting tried on the validation images."""

    level_one: int
    level_two: int
    fidelity: RateFigure
    leaves: int


class RouteFigure(Figures):
    """One route on the test images.

    `fidelity` is agreement with the network's class, `fidelity_on_errors` the same where
    the network is wrong, `accuracy` agreement with the true class; `displayed_fidelity`
    is that of the pruned tree. Rows of `confusion` are the network's classes, columns the
    tree's.
    """

    fidelity: RateFigure
    displayed_fidelity: RateFigure
    fidelity_on_errors: RateFigure
    accuracy: RateFigure
    confusion: list[list[int]]


class ControlFigures(Figures):
    """Fidelity on the test images of what must do worse, or at least not better.

    `untrained_*` run the same pipeline on an untrained copy of the network; `shuffled` is
    a tree that learned the network's classes in random order.
    """

    pixel_tree: RateFigure
    pixel_forest: RateFigure
    untrained_network_route: RateFigure
    untrained_forest_route: RateFigure
    shuffled: RateFigure
    majority: Share


class FactorFigure(Figures):
    """One factor, and how often its base learner names the network's cluster."""

    factor: int
    title: str
    units: list[int]
    clusters: int
    id_accuracy: Share
    id_accuracy_out_of_bag: Share


class ComplexityFigure(Figures):
    """How much there is to read."""

    leaves: int
    mean_path_length: float
    mean_factors_on_path: float


class RuleFigure(Figures):
    """One leaf of the displayed tree; `agreed` is counted on the test images."""

    conditions: list[str]
    names: str
    support: int
    purity: Share
    agreed: RateFigure


class StabilityFigure(Figures):
    """Fits with other seeds, held against the first (adjusted Rand indices)."""

    fidelities: list[Share]
    id_agreement: list[float]
    partition_agreement: list[float]


class ClaimFigure(Figures):
    """The paper's claim of no loss of accuracy, judged at 0.02."""

    difference: float
    reproduced: bool
    words: str


class StudyFigures(Figures):
    """Everything that a study found, but for its pictures.

    `disagreements` are the test images, by their row in the data set, for which the full
    tree by the network route names another class than the network.
    """

    method: Literal["a reconstruction of CNN-INTE"] = "a reconstruction of CNN-INTE"
    note: str = RECONSTRUCTION
    reading: str
    target: str
    base_input: str
    level_one: int
    level_two: int
    classes: list[str]
    train_images: int
    test_images: int
    network_accuracy: RateFigure
    network_route: RouteFigure
    forest_route: RouteFigure
    controls: ControlFigures
    claim: ClaimFigure
    factors: list[FactorFigure]
    full_tree: ComplexityFigure
    displayed_tree: ComplexityFigure
    pruning: float
    trials: list[TrialFigure]
    stability: StabilityFigure
    rules: list[RuleFigure]
    disagreements: list[int]
