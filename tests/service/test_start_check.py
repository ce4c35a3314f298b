import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import pytest

from reasoned.errors import FolderError, SettingsError
from service.model_folder import model_folder
from service.settings import Settings
from service.start_check import check_exposure, check_start
from tests.service.live_server import EVERYWHERE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    return tmp_path


@contextmanager
def command(host: str | None) -> Iterator[None]:
    """Run as `bentoml serve --host` does."""
    context = click.Context(click.Command("serve"))
    context.params["host"] = host
    with context:
        yield


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"is no model folder: it has no manifest\.json"):
        model_folder(Settings(model=tmp_path))


def test_without_a_setting_the_folder_beside_the_package_is_meant() -> None:
    with pytest.raises(SettingsError, match="model is no model folder"):
        model_folder(Settings())


def test_loopback_needs_no_keys() -> None:
    with command("127.0.0.1"):
        check_exposure(Settings())


@pytest.mark.parametrize("host", [EVERYWHERE, "::", "10.1.2.3", None])
def test_any_other_address_needs_keys(folder: Path, host: str | None) -> None:
    with command(host), pytest.raises(SettingsError, match="beyond loopback, without API keys"):
        check_start(Settings(model=folder))


def test_keys_or_the_word_insecure_are_enough() -> None:
    digest = hashlib.sha256(b"key").hexdigest()
    with command(EVERYWHERE):
        check_exposure(Settings(api_keys=(digest,)))
        check_exposure(Settings(insecure=True))


def test_tokens_are_as_good_as_keys() -> None:
    with command(EVERYWHERE):
        check_exposure(
            Settings(jwks_url="https://issuer.example/k", jwt_audience="a", jwt_issuer="i")
        )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"api_keys": ("secret",)}, "entry 1: wanted the SHA-256"),
        ({"jwks_url": "https://issuer.example/k"}, "tokens need all three"),
        ({"rate_limit": "often"}, "REASONED_RATE_LIMIT must be"),
        ({"opt_out_file": Path("/no/such")}, "REASONED_OPT_OUT_FILE: /no/such cannot be read"),
    ],
)
def test_a_wrong_setting_is_refused_before_a_worker_starts(
    folder: Path, settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        check_start(Settings(model=folder, **settings))


def test_without_a_command_the_workers_decide() -> None:
    check_exposure(Settings())


def test_a_folder_that_was_changed_is_refused_before_a_worker_starts(folder: Path) -> None:
    with pytest.raises(FolderError, match="is not a model folder"):
        check_start(Settings(model=folder))
