"""From a tally to what prometheus_client writes down."""

import platform
from collections.abc import Iterator
from itertools import accumulate

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from service.metrics.families import Family
from service.metrics.tally import Distribution, Labels, Tally
from service.release import release
from service.served_model import ServedModel


def shown(tally: Tally) -> Iterator[Metric]:
    """Give every metric of a tally."""
    for family, values in tally.values.items():
        yield _plain(family, values)
    for family, distributions in tally.distributions.items():
        yield _histogram(family, distributions)


def constants(model: ServedModel) -> list[Metric]:
    """Say which model is served, and by what."""
    about = GaugeMetricFamily(
        "reasoned_model_info", "The served model.", labels=("model", "version", "sha256")
    )
    about.add_metric((model.name, model.version, model.sha256), 1.0)
    build = GaugeMetricFamily(
        "reasoned_build_info", "The serving software.", labels=("version", "python")
    )
    build.add_metric((release(), platform.python_version()), 1.0)
    return [about, build]


def _plain(family: Family, values: dict[Labels, float]) -> Metric:
    made = CounterMetricFamily if family.kind == "counter" else GaugeMetricFamily
    found = made(family.name, family.meaning, labels=family.labels)
    for labels, value in sorted(values.items()):
        found.add_metric(labels, value)
    return found


def _histogram(family: Family, distributions: dict[Labels, Distribution]) -> Metric:
    ends = [*(repr(bound) for bound in family.bounds), "+Inf"]
    found = HistogramMetricFamily(family.name, family.meaning, labels=family.labels)
    for labels, one in sorted(distributions.items(), key=lambda pair: pair[0]):
        buckets = list(zip(ends, accumulate(one.counts), strict=True))
        found.add_metric(labels, buckets, one.total)
    return found
