"""The figures of an evaluation of mixtures, as they are written to a file."""

from typing import Literal

from reasoned.evaluation.mixture_protocols import Protocol, Test
from reasoned.folder.manifest import Frozen

Null = Literal["black", "mean"]
Pattern = Literal["image", "signs"]
Background = Literal["uniform noise", "dark noise", "other classes"]


class MixtureSettings(Frozen):
    """What was asked for; no classes are all classes."""

    images: int
    classes: tuple[str, ...]
    protocol: Protocol
    null: Null
    lime_samples: int
    seed: int


class Interval(Frozen):
    """A mean over images, and the 95 % bootstrap interval around it."""

    mean: float
    low: float
    high: float


class CurveFigures(Frozen):
    """PCR(m), the share of perturbed images still given the class, of one ranking.

    `name` is the class, or empty for the images of all classes together. `area` is that under
    the curve from m = 15 to 150, divided by the width.
    """

    test: Test
    name: str
    ranking: str
    images: int
    pcr: tuple[Interval, ...]
    area: Interval


class DifferenceFigures(Frozen):
    """The mixture's area less a rival's, image by image.

    `beats` and `worse` say that the interval excludes 0: under removal less is better, under
    insertion and synthetic images more.
    """

    test: Test
    name: str
    ranking: str
    rival: str
    difference: Interval
    beats: bool
    worse: bool


class ErrorFigures(Frozen):
    """Root mean squared errors of log-odds, on test images chosen as the fit chose its own.

    `assigned_rmse` knows the answer when it chooses the component, `predictive_rmse` does
    not: only the second is what a request gets. `deviation` is the standard deviation of what
    is predicted. `gate_accuracy` is the share of these images where the gate chooses the
    component that knowing the answer does; `dominant` the share of images given the class
    where one component speaks alone, null where there are none.
    """

    name: str
    components: int
    images: int
    assigned_rmse: float
    predictive_rmse: float
    ridge_rmse: float
    deviation: float
    gate_accuracy: float
    dominant: float | None


class Share(Frozen):
    """k of n, with its 95 % Clopper-Pearson interval."""

    count: int
    of: int
    low: float
    high: float


class VulnerabilityFigures(Frozen):
    """How often the network gives a class to pictures that an insight was pasted onto.

    `pattern` is the component's first features as in the training image that it answers for
    most (``image``), or white where b > 0 and black where b < 0 (``signs``). `control` pastes
    as many other features of the same source, `bare` nothing. `found` says that the lower end
    of `pasted` is at least 0.5, and above the upper ends of `control` and of `bare`.
    """

    name: str
    component: int
    pattern: Pattern
    background: Background
    features: int
    pasted: Share
    control: Share
    bare: Share
    found: bool


class MixtureFigures(Frozen):
    """Everything that an evaluation of the method ``mixture`` found; shares up to 1.

    `left_out` says what was not done, and why. `fidelity` is the share of unseen images where
    the mixture names the network's class.
    """

    method: Literal["mixture"] = "mixture"
    model: str
    data: str
    features: str
    unseen: int
    settings: MixtureSettings
    sizes: tuple[int, ...]
    fidelity: float
    curves: tuple[CurveFigures, ...]
    differences: tuple[DifferenceFigures, ...]
    errors: tuple[ErrorFigures, ...]
    vulnerabilities: tuple[VulnerabilityFigures, ...]
    left_out: tuple[str, ...]

    def curves_of(self, test: Test, name: str) -> tuple[CurveFigures, ...]:
        """Find the curves of one test on one class, or on all where the name is empty."""
        return tuple(one for one in self.curves if (one.test, one.name) == (test, name))

    @property
    def found(self) -> tuple[VulnerabilityFigures, ...]:
        """The vulnerabilities that there are."""
        return tuple(one for one in self.vulnerabilities if one.found)
