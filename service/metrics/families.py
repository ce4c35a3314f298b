"""The names of what is counted here, as Prometheus knows them."""

import dataclasses
from typing import Final, Literal, final

Kind = Literal["counter", "gauge", "histogram"]
Merge = Literal["sum", "most", "least"]
_FAST: Final = (0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05)
_SLOW: Final = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
TENTHS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@final
@dataclasses.dataclass(frozen=True, slots=True, eq=False)  # one family is itself: it is a key
class Family:
    """One metric with all its series.

    Attributes
    ----------
    name
        As it is shown; a counter ends in ``_total``.
    kind
        What kind of metric it is.
    meaning
        The line of help.
    labels
        The names of its labels.
    bounds
        The upper ends of a histogram's buckets, but for the last, which has none.
    merge
        How the gauges of several workers become one. Counters and histograms are added.
    lasting
        Whether a gauge counts on when its worker is gone.

    """

    name: str
    kind: Kind
    meaning: str
    labels: tuple[str, ...] = ()
    bounds: tuple[float, ...] = ()
    merge: Merge = "sum"
    lasting: bool = False


EXPLANATIONS: Final = Family(
    "reasoned_explanations_total",
    "counter",
    "Answered images, by what the explanation says of itself.",
    ("model", "outcome"),
)
EXPLANATIONS_BY_CLASS: Final = dataclasses.replace(
    EXPLANATIONS, labels=("model", "predicted_class", "outcome")
)
DISAGREEMENTS: Final = Family(
    "reasoned_disagreements_total",
    "counter",
    "Answers whose explanation names another class than the network.",
    ("model",),
)
UNCOVERED: Final = Family(
    "reasoned_uncovered_total",
    "counter",
    "Answered images that lie outside of what the model was fitted on.",
    ("model",),
)
RANK: Final = Family(
    "reasoned_neighbour_distance_rank",
    "histogram",
    "Rank of the nearest representative's distance among held-out images of the class.",
    ("model",),
    TENTHS,
)
CONFIDENCE: Final = Family(
    "reasoned_confidence", "histogram", "The network's softmax of its class.", ("model",), TENTHS
)
STAGE: Final = Family(
    "reasoned_stage_duration_seconds",
    "histogram",
    "How long each step of an answer took.",
    ("stage",),
    (*_FAST, *_SLOW[:4]),
)
REQUESTS: Final = Family(
    "reasoned_requests_total",
    "counter",
    "Finished HTTP requests.",
    ("route", "method", "code"),
)
DURATION: Final = Family(
    "reasoned_request_duration_seconds",
    "histogram",
    "How long HTTP requests took, from their head to the end of the answer.",
    ("route", "method", "status_class"),
    (*_FAST[3:], *_SLOW),
)
IN_PROGRESS: Final = Family("reasoned_requests_in_progress", "gauge", "HTTP requests under way.")
LAST: Final = Family(
    "reasoned_last_explanation_timestamp_seconds",
    "gauge",
    "When the last image was answered.",
    merge="most",
    lasting=True,
)
DROPPED: Final = Family(
    "reasoned_ledger_dropped_total",
    "counter",
    "Rows that the ledger lost: no place in the queue, or a database that failed for long.",
    ("reason",),
)
WRITTEN: Final = Family(
    "reasoned_ledger_written_total", "counter", "Rows that were written into the ledger."
)
WAITING: Final = Family("reasoned_ledger_waiting", "gauge", "Rows that wait to be written.")
ERRORS: Final = Family(
    "reasoned_ledger_errors_total",
    "counter",
    "Failed readings of the ledger for these metrics, and failed steps of detectors and retention.",
)
CPU: Final = Family("reasoned_cpu_seconds_total", "counter", "CPU time of all workers.")
MEMORY: Final = Family(
    "reasoned_resident_memory_bytes", "gauge", "Resident memory of the living workers."
)
WORKERS: Final = Family("reasoned_workers", "gauge", "Living worker processes.")
STARTED: Final = Family(
    "reasoned_start_timestamp_seconds",
    "gauge",
    "When the oldest living worker was started.",
    merge="least",
)
ALL: Final = {
    family.name: family
    for family in (
        *(EXPLANATIONS, DISAGREEMENTS, UNCOVERED, RANK, CONFIDENCE, STAGE, LAST),
        *(REQUESTS, DURATION, IN_PROGRESS),
        *(DROPPED, WRITTEN, WAITING, ERRORS),
        *(CPU, MEMORY, WORKERS, STARTED),
    )
}
