from pathlib import Path

import pytest
from pydantic import ValidationError

from reasoned.errors import SettingsError
from service.settings import Settings, read_settings


def test_the_defaults_are_those_of_the_documentation() -> None:
    settings = Settings()

    assert settings.body_limit == 10_000_000
    assert settings.inline_ms == 2.0
    assert settings.api_keys == ()
    assert not settings.insecure


def test_the_environment_is_read_by_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REASONED_MODEL", "/srv/model")
    monkeypatch.setenv("REASONED_CORS_ORIGINS", "https://a.example, https://b.example,")
    monkeypatch.setenv("REASONED_INSECURE", "1")

    settings = read_settings()

    assert settings.model == Path("/srv/model")
    assert settings.cors_origins == ("https://a.example", "https://b.example")
    assert settings.insecure


def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REASONED_BODY_LIMIT", "ten")

    with pytest.raises(SettingsError, match=r"REASONED_BODY_LIMIT: .*integer.*not 'ten'"):
        read_settings()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().insecure = True  # type: ignore[misc]  # the point of the test
