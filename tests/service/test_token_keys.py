import asyncio
import base64
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from reasoned.errors import SettingsError
from service.token_keys import AGAIN_AFTER, FRESH_FOR, TokenKeys, check_url, fetch_keys
from tests.service.issuer import Issuer, Private, issuing, made_keys


@pytest.fixture(scope="module")
def keys() -> dict[str, Private]:
    return made_keys()


@pytest.fixture
def issuer(keys: dict[str, Private]) -> Iterator[Issuer]:
    with issuing(keys) as found:
        yield found


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def known(keys: TokenKeys, key_id: str) -> bool:
    return asyncio.run(keys.find(key_id)) is not None


def test_keys_are_fetched_once_for_all(issuer: Issuer) -> None:
    keys = TokenKeys(issuer.url)

    assert [known(keys, key_id) for key_id in ("rsa", "ec", "ed", "ec")] == [True] * 4
    assert issuer.asked == 1


def test_an_unknown_key_asks_again_but_not_more_than_every_ten_seconds(issuer: Issuer) -> None:
    clock = Clock()
    keys = TokenKeys(issuer.url, clock)
    held, issuer.published = issuer.published, issuer.published[:1]
    assert known(keys, "rsa")
    assert not known(keys, "ec")
    issuer.published = held

    clock.now = AGAIN_AFTER - 0.1
    assert not known(keys, "ec")
    assert issuer.asked == 1
    clock.now = AGAIN_AFTER
    assert known(keys, "ec")
    assert issuer.asked == 2


def test_many_who_ask_at_once_cause_one_fetch(issuer: Issuer) -> None:
    keys = TokenKeys(issuer.url)

    async def run() -> list[object]:
        return list(await asyncio.gather(*(keys.find(kid) for kid in ["ec", "none"] * 8)))

    assert [found is not None for found in asyncio.run(run())] == [True, False] * 8
    assert issuer.asked == 1


def test_the_old_keys_stay_while_the_issuer_is_down_and_it_is_logged_once(
    issuer: Issuer, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    keys = TokenKeys(issuer.url, clock)
    assert known(keys, "ec")

    issuer.up = False
    for _ in range(3):
        clock.now += FRESH_FOR
        asyncio.run(keys.refresh())

    assert issuer.asked == 4
    assert known(keys, "ec")
    errors = [record.message for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 1
    assert "the 3 keys of before stay: HTTPError: HTTP Error 503" in errors[0]


def test_a_withdrawn_key_vanishes_when_it_is_time_to_look(issuer: Issuer) -> None:
    clock = Clock()
    keys = TokenKeys(issuer.url, clock)
    assert known(keys, "ec")
    issuer.published = issuer.published[:1]

    clock.now = FRESH_FOR - 0.1
    asyncio.run(keys.refresh())
    assert known(keys, "ec")
    clock.now = FRESH_FOR
    asyncio.run(keys.refresh())
    assert not known(keys, "ec")


def test_after_a_failure_it_is_soon_tried_again(issuer: Issuer) -> None:
    clock = Clock()
    keys = TokenKeys(issuer.url, clock)
    issuer.up = False
    asyncio.run(keys.refresh())
    issuer.up = True

    clock.now = AGAIN_AFTER
    asyncio.run(keys.refresh())

    assert known(keys, "ec")


def test_keys_that_must_not_verify_are_left_out(issuer: Issuer) -> None:
    secret = base64.urlsafe_b64encode(b"x" * 64).decode()
    issuer.published += [
        {"kty": "oct", "k": secret, "kid": "symmetric", "alg": "HS256"},
        {**issuer.published[0], "kid": "encrypts", "use": "enc"},
        {key: value for key, value in issuer.published[0].items() if key != "kid"},
        {"kty": "unheard of", "kid": "new"},
    ]

    assert set(fetch_keys(issuer.url)) == {"rsa", "ec", "ed"}


def test_a_redirect_is_not_followed(issuer: Issuer) -> None:
    with pytest.raises(OSError, match="302"):
        fetch_keys(issuer.url.replace("/keys", "/moved"))


def test_keys_may_lie_in_a_file(issuer: Issuer, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({"keys": issuer.published}), encoding="utf-8")

    assert known(TokenKeys(path.as_uri()), "rsa")


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"keys": []}', '{"keys": [1]}', " " * 1_000_001])
def test_what_is_no_key_set_opens_nothing(
    tmp_path: Path, body: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "keys.json"
    path.write_text(body, encoding="utf-8")

    assert not known(TokenKeys(path.as_uri()), "rsa")
    assert "REASONED_JWKS_URL cannot be read" in caplog.text


@pytest.mark.parametrize(
    "url", ["https://issuer.example/keys", "http://[::1]:1/k", "http://localhost/k", "file:///k"]
)
def test_a_safe_place_is_taken(url: str) -> None:
    check_url(url)


@pytest.mark.parametrize(
    "url",
    ["http://issuer.example/keys", "ftp://127.0.0.1/k", "https:///k", "file:///", "keys.json", "",
     "http://127.0.0.1.example/k", "file://host/k", "data:,x"],
)  # fmt: skip
def test_any_other_place_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="REASONED_JWKS_URL must be https"):
        check_url(url)


@pytest.mark.parametrize(
    "url", ["https://anna:secret@issuer.example/keys", "http://127.0.0.1@issuer.example/keys"]
)
def test_a_password_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(SettingsError, match="no user and no password: public keys") as refused:
        check_url(url)
    assert "secret" not in str(refused.value)
