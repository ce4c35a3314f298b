"""Representative interpretations as they are served: the polytope that holds the image."""

import dataclasses
from collections.abc import Callable
from typing import ClassVar, final

from explainers.activations import Activations
from explainers.arrays import (
    ByteArray,
    DoubleArray,
    FloatArray,
    IntArray,
    check_shape,
)
from explainers.contract import Explainer
from explainers.errors import NotApplicableError
from explainers.evidence import Evidence, Form
from explainers.gallery import Tile
from explainers.heads import Head
from explainers.representative.served.answering import Answering, Standing
from explainers.representative.served.checks import check_stored
from explainers.representative.served.heat import channel_heat
from explainers.representative.served.one_image import OneImage
from explainers.representative.served.picture import draw_rule_set
from explainers.representative.served.polytopes import Polytopes
from explainers.representative.served.showcase import gallery_of, summary_of
from explainers.representative.served.words import outside_words, unsearched_words

OUTSIDE = (
    b'{"inside":[],"facets":[],"closest":null,"references":null,"others":null,"similar":[],'
    b'"heat_map":null}'
)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Representative(Explainer):
    """Explain by a polytope of the network's own linear decision boundaries.

    Each polytope was found for one training image, holds many more, and holds (but for
    `others`) none that the network puts into another class. A request is tested against
    all polytopes, whatever its class. The one in which it lies deepest is told.

    Boundary space is where all boundaries are linear: the pre-activations of the affine
    layer above the explained map psi(x), or psi(x) itself.

    Attributes
    ----------
    class_names
        The classes, in the order of the logits.
    approximate
        Why boundaries are only tangent to the network's own; empty where they are its own.
    normals
        Shape (facets, units). Of unit length, pointing inwards.
    offsets
        Shape (facets). ``normals @ point + offsets`` is the distance to the facet.
    norms
        Shape (facets). Length of the paper's W_h: a distance times it is a margin in logits.
    guarded
        Shape (facets). The class on the other side.
    starts
        Shape (polytopes + 1). Where each polytope's facets begin, the most telling first.
    polytope_classes
        Shape (polytopes). The class that the network gives the images inside.
    references, others
        Shape (polytopes). How many training images lie inside, and how many of these the
        network puts into another class (the paper's tau, recounted).
    least_depth
        How deep in a polytope an image must lie to count as inside, 0 or more.
    scale
        The usual depth of an image in its polytope, for `strength`.
    example_ids, example_rows, example_points, example_predicted
        The training images that are shown: their ids, data-set rows, shape (examples);
        points in boundary space, shape (examples, units); the network's classes.
    similar
        Shape (polytopes, images). Positions among the examples, the seed first and those that
        a gallery shows before the others; -1 for none.
    channel_weights
        Shape (polytopes, channels). Of the heat map: the mean over the facets of the
        normal's spatial mean; no rows where psi is no map.
    channel_map
        Shape (units, channels). The spatial mean of the affine map from psi to boundary
        space; no rows where that is psi itself.
    heats
        Shape (polytopes, images, rows, columns). Heat maps of the images shown, 0 to 255.
    side_heats
        Shape (polytopes, facets, rows, columns). The seed's heat map by each of the first
        few facets alone.
    class_coverage, class_agreement
        Shape (classes). The same for the whole set, by the network's class.
    searches, failed, violations
        How many searches the rule set took, how many of them failed, and how many of the
        boundaries had their seed on the other side than its class.
    single_piece
        Whether the network above the map is one affine layer.
    coverage, agreement
        Of the rule set's first 1, 2, ... polytopes: the share of validation images inside,
        and how many of these the deepest polytope names as the network does.
    tail_shapes, tail_slopes, tail_weights, tail_biases
        The network above boundary space where it is a chain of affine layers and ReLU, as
        `DenseTail`, end to end; empty where it is not, or too large to be stored.
    search_points, search_predicted
        Training images among which `explain=full` searches for one image outside.

    References
    ----------
    Lam et al., Finding representative interpretations on convolutional neural networks,
    ICCV 2021. Departures: the boundaries of a seed are drawn until no training image of
    another class is left inside (further draws aim at those that are); redundant ones are
    pruned; a set of such polytopes is stored; an image must lie a little inside, by what
    validation images show; `names` is the class of the polytope in which it lies deepest.

    """

    name: ClassVar[str] = "representative"
    form: ClassVar[Form] = "region"
    reads: ClassVar[frozenset[str]] = frozenset({"psi", "boundary"})

    class_names: tuple[str, ...]
    approximate: str
    normals: FloatArray
    offsets: FloatArray
    norms: FloatArray
    guarded: IntArray
    starts: IntArray
    polytope_classes: IntArray
    references: IntArray
    others: IntArray
    least_depth: float
    scale: float
    example_ids: tuple[str, ...]
    example_rows: IntArray
    example_points: FloatArray
    example_predicted: IntArray
    similar: IntArray
    channel_weights: FloatArray
    channel_map: FloatArray
    heats: ByteArray
    side_heats: ByteArray
    coverage: DoubleArray
    agreement: DoubleArray
    class_coverage: DoubleArray
    class_agreement: DoubleArray
    searches: int
    failed: int
    violations: int
    single_piece: bool
    tail_shapes: tuple[tuple[int, int], ...]
    tail_slopes: tuple[float, ...]
    tail_weights: DoubleArray
    tail_biases: DoubleArray
    search_points: FloatArray
    search_predicted: IntArray
    polytopes: Polytopes = dataclasses.field(init=False, repr=False)
    _answering: Answering = dataclasses.field(init=False, repr=False)
    _one_image: OneImage | None = dataclasses.field(init=False, repr=False)
    _outside_words: str = dataclasses.field(init=False, repr=False)

    def check(self) -> None:
        """Raise `ArtefactError` or `ShapeError` where the stored parts do not fit together."""
        check_stored(self)

    def check_taps(self, activations: Activations) -> None:
        """Raise `ShapeError` where boundary space or psi are of another size."""
        units, channels = self.normals.shape[1], self.channel_weights.shape[1]
        if activations.boundary is not None:
            check_shape("boundary", activations.boundary, "units", units=units)
        if len(self.channel_weights) and activations.psi is not None:
            check_shape("psi", activations.psi, "channels", "rows", "columns", channels=channels)

    def prepare(self) -> None:
        """Index the half-spaces and the examples, and write each polytope's template."""
        polytopes = Polytopes(self.normals, self.offsets, self.starts)
        object.__setattr__(self, "polytopes", polytopes)
        object.__setattr__(self, "_answering", Answering.of(self, polytopes))
        examples = self._answering.examples
        object.__setattr__(self, "_one_image", OneImage.of(self, examples, OUTSIDE))
        words = outside_words(len(polytopes), self.least_depth)
        object.__setattr__(self, "_outside_words", words)

    def explain(self, activations: Activations) -> Evidence:
        """Tell the polytope in which the image lies deepest, or that it is in none."""
        standing = self._standing(activations)
        if not standing.held:
            return self._outside(None, self._outside_words, OUTSIDE)
        return self._answering.tell(self.name, standing, "null")

    def explain_in_full(self, activations: Activations, late: Callable[[], bool]) -> Evidence:
        """Add a heat map; outside all polytopes search one for this image alone.

        That one names the network's class by construction.
        """
        standing = self._standing(activations)
        if standing.held:
            heat = channel_heat(self.channel_weights, standing.held[0][1], activations.psi)
            return self._answering.tell(self.name, standing, heat)
        search, outside = self._one_image, self._outside_words
        if search is None:
            return self._outside(None, f"{outside} {unsearched_words()}", OUTSIDE)
        named, words, body = search.explain(activations, late)
        return self._outside(named, f"{outside} {words}", body)

    def _standing(self, activations: Activations) -> Standing:
        point = activations.boundary
        if point is None:
            raise NotApplicableError(
                "representative needs the tap `boundary`, but the graph gives none"
            )
        bounds = activations.heads.get(self.name) or self.polytopes.bounds(point)
        return self._answering.hold(point, bounds, self.least_depth)

    def _outside(self, named: int | None, sentence: str, body: bytes) -> Evidence:
        return Evidence(
            method=self.name,
            form=self.form,
            region=None,
            names=named,
            strength=None,
            sentence=sentence,
            body=body,
        )

    def head(self) -> Head | None:
        """Let the graph compute which polytopes may hold the image."""
        return self.polytopes.head(self.name)

    def regions(self) -> tuple[str, ...]:
        """Name the polytopes."""
        return self._answering.regions

    def cites(self) -> tuple[int, ...]:
        """Give the rows of the examples inside the polytopes."""
        return tuple(self.example_rows.tolist())

    def gallery(self, region: str) -> tuple[Tile, ...]:
        """Give a polytope's seed and images like it, with the polytope's heat map on each."""
        return gallery_of(self, self._answering.regions, region)

    def summary(self) -> dict[str, float | int | str]:
        """Count polytopes and facets; say how much they cover and whether they are exact."""
        return summary_of(self)

    def picture(self) -> str | None:
        """Draw how coverage and agreement grow with the rule set, and each class's share."""
        return draw_rule_set(
            self.class_names,
            self.coverage.tolist(),
            self.agreement.tolist(),
            list(zip(self.polytope_classes.tolist(), self.references.tolist(), strict=True)),
        )
