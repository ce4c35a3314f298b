from pathlib import Path

from deploy.trial.engine import Engine
from deploy.trial.index import authority_file, mounts, pip_conf, secrets

LISTED = """global.cert='/etc/ssl/certs/ca-certificates.crt'
global.index-url='https://index.example/simple'
global.extra-index-url='file:///opt/pypi/simple https://more.example/simple'
global.find-links='/opt/wheels'
:env:.timeout='180'
"""


def test_only_what_leads_to_an_index_is_handed_on() -> None:
    assert pip_conf(LISTED, "/run/secrets/ca.pem") == (
        "[global]\n"
        "cert = /run/secrets/ca.pem\n"
        "index-url = https://index.example/simple\n"
        "extra-index-url = https://more.example/simple\n"
        "timeout = 180\n"
    )


def test_an_index_with_a_password_keeps_its_percent_signs() -> None:
    listed = "global.index-url='https://me:p%40ss@index.example/simple'"

    assert "index-url = https://me:p%40ss@index.example/simple\n" in pip_conf(listed, None)


def test_a_machine_without_settings_hands_nothing_on() -> None:
    assert pip_conf("", None) == "[global]\n"


def test_the_settings_reach_a_build_as_secrets(tmp_path: Path) -> None:
    flags = secrets(LISTED, tmp_path / "index")

    assert f"id=pip.conf,src={tmp_path / 'index' / 'pip.conf'}" in flags
    assert all(flag == "--secret" for flag in flags[::2])


def test_podman_mounts_them_where_a_recipe_knows_no_secrets(tmp_path: Path) -> None:
    podman = Engine("podman", ("podman",), (), {})
    docker = Engine("docker", ("docker",), (), {})

    assert mounts(docker, LISTED, tmp_path) == {}
    if authority_file() is not None:
        (written,) = mounts(podman, LISTED, tmp_path / "index").values()
        assert f'"{tmp_path / "index" / "pip.conf"}:/etc/pip.conf:ro"' in Path(written).read_text(
            encoding="utf-8"
        )
