"""A polytope searched for one image alone, at request time."""

import dataclasses
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Self, final

import numpy as np

from explainers.arrays import DoubleArray, FloatArray
from explainers.representative.served.search import (
    DenseTail,
    Found,
    References,
    SearchSettings,
    Seed,
    count,
    find_polytope,
)
from explainers.representative.served.templates import encoded_classes
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
    nothing
        The body of an answer without a polytope.

    """

    tail: DenseTail
    references: References
    class_names: tuple[str, ...]
    classes: tuple[str, ...]
    nothing: bytes

    @classmethod
    def of(cls, stored: "Representative", nothing: bytes) -> Self | None:
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
        encoded = encoded_classes(stored.class_names)
        return cls(
            tail=DenseTail(tuple(weights), tuple(biases), stored.tail_slopes),
            references=References(stored.search_points, stored.search_predicted),
            class_names=stored.class_names,
            classes=tuple(text.replace("%%", "%") for text in encoded),
            nothing=nothing,
        )

    def explain(self, point: FloatArray, predicted: int, late: Callable[[], bool]) -> Answer:
        """Give the class that the polytope is of, words, and a body; no class where late."""
        if late():
            return None, late_words(), self.nothing
        # The same image gets the same searches, whoever asks and when.
        rng = np.random.default_rng([0, zlib.crc32(np.ascontiguousarray(point).tobytes())])
        seed = Seed(point.astype(np.float64), predicted)
        found = find_polytope(self.tail, self.references, seed, rng, SETTINGS, late)
        if found is None:
            return None, late_words(), self.nothing
        inside = int(count(found.members))
        words = found_words(self.class_names[predicted], inside, found.tau, len(self.references))
        return predicted, words, self._body(found, seed.point, inside)

    def _body(self, found: Found, point: DoubleArray, inside: int) -> bytes:
        margins = (found.normals @ point + found.offsets).tolist()
        lengths = np.linalg.norm(found.normals, axis=1)
        against = [self.classes[label] for label in found.guarded.tolist()]
        facets = [
            f'{{"against":{name},"margin":{margin:.4f}}}'
            for name, margin in zip(against, margins, strict=True)
        ]
        closest = "null"
        if facets:
            distances = np.array(margins) / lengths
            nearest = int(distances.argmin())
            closest = (
                f'{facets[nearest][:-1]},"distance":{distances[nearest]:.4f},"relative":null,'
                '"example":null}'
            )
        return (
            f'{{"inside":[],"facets":[{",".join(facets)}],"closest":{closest},'
            f'"references":{inside},"others":{found.tau},"similar":[],"heat_map":null}}'
        ).encode()
