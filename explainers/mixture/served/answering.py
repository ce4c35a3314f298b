"""From predictions and responsibilities to the terms of one class's regression."""

import dataclasses
import math
from typing import TYPE_CHECKING, Final, final

from explainers.activations import Activations
from explainers.arrays import FloatArray
from explainers.evidence import Evidence
from explainers.mixture.served.class_record import NOBODY, ClassRecord
from explainers.mixture.served.gating import Gating
from explainers.mixture.served.maps import maps_of
from explainers.mixture.served.places import Places
from explainers.mixture.served.terms import MOST_TERMS, largest_terms
from explainers.mixture.served.words import term_words

if TYPE_CHECKING:
    from explainers.mixture.served.explainer import Mixture

PARTS: Final = 5  # with `explain=full` there are more
METHOD: Final = "mixture"
_ROUNDING: Final = 1e-3  # of the graph's float32


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Answering:
    """What is known of classes and components before any image comes.

    Attributes
    ----------
    places
        How features are read.
    gating
        What every component predicts, and how far it answers.
    records
        One per class.
    limit
        Where log-odds are cut off.

    """

    places: Places
    gating: Gating
    records: tuple[ClassRecord, ...]
    limit: float

    @classmethod
    def of(cls, stored: "Mixture") -> "Answering":
        """Derive it from what is stored."""
        places = Places.of(stored)
        return cls(
            places, Gating.of(stored, places), ClassRecord.all_of(stored, places), stored.limit
        )

    def regions(self) -> tuple[str, ...]:
        """Name every component, and per class of several what none of them dominates."""
        return tuple(region for record in self.records for region in record.regions)

    def answer(self, activations: Activations, numbers: list[float], *, full: bool) -> Evidence:
        """Find the class with the highest prediction, and take that prediction apart.

        Parameters
        ----------
        activations
            Of one image.
        numbers
            From `Gating.numbers`, or the graph's.
        full
            Whether there are to be more terms, and maps.

        """
        classes, width = self.gating.classes, self.gating.width
        predictions = numbers[:classes]
        predicted = max(predictions)
        named = predictions.index(predicted)
        predictions[named] = -math.inf
        record = self.records[named]
        lines = record.lines
        start = classes + named * width
        shares = numbers[start : start + len(lines.alone)]
        most = max(shares)
        if most > 1.0 or min(shares) < 0.0 or abs(sum(shares) - 1.0) > _ROUNDING:
            # A graph that does not give responsibilities is not believed at all.
            return self.answer(activations, self.gating.numbers(activations), full=full)
        leading = shares.index(most)
        who = leading if most >= self.gating.dominance else NOBODY
        line = lines.combined(shares) if who == NOBODY else lines.alone[who]
        values = self.places.some(activations, lines.chosen)
        count = MOST_TERMS if full else PARTS
        parts, told, added = largest_terms(lines, line, values, record.names, count)
        rest = predicted - line.intercept - added
        figures = (line.intercept, rest, predicted, self.log_odds(activations, named) - predicted)
        maps = maps_of(self.places, lines, line, activations) if full else b"null"
        words = f"{record.who_words(who, shares)}{term_words(told, line.intercept)}"
        return Evidence(
            method=METHOD,
            form="regression",
            region=record.answering[who],
            names=named,
            strength=1.0 / (1.0 + math.exp(max(predictions) - predicted)),
            sentence=f"{record.opening}{predicted:.2f}{words}{record.verdict}",
            body=record.body % (record.encoded[who], most, *shares, parts, *figures, maps),
            cited=(("component", record.answering[leading]),),
        )

    def log_odds(self, activations: Activations, named: int) -> float:
        """Give the network's own log-odds of a class, cut off as when the mixture was fitted."""
        return min(max(log_odds(activations.logits, named), -self.limit), self.limit)


def log_odds(logits: FloatArray, named: int) -> float:
    """Give ``log p - log(1 - p)`` of one class, from logits and not from probabilities."""
    others: list[float] = logits.tolist()
    own = others.pop(named)
    most = max(others)
    return own - most - math.log(sum([math.exp(value - most) for value in others]))
