"""The provider on the other side: what it says of itself, its keys, and the calls that are made to it."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, KeySet

from wijkteam.signing_in.single_sign_on.refusals import AWAY, REFUSED_THERE, WRONG_TOKEN, NotSignedIn
from wijkteam.signing_in.single_sign_on.settings import SingleSignOn, is_safe_address
from wijkteam.terms import clock

KEPT_FOR = timedelta(hours=1)
"""How long what the provider says of itself, and its keys, are not asked for again."""
BETWEEN_FETCHES = timedelta(seconds=10)
"""Unknown keys make us ask for the keys anew, but no more often than this, whatever strangers send."""
SECONDS_PER_ANSWER = 5.0
MOST_KEYS = 50
SCOPE = "openid email profile"
CALLBACK = "/inloggen/extern/terug"
SIGNED_OUT = "/inloggen/extern/uitgelogd"
SECRET_IN_BODY, SECRET_IN_HEADER = "client_secret_post", "client_secret_basic"


@dataclass
class _Kept:
    """Something that was fetched, and when."""

    value: Any
    at: datetime


@dataclass
class Provider:
    """One provider, as long as the process lives; safe to use from several threads."""

    settings: SingleSignOn
    _metadata: _Kept | None = None
    _keys: _Kept | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def metadata(self) -> Mapping[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery). Raises NotSignedIn."""
        with self._lock:
            if self._metadata is None or clock.now() - self._metadata.at >= KEPT_FOR:
                self._metadata = _Kept(self._discover(), clock.now())
            return cast(Mapping[str, Any], self._metadata.value)

    def _discover(self) -> dict[str, Any]:
        found = _fetch(self.settings.issuer.rstrip("/") + "/.well-known/openid-configuration")
        if found.get("issuer") != self.settings.issuer:
            raise NotSignedIn(WRONG_TOKEN, "discovery names another issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not is_safe_address(found.get(name)):
                raise NotSignedIn(WRONG_TOKEN, f"discovery has no safe {name}")
        return found

    def endpoint(self, name: str) -> str | None:
        """The address of something that a provider need not have; None when it does not. Raises NotSignedIn."""
        found = self.metadata().get(name)
        return found if is_safe_address(found) else None

    def key_set(self, kid: str | None) -> KeySet:
        """The keys that tokens are signed with; asked for anew, once, when this one is not among them.

        Raises NotSignedIn.
        """
        address = str(self.metadata()["jwks_uri"])
        with self._lock:
            kept, now = self._keys, clock.now()
            age = KEPT_FOR if kept is None else now - kept.at
            if kept is None or age >= KEPT_FOR or (age >= BETWEEN_FETCHES and not _holds(kept.value, kid)):
                self._keys = kept = _Kept(_read_keys(_fetch(address)), now)
            return cast(KeySet, kept.value)

    def client(self) -> OAuth2Session:
        """What speaks the protocol of signing in, for one attempt. Raises NotSignedIn."""
        known = self.metadata().get("token_endpoint_auth_methods_supported", [SECRET_IN_HEADER])
        only_in_body = SECRET_IN_BODY in known and SECRET_IN_HEADER not in known
        return OAuth2Session(
            self.settings.client_id,
            self.settings.client_secret,
            token_endpoint_auth_method=SECRET_IN_BODY if only_in_body else SECRET_IN_HEADER,
            scope=SCOPE,
            redirect_uri=self.settings.address + CALLBACK,
            code_challenge_method="S256",
            default_timeout=SECONDS_PER_ANSWER,
        )

    def exchange(self, code: str, verifier: str) -> dict[str, Any]:
        """The tokens for a code. Raises NotSignedIn."""
        address = str(self.metadata()["token_endpoint"])
        try:
            with self.client() as client:
                found = client.fetch_token(address, code=code, code_verifier=verifier, allow_redirects=False)
        except OAuthError as error:
            raise NotSignedIn(REFUSED_THERE, f"token endpoint: {_a_code(error.error)}") from error
        except (requests.RequestException, ValueError) as error:
            raise NotSignedIn(AWAY, f"token endpoint: {type(error).__name__}") from error
        if not isinstance(found.get("id_token"), str) or not isinstance(found.get("access_token"), str):
            raise NotSignedIn(WRONG_TOKEN, "no id_token")
        return dict(found)

    def userinfo(self, access_token: str) -> dict[str, Any]:
        """What the provider says about the person beside the ID token; nothing when it does not. Raises NotSignedIn."""
        address = self.endpoint("userinfo_endpoint")
        return {} if address is None else _fetch(address, {"Authorization": f"Bearer {access_token}"})


def _holds(keys: KeySet, kid: str | None) -> bool:
    return kid is None or any(key.kid == kid for key in keys)


def _read_keys(found: Mapping[str, Any]) -> KeySet:
    """The public keys for signatures; one that cannot be read leaves the others as they are."""
    listed = found.get("keys")
    keys = []
    for each in listed[:MOST_KEYS] if isinstance(listed, list) else []:
        if isinstance(each, dict) and each.get("use", "sig") == "sig" and each.get("kty") in ("RSA", "EC", "OKP"):
            try:
                keys.append(JWKRegistry.import_key(each))
            except (JoseError, ValueError, TypeError, KeyError):
                continue
    return KeySet(keys)


def _fetch(address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    try:
        answer = requests.get(address, headers=headers, timeout=SECONDS_PER_ANSWER, allow_redirects=False)
        found = answer.json() if answer.status_code == requests.codes.ok else None
    except (requests.RequestException, ValueError) as error:
        raise NotSignedIn(AWAY, type(error).__name__) from error
    if not isinstance(found, dict):
        raise NotSignedIn(AWAY, f"answer {answer.status_code}")
    return found


def _a_code(text: object) -> str:
    """An error code of the protocol; anything else could hold something about a person."""
    known = str(text)
    return known if known.isascii() and known.replace("_", "").isalpha() and len(known) < 40 else "unreadable"
