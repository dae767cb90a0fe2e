"""The road to the provider and back: authorization code with PKCE, state and nonce (OpenID Connect Core 3.1)."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from wijkteam.signing_in.single_sign_on.mapping import names_all_claims
from wijkteam.signing_in.single_sign_on.provider import Provider
from wijkteam.signing_in.single_sign_on.refusals import (
    CANCELLED,
    REFUSED_THERE,
    TOO_WEAK,
    UNKNOWN_ATTEMPT,
    WRONG_ISSUER,
    WRONG_TOKEN,
    NotSignedIn,
)
from wijkteam.signing_in.single_sign_on.tokens import LEEWAY, read_id_token
from wijkteam.terms import clock

LASTS = timedelta(minutes=10)
"""How long somebody may take at the provider."""
MOST_ATTEMPTS = 3
"""How many sign-ins one browser may have under way, in as many tabs."""
PERSONAL = ("email", "email_verified", "name")


@dataclass(frozen=True)
class Attempt:
    """A sign-in under way, kept in the signed cookie of the browser that began it; good for one answer."""

    state: str
    nonce: str
    verifier: str
    target: str
    """Where the person wanted to go, inside wijkteam."""
    began_at: float
    session_id: int | None = None
    """The session here for which somebody proves anew who they are; None for signing in."""


@dataclass(frozen=True)
class Answer:
    """What the provider said about the person who signed in."""

    subject: str
    provider_session: str | None
    claims: Mapping[str, Any]
    two_factors: bool
    """Whether the provider says that more than one factor was proved."""
    id_token: str


def begin(provider: Provider, target: str, session_id: int | None = None) -> tuple[Attempt, str]:
    """A new attempt, and the address at the provider to go to. Raises NotSignedIn.

    With a session the provider is told to let somebody prove who they are there and then, whatever it remembers.
    """
    attempt = Attempt(
        secrets.token_urlsafe(32),
        secrets.token_urlsafe(32),
        secrets.token_urlsafe(48),
        target,
        clock.now().timestamp(),
        session_id,
    )
    levels = provider.settings.acr
    more: dict[str, Any] = {"acr_values": " ".join(levels)} if levels else {}
    if session_id is not None:
        more |= {"prompt": "login", "max_age": 0}
    address, _state = provider.client().create_authorization_url(
        str(provider.metadata()["authorization_endpoint"]),
        state=attempt.state,
        code_verifier=attempt.verifier,
        nonce=attempt.nonce,
        **more,
    )
    return attempt, str(address)


def keep(under_way: object, attempt: Attempt) -> list[dict[str, Any]]:
    """The attempts of this browser with a new one; the oldest give way."""
    known = under_way if isinstance(under_way, list) else []
    return [*known, asdict(attempt)][-MOST_ATTEMPTS:]


def take(under_way: object, state: str) -> tuple[Attempt, list[dict[str, Any]]]:
    """The attempt that an answer belongs to, and those that are left. Raises NotSignedIn."""
    known = under_way if isinstance(under_way, list) else []
    mine = [each for each in known if state and hmac.compare_digest(each["state"].encode(), state.encode())]
    if not mine:
        raise NotSignedIn(UNKNOWN_ATTEMPT, "state")
    attempt = Attempt(**mine[0])
    if not 0 <= clock.now().timestamp() - attempt.began_at < LASTS.total_seconds():
        raise NotSignedIn(UNKNOWN_ATTEMPT, "took too long")
    return attempt, [each for each in known if each is not mine[0]]


def finish(provider: Provider, attempt: Attempt, answered: Mapping[str, str]) -> Answer:
    """What the provider's answer to an attempt says, with everything in it checked. Raises NotSignedIn."""
    _check_issuer(provider, answered.get("iss"))
    error = answered.get("error")
    if error is not None:
        cancelled = error in ("access_denied", "login_required", "interaction_required")
        raise NotSignedIn(CANCELLED if cancelled else REFUSED_THERE, "answer with an error")
    code = answered.get("code")
    if not code:
        raise NotSignedIn(WRONG_TOKEN, "no code")
    tokens = provider.exchange(code, attempt.verifier)
    id_token, access_token = tokens["id_token"], tokens["access_token"]
    claims = read_id_token(provider, id_token, attempt.nonce, access_token)
    two_factors = _proved_enough(provider, claims)
    if attempt.session_id is not None and not _proved_since(attempt, claims.get("auth_time")):
        raise NotSignedIn(TOO_WEAK, "auth_time")
    session = claims.get("sid")
    return Answer(
        claims["sub"],
        session if isinstance(session, str) else None,
        _with_userinfo(provider, claims, access_token),
        two_factors,
        id_token,
    )


def _check_issuer(provider: Provider, named: str | None) -> None:
    """RFC 9207: an answer says who it is from, where the provider says that its answers do."""
    promised = provider.metadata().get("authorization_response_iss_parameter_supported") is True
    if (named is None and promised) or (named is not None and named != provider.settings.issuer):
        raise NotSignedIn(WRONG_ISSUER)


def _proved_enough(provider: Provider, claims: Mapping[str, Any]) -> bool:
    """Whether two factors were proved. Raises NotSignedIn when the level asked for was not reached."""
    levels, acr, amr = provider.settings.acr, claims.get("acr"), claims.get("amr")
    if levels and acr not in levels:
        raise NotSignedIn(TOO_WEAK, "acr")
    return bool(levels) or any(each in provider.settings.amr for each in (amr if isinstance(amr, list) else []))


def _proved_since(attempt: Attempt, auth_time: object) -> bool:
    return isinstance(auth_time, int | float) and auth_time >= attempt.began_at - LEEWAY


def _with_userinfo(provider: Provider, claims: dict[str, Any], access_token: str) -> dict[str, Any]:
    """The ID token's claims, with those that the provider gives only when asked. What is signed goes first."""
    if all(name in claims for name in PERSONAL) and names_all_claims(claims, provider.settings.claims):
        return claims
    more = provider.userinfo(access_token)
    if more and more.get("sub") != claims["sub"]:
        raise NotSignedIn(WRONG_TOKEN, "userinfo of somebody else")
    merged = {**more, **claims}
    if not ("email" in claims and "email_verified" in claims):  # the two belong together: both from one place
        merged.update(email=more.get("email"), email_verified=more.get("email_verified"))
    return merged
