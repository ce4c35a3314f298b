"""``reasoned serve``, up to the point where the server starts."""

from pathlib import Path

import pytest

from tests.reasoned.cli.conftest import Run


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REASONED_API_KEYS", "REASONED_API_KEYS_FILE", "REASONED_INSECURE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.org"])  # noqa: S104  refused
def test_beyond_loopback_without_keys_it_does_not_start(
    run: Run, digits_folder: Path, host: str
) -> None:
    found = run("serve", digits_folder, "--host", host)

    assert (found.code, found.out) == (2, "")
    assert f"--host {host} can be reached from elsewhere, but there are no API keys" in found.err
    assert "or pass --insecure" in found.err


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("REASONED_TIMEOUT", "soon", "REASONED_TIMEOUT: Input should be a valid number"),
        ("REASONED_API_KEYS", "secret", "wanted the SHA-256 of a key"),
        ("REASONED_RATE_LIMIT", "many", "REASONED_RATE_LIMIT must be like 100/second"),
        ("REASONED_OPT_OUT_FILE", "/none/ids", "REASONED_OPT_OUT_FILE"),
    ],
)
def test_a_wrong_setting_is_told_before_it_serves(
    run: Run,
    digits_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    wanted: str,
) -> None:
    monkeypatch.setenv(name, value)

    found = run("serve", digits_folder)

    assert (found.code, found.out) == (2, "")
    assert wanted in found.err
    assert "Serving" not in found.err
    assert "secret" not in found.err
    assert len(found.err.splitlines()) == 1


def test_a_folder_that_is_no_model_is_not_served(run: Run, tmp_path: Path) -> None:
    found = run("serve", tmp_path)

    assert found.code == 2
    assert "is not a model folder" in found.err


@pytest.mark.parametrize("option", [["--port", "0"], ["--port", "65536"], ["--workers", "0"]])
def test_impossible_ports_and_workers_are_wrong_usage(
    run: Run, digits_folder: Path, option: list[str]
) -> None:
    assert run("serve", digits_folder, *option).code == 2
