import dataclasses

from service.metrics.lookups import MOST_CLUSTERS
from service.metrics.meters import Meters
from service.metrics.sources import Sources
from tests.service.brightness import BrightnessModel
from tests.service.metrics.counted import series, shown

MODEL = BrightnessModel()


@dataclasses.dataclass(frozen=True)
class Size:
    rows: int = 7
    bytes: int = 7_000


@dataclasses.dataclass(frozen=True)
class Signal:
    name: str
    evidence: float
    threshold: float = 5.9
    alarms: int = 0


@dataclasses.dataclass(frozen=True)
class Share:
    kind: str
    key: str
    reference: float
    live: float


@dataclasses.dataclass(frozen=True)
class Detectors:
    updated: float | None
    lag: int
    signals: tuple[Signal, ...]
    shares: tuple[Share, ...]


DETECTORS = Detectors(
    1.5e9,
    12,
    (Signal("disagreement", 2.5, alarms=3), Signal("clusters", float("-inf"))),
    (Share("cluster", "dark-1", 0.25, 0.5), Share("leaf", "leaf-7", 0.1, 0.2)),
)


def test_what_is_looked_up_is_shown() -> None:
    sources = Sources(size=Size, detectors=lambda: DETECTORS, limit=Size(20, 20_000))
    found = shown(Meters(MODEL, sources))
    own = {"model": "brightness"}

    assert found[series("reasoned_ledger_rows")] == 7
    assert found[series("reasoned_ledger_bytes")] == 7_000
    assert found[series("reasoned_ledger_limit_rows")] == 20
    assert found[series("reasoned_ledger_limit_bytes")] == 20_000
    assert found[series("reasoned_ledger_errors_total")] == 0
    assert found[series("reasoned_monitor_lag_requests")] == 12
    assert found[series("reasoned_monitor_updated_timestamp_seconds")] == 1.5e9
    assert found[series("reasoned_evidence_log10", signal="disagreement", **own)] == 2.5
    assert found[series("reasoned_evidence_log10", signal="clusters", **own)] == float("-inf")
    assert found[series("reasoned_evidence_threshold_log10", signal="clusters", **own)] == 5.9
    assert found[series("reasoned_drift_alarms_total", signal="disagreement", **own)] == 3
    share = {"cluster": "dark-1", **own}
    assert found[series("reasoned_cluster_share", window="reference", **share)] == 0.25
    assert found[series("reasoned_cluster_share", window="live", **share)] == 0.5
    assert not [labels for _, labels in found if ("cluster", "leaf-7") in labels]


def test_a_failing_database_is_left_out_and_counted() -> None:
    def broken() -> Size:
        raise OSError("the database is gone")

    meters = Meters(MODEL, Sources(size=broken, detectors=lambda: DETECTORS))
    shown(meters)
    found = shown(meters)

    assert series("reasoned_ledger_rows") not in found
    assert found[series("reasoned_ledger_errors_total")] == 2
    assert found[series("reasoned_monitor_lag_requests")] == 12


def test_before_the_detectors_begin_there_is_nothing_of_them() -> None:
    found = shown(Meters(MODEL, Sources(detectors=lambda: None)))

    assert not [name for name, _ in found if "monitor" in name or "evidence" in name]
    assert found[series("reasoned_ledger_errors_total")] == 0


def test_without_a_ledger_there_is_nothing_of_it() -> None:
    assert not [name for name, _ in shown(Meters(MODEL)) if "ledger" in name]


def test_the_clusters_shown_are_the_largest_ones_and_stay_so() -> None:
    def asked(live: float) -> set[str]:
        shares = tuple(
            Share("cluster", f"dark-{i}", i / 20_000, live) for i in range(MOST_CLUSTERS + 50)
        )
        detectors = dataclasses.replace(DETECTORS, shares=shares)
        found = shown(Meters(MODEL, Sources(detectors=lambda: detectors)))
        return {dict(labels)["cluster"] for name, labels in found if name.endswith("share")}

    largest = {f"dark-{i}" for i in range(50, MOST_CLUSTERS + 50)}
    assert asked(0.1) == asked(0.9) == largest
