"""What the metric tests share: answers to count, and how to read an exposition."""

import dataclasses
import time

import numpy as np
from prometheus_client.parser import text_string_to_metric_families

from reasoned.reply.options import ReplyOptions
from reasoned.reply.outcome import Answered, Outcome
from service.arrival import Arrival
from service.finished import Finished
from service.metrics.exposition import exposition
from service.metrics.meters import Meters
from service.metrics.part import Part
from service.pictures import EncodedPicture
from service.telling import Told

ID = "0123456789abcdef" * 2
Series = tuple[str, frozenset[tuple[str, str]]]

OUTCOME = Outcome(
    predicted=1,
    label="bright",
    confidence=0.75,
    status="supported",
    carrier="meta_forest",
    agrees=True,
    first="meta_forest",
    outside=False,
    nearest=0.5,
    infer_us=2_000,
    neighbours_us=300,
    explain_us=40,
)


@dataclasses.dataclass
class Counts:
    """What a writer of the ledger counts."""

    waiting: int = 3
    written: int = 20
    dropped: int = 4
    failed: int = 5
    mishaps: int = 2


def told(outcome: Outcome = OUTCOME, request_id: str = ID) -> Told:
    arrival = Arrival(request_id, time.perf_counter())
    image = np.zeros((2, 2, 1), np.uint8)
    answered = Answered(b"{}", outcome)
    return Told(arrival, ReplyOptions(), EncodedPicture(b"x"), image, answered, 100, "full")


def finished(route: str, status: int = 200, parts: tuple[Part, ...] = ()) -> Finished:
    return Finished(Arrival(ID, time.perf_counter()), route, "GET", status, 0.25, parts)


def samples(text: str) -> dict[Series, float]:
    """Every series of an exposition and its value."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def shown(meters: Meters) -> dict[Series, float]:
    return samples(exposition(meters, "")[0].decode())


def series(name: str, /, **labels: str) -> Series:
    return name, frozenset(labels.items())
