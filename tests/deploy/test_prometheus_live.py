"""The rules and the dashboards before Debian's Prometheus, which asks two real workers."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import pytest

from reasoned.model import ExplainedModel
from tests.deploy.prometheus_server import Prometheus, scraping
from tests.deploy.promql import alerts, asked_by_boards, asked_by_rules, metrics_in
from tests.service.live_server import serving
from tests.service.promtool import check_metrics, tool

ASKED = {**asked_by_rules(), **asked_by_boards()}
# What cannot answer while nothing is wrong, and why.
QUIET = {
    "ReasonedErrorRatio": "no request was answered with 5xx, so that there is no such series",
    "ReasonedModelChanged": "no other model was served before",
}
SOME = 10


@dataclass(frozen=True)
class Watched:
    """A service that Prometheus asks."""

    service: httpx2.Client
    prometheus: Prometheus

    def ask(self, body: Mapping[str, Any]) -> None:
        answer = self.service.post("/v1/predict", **body)
        assert answer.status_code == httpx2.codes.OK, answer.text


@pytest.fixture(scope="module")
def watched(digits_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    tool("prometheus")
    folder = tmp_path_factory.mktemp("prometheus")
    settings = {
        "REASONED_MODEL": str(digits_folder),
        "REASONED_WORKERS": "2",
        "REASONED_LEDGER": str(folder / "ledger.sqlite3"),
        "REASONED_FEEDBACK_ALARM": "true",
        # So that an alarm can be had for a few requests.
        "REASONED_RUN_LENGTH": "10",
    }
    # A connection for each request, so that both workers answer.
    single = httpx2.Limits(max_keepalive_connections=0)
    with (
        serving(settings) as server,
        httpx2.Client(base_url=server.url, limits=single) as service,
        scraping(f"127.0.0.1:{server.port}", folder) as prometheus,
    ):
        yield Watched(service, prometheus)


def test_every_expression_answers(watched: Watched, digits_model: ExplainedModel) -> None:
    digits = list(digits_model.thumbnails.values())[:SOME]
    open_ones = set(ASKED) - set(QUIET)

    def all_answer() -> bool:
        for digit in digits:
            watched.ask({"files": {"image": digit}})
        watched.service.get("/wp-login.php")
        for name in sorted(open_ones):
            if any(math.isfinite(value) for value in watched.prometheus.values(ASKED[name])):
                open_ones.remove(name)
        return not open_ones

    watched.prometheus.until(all_answer, lambda: f"no answer to {sorted(open_ones)}")


@pytest.mark.parametrize("name", QUIET)
def test_what_is_quiet_while_nothing_is_wrong_can_be_asked(watched: Watched, name: str) -> None:
    assert watched.prometheus.values(ASKED[name]) == []


def test_every_metric_that_is_asked_for_is_there(watched: Watched) -> None:
    asked = set[str]().union(*map(metrics_in, ASKED.values()))

    assert len(asked) > 25
    assert asked <= watched.prometheus.metrics()


def test_an_alarm_of_drift_becomes_an_alert(watched: Watched) -> None:
    rng = np.random.default_rng(0)
    found: list[dict[str, Any]] = []

    def fires() -> bool:
        for _ in range(SOME):
            watched.ask({"json": {"pixels": rng.integers(0, 256, (8, 8)).tolist()}})
        every = watched.prometheus.api("alerts")["alerts"]
        found[:] = [one for one in every if "signal" in one["labels"]]
        return bool(found)

    watched.prometheus.until(fires, lambda: "noise raised no alert")

    for alert in found:
        labels, told = alert["labels"], alert["annotations"]
        assert alert["state"] == "firing"
        assert labels["severity"] == alerts()[labels["alertname"]]["labels"]["severity"]
        assert f"`{labels['signal']}`" in told["description"]
        assert told["alarms_url"].endswith(
            f"//reasoned.example/v1/alarms?signal={labels['signal']}"
        )


def test_no_rule_ever_failed(watched: Watched) -> None:
    groups = watched.prometheus.api("rules")["groups"]
    failed = {r["name"]: r["lastError"] for g in groups for r in g["rules"] if r["health"] != "ok"}

    assert not failed


def test_what_is_served_passes_promtool(watched: Watched) -> None:
    check_metrics(watched.service.get("/metrics").content)
