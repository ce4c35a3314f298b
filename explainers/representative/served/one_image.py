"""A polytope searched for one image alone, at request time."""

import dataclasses
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Self, final

import numpy as np
import orjson

from explainers.activations import Activations
from explainers.arrays import DoubleArray, FloatArray
from explainers.representative.served.examples import Examples
from explainers.representative.served.heat import facet_weights, heat_text
from explainers.representative.served.search import (
    DenseTail,
    Found,
    References,
    SearchSettings,
    Seed,
    count,
    find_polytope,
    rank_similar,
)
from explainers.representative.served.templates import (
    SIMILAR,
    closest_text,
    counts_text,
    encoded_classes,
    facets_template,
    share_of_way,
    similar_text,
)
from explainers.representative.served.words import found_words, late_words

if TYPE_CHECKING:
    from explainers.representative.served.explainer import Representative

SETTINGS = SearchSettings(boundaries=50, most_boundaries=250, redraws=1)
Answer = tuple[int | None, str, bytes]


@final
@dataclasses.dataclass(frozen=True, eq=False)
class OneImage:
    """What a search at request time needs.

    Attributes
    ----------
    tail
        The network above boundary space.
    references
        The stored training images.
    class_names, classes
        Bare, and encoded as JSON.
    examples
        The images that can be shown.
    drawn
        Whether psi is a map of more than one place, on which heat can be drawn.
    channel_map
        As `facet_weights` takes it.
    nothing
        The body of an answer without a polytope.

    """

    tail: DenseTail
    references: References
    class_names: tuple[str, ...]
    classes: tuple[str, ...]
    examples: Examples
    drawn: bool
    channel_map: FloatArray | None
    nothing: bytes

    @classmethod
    def of(cls, stored: "Representative", examples: Examples, nothing: bytes) -> Self | None:
        """Unpack the stored tail, or give None where none is stored."""
        if not stored.tail_shapes or not len(stored.search_points):
            return None
        weights, biases = list[DoubleArray](), list[DoubleArray]()
        used, counted = 0, 0
        for rows, columns in stored.tail_shapes:
            part = stored.tail_weights[used : used + rows * columns]
            weights.append(part.reshape(rows, columns))
            biases.append(stored.tail_biases[counted : counted + rows])
            used, counted = used + rows * columns, counted + rows
        return cls(
            tail=DenseTail(tuple(weights), tuple(biases), stored.tail_slopes),
            references=References(stored.search_points, stored.search_predicted),
            class_names=stored.class_names,
            classes=encoded_classes(stored.class_names),
            examples=examples,
            drawn=len(stored.channel_weights) > 0,
            channel_map=stored.channel_map if len(stored.channel_map) else None,
            nothing=nothing,
        )

    def explain(self, activations: Activations, late: Callable[[], bool]) -> Answer:
        """Give the class that the polytope is of, words, and a body; no class where late."""
        boundary, predicted = activations.boundary, activations.predicted
        if boundary is None or late():
            return None, late_words(), self.nothing
        # The same image gets the same searches, whoever asks and when.
        rng = np.random.default_rng([0, zlib.crc32(np.ascontiguousarray(boundary).tobytes())])
        seed = Seed(boundary.astype(np.float64), predicted)
        found = find_polytope(self.tail, self.references, seed, rng, SETTINGS, late)
        if found is None:
            return None, late_words(), self.nothing
        inside = int(count(found.members))
        words = found_words(self.class_names[predicted], inside, found.tau, len(self.references))
        body = (
            f'{{"inside":[],{self._sides(found, seed.point)},{counts_text(inside, found.tau)},'
            f'"similar":[{self._similar(found, seed.point)}],'
            f'"heat_map":{self._heat(found, activations.psi)}}}'
        )
        return predicted, words, body.encode()

    def _sides(self, found: Found, point: DoubleArray) -> str:
        margins, guarded = found.normals @ point + found.offsets, found.guarded.tolist()
        facets = facets_template([self.classes[label] for label in guarded])
        told = facets % tuple(margins.tolist())
        if not guarded:
            return f'{told},"closest":null'
        lengths = np.linalg.norm(found.normals, axis=1)
        nearest = int((margins / lengths).argmin())
        distance = float(margins[nearest] / lengths[nearest])
        normal, offset, label = found.normals[nearest], found.offsets[nearest], guarded[nearest]
        other = self.examples.nearest_outside(point, label, normal, float(offset))
        relative = None if other is None else share_of_way(distance, other[1])
        example = "null" if other is None else other[0]
        margin = float(margins[nearest])
        return f"{told},{closest_text(self.classes[label], margin, distance, relative, example)}"

    def _similar(self, found: Found, point: DoubleArray) -> str:
        if not len(found.facets):
            return ""  # no facet tells the examples apart: all are at 0
        points = self.examples.points.astype(np.float64)
        places, distances = rank_similar(found.normals, found.offsets, point, points)
        ids = [orjson.dumps(self.examples.ids[place]).decode() for place in places[:SIMILAR]]
        return similar_text(zip(ids, distances.tolist(), strict=False))

    def _heat(self, found: Found, psi: FloatArray | None) -> str:
        if psi is None or not self.drawn or not len(found.facets):
            return "null"
        weights = facet_weights(found.facets, psi.shape, self.channel_map).mean(axis=0)
        return heat_text(weights, psi)
