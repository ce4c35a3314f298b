"""What HTTP Basic brings is a key or a token, or it is refused."""

import asyncio
import base64

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.access import Access, Credential, credential_of
from service.basic import SAFE, unpacked
from service.errors import UnauthorizedError
from service.openapi.document import openapi_bytes
from tests.service.issuer import issuing, made_keys


def packed(password: str) -> bytes:
    return base64.b64encode(f"anybody:{password}".encode())


def sent(value: bytes) -> Credential:
    found = credential_of([(b"authorization", b"Basic " + value)])
    assert found is not None
    return found


@pytest.mark.parametrize("method", ["OPTIONS", "PATCH", "TRACE", "get", "QUERY"])
def test_what_is_not_known_to_be_safe_is_refused(method: str) -> None:
    with pytest.raises(UnauthorizedError, match=f"GET and HEAD here.* for {method} send"):
        unpacked(Credential(b"dTpr", bearer=True, basic=True), method)


@given(st.binary(max_size=60), st.sampled_from(["GET", "HEAD", "POST"]))
def test_whatever_comes_is_a_password_or_is_refused(value: bytes, method: str) -> None:
    try:
        found = unpacked(Credential(value, bearer=True, basic=True), method)
    except UnauthorizedError:
        return
    user, _, password = base64.b64decode(value).partition(b":")
    assert method in SAFE
    assert b":" not in user
    assert found == Credential(password, bearer=True)


@given(st.text(st.characters(exclude_characters=":")), st.binary())
def test_a_password_comes_out_as_it_went_in(user: str, password: bytes) -> None:
    value = base64.b64encode(user.encode(errors="replace") + b":" + password)

    assert unpacked(sent(value), "GET") == Credential(password, bearer=True)


def test_nothing_without_end_is_unpacked() -> None:
    with pytest.raises(UnauthorizedError, match="got 16388 bytes, more than the 16384 that are"):
        unpacked(sent(b"a" * 16_388), "GET")
    assert unpacked(sent(base64.b64encode(b":" + b"a" * 12_287)), "GET").value == b"a" * 12_287


@pytest.mark.parametrize("empty", [(b"x-api-key", b""), (b"authorization", b"Bearer ")])
def test_an_empty_header_beside_it_counts_for_nothing(empty: tuple[bytes, bytes]) -> None:
    own = (b"authorization", b"Basic dTpw")

    assert credential_of([empty, own]) == Credential(b"dTpw", bearer=True, basic=True)


def test_a_key_beside_it_counts_whatever_comes_first() -> None:
    """A proxy that asks for a password of its own may hand it on."""
    own = (b"authorization", b"Basic dTpw")
    key, bearer = (b"x-api-key", b"key"), (b"authorization", b"Bearer token")

    for pair in ([own, key], [key, own]):
        assert credential_of(pair) == Credential(b"key", bearer=False)
    for pair in ([own, bearer], [bearer, own]):
        assert credential_of(pair) == Credential(b"token", bearer=True)
    other = (b"authorization", b"Basic b3RoZXI6")
    assert credential_of([own, other]) == Credential(b"dTpw", bearer=True, basic=True)


def test_a_token_may_be_the_password() -> None:
    with issuing(made_keys()) as issuer:
        access = Access.open(issuer.settings())
        assert access is not None

        found = asyncio.run(access.caller(unpacked(sent(packed(issuer.token())), "GET")))
        with pytest.raises(UnauthorizedError, match="may have 8192 characters"):
            asyncio.run(access.caller(unpacked(sent(packed(f"a.b.{'c' * 9000}")), "GET")))

    assert found.name == "sub:alice"


def test_the_document_offers_it_for_what_is_only_read() -> None:
    paths = orjson.loads(openapi_bytes())["paths"]
    offered = {
        method
        for methods in paths.values()
        for method, operation in methods.items()
        if method != "parameters" and {"basic": []} in operation.get("security", ())
    }

    assert offered == {"get"}
    assert {"basic": []} not in paths["/livez"]["get"]["security"]
    assert {"basic": []} in paths["/v1/drift.html"]["get"]["security"]
