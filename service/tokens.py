"""JSON Web Tokens in place of keys: signed by a known issuer, for this service."""

import importlib.util
from collections.abc import Mapping
from typing import Any, Final, final

import jwt

from reasoned.errors import SettingsError
from service.api_keys import NAME
from service.caller import SCOPES, Caller
from service.errors import UnauthorizedError
from service.settings import Settings
from service.token_cache import TokenCache, Verified
from service.token_keys import TokenKeys, check_url

# Never HS*, whose secret would be a public key, and never `none`.
ALGORITHMS: Final = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA"),
)
LEEWAY: Final = 30  # seconds that the issuer's clock may be wrong
_MOST_CHARACTERS: Final = 8192
_MOST_SUBJECT: Final = 255  # as OpenID Connect has it
_OPTIONS: Final[Mapping[str, Any]] = {
    "require": ["exp", "aud", "iss"],
    "enforce_minimum_key_length": True,
}


@final
class Tokens:
    """Find out whom a token lets in.

    Parameters
    ----------
    keys
        Those that may have signed it.
    audience, issuer
        For whom and by whom it must have been made.

    """

    def __init__(self, keys: TokenKeys, audience: str, issuer: str) -> None:
        self._keys = keys
        self._audience = audience
        self._issuer = issuer
        self._cache = TokenCache()

    @classmethod
    def open(cls, settings: Settings) -> "Tokens":
        """Take tokens as the settings say; nothing is fetched yet.

        Raises
        ------
        SettingsError
            When a setting is missing or wrong, or a part of PyJWT is not installed.

        """
        if importlib.util.find_spec("cryptography") is None:
            raise SettingsError(
                "REASONED_JWKS_URL needs cryptography, which is not installed here: "
                "pip install 'reasoned[jwt]'"
            )
        url, audience, issuer = settings.jwks_url, settings.jwt_audience, settings.jwt_issuer
        if not (url and audience and issuer):
            raise SettingsError(
                "tokens need all three of REASONED_JWKS_URL, REASONED_JWT_AUDIENCE and "
                "REASONED_JWT_ISSUER"
            )
        check_url(url)
        return cls(TokenKeys(url), audience, issuer)

    async def refresh(self) -> None:
        """Fetch the issuer's keys if it is time to."""
        await self._keys.refresh()

    async def caller(self, token: str) -> Caller:
        """Say who asks.

        Raises
        ------
        UnauthorizedError
            When the token is not valid here; it says why, and repeats none of it.

        """
        known = self._cache.find(token)
        if known is not None and self._keys.held(known.key_id) is known.key:
            return known.caller
        key_id = _key_id(token)
        key = await self._keys.find(key_id)
        if key is None:
            raise UnauthorizedError("This token is signed by a key that is not known here.")
        claims = self._verified(token, key)
        caller = _caller_of(claims)
        self._cache.keep(token, Verified(caller, int(claims["exp"]) + LEEWAY, key_id, key))
        return caller

    def _verified(self, token: str, key: jwt.PyJWK) -> dict[str, Any]:
        """Check the signature and what a token must claim."""
        try:
            return jwt.decode(
                token,
                key,
                algorithms=list(ALGORITHMS),
                audience=self._audience,
                issuer=self._issuer,
                leeway=LEEWAY,
                options=dict(_OPTIONS),  # type: ignore[arg-type]  # a TypedDict with more in it
            )
        except (jwt.PyJWTError, ValueError, OverflowError) as error:
            raise UnauthorizedError(f"This token is not valid here: {_reason(error)}.") from error


def _key_id(token: str) -> str:
    """Read which key a token names, and refuse what no key could make good."""
    if len(token) > _MOST_CHARACTERS:
        raise UnauthorizedError(f"A token may have {_MOST_CHARACTERS} characters here, not more.")
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError) as error:
        raise UnauthorizedError("This bearer has two dots and is no JSON Web Token.") from error
    if header.get("alg") not in ALGORITHMS:
        raise UnauthorizedError(f"A token must be signed by one of {', '.join(ALGORITHMS)}.")
    key_id = header.get("kid")
    if not isinstance(key_id, str):
        raise UnauthorizedError("A token must name the key that signed it, as `kid`.")
    return key_id


def _reason(error: Exception) -> str:
    wanted: dict[type[Exception], str] = {
        jwt.ExpiredSignatureError: "it has expired",
        jwt.ImmatureSignatureError: "its time has not come",
        jwt.InvalidAudienceError: "it is for another audience",
        jwt.InvalidIssuerError: "it is by another issuer",
        jwt.InvalidSignatureError: "its signature is wrong",
        jwt.InvalidAlgorithmError: "its algorithm is not that of its key",
        jwt.InvalidKeyError: "its key is too weak",
    }
    if isinstance(error, jwt.MissingRequiredClaimError):
        return f"it lacks the claim {error.claim}"
    return wanted.get(type(error), "it is malformed")


def _caller_of(claims: Mapping[str, object]) -> Caller:
    subject = claims.get("sub")
    if subject is not None and not _is_name(subject):
        raise UnauthorizedError(
            f"A token's sub must have {_MOST_SUBJECT} printable characters at the most."
        )
    name = None if subject is None else f"sub:{subject}"
    tenant = claims.get("tenant", name)
    if not isinstance(tenant, str) or ("tenant" in claims and not NAME.fullmatch(tenant)):
        raise UnauthorizedError(
            "A token must have the claim tenant, of letters, digits and . _ @ -, or the claim sub."
        )
    return Caller(tenant, _scopes_of(claims), name or f"sub:of {tenant}")


def _is_name(subject: object) -> bool:
    """Tell what can be written down anywhere: half a surrogate pair or a zero byte cannot."""
    return isinstance(subject, str) and len(subject) <= _MOST_SUBJECT and subject.isprintable()


def _scopes_of(claims: Mapping[str, object]) -> frozenset[str]:
    """Take what is known here; a token may have other scopes, for other services."""
    said = claims.get("scope", claims.get("scopes", ()))
    words = said.split() if isinstance(said, str) else said
    if not isinstance(words, (list, tuple)):
        return frozenset()
    return frozenset(word for word in words if word in SCOPES)
