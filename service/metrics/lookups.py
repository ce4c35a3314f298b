"""The detectors' state and the ledger's size, as metrics."""

from collections.abc import Iterator
from typing import Final, final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from service.metrics.readings import Reading
from service.metrics.sources import Detectors, Size, Sources

MOST_CLUSTERS: Final = 100


@final
class Lookups:
    """What is looked up for each scrape, as metrics; what cannot be is left out.

    Parameters
    ----------
    model
        The model's name.
    sources
        Where it is looked up.

    Attributes
    ----------
    failed
        How many look-ups failed.

    """

    def __init__(self, model: str, sources: Sources) -> None:
        self._model = model
        self._limits = () if sources.limit is None else _limits(sources.limit)
        self._size = sources.size and Reading("the ledger's size", sources.size)
        self._detectors = sources.detectors and Reading("the detectors", sources.detectors)
        self.failed = 0

    def __bool__(self) -> bool:
        return self._size is not None or self._detectors is not None

    def collect(self) -> list[Metric]:
        """Look everything up."""
        found: list[Metric] = [*self._limits]
        if self._size is not None:
            size = self._size.current()
            self.failed += self._size.failing
            found += [] if size is None else _size_metrics(size)
        if self._detectors is not None:
            found += self._detector_metrics(self._detectors)
        return found

    def _detector_metrics(self, reading: Reading[Detectors | None]) -> list[Metric]:
        found = reading.current()
        self.failed += reading.failing
        return [] if found is None else [*_signals(self._model, found), *_state(found)]


def _size_metrics(size: Size) -> list[Metric]:
    return [
        GaugeMetricFamily("reasoned_ledger_rows", "Decisions in the ledger.", size.rows),
        GaugeMetricFamily("reasoned_ledger_bytes", "Size of these decisions.", size.bytes),
    ]


def _limits(limit: Size) -> tuple[Metric, ...]:
    rows, volume = "Decisions that the ledger may hold.", "Bytes that the ledger may hold."
    return (
        GaugeMetricFamily("reasoned_ledger_limit_rows", rows, limit.rows),
        GaugeMetricFamily("reasoned_ledger_limit_bytes", volume, limit.bytes),
    )


def _state(found: Detectors) -> Iterator[Metric]:
    lag = "Recorded requests that the detectors have not seen yet."
    yield GaugeMetricFamily("reasoned_monitor_lag_requests", lag, found.lag)
    if found.updated is not None:
        when = "When the detectors last went on."
        yield GaugeMetricFamily("reasoned_monitor_updated_timestamp_seconds", when, found.updated)


def _signals(model: str, found: Detectors) -> Iterator[Metric]:
    labels = ("model", "signal")
    evidence = GaugeMetricFamily(
        "reasoned_evidence_log10", "Decimal logarithm of the evidence of drift.", labels=labels
    )
    threshold = GaugeMetricFamily(
        "reasoned_evidence_threshold_log10", "What raises an alarm.", labels=labels
    )
    alarms = CounterMetricFamily("reasoned_drift_alarms", "Alarms of drift.", labels=labels)
    for signal in found.signals:
        evidence.add_metric((model, signal.name), signal.evidence)
        threshold.add_metric((model, signal.name), signal.threshold)
        alarms.add_metric((model, signal.name), signal.alarms)
    yield from (evidence, threshold, alarms, _shares(model, found))


def _shares(model: str, found: Detectors) -> Metric:
    clusters = [share for share in found.shares if share.kind == "cluster"]
    shares = GaugeMetricFamily(
        "reasoned_cluster_share",
        "Share of the images whose nearest representative is of this cluster.",
        labels=("model", "cluster", "window"),
    )
    # The same ones at each scrape, whatever their live share.
    most = sorted(clusters, key=lambda share: (-share.reference, share.key))[:MOST_CLUSTERS]
    for share in most:
        shares.add_metric((model, share.key, "reference"), share.reference)
        shares.add_metric((model, share.key, "live"), share.live)
    return shares
