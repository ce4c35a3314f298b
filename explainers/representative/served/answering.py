"""From a point inside polytopes to evidence, with everything ready that can be."""

import dataclasses
import math
from operator import itemgetter
from typing import TYPE_CHECKING, Self, final

import numpy as np
import orjson

from explainers.arrays import FloatArray
from explainers.evidence import EXAMPLE, Citation, Evidence
from explainers.representative.served.examples import Examples
from explainers.representative.served.polytopes import NEAR, Polytopes
from explainers.representative.served.templates import (
    SIMILAR,
    PolytopeTemplate,
    closest_text,
    counts_text,
    encoded_classes,
    facets_template,
    share_of_way,
    similar_text,
)
from explainers.representative.served.words import crossing_words, inside_words, nowhere_words

if TYPE_CHECKING:
    from explainers.representative.served.explainer import Representative

MOST_TOLD = 10
Holding = tuple[float, int, FloatArray]


@final
@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Where an image is.

    Attributes
    ----------
    point
        Shape (units). In boundary space.
    square
        Its squared length.
    held
        The polytopes that hold it, the deepest first, each with the depth and the
        distances to its facets.

    """

    point: FloatArray
    square: float
    held: list[Holding]


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Answering:
    """The polytopes, and all that is said of each.

    Attributes
    ----------
    examples
        Whose nearest is sought beyond a facet.
    scale
        The usual depth; see `Representative`.
    class_names, classes
        Bare, and encoded as JSON.
    templates, quoted
        Per polytope: what is said of it, and its name in quotes.
    beyond
        Per polytope and facet what `Examples.beyond` gives.
    citations
        Per polytope how it is cited.

    """

    examples: Examples
    scale: float
    class_names: tuple[str, ...]
    classes: tuple[str, ...]
    templates: tuple[PolytopeTemplate, ...]
    quoted: tuple[str, ...]
    beyond: tuple[tuple[FloatArray | None, ...], ...]
    citations: tuple[Citation, ...]

    @classmethod
    def of(cls, stored: "Representative", polytopes: Polytopes) -> Self:
        """Make everything ready."""
        examples = Examples(stored.example_ids, stored.example_points, stored.example_predicted)
        encoded = encoded_classes(stored.class_names)
        parts = [polytopes.facets(p) for p in range(len(polytopes))]
        beyond = examples.beyond(polytopes, stored.guarded)
        templates = tuple(_template(stored, p, part, encoded) for p, part in enumerate(parts))
        return cls(
            examples=examples,
            scale=stored.scale,
            class_names=stored.class_names,
            classes=encoded,
            templates=templates,
            quoted=tuple(f'"{template.region}"' for template in templates),
            beyond=tuple(beyond[part] for part in parts),
            citations=tuple(("polytope", template.region) for template in templates),
        )

    @property
    def regions(self) -> tuple[str, ...]:
        """The polytopes' names."""
        return tuple(template.region for template in self.templates)

    def hold(self, point: FloatArray, bounds: list[float], least: float) -> Standing:
        """Find the polytopes in which an image lies deeper than `least`.

        Parameters
        ----------
        point
            Shape (units).
        bounds
            Per polytope more than the depth there; see `Polytopes.bounds`.
        least
            In float32; where it does not tell, float64 is asked.

        """
        square = float(point @ point)
        blur = NEAR * (1.0 + math.sqrt(square))
        near, sure = least - blur, least + blur
        held = list[Holding]()
        for place in [place for place, bound in enumerate(bounds) if bound > near]:
            template = self.templates[place]
            distances = template.normals.dot(point)
            distances += template.offsets
            depth = min(distances.tolist())  # of twenty numbers quicker than numpy's
            if depth > sure or (depth > near and template.deeper(point, least)):
                held.append((depth, place, distances))
        held.sort(key=itemgetter(0), reverse=True)
        return Standing(point, square, held)

    def tell(self, method: str, standing: Standing, heat: str) -> Evidence:
        """Tell the deepest of the polytopes that hold an image."""
        depth, told, distances = standing.held[0]
        template = self.templates[told]
        margins = distances * template.norms
        said = margins.tolist()
        closest, words, beyond = self._closest(told, standing, distances.tolist(), said)
        places = [place for _, place, _ in standing.held[:MOST_TOLD]]
        held = ",".join([self.quoted[place] for place in places])
        similar = _similar(template, margins)
        body = (
            f'{{"inside":[{held}],{template.facets % tuple(said)},{closest},'
            f'{template.counts},"similar":[{similar_text(similar)}],"heat_map":{heat}}}'
        )
        return Evidence(
            method=method,
            form="region",
            region=template.region,
            names=template.label,
            strength=max(0.0, depth) / (max(0.0, depth) + self.scale),
            sentence=f"{template.sentence} {words}",
            body=body.encode(),
            cited=(
                *[self.citations[place] for place in places],
                # Without the quotes that they have as JSON.
                *[
                    (EXAMPLE, quoted[1:-1])
                    for quoted in dict.fromkeys((*beyond, *(one for one, _ in similar)))
                ],
            ),
        )

    def _closest(
        self, told: int, standing: Standing, distances: list[float], margins: list[float]
    ) -> tuple[str, str, tuple[str, ...]]:
        """Give the closest facet as JSON, in words, and the example beyond it, if any."""
        least = min(distances)
        facet = distances.index(least)
        distance = max(0.0, least)
        label, beyond = self.templates[told].guarded[facet], self.beyond[told][facet]
        name, against = self.class_names[label], self.classes[label]
        if beyond is None:
            text = closest_text(against, margins[facet], distance, None, "null")
            return text, nowhere_words(name), ()
        example, away = self.examples.nearest_beyond(standing.point, standing.square, label, beyond)
        relative = share_of_way(distance, away)
        text = closest_text(against, margins[facet], distance, relative, example)
        return text, crossing_words(name, relative), (example,)


def _similar(template: PolytopeTemplate, margins: FloatArray) -> list[tuple[str, float]]:
    """Rank a polytope's examples by their semantic distance to the image."""
    gaps = template.projected - margins
    said = np.add.reduce(np.abs(gaps, out=gaps), axis=1).tolist()
    order = sorted(range(len(said)), key=said.__getitem__)[:SIMILAR]
    return [(template.ids[i], said[i]) for i in order]


def _template(
    stored: "Representative", polytope: int, part: slice, encoded: tuple[str, ...]
) -> PolytopeTemplate:
    region, label = f"polytope-{polytope}", int(stored.polytope_classes[polytope])
    inside, others = int(stored.references[polytope]), int(stored.others[polytope])
    guarded = tuple(stored.guarded[part].tolist())
    chosen = stored.similar[polytope]
    chosen = chosen[chosen >= 0]
    distances = stored.example_points[chosen] @ stored.normals[part].T + stored.offsets[part]
    return PolytopeTemplate(
        region=region,
        label=label,
        sentence=inside_words(
            region, stored.class_names[label], inside, others, stored.approximate
        ),
        normals=stored.normals[part],
        offsets=stored.offsets[part],
        norms=stored.norms[part],
        guarded=guarded,
        facets=facets_template([encoded[c] for c in guarded]),
        counts=counts_text(inside, others),
        projected=distances * stored.norms[part],
        ids=tuple(orjson.dumps(stored.example_ids[i]).decode() for i in chosen.tolist()),
    )
