"""A little issuer of tokens: real keys, real signatures, a real server that publishes them."""

import base64
import contextlib
import json
import threading
import time
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from service.settings import Settings

AUDIENCE, ISSUER = "reasoned-test", "https://issuer.example/"
Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
KINDS = {"rsa": "RS256", "ec": "ES256", "ed": "EdDSA"}


def made_keys() -> dict[str, Private]:
    return {
        "rsa": rsa.generate_private_key(public_exponent=65537, key_size=2048),
        "ec": ec.generate_private_key(ec.SECP256R1()),
        "ed": ed25519.Ed25519PrivateKey.generate(),
    }


class Issuer:
    """Signs tokens, and publishes its keys at `url` as long as it is `up`."""

    def __init__(self, keys: dict[str, Private], port: int) -> None:
        self.keys = keys
        self.url = f"http://127.0.0.1:{port}/keys"
        self.published = [public_jwk(kid, key) for kid, key in keys.items()]
        self.up = True
        self.asked = 0

    def token(
        self,
        key_id: str = "ec",
        *,
        without: str = "",
        claims: Mapping[str, object] = MappingProxyType({}),
        **others: object,
    ) -> str:
        held = {**good_claims(), **claims, **others}
        held.pop(without, None)
        headers = {"kid": key_id}
        body = json.dumps(held).encode()  # whatever it says: `jwt.encode` refuses some claims
        return jwt.PyJWS().encode(body, self.keys[key_id], KINDS[key_id], headers=headers)

    def settings(self, *api_keys: str) -> Settings:
        return Settings(
            jwks_url=self.url,
            jwt_audience=AUDIENCE,
            jwt_issuer=ISSUER,
            api_keys=api_keys,
            ledger="off",
        )


def good_claims() -> dict[str, object]:
    now = int(time.time())
    return {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "exp": now + 60,
        "iat": now,
        "sub": "alice",
        "tenant": "acme",
        "scope": "openid predict read",
    }


def public_jwk(key_id: str, key: Private) -> dict[str, Any]:
    public = key.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        found = RSAAlgorithm.to_jwk(public, as_dict=True)
    elif isinstance(public, ec.EllipticCurvePublicKey):
        found = ECAlgorithm.to_jwk(public, as_dict=True)
    else:
        found = OKPAlgorithm.to_jwk(public, as_dict=True)
    return {**found, "kid": key_id, "use": "sig"}


def public_pem(key: Private) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def part(value: object) -> str:
    """Encode one part of a token."""
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


@contextlib.contextmanager
def issuing(keys: dict[str, Private]) -> Iterator[Issuer]:
    """Publish on a free port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked += 1
            if self.path == "/moved":
                self.send_response(302)
                self.send_header("location", issuer.url)
                self.end_headers()
                return
            self.send_response(200 if issuer.up else 503)
            self.end_headers()
            self.wfile.write(json.dumps({"keys": issuer.published}).encode())

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        issuer = Issuer(keys, server.server_port)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield issuer
        finally:
            server.shutdown()
            thread.join()
