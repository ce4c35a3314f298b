"""Write a reply as JSON from encoded pieces; the schema's models are the contract."""

import dataclasses
from collections.abc import Sequence
from typing import final

import orjson

from explainers.evidence import Evidence
from explainers.neighbours.served import Found
from explainers.status import Status, Verdict
from reasoned.reply.fragments import (
    ExampleFragment,
    Filling,
    Key,
    RegionFragment,
    StatementFragment,
)
from reasoned.reply.words import (
    beside_words,
    carried_words,
    disagreement_words,
    parted_words,
    told_words,
    uncarried_words,
    unnamed_words,
)

TOP = 5
_DIGITS = 6
Record = dict[str, object]
Skips = list[dict[str, str]]


@final
@dataclasses.dataclass(frozen=True, eq=False)
class ReplyWriter:
    """The encoded pieces of one model's replies.

    Attributes
    ----------
    model
        The reference to the model, encoded.
    labels
        The class names.
    names
        ``{"label", "index"}`` per class, encoded.
    regions
        Per method, region and status what was counted of it.
    statements
        Per set of methods asked and group what is said of such explanations.
    pictures
        Per method and region the path of its picture, where there is one.
    examples
        Per representative its record, encoded but for the distance.
    filling
        How these records are completed.

    """

    model: orjson.Fragment
    labels: tuple[str, ...]
    names: tuple[orjson.Fragment, ...]
    regions: dict[Key, RegionFragment]
    statements: dict[tuple[str, str], StatementFragment]
    pictures: dict[tuple[str, str], str]
    examples: tuple[ExampleFragment, ...]
    filling: Filling = dataclasses.field(default_factory=Filling)

    def prediction(self, values: Sequence[float], predicted: int) -> Record:
        """Give the class and the five most probable ones, probabilities to six digits."""
        labels = self.labels
        order = sorted(range(len(values)), key=values.__getitem__, reverse=True)[:TOP]
        top = [
            {"label": labels[i], "index": i, "probability": round(values[i], _DIGITS)}
            for i in order
        ]
        return {
            "label": labels[predicted],
            "index": predicted,
            "probability": round(values[predicted], _DIGITS),
            "top": top,
        }

    def near(self, found: Found, count: int) -> list[orjson.Fragment]:
        """Give the nearest representatives."""
        pieces = zip(found.positions[:count], found.distances, strict=False)
        return [self.filling.fill(self.examples[i].example, distance) for i, distance in pieces]

    def contrast(self, found: Found) -> orjson.Fragment | None:
        """Give the nearest representative of another predicted class."""
        if found.contrast is None or found.contrast_distance is None:
            return None
        return self.filling.fill(self.examples[found.contrast].contrast, found.contrast_distance)

    def explanation(
        self, found: Sequence[Evidence], verdict: Verdict, predicted: int, skipped: Skips
    ) -> Record:
        """Give the reasons: the first choice first, the others by their lower bounds.

        Parameters
        ----------
        found
            What the methods that ran have found, which are not none.
        verdict
            What the status rule says of it.
        predicted
            The network's class.
        skipped
            What was too late.

        """
        told = self._ordered(found, verdict)
        carrier = self._carrier(told, verdict.status, predicted)
        stated = self.statements[verdict.asked, verdict.group]
        return {
            "status": verdict.status,
            "carrier": None if carrier is None else carrier.method,
            "names": None if carrier is None else self.names[predicted],
            "agrees": told[0].names == predicted,
            "sentence": self._sentence(told, carrier, predicted, verdict.status, stated.words),
            "reliability": stated.reliability,
            "disagreements": [
                {"method": e.method, "names": self.names[e.names]}
                for e in told
                if e.names is not None and e.names != predicted
            ],
            "evidence": [self._evidence(e, verdict.status, predicted) for e in told],
            "skipped": skipped,
        }

    def _ordered(self, found: Sequence[Evidence], verdict: Verdict) -> list[Evidence]:
        """Put the first choice first; what agrees by construction has no bound, and is last."""

        def place(evidence: Evidence) -> tuple[bool, float]:
            bound = self.regions[evidence.method, evidence.region, verdict.status].lower
            return evidence.method != verdict.first, -bound

        return sorted(found, key=place)

    def _carrier(self, told: Sequence[Evidence], status: Status, predicted: int) -> Evidence | None:
        named = (e for e in told if e.names == predicted)
        return max(
            named, key=lambda e: self.regions[e.method, e.region, status].lower, default=None
        )

    def left_out(self, skipped: Skips) -> Record:
        """Give an explanation of which nothing was done in time."""
        fields = ("status", "carrier", "names", "agrees", "reliability")
        sentence = f"Not explained: {skipped[0]['reason']}."
        nothing: Record = {"disagreements": [], "evidence": []}
        return dict.fromkeys(fields) | nothing | {"sentence": sentence, "skipped": skipped}

    def _evidence(self, evidence: Evidence, status: Status, predicted: int) -> Record:
        named = evidence.names
        found: Record = {
            "method": evidence.method,
            "form": evidence.form,
            "region": evidence.region,
            "names": None if named is None else self.names[named],
            "agrees": None if named is None else named == predicted,
            "reliability": self.regions[evidence.method, evidence.region, status].reliability,
            "sentence": evidence.sentence,
            "body": orjson.Fragment(evidence.body),
        }
        if evidence.form != "path":
            found["picture"] = self._picture(evidence)
        return found

    def _picture(self, evidence: Evidence) -> str | None:
        region = evidence.region
        return None if region is None else self.pictures.get((evidence.method, region))

    def _sentence(
        self,
        told: Sequence[Evidence],
        carrier: Evidence | None,
        predicted: int,
        status: Status,
        template: str,
    ) -> str:
        first, label = told[0], self.labels[predicted]
        opening = f"The network says {label}."
        stated = self._stated(first, status, template, carries=first.names == predicted)
        apart = [
            (e.method, self.labels[e.names])
            for e in told[1:]
            if e.names is not None and e.names != predicted
        ]
        said = [stated, disagreement_words(apart)]
        if first.names == predicted:
            if carrier is not None and carrier is not first:
                said.insert(1, beside_words(carrier.method))
            return " ".join((opening, first.sentence, *filter(None, said)))
        ending = " ".join(filter(None, said))
        turned = parted_words(first, self._label(first), label)
        if carrier is None:
            return f"{opening} {turned} {uncarried_words(label)} {ending}"
        carried = f"{carried_words(carrier.method, label)} {carrier.sentence}"
        return f"{opening} {turned} {carried} {ending}"

    def _stated(self, first: Evidence, status: Status, template: str, *, carries: bool) -> str:
        if first.form == "region" and first.names is None:
            return unnamed_words(first.method, status)
        return told_words(template, first, self._label(first), carries=carries)

    def _label(self, evidence: Evidence) -> str | None:
        return None if evidence.names is None else self.labels[evidence.names]
