"""The metrics as text, in the format that the reader asks for."""

from collections.abc import Iterable
from typing import final

from prometheus_client.core import Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector, CollectorRegistry

from service.metrics.meters import Meters


@final
class _Registered(Collector):
    """Metrics that are known already."""

    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        """Give them."""
        return self._metrics


def exposition(meters: Meters, accept: str) -> tuple[bytes, str]:
    """Give every metric as text or OpenMetrics, and its content type.

    Parameters
    ----------
    meters
        What is counted.
    accept
        The request's header ``Accept``; empty for plain text.

    """
    # A registry of our own for each scrape: BentoML's and other libraries' stay out.
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Registered(meters.metrics()))
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type
