"""Prometheus itself, on loopback."""

import contextlib
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import yaml

from tests.deploy.promql import RULES_FILE
from tests.service.live_server import free_port
from tests.service.promtool import tool

PATIENCE = 60.0
PAUSE = 0.2


@dataclass(frozen=True)
class Prometheus:
    """A server that scrapes, and its process."""

    http: httpx2.Client
    process: subprocess.Popen[bytes]

    def api(self, path: str, **params: str) -> dict[str, Any]:
        answer = self.http.get(f"/api/v1/{path}", params=params)
        assert answer.status_code == httpx2.codes.OK, f"{params}: {answer.text}"
        found: dict[str, Any] = answer.json()["data"]
        return found

    def values(self, expr: str) -> list[float]:
        """Give the value of each series that an expression answers with."""
        return [float(one["value"][1]) for one in self.api("query", query=expr)["result"]]

    def metrics(self) -> set[str]:
        """Name every metric that is ours."""
        found = self.api("query", query='group by (__name__) ({__name__=~"reasoned.*"})')
        return {one["metric"]["__name__"] for one in found["result"]}

    def until(self, met: Callable[[], bool], words: Callable[[], str]) -> None:
        """Wait until a condition is met."""
        end = time.monotonic() + PATIENCE
        while not met():
            assert time.monotonic() < end, words()
            with contextlib.suppress(subprocess.TimeoutExpired):
                raise RuntimeError(f"Prometheus ended with {self.process.wait(timeout=PAUSE)}")


@contextlib.contextmanager
def scraping(target: str, folder: Path) -> Iterator[Prometheus]:
    """Let Debian's Prometheus ask a service every second, with our rules."""
    config = {
        "global": {
            "scrape_interval": "1s",
            "evaluation_interval": "1s",
            "external_labels": {"reasoned_url": "http://reasoned.example"},
        },
        "rule_files": [str(RULES_FILE)],
        "scrape_configs": [{"job_name": "reasoned", "static_configs": [{"targets": [target]}]}],
    }
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    address = f"127.0.0.1:{free_port()}"
    command = [
        tool("prometheus"),
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address={address}",
        "--log.level=error",
    ]
    with (
        subprocess.Popen(command, cwd=folder) as process,
        httpx2.Client(base_url=f"http://{address}") as http,
    ):
        server = Prometheus(http, process)
        try:
            server.until(lambda: _is_ready(server), lambda: "Prometheus was never ready")
            yield server
        finally:
            process.terminate()


def _is_ready(server: Prometheus) -> bool:
    with contextlib.suppress(httpx2.HTTPError):
        return server.http.get("/-/ready").status_code == httpx2.codes.OK
    return False
