import re
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.promql import DEPLOY, RULES_FILE, alerts, asked_by_rules, metrics_in, uncompared
from tests.service.promtool import tool

TESTS_FILE = RULES_FILE.with_name("rules_test.yml")
ALERTS = alerts()
PAGE = "https://github.com/reasoned/reasoned/blob/main/docs/runbook.md#"


def promtool(*arguments: str) -> None:
    command = [tool("promtool"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=DEPLOY)
    assert done.returncode == 0, done.stdout + done.stderr


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def test_prometheus_takes_the_rules() -> None:
    promtool("check", "rules", str(RULES_FILE))


def test_the_rules_fire_and_are_silent_when_they_should() -> None:
    promtool("test", "rules", str(TESTS_FILE))


def test_each_alert_has_a_case_in_which_it_fires_and_one_in_which_it_is_silent() -> None:
    cases = defaultdict[str, set[bool]](set)
    for test in read(TESTS_FILE)["tests"]:
        for case in test["alert_rule_test"]:
            cases[case["alertname"]].add(bool(case["exp_alerts"]))

    assert cases == {name: {True, False} for name in ALERTS}


def test_there_are_as_many_alerts_as_are_wanted() -> None:
    assert len(ALERTS) >= 10


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_says_what_is_wrong_and_where_to_read_on(name: str) -> None:
    told = ALERTS[name]["annotations"]

    assert ALERTS[name]["labels"]["severity"] in {"page", "ticket"}
    assert set(told) == {"summary", "description", "runbook_url", "alarms_url"}
    assert "{{ $labels." in told["summary"]
    assert re.search(r"{{ \$(value|labels\.sha256)", told["description"])
    assert told["runbook_url"] == PAGE + name.lower()
    assert told["alarms_url"].startswith("{{ $externalLabels.reasoned_url }}/v1/alarms")


def test_no_alert_of_drift_rests_on_a_threshold_of_ours() -> None:
    # Detectors keep a run length; a threshold on evidence or on a distance of shares does not.
    every = " ".join(asked_by_rules().values())

    assert "evidence" not in every
    assert "share" not in every


def test_prometheus_is_given_the_rules_and_not_their_tests() -> None:
    written = read(DEPLOY / "prometheus" / "prometheus.yml")
    volumes = read(DEPLOY / "compose.yaml")["services"]["prometheus"]["volumes"]

    assert written["rule_files"] == ["/etc/prometheus/rules.yml"]
    assert "./prometheus:/etc/prometheus:ro" in volumes
    assert written["global"]["external_labels"] == {"reasoned_url": "http://127.0.0.1:3000"}


def test_what_is_compared_is_what_is_left_without_the_comparison() -> None:
    assert uncompared("a / d > 0.05\n and e[10m] == 0") == "a / d\n and e[10m]"
    assert metrics_in('reasoned_a{x="reasoned_b"} + reasoned:c:d') == {
        "reasoned_a",
        "reasoned:c:d",
    }
