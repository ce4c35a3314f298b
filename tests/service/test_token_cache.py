import jwt
import pytest

from service.caller import Caller
from service.token_cache import MOST_KEPT, TokenCache, Verified
from tests.service.issuer import made_keys, public_jwk

WHO = Caller("acme", frozenset(), "sub:alice")


@pytest.fixture(scope="module")
def key() -> jwt.PyJWK:
    return jwt.PyJWK(public_jwk("ec", made_keys()["ec"]))


def test_a_token_is_known_until_it_expires(key: jwt.PyJWK) -> None:
    now = 100.0
    cache = TokenCache(lambda: now)
    cache.keep("a", Verified(WHO, 130.0, "ec", key))

    found = cache.find("a")
    assert found is not None
    assert found.caller is WHO
    assert cache.find("b") is None
    now = 129.9
    assert cache.find("a") is not None
    now = 130.0
    assert cache.find("a") is None


def test_the_one_that_was_not_used_for_longest_goes(key: jwt.PyJWK) -> None:
    cache = TokenCache(lambda: 0.0)
    for number in range(MOST_KEPT):
        cache.keep(str(number), Verified(WHO, 1.0, "ec", key))
    assert cache.find("0") is not None

    cache.keep("another", Verified(WHO, 1.0, "ec", key))

    assert cache.find("0") is not None
    assert cache.find("1") is None
    assert cache.find("another") is not None


def test_any_text_may_be_asked_for() -> None:
    assert TokenCache().find("\udcff.\udcff.") is None
