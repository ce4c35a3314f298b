"""DMM-MEN as it is served: per class a gated mixture of linear regressions."""

import dataclasses
from collections.abc import Callable
from typing import ClassVar, final

from explainers.activations import Activations
from explainers.arrays import BoolArray, DoubleArray, FloatArray, IntArray, check_shape
from explainers.contract import Explainer
from explainers.evidence import Evidence, Form
from explainers.gallery import Tile
from explainers.heads import Head
from explainers.mixture.served.answering import METHOD, Answering
from explainers.mixture.served.checks import check_stored
from explainers.mixture.served.picture import draw_mixture
from explainers.mixture.served.places import HIDDEN
from explainers.mixture.served.showcase import gallery_of, summary_of


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Mixture(Explainer):
    """Explain by a mixture of linear regressions with several elastic nets.

    Each class's log-odds ``log p_c / (1 - p_c)`` are regressed on features of the image by a
    few components, each with coefficients of its own. Which component answers for an image is
    judged by a gate that reads the image alone; the class with the highest prediction is the
    one that is named.

    Attributes
    ----------
    class_names
        The classes, in the order of the logits.
    features
        What is regressed on: ``pixels`` or ``superpixels`` on the scale from 0 (black) to 1
        (white), or the ``hidden`` layer as it is.
    shape
        Shape (3). (channels, rows, columns) of the network's input.
    black, white
        Shape (channels). What a black and a white pixel become in the network's input.
    cells
        Shape (values). For superpixels the feature that each input value belongs to; a
        feature is the mean of its values. Else empty.
    owner
        Shape (components). The class of each component, ascending.
    weights, deviations
        Shape (components, features). Posterior means and standard deviations of the
        coefficients; 0 where the class's regression does not read the feature.
    certain
        Shape (components, features). Whether the sign is known: 1.96 standard deviations
        on either side of the mean leave out 0.
    selected
        Shape (classes, features). The features that each class's regression reads.
    intercepts, s2, shares, l1, l2
        Shape (components). The intercept, the noise variance, the share of the class's
        regression rows, and the penalties of its elastic net.
    nets
        Shape (components). Components of one class with the same label share a net.
    gate_reads
        ``features``, or the ``hidden`` layer.
    gate_weights, gate_bias
        Shapes (components, gate features) and (components). Softmax within a class gives
        responsibilities.
    dominance
        The least responsibility with which a component answers alone.
    limit
        Where log-odds are cut off, on either side.
    example_ids, example_rows
        The training images shown: ids and data-set rows, shape (examples).
    members
        Shape (components, 8). The images with the highest responsibility, as positions among
        the examples; -1 for none.
    verdicts
        Per class nothing, ``no linear structure``, or a warning.
    assigned_rmse, predictive_rmse
        Shape (classes). On validation images: the error where the network's answer chooses
        the component, which is no prediction, and where the gate does.
    gate_accuracy
        Shape (classes). How often the gate chooses that same component.
    ridge_rmse
        Shape (classes). The error of one ridge regression on the same features.
    validation_fidelity
        The share of validation images for which the network's class is named.
    r_hat
        Shape (classes). The worst split R-hat; 0 where there was nothing to compare.
    preset, settings
        How it was fitted: the preset's name, and everything as JSON.

    References
    ----------
    Guo, Huang, Tao, Xing and Lin, Explaining deep learning models - a Bayesian
    non-parametric approach, NeurIPS 2018. Departures: the component is chosen by a gate that
    does not see the network's answer; regressions may have an intercept, and contrast rows of
    other classes.

    """

    name: ClassVar[str] = METHOD
    form: ClassVar[Form] = "regression"

    class_names: tuple[str, ...]
    features: str
    shape: IntArray
    black: FloatArray
    white: FloatArray
    cells: IntArray
    owner: IntArray
    weights: DoubleArray
    deviations: DoubleArray
    certain: BoolArray
    selected: BoolArray
    intercepts: DoubleArray
    s2: DoubleArray
    shares: DoubleArray
    l1: DoubleArray
    l2: DoubleArray
    nets: IntArray
    gate_reads: str
    gate_weights: DoubleArray
    gate_bias: DoubleArray
    dominance: float
    limit: float
    example_ids: tuple[str, ...]
    example_rows: IntArray
    members: IntArray
    verdicts: tuple[str, ...]
    assigned_rmse: DoubleArray
    predictive_rmse: DoubleArray
    gate_accuracy: DoubleArray
    ridge_rmse: DoubleArray
    validation_fidelity: float
    r_hat: DoubleArray
    preset: str
    settings: str

    _answering: Answering = dataclasses.field(init=False, repr=False)

    def check(self) -> None:
        """Raise `ArtefactError` or `ShapeError` where the stored parts do not fit together."""
        check_stored(self)

    def check_taps(self, activations: Activations) -> None:
        """Raise `ShapeError` where the network's input or hidden layer has another size."""
        sizes = dict(zip(("channels", "rows", "columns"), self.shape.tolist(), strict=True))
        check_shape("pixels", activations.pixels, *sizes, **sizes)
        units = {
            HIDDEN: self.weights.shape[1] if self.features == HIDDEN else None,
            "gate": self.gate_weights.shape[1] if self.gate_reads == HIDDEN else None,
        }
        for wanted in units.values():
            if wanted is not None:
                check_shape(HIDDEN, activations.hidden, "units", units=wanted)

    def prepare(self) -> None:
        """Arrange the weights, and what is said of every class and component."""
        object.__setattr__(self, "_answering", Answering.of(self))

    def explain(self, activations: Activations) -> Evidence:
        """Give the largest terms of the regression that answers for the image."""
        return self._evidence(activations, full=False)

    def explain_in_full(self, activations: Activations, late: Callable[[], bool]) -> Evidence:
        """Give the same, with more terms and maps of them all while there is time."""
        return self._evidence(activations, full=not late())

    def _evidence(self, activations: Activations, *, full: bool) -> Evidence:
        answering = self._answering
        numbers = activations.heads.get(self.name)
        if numbers is None:
            numbers = answering.gating.numbers(activations)
        return answering.answer(activations, numbers, full=full)

    def head(self) -> Head | None:
        """Ask the graph for every class's prediction, and who answers within the highest."""
        return self._answering.gating.head(self.name)

    def regions(self) -> tuple[str, ...]:
        """Name every component, and per class of several what none of them dominates."""
        return self._answering.regions()

    def cites(self) -> tuple[int, ...]:
        """Give the rows of the images that galleries show."""
        return tuple(self.example_rows.tolist())

    def summary(self) -> dict[str, float | int | str]:
        """Give the errors, assigned and predictive, and what else the fit is judged by."""
        return summary_of(self)

    def picture(self) -> str | None:
        """Draw the coefficients of every component."""
        return draw_mixture(self, self._answering.places)

    def gallery(self, region: str) -> tuple[Tile, ...]:
        """Give the images for which a component answers most, each under its coefficients."""
        return gallery_of(self, self._answering.places, region)
