"""Tokens of the provider: who signed them, for whom they are meant, and until when they count."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry, Token

from wijkteam.signing_in.single_sign_on.provider import Provider
from wijkteam.signing_in.single_sign_on.refusals import WRONG_TOKEN, NotSignedIn
from wijkteam.terms import clock

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
"""Signatures that only the provider can make; never none, never one that our own secret makes (HS256)."""
LEEWAY = 60
"""Seconds that two clocks may differ."""
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
MOST_SUBJECT = 255
OLDEST_LOGOUT = 300
"""Seconds after which a logout token is too old, whatever it says of its end."""


@dataclass(frozen=True)
class SignedOutThere:
    """What a logout token says: which session ended, or (None) all of this subject's."""

    subject: str | None
    provider_session: str | None
    jti: str
    expires_at: datetime


def read_id_token(provider: Provider, token: str, nonce: str, access_token: str) -> dict[str, Any]:
    """The claims of an ID token that was made for this sign-in. Raises NotSignedIn."""
    found = _verified(provider, token)
    own = provider.settings
    options: dict[str, Any] = {
        "iss": {"essential": True, "value": own.issuer},
        "aud": {"essential": True, "value": own.client_id},
        "sub": {"essential": True},
        "nonce": {"essential": True, "value": nonce},
    }
    params = {"nonce": nonce, "client_id": own.client_id, "access_token": access_token}
    claims = CodeIDToken(found.claims, found.header, options, params)
    try:
        claims.validate(now=int(clock.now().timestamp()), leeway=LEEWAY)
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise NotSignedIn(WRONG_TOKEN, _named(error)) from error
    if found.header.get("typ", "JWT").lower() not in ("jwt", "at+id_token", "id_token+jwt"):
        raise NotSignedIn(WRONG_TOKEN, "typ")
    _check_subject(claims.get("sub"))
    return dict(found.claims)


def read_logout_token(provider: Provider, token: str) -> SignedOutThere:
    """What a logout token says (OpenID Connect Back-Channel Logout 1.0, 2.6). Raises NotSignedIn."""
    found = _verified(provider, token)
    claims, now = found.claims, int(clock.now().timestamp())
    registry = JWTClaimsRegistry(
        now,
        LEEWAY,
        iss={"essential": True, "value": provider.settings.issuer},
        aud={"essential": True, "value": provider.settings.client_id},
        iat={"essential": True},
        exp={"essential": True},
        jti={"essential": True},
    )
    try:
        registry.validate(claims)
        expires_at = datetime.fromtimestamp(claims["exp"] + LEEWAY, UTC)
    except (JoseError, KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        raise NotSignedIn(WRONG_TOKEN, _named(error)) from error
    if found.header.get("typ", "JWT").lower() not in ("jwt", "logout+jwt"):
        raise NotSignedIn(WRONG_TOKEN, "typ")
    if claims["iat"] < now - OLDEST_LOGOUT - LEEWAY:
        raise NotSignedIn(WRONG_TOKEN, "too old")
    events = claims.get("events")
    if not isinstance(events, Mapping) or not isinstance(events.get(LOGOUT_EVENT), Mapping) or "nonce" in claims:
        raise NotSignedIn(WRONG_TOKEN, "no logout token")
    subject, session = claims.get("sub"), claims.get("sid")
    if subject is None and session is None:
        raise NotSignedIn(WRONG_TOKEN, "neither sub nor sid")
    for each in (subject, session):
        if each is not None:
            _check_subject(each)
    return SignedOutThere(subject, session, claims["jti"], expires_at)


def _check_subject(text: object) -> None:
    if not isinstance(text, str) or not 0 < len(text) <= MOST_SUBJECT or "\0" in text:
        raise NotSignedIn(WRONG_TOKEN, "unusable sub or sid")


def _verified(provider: Provider, token: str) -> Token:
    kid = _kid(token)
    keys = provider.key_set(kid)
    registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    try:
        return jwt.decode(token, keys, registry=registry)
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise NotSignedIn(WRONG_TOKEN, _named(error)) from error


def _kid(token: str) -> str | None:
    """Which key the token says it was signed with; believed only so far as to look for that key."""
    head = token.partition(".")[0]
    try:
        header = json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, RecursionError):
        return None
    kid = header.get("kid") if isinstance(header, dict) else None
    return kid if isinstance(kid, str) else None


def _named(error: Exception) -> str:
    """What kind of mistake it is, without the value that was wrong."""
    claim = getattr(error, "claim", None)
    name = type(error).__name__
    return f"{name}: {claim}" if isinstance(claim, str) and claim.isascii() and len(claim) < 20 else name
