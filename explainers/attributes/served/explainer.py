"""FLINT as it is served: a few learned attributes, and a linear head over them."""

import dataclasses
import math
from typing import ClassVar, final

from explainers.activations import Activations
from explainers.arrays import ByteArray, DoubleArray, FloatArray, IntArray, check_shape
from explainers.attributes.served.answering import Answering
from explainers.attributes.served.checks import check_stored
from explainers.attributes.served.picture import draw_relevances
from explainers.attributes.served.psi import TAPS, ServedPsi
from explainers.attributes.served.showcase import gallery_of, summary_of
from explainers.contract import Explainer
from explainers.errors import NotApplicableError
from explainers.evidence import Evidence, Form
from explainers.gallery import Tile
from explainers.heads import Head

OTHER = "other"


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Attributes(Explainer):
    """Explain by g = h(Phi(x)): a linear head over a small dictionary of attributes.

    ``Phi(x) = Psi(f_I(x))`` are J attribute functions of one or two hidden layers, and
    ``g(x) = softmax(W^T Phi(x) + b)`` names a class of its own, in which each attribute has
    the contribution ``alpha_jcx = phi_j(x) w_jc``. Contributions and bias add up to g's
    logit. What is explained is g: where it names another class than the network, there is
    no shared class to be explained.

    Attributes
    ----------
    class_names
        The classes, in the order of the logits.
    layers
        The tapped layers, as the user calls them, one or two.
    by_design
        Whether Psi and h were trained together with the network, or afterwards.
    tau
        Attributes with ``r_jx > 1 / tau`` are the local interpretation.
    shapes
        Shape (maps, 3). (channels, rows, columns) of each tapped layer; (features, 1, 1)
        for a flat one.
    pool, strides, side
        By how much maps are averaged before Psi, the strides of Psi's first convolutions,
        and (rows, columns) of what Psi pools to.
    convolved
        (rows, columns) of what is pooled.
    inner_slope, outer_slope
        Of the leaky ReLU inside Psi and at its end.
    first_weights, first_bias, second_weights, second_bias, joining_weights, joining_bias
        Psi's convolutions, shapes (channels out, channels in, rows, columns) and (channels
        out): on each layer, and on both together; without rows where there is one layer.
    attribute_weights, attribute_bias
        Shapes (attributes, features) and (attributes). Psi's affine layer.
    class_weights, class_bias
        Shapes (classes, attributes) and (classes). The head h.
    mean_phi
        Shape (attributes). The mean over training images; a dead attribute has none.
    table
        Shape (classes, attributes). ``r_jc``, over the training images where f and g agree.
    table_threshold
        Above it a pair (class, attribute) belongs to the global interpretation.
    pairs
        Shape (pairs, 2). The (class, attribute) that are shown and counted.
    pair_images
        Shape (pairs). How many training images each leads.
    example_ids, example_rows, example_predicted
        The training images shown: ids, data-set rows and g's classes, shape (examples).
    samples
        Shape (pairs, samples). Maximum activating samples, as positions among the
        examples; -1 for none.
    sample_pictures
        Shape (pairs, samples, rows, columns, channels). The same images after activation
        maximisation, 0 to 255.
    random_pictures, released_pictures
        Shape (pairs, rows, columns, channels). Activation maximisation from a random start,
        and from the first sample without bounds.
    released_ranges
        Shape (pairs, 2). The pixels that are black and white in the latter; those of images
        lie in [0, 1].
    local_samples, local_pictures
        One more image of each pair, drawn at random, and what becomes of it.
    pictures_reason
        Why there are no such pictures; empty where there are.
    maximised, raised, above_original
        Of how many (attribute, start) activation maximisation was tried; how often it
        raised the attribute above the dimmed start, and above the image itself.
    decoder_settings, decoder_numbers, decoder_parameters
        The decoder's architecture as JSON, how many of its parameters are stored, and these,
        end to end; none where they are too many.
    input_error, mean_error
        Mean squared error of validation images rebuilt by the decoder, and by the mean
        training image; pixels in [0, 1].
    validation_fidelity, validation_cns
        On validation images: the share where f and g agree, and CNS(tau).
    log
        The weights and mean terms of the loss in each epoch, as JSON.

    References
    ----------
    Parekh, Mozharovskyi and d'Alché-Buc, A framework to learn with interpretation, NeurIPS
    2021. Departures: the head has a bias, which is shown; relevances are divided by the
    largest absolute contribution everywhere; a map may be averaged before Psi, for speed;
    global relevances are means over the images where f and g agree; images are grouped by
    g's class and its leading attribute, and fidelity is counted for each such pair.

    """

    name: ClassVar[str] = "attributes"
    form: ClassVar[Form] = "parts"
    reads: ClassVar[frozenset[str]] = frozenset({"intermediate"})

    class_names: tuple[str, ...]
    layers: tuple[str, ...]
    by_design: bool
    tau: float
    shapes: IntArray
    pool: int
    strides: tuple[int, ...]
    side: tuple[int, int]
    convolved: tuple[int, int]
    inner_slope: float
    outer_slope: float
    first_weights: FloatArray
    first_bias: FloatArray
    second_weights: FloatArray
    second_bias: FloatArray
    joining_weights: FloatArray
    joining_bias: FloatArray
    attribute_weights: FloatArray
    attribute_bias: FloatArray
    class_weights: FloatArray
    class_bias: FloatArray
    mean_phi: DoubleArray
    table: DoubleArray
    table_threshold: float
    pairs: IntArray
    pair_images: IntArray
    example_ids: tuple[str, ...]
    example_rows: IntArray
    example_predicted: IntArray
    samples: IntArray
    sample_pictures: ByteArray
    random_pictures: ByteArray
    released_pictures: ByteArray
    released_ranges: FloatArray
    local_samples: IntArray
    local_pictures: ByteArray
    pictures_reason: str
    maximised: int
    raised: int
    above_original: int
    decoder_settings: str
    decoder_numbers: int
    decoder_parameters: FloatArray
    input_error: float
    mean_error: float
    validation_fidelity: float
    validation_cns: float
    log: str

    _psi: ServedPsi = dataclasses.field(init=False, repr=False)
    _answering: Answering = dataclasses.field(init=False, repr=False)

    def check(self) -> None:
        """Raise `ArtefactError` or `ShapeError` where the stored parts do not fit together."""
        check_stored(self)

    def check_taps(self, activations: Activations) -> None:
        """Raise `ShapeError` where the tapped layers are not those that Psi reads."""
        found = self._maps(activations)
        for tap, array, shape in zip(TAPS, found, self.shapes.tolist(), strict=False):
            flat = shape[1] == shape[2] == 1 and array.ndim == 1
            axes = ("features",) if flat else ("channels", "rows", "columns")
            check_shape(tap, array, *axes, **dict(zip(axes, shape, strict=False)))

    def prepare(self) -> None:
        """Arrange the weights, and what is said of every class and pair."""
        object.__setattr__(self, "_psi", ServedPsi.of(self))
        object.__setattr__(self, "_answering", Answering.of(self))

    def explain(self, activations: Activations) -> Evidence:
        """Give the attributes that speak for g's class, with the sum that they are part of."""
        numbers = activations.heads.get(self.name)
        if numbers is None:
            numbers = self._psi.numbers(self._maps(activations))
        count = len(self.attribute_bias)
        phi, logits = numbers[:count], numbers[count:]
        named = max(range(len(logits)), key=logits.__getitem__)
        answer = self._answering.answer(phi, named)
        top = logits[named]
        return Evidence(
            method=self.name,
            form=self.form,
            region=answer.region or OTHER,
            names=named,
            strength=1.0 / sum(math.exp(logit - top) for logit in logits),
            sentence=answer.sentence,
            body=answer.body,
            cited=answer.cited,
        )

    def _maps(self, activations: Activations) -> tuple[FloatArray, ...]:
        given = (activations.intermediate, activations.second_intermediate)[: len(self.layers)]
        maps = tuple(array for array in given if array is not None)
        if len(maps) != len(self.layers):
            raise NotApplicableError(
                f"attributes needs the outputs of {' and '.join(self.layers)}, but the graph does "
                "not give them"
            )
        return maps

    def head(self) -> Head | None:
        """Ask the graph for Phi(x) and the logits of g."""
        return self._psi.head(self.name, self.shapes)

    def regions(self) -> tuple[str, ...]:
        """Name the pairs of class and leading attribute, and what is led by none of them."""
        return (*self._answering.regions(), OTHER)

    def cites(self) -> tuple[int, ...]:
        """Give the rows of the images that galleries show."""
        return tuple(self.example_rows.tolist())

    def summary(self) -> dict[str, float | int | str]:
        """Count attributes, dead ones and pairs; say how near they are to class logits."""
        return summary_of(self)

    def picture(self) -> str | None:
        """Draw the relevance of every attribute for every class."""
        return draw_relevances(self)

    def gallery(self, region: str) -> tuple[Tile, ...]:
        """Give the images that a pair's attribute answers most, and what maximises it."""
        return gallery_of(self, self._answering.regions(), region)
