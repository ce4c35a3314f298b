from pathlib import Path

import pytest

from reasoned.datasets.cache_folder import cache_folder


def test_the_environment_may_say_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")

    assert cache_folder() == Path("/somewhere/reasoned")


@pytest.mark.parametrize("value", [None, ""])
def test_else_it_lies_in_the_home(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    if value is None:
        monkeypatch.delenv("XDG_CACHE_HOME")
    else:
        monkeypatch.setenv("XDG_CACHE_HOME", value)

    assert cache_folder() == Path("/home/someone/.cache/reasoned")
