from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PLACE = ROOT / "deploy" / "kubernetes"
FILES = sorted(path for path in PLACE.rglob("*.yaml"))
LABEL = {"app.kubernetes.io/name": "reasoned"}


def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((PLACE / name).read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PLACE)))
def test_a_manifest_says_what_it_is(path: Path) -> None:
    (manifest,) = yaml.safe_load_all(path.read_text(encoding="utf-8"))

    assert {"apiVersion", "kind"} <= set(manifest)


@pytest.mark.parametrize("name", [".", "replicas"])
def test_every_file_of_a_kustomization_is_there(name: str) -> None:
    written = read(f"{name}/kustomization.yaml")
    named = [*written["resources"], *(patch["path"] for patch in written.get("patches", []))]

    assert all((PLACE / name / one).exists() for one in named)


def test_nothing_watches_without_being_asked() -> None:
    assert "servicemonitor.yaml" not in read("kustomization.yaml")["resources"]


def test_every_selector_finds_the_pods_and_no_others() -> None:
    deployment = read("deployment.yaml")["spec"]

    assert deployment["template"]["metadata"]["labels"] == LABEL
    assert deployment["selector"]["matchLabels"] == LABEL
    assert read("service.yaml")["spec"]["selector"] == LABEL
    assert read("disruption.yaml")["spec"]["selector"]["matchLabels"] == LABEL
    assert read("network.yaml")["spec"]["podSelector"]["matchLabels"] == LABEL
    assert read("servicemonitor.yaml")["spec"]["selector"]["matchLabels"] == LABEL


def test_a_pod_is_confined() -> None:
    pod = read("deployment.yaml")["spec"]["template"]["spec"]
    (container,) = pod["containers"]

    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert f"USER {pod['securityContext']['runAsUser']}:" in (
        ROOT / "deploy" / "Dockerfile"
    ).read_text(encoding="utf-8")
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert "memory" in container["resources"]["limits"]


def test_every_volume_that_is_mounted_is_there() -> None:
    pod = read("deployment.yaml")["spec"]["template"]["spec"]

    mounted = {one["name"] for one in pod["containers"][0]["volumeMounts"]}
    assert mounted == {one["name"] for one in pod["volumes"]}


def test_probes_ask_paths_that_need_no_key() -> None:
    from service.edge.open_paths import OPEN_PATHS  # noqa: PLC0415  takes a while

    (container,) = read("deployment.yaml")["spec"]["template"]["spec"]["containers"]
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"]["path"] in OPEN_PATHS


def test_the_service_may_ask_nobody_but_in_replicas_the_ledger() -> None:
    network = read("network.yaml")["spec"]
    assert network["policyTypes"] == ["Ingress", "Egress"]
    assert network["egress"] == []

    (rule,) = read("replicas/network.yaml")["spec"]["egress"]
    assert {one["port"] for one in rule["ports"]} == {53, 5432}


def test_replicas_share_a_ledger_outside_of_the_pods() -> None:
    (container,) = read("replicas/deployment.yaml")["spec"]["template"]["spec"]["containers"]

    assert [one["name"] for one in container["env"]] == ["REASONED_LEDGER"]
    assert read("deployment.yaml")["spec"]["strategy"] == {"type": "Recreate"}
