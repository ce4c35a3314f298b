import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # ships no types
import pytest
import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = sorted(COMPOSE["services"])


def test_it_follows_the_compose_specification() -> None:
    bundled = resources.files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json"
    schema = json.loads(bundled.read_text(encoding="utf-8"))

    jsonschema.validate(COMPOSE, schema)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_confined_and_watched(name: str) -> None:
    service = COMPOSE["services"][name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"cpus", "memory", "pids"} == set(service["deploy"]["resources"]["limits"])
    assert service["healthcheck"]["test"][0] == "CMD"
    assert service["tmpfs"]


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_has_a_version_and_runs_as_somebody_else_than_root(name: str) -> None:
    service = COMPOSE["services"][name]

    assert re.search(r":v?\d+\.\d+[.\d]*}?$", service["image"])
    # Ours says so itself; the test of the Dockerfile looks.
    assert "build" in service or service["user"].split(":")[0] not in {"0", "root"}


@pytest.mark.parametrize("name", SERVICES)
def test_only_this_machine_reaches_the_ports(name: str) -> None:
    for port in COMPOSE["services"][name].get("ports", []):
        assert port.startswith(("127.0.0.1:", "${REASONED_BIND:-127.0.0.1}:"))


def test_every_file_that_is_mounted_is_there() -> None:
    mounted = [
        volume.split(":")[0]
        for service in COMPOSE["services"].values()
        for volume in service.get("volumes", [])
    ]

    for source in mounted:
        if source.startswith("."):
            assert (DEPLOY / source).exists(), source
        else:
            assert source in COMPOSE["volumes"]


def test_the_recipe_is_where_the_build_looks() -> None:
    build = COMPOSE["services"]["reasoned"]["build"]

    assert (DEPLOY / build["context"] / build["dockerfile"]).is_file()


def test_secrets_are_files_that_are_never_committed() -> None:
    used = {name for service in COMPOSE["services"].values() for name in service.get("secrets", [])}

    assert used == set(COMPOSE["secrets"])
    assert all(one["file"].startswith("./secrets/") for one in COMPOSE["secrets"].values())
    assert (DEPLOY / "secrets" / ".gitignore").read_text(encoding="utf-8").startswith("*\n")


def test_postgresql_is_there_only_when_asked_for() -> None:
    services = COMPOSE["services"]

    assert services["postgres"]["profiles"] == ["postgres"]
    assert services["reasoned"]["depends_on"]["postgres"]["required"] is False


def test_prometheus_asks_the_service_with_a_key() -> None:
    written = (DEPLOY / "prometheus" / "prometheus.yml").read_text(encoding="utf-8")
    (job,) = yaml.safe_load(written)["scrape_configs"]

    assert job["authorization"]["credentials_file"] == "/run/secrets/metrics_key"
    assert job["static_configs"] == [{"targets": ["reasoned:3000"]}]


def test_prometheus_reads_the_rules_and_nothing_beside_them() -> None:
    place = DEPLOY / "prometheus"
    named = yaml.safe_load((place / "prometheus.yml").read_text(encoding="utf-8"))["rule_files"]

    # No pattern: the cases of `promtool test rules` lie beside them and are no rules.
    assert [Path(one).parent for one in named] == [Path("/etc/prometheus")]
    assert all((place / Path(one).name).is_file() for one in named)


def test_grafana_finds_prometheus_and_the_dashboards() -> None:
    place = DEPLOY / "grafana" / "provisioning"
    sources = yaml.safe_load((place / "datasources" / "prometheus.yaml").read_text("utf-8"))
    boards = yaml.safe_load((place / "dashboards" / "reasoned.yaml").read_text("utf-8"))
    volumes = COMPOSE["services"]["grafana"]["volumes"]

    assert sources["datasources"][0]["url"] == "http://prometheus:9090"
    path = boards["providers"][0]["options"]["path"]
    assert f"./grafana/dashboards:{path}:ro" in volumes
