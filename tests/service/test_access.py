"""Which of both reads what came, and that changed keys count soon."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reasoned.errors import SettingsError
from service.access import Access, Credential, credential_of
from service.caller import Caller
from service.errors import UnauthorizedError
from service.key_ring import KeyRing
from service.settings import Settings
from tests.service.issuer import Issuer, issuing, made_keys

DOTTED = "a.key.of-old"
DIGEST = hashlib.sha256(DOTTED.encode()).hexdigest()


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with issuing(made_keys()) as found:
        yield found


def opened(settings: Settings) -> Access:
    found = Access.open(settings)
    assert found is not None
    return found


def asked(access: Access, value: str, *, bearer: bool = True) -> Caller:
    return asyncio.run(access.caller(Credential(value.encode(), bearer)))


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ([], None),
        ([(b"authorization", b"Basic a")], Credential(b"a", bearer=True, basic=True)),
        ([(b"authorization", b"Basica")], None),
        ([(b"authorization", b"Digest a")], None),
        ([(b"authorization", b"Bearerkey")], None),
        ([(b"authorization", b"bEARER  key ")], Credential(b"key", bearer=True)),
        ([(b"x-api-key", b"key")], Credential(b"key", bearer=False)),
        ([(b"x-api-key", b"1"), (b"authorization", b"Bearer 2")], Credential(b"1", bearer=False)),
    ],
)
def test_the_first_credential_counts(
    headers: list[tuple[bytes, bytes]], found: Credential | None
) -> None:
    assert credential_of(headers) == found


def test_without_settings_there_is_nothing_to_ask_for() -> None:
    assert Access.open(Settings()) is None


def test_keys_and_tokens_open_side_by_side(issuer: Issuer) -> None:
    access = opened(issuer.settings(f"{hashlib.sha256(b'key').hexdigest()} name=one"))

    assert asked(access, "key").name == "one"
    assert asked(access, issuer.token()).name == "sub:alice"


def test_two_dots_make_a_token_where_tokens_are_taken_and_else_a_key(issuer: Issuer) -> None:
    only_keys = opened(Settings(api_keys=(DIGEST,)))
    both = opened(issuer.settings(DIGEST))

    assert asked(only_keys, DOTTED).name == DIGEST[:8]
    with pytest.raises(UnauthorizedError, match="two dots and is no JSON Web Token"):
        asked(both, DOTTED)
    assert asked(both, DOTTED, bearer=False).name == DIGEST[:8]
    with pytest.raises(UnauthorizedError, match="API key is not known"):
        asked(both, issuer.token(), bearer=False)


def test_tokens_alone_are_enough(issuer: Issuer) -> None:
    access = opened(issuer.settings())

    with pytest.raises(UnauthorizedError, match="API key is not known here"):
        asked(access, "key")


@pytest.mark.parametrize("name", ["jwks_url", "jwt_audience", "jwt_issuer"])
def test_one_setting_of_tokens_alone_refuses_to_start(name: str) -> None:
    settings = Settings().model_copy(update={name: "https://issuer.example/"})

    with pytest.raises(SettingsError, match="tokens need all three"):
        Access.open(settings)


async def until(met: Callable[[], bool]) -> None:
    """Let others run until something is so; a quarter of a minute is for a busy machine."""
    end = time.monotonic() + 15
    while not met():
        if time.monotonic() > end:
            raise TimeoutError("it never came to be so")
        await asyncio.to_thread(time.monotonic)


def test_changed_keys_count_while_it_is_watched(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_text(DIGEST, encoding="utf-8")
    ring = KeyRing(Settings(api_keys_file=path))

    async def run() -> None:
        async with Access(ring, every=0.0).watched():
            path.write_text(hashlib.sha256(b"new").hexdigest(), encoding="utf-8")
            await until(lambda: ring.find(b"new") is not None)

    asyncio.run(run())
    assert ring.find(DOTTED.encode()) is None


class Failing:
    """Tokens whose keys can never be looked at."""

    def __init__(self) -> None:
        self.looks = 0

    async def caller(self, token: str) -> Caller:
        raise UnauthorizedError(token)

    async def refresh(self) -> None:
        self.looks += 1
        raise ZeroDivisionError("never foreseen")


def test_a_look_that_fails_is_not_the_last(caplog: pytest.LogCaptureFixture) -> None:
    failing = Failing()

    async def run() -> None:
        async with Access(KeyRing(Settings()), failing, every=0.0).watched():
            await until(lambda: failing.looks > 2)

    asyncio.run(run())
    assert "the keys could not be looked at" in caplog.text
