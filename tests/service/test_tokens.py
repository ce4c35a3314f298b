"""Tokens, and what an attacker may send in their place."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Iterator

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from reasoned.errors import SettingsError
from service.caller import Caller
from service.errors import UnauthorizedError
from service.settings import Settings
from service.token_keys import FRESH_FOR, TokenKeys
from service.tokens import LEEWAY, Tokens
from tests.service.issuer import (
    AUDIENCE,
    ISSUER,
    Issuer,
    good_claims,
    issuing,
    made_keys,
    part,
    public_pem,
)


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with issuing(made_keys()) as found:
        yield found


@pytest.fixture(scope="module")
def tokens(issuer: Issuer) -> Tokens:
    return Tokens.open(issuer.settings())


def asked(tokens: Tokens, token: str) -> Caller:
    return asyncio.run(tokens.caller(token))


def refused(tokens: Tokens, token: str) -> str:
    with pytest.raises(UnauthorizedError) as raised:
        asked(tokens, token)
    return str(raised.value)


@pytest.mark.parametrize("key_id", ["rsa", "ec", "ed"])
def test_a_signed_token_says_who_asks(tokens: Tokens, issuer: Issuer, key_id: str) -> None:
    caller = asked(tokens, issuer.token(key_id))

    assert caller == Caller("acme", frozenset({"predict", "read"}), "sub:alice")


def test_a_token_is_verified_once_and_no_longer_good_than_its_key() -> None:
    with issuing(made_keys()) as issuer:
        clock = [0.0]
        keys = TokenKeys(issuer.url, lambda: clock[0])
        tokens = Tokens(keys, AUDIENCE, ISSUER)
        token = issuer.token()

        assert asked(tokens, token) is asked(tokens, token)
        issuer.published = issuer.published[:1]
        clock[0] = FRESH_FOR
        asyncio.run(tokens.refresh())
        assert "not known here" in refused(tokens, token)


@pytest.mark.parametrize(
    ("claims", "scopes"),
    [
        ({"scope": "admin"}, {"admin"}),
        ({"scope": "", "scopes": ["admin"]}, set()),
        ({"scope": "reasoned:admin administrator"}, set()),
        ({"scope": 7}, set()),
    ],
)
def test_scopes_are_those_that_are_known(
    tokens: Tokens, issuer: Issuer, claims: dict[str, object], scopes: set[str]
) -> None:
    assert asked(tokens, issuer.token(claims=claims)).scopes == scopes


@pytest.mark.parametrize("scopes", [["predict", "email", 7, None], "predict email"])
def test_scopes_may_be_a_list(tokens: Tokens, issuer: Issuer, scopes: object) -> None:
    assert asked(tokens, issuer.token(without="scope", scopes=scopes)).scopes == {"predict"}


def test_without_a_tenant_each_subject_is_one_of_its_own(tokens: Tokens, issuer: Issuer) -> None:
    """The prefix keeps a subject that calls itself as a tenant does out of that tenant's rows."""
    caller = asked(tokens, issuer.token(without="tenant", sub="acme"))

    assert caller.tenant == "sub:acme"


def test_without_a_subject_the_tenant_is_enough(tokens: Tokens, issuer: Issuer) -> None:
    assert asked(tokens, issuer.token(without="sub")).tenant == "acme"


@pytest.mark.parametrize("tenant", ["sub:bob", "", "a b", "x" * 65, 7, None, ["acme"], "acme\n"])
def test_a_strange_tenant_is_refused(tokens: Tokens, issuer: Issuer, tenant: object) -> None:
    assert "must have the claim tenant" in refused(tokens, issuer.token(tenant=tenant))


@pytest.mark.parametrize("subject", ["a\x00b", "a\nb", "\ud800", "x" * 256])
def test_a_subject_that_cannot_be_written_down_is_refused(
    tokens: Tokens, issuer: Issuer, subject: str
) -> None:
    assert "sub must have 255 printable" in refused(tokens, issuer.token(sub=subject))


def test_a_token_of_nobody_is_refused(tokens: Tokens, issuer: Issuer) -> None:
    claims = {key: value for key, value in good_claims().items() if key not in ("sub", "tenant")}
    token = jwt.encode(claims, issuer.keys["ec"], "ES256", headers={"kid": "ec"})

    assert "or the claim sub" in refused(tokens, token)


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"exp": int(time.time()) - LEEWAY - 5}, "it has expired"),
        ({"nbf": int(time.time()) + 86_400}, "its time has not come"),
        ({"iat": int(time.time()) + 86_400}, "its time has not come"),
        ({"aud": "another"}, "it is for another audience"),
        ({"aud": []}, "it lacks the claim aud"),
        ({"iss": "https://issuer.example.evil/"}, "it is by another issuer"),
        ({"iss": ["https://issuer.example/"]}, "it is by another issuer"),
        ({"exp": float("inf")}, "it is malformed"),
        ({"exp": "soon"}, "it is malformed"),
    ],
)
def test_a_token_for_another_time_or_place_is_refused(
    tokens: Tokens, issuer: Issuer, claims: dict[str, object], reason: str
) -> None:
    assert reason in refused(tokens, issuer.token(claims=claims))


@pytest.mark.parametrize("claim", ["exp", "aud", "iss"])
def test_a_claim_that_must_be_there_is_missed(tokens: Tokens, issuer: Issuer, claim: str) -> None:
    assert f"it lacks the claim {claim}" in refused(tokens, issuer.token(without=claim))


def test_a_clock_may_be_a_little_wrong(tokens: Tokens, issuer: Issuer) -> None:
    late = issuer.token(exp=int(time.time()) - LEEWAY + 15)

    assert asked(tokens, late).tenant == "acme"


def test_one_of_several_audiences_is_enough(tokens: Tokens, issuer: Issuer) -> None:
    assert asked(tokens, issuer.token(aud=["another", AUDIENCE])).tenant == "acme"


@pytest.mark.parametrize("algorithm", ["none", "None", "", None, "HS256", 7])
def test_no_algorithm_that_needs_no_secret_is_taken(tokens: Tokens, algorithm: object) -> None:
    head = {"alg": algorithm, "kid": "rsa", "typ": "JWT"}

    for signature in ("", part(b"x")):
        token = f"{part(head)}.{part(good_claims())}.{signature}"
        assert "A token must be signed by one of RS256, " in refused(tokens, token)


@pytest.mark.parametrize("algorithm", ["HS256", "RS256"])
def test_the_public_key_is_no_secret(tokens: Tokens, issuer: Issuer, algorithm: str) -> None:
    """HMAC with the published key as its secret, under either name."""
    text = f"{part({'alg': algorithm, 'kid': 'rsa'})}.{part(good_claims())}"
    mac = hmac.new(public_pem(issuer.keys["rsa"]), text.encode(), hashlib.sha256).digest()

    assert "alice" not in refused(tokens, f"{text}.{part(mac)}")


def test_a_key_of_the_attackers_own_is_refused(tokens: Tokens) -> None:
    own = ec.generate_private_key(ec.SECP256R1())

    claimed = jwt.encode(good_claims(), own, "ES256", headers={"kid": "ec"})
    assert "its signature is wrong" in refused(tokens, claimed)
    named = jwt.encode(good_claims(), own, "ES256", headers={"kid": "mine"})
    assert "signed by a key that is not known here" in refused(tokens, named)
    unnamed = jwt.encode(good_claims(), own, "ES256")
    assert "must name the key that signed it" in refused(tokens, unnamed)


def test_a_key_in_the_header_is_not_looked_at(tokens: Tokens, issuer: Issuer) -> None:
    own = ec.generate_private_key(ec.SECP256R1())
    headers = {"kid": "mine", "jku": "http://127.0.0.1:1/k", "jwk": {"kty": "EC"}, "x5u": "x"}

    before = issuer.asked
    token = jwt.encode(good_claims(), own, "ES256", headers=headers)
    assert "not known here" in refused(tokens, token)
    assert issuer.asked <= before + 1


def test_another_keys_algorithm_is_refused(tokens: Tokens, issuer: Issuer) -> None:
    token = jwt.encode(good_claims(), issuer.keys["ec"], "ES256", headers={"kid": "rsa"})

    assert "its algorithm is not that of its key" in refused(tokens, token)


def test_a_weak_key_is_refused() -> None:
    weak = {"rsa": rsa.generate_private_key(public_exponent=65537, key_size=1024)}  # noqa: S505  weak
    with issuing({**weak}) as other:
        with pytest.warns(jwt.InsecureKeyLengthWarning):
            token = other.token("rsa")

        assert "its key is too weak" in refused(Tokens.open(other.settings()), token)


def test_a_changed_claim_breaks_the_signature(tokens: Tokens, issuer: Issuer) -> None:
    head, _, signature = issuer.token().split(".")
    forged = part({**good_claims(), "tenant": "zeta", "scope": "admin"})

    assert "its signature is wrong" in refused(tokens, f"{head}.{forged}.{signature}")


@pytest.mark.parametrize(
    "token",
    [
        "..",
        "a.b.c",
        "....",
        "\xff.\xff.\xff",
        f"{part([])}.{part({})}.",
        "x" * 9000,
        f"{part(b'[' * 5000)}.{part({})}.",
        f"{part(b'9' * 5000)}.{part({})}.",
    ],
)
def test_garbage_is_refused(tokens: Tokens, token: str) -> None:
    assert "oken" in refused(tokens, token)


@given(st.binary(max_size=40), st.binary(max_size=40), st.binary(max_size=8))
def test_whatever_comes_is_refused_and_never_fails(
    tokens: Tokens, head: bytes, body: bytes, signature: bytes
) -> None:
    refused(tokens, f"{part(head)}.{part(body)}.{part(signature)}")


@given(st.dictionaries(st.sampled_from(["alg", "kid", "crit", "b64", "typ"]), st.none() | st.text()
       | st.integers() | st.lists(st.text())))  # fmt: skip
def test_whatever_a_header_says_is_refused_and_never_fails(
    tokens: Tokens, head: dict[str, object]
) -> None:
    refused(tokens, f"{part({'alg': 'ES256', 'kid': 'ec', **head})}.{part(good_claims())}.AAAA")


@pytest.mark.parametrize("missing", ["jwks_url", "jwt_audience", "jwt_issuer"])
def test_all_three_settings_are_needed(issuer: Issuer, missing: str) -> None:
    settings = issuer.settings().model_copy(update={missing: None})

    with pytest.raises(SettingsError, match="tokens need all three of REASONED_JWKS_URL"):
        Tokens.open(settings)


def test_a_place_without_tls_is_refused() -> None:
    settings = Settings(
        jwks_url="http://issuer.example/keys", jwt_audience=AUDIENCE, jwt_issuer="x", ledger="off"
    )

    with pytest.raises(SettingsError, match="must be https"):
        Tokens.open(settings)
