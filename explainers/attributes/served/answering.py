"""From Phi(x) and a class to the parts of its score, the region and the words."""

import dataclasses
from typing import TYPE_CHECKING, Final, final

import orjson

from explainers.attributes.served.words import attribute_words, opening_words
from explainers.evidence import Citation

if TYPE_CHECKING:
    from explainers.attributes.served.explainer import Attributes

MOST_PARTS: Final = 10
LEAST_PARTS: Final = 3
TOLD: Final = 3
_DIGITS: Final = 6


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What is said of one image.

    Attributes
    ----------
    region
        Of the leading attribute; None where the pair is not a known one.
    sentence
        The answer in words.
    body
        A JSON object of form `parts`.
    cited
        The attributes whose relevance is above the threshold.

    """

    region: str | None
    sentence: str
    body: bytes
    cited: tuple[Citation, ...]


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Answering:
    """What is known of classes, attributes and pairs before any image comes.

    Attributes
    ----------
    weights, biases
        W and the bias, per class as lists.
    threshold
        1 / tau.
    by_design
        Whether g was trained together with the network.
    scores, openings
        Per class what the sum is called, and how its sentence begins.
    names
        Of the attributes.
    known
        The region of each known pair (class, attribute).
    places
        The attributes by number.
    citations
        The attributes as they are cited.

    """

    weights: tuple[tuple[float, ...], ...]
    biases: tuple[float, ...]
    threshold: float
    by_design: bool
    scores: tuple[str, ...]
    openings: tuple[str, ...]
    names: tuple[str, ...]
    known: dict[tuple[int, int], str]
    places: tuple[int, ...]
    citations: tuple[Citation, ...]

    @classmethod
    def of(cls, stored: "Attributes") -> "Answering":
        """Derive it from what is stored."""
        pairs = [(pair[0], pair[1]) for pair in stored.pairs.tolist()]
        return cls(
            weights=tuple(tuple(row) for row in stored.class_weights.tolist()),
            biases=tuple(stored.class_bias.tolist()),
            threshold=1.0 / stored.tau,
            by_design=stored.by_design,
            scores=tuple(f"logit of {name} in g" for name in stored.class_names),
            openings=tuple(
                opening_words(name, len(stored.mean_phi), by_design=stored.by_design)
                for name in stored.class_names
            ),
            names=tuple(f"attribute {number}" for number in range(len(stored.mean_phi))),
            places=tuple(range(len(stored.mean_phi))),
            citations=tuple(("attribute", f"attribute-{j}") for j in range(len(stored.mean_phi))),
            known={pair: f"pair-c{pair[0]}-a{pair[1]}" for pair in pairs},
        )

    def regions(self) -> tuple[str, ...]:
        """Name the known pairs, in their order."""
        return tuple(self.known.values())

    def answer(self, phi: list[float], named: int) -> Answer:
        """Take g's logit for a class apart.

        Parameters
        ----------
        phi
            The attributes of one image.
        named
            The class that g names.

        """
        weights = self.weights[named]
        alpha = [value * weight for value, weight in zip(phi, weights, strict=True)]
        sizes = [abs(value) for value in alpha]
        order = sorted(self.places, key=sizes.__getitem__, reverse=True)
        largest = sizes[order[0]]
        if largest == 0.0:
            # All relevances are 0: no attribute brings anything.
            nothing = self._sentence(named, [], 0)
            return Answer(None, nothing, self._body(named, phi, alpha, []), ())
        least = largest * self.threshold
        speaking = [j for j in order if alpha[j] > 0.0]
        shown = [
            j
            for place, j in enumerate(order[:MOST_PARTS])
            if place < LEAST_PARTS or sizes[j] > least
        ]
        if speaking and speaking[0] not in shown:
            # Whatever speaks louder speaks against the class.
            shown = [*shown[: MOST_PARTS - 1], speaking[0]]
        loudest = alpha[speaking[0]] if speaking else 1.0
        told = [
            (j, alpha[j] / loudest)
            for place, j in enumerate(speaking[:TOLD])
            if place == 0 or alpha[j] > least
        ]
        # Those beyond the most that are listed count too.
        above = [j for j in speaking if alpha[j] > least]
        return Answer(
            region=self.known.get((named, speaking[0])) if speaking else None,
            sentence=self._sentence(named, told, len(above)),
            body=self._body(named, phi, alpha, shown),
            cited=tuple([self.citations[j] for j in above]),
        )

    def _body(self, named: int, phi: list[float], alpha: list[float], shown: list[int]) -> bytes:
        weights, bias = self.weights[named], self.biases[named]
        largest = abs(alpha[shown[0]]) if shown else 1.0
        brought = sum(alpha)
        return orjson.dumps(
            {
                "score": self.scores[named],
                "parts": [
                    {
                        "name": self.names[j],
                        "value": round(phi[j], _DIGITS),
                        "weight": round(weights[j], _DIGITS),
                        "contribution": round(alpha[j], _DIGITS),
                        "relevance": round(alpha[j] / largest, _DIGITS),
                    }
                    for j in shown
                ],
                "bias": round(bias, _DIGITS),
                "rest": round(brought - sum(alpha[j] for j in shown), _DIGITS),
                "total": round(brought + bias, _DIGITS),
                "threshold": self.threshold,
                "by_design": self.by_design,
            }
        )

    def _sentence(self, named: int, told: list[tuple[int, float]], above: int) -> str:
        words = attribute_words(told, above, len(self.names), self.threshold)
        return f"{self.openings[named]}{words}"
