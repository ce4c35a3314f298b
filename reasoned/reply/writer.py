"""Write a reply as JSON from encoded pieces; the schema's models are the contract."""

import dataclasses
from collections.abc import Sequence
from typing import final

import orjson

from explainers.evidence import Evidence
from explainers.neighbours.served import Found
from explainers.status import Status
from reasoned.reply.fragments import ExampleFragment, Key, RegionFragment
from reasoned.reply.words import (
    carried_words,
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
        Per method, region and status what is said of it.
    pictures
        Per method and region the path of its picture, where there is one.
    examples
        Per representative its record, encoded but for the distance.

    """

    model: orjson.Fragment
    labels: tuple[str, ...]
    names: tuple[orjson.Fragment, ...]
    regions: dict[Key, RegionFragment]
    pictures: dict[tuple[str, str], str]
    examples: tuple[ExampleFragment, ...]

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
        """Give the nearest representatives, distances to four digits."""
        pieces = zip(found.positions[:count], found.distances, strict=False)
        return [orjson.Fragment(self.examples[i].example % distance) for i, distance in pieces]

    def contrast(self, found: Found) -> orjson.Fragment | None:
        """Give the nearest representative of another predicted class."""
        if found.contrast is None or found.contrast_distance is None:
            return None
        template = self.examples[found.contrast].contrast
        return orjson.Fragment(template % found.contrast_distance)

    def explanation(
        self, evidence: Sequence[Evidence], status: Status, predicted: int, skipped: Skips
    ) -> Record:
        """Give the reasons; `evidence` is not empty, its first entry the first choice."""
        first = evidence[0]
        carrier = next((e for e in evidence if e.names == predicted), None)
        region = self.regions[first.method, first.region, status]
        return {
            "status": status,
            "carrier": None if carrier is None else carrier.method,
            "names": None if carrier is None else self.names[predicted],
            "agrees": first.names == predicted,
            "sentence": self._sentence(
                first, carrier, predicted, self._region_words(first, status, predicted)
            ),
            "reliability": region.reliability,
            "evidence": [self._evidence(e, status, predicted) for e in evidence],
            "skipped": skipped,
        }

    def left_out(self, skipped: Skips) -> Record:
        """Give an explanation of which nothing was done in time."""
        fields = ("status", "carrier", "names", "agrees", "reliability")
        sentence = f"Not explained: {skipped[0]['reason']}."
        return dict.fromkeys(fields) | {"sentence": sentence, "evidence": [], "skipped": skipped}

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

    def _region_words(self, first: Evidence, status: Status, predicted: int) -> str:
        if first.form == "region" and first.names is None:
            return unnamed_words(first.method, status)
        words = self.regions[first.method, first.region, status].words
        named = None if first.names is None else self.labels[first.names]
        return told_words(words, first, named, carries=first.names == predicted)

    def _sentence(
        self, first: Evidence, carrier: Evidence | None, predicted: int, region: str
    ) -> str:
        label = self.labels[predicted]
        if carrier is first:
            return f"The network says {label}. {first.sentence} {region}"
        named = None if first.names is None else self.labels[first.names]
        turned = parted_words(first, named, label)
        if carrier is None:
            return f"The network says {label}. {turned} {uncarried_words(label)} {region}"
        carried = f"{carried_words(carrier.method, label)} {carrier.sentence}"
        return f"The network says {label}. {turned} {carried} {region}"
