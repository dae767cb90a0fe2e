"""A provider that answers whatever a test wants it to, for what a sound one never sends."""

import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from tests.single_sign_on.real_provider import CLIENT_ID, SECRET
from wijkteam.signing_in.single_sign_on.tokens import LOGOUT_EVENT
from wijkteam.terms import clock

EVERY = JWSRegistry(algorithms=list(JWSRegistry.algorithms))
RSA, OTHER_RSA = (RSAKey.generate_key(2048, {"kid": "rsa"}) for _ in range(2))
EC, OKP = ECKey.generate_key("P-256", {"kid": "ec"}), OKPKey.generate_key("Ed25519", {"kid": "okp"})
HMAC = OctKey.import_key(SECRET, {"kid": "rsa"})


@dataclass
class ForgingProvider:
    """What it says; a test changes it before a sign-in."""

    issuer: str = ""
    id_token: Any = ""
    metadata: dict[str, Any] = field(default_factory=dict)
    keys: list[Any] = field(default_factory=lambda: [each.as_dict(private=False) for each in (RSA, EC, OKP)])
    token_status: int = 200
    userinfo: Any = None
    asked: list[str] = field(default_factory=list)

    def claims(self, **changed: Any) -> dict[str, Any]:
        """Sound claims of an ID token with some changed; None takes one out."""
        now = int(clock.now().timestamp())
        sound = {"iss": self.issuer, "aud": CLIENT_ID, "sub": "s", "iat": now, "exp": now + 300, "nonce": "n"}
        sound |= {"email": "fenna@voorbeeldstad.example", "email_verified": True, "name": "Fenna"}
        return {name: value for name, value in {**sound, **changed}.items() if value is not None}

    def logout_claims(self, **changed: Any) -> dict[str, Any]:
        """Sound claims of a logout token."""
        now = int(clock.now().timestamp())
        sound = {"iss": self.issuer, "aud": CLIENT_ID, "sub": "s", "iat": now, "exp": now + 120, "jti": "1"}
        sound |= {"events": {LOGOUT_EVENT: {}}}
        return {name: value for name, value in {**sound, **changed}.items() if value is not None}

    def __call__(self, environ: Any, start: Any) -> Any:
        path = Request(environ).path
        self.asked.append(path)
        status, said = self._said(path)
        text = said if isinstance(said, str) else json.dumps(said)
        return Response(text, status, content_type="application/json")(environ, start)

    def _said(self, path: str) -> tuple[int, Any]:
        if path == "/.well-known/openid-configuration":
            places = {
                name: f"{self.issuer}/{name}"
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
            }
            return 200, {"issuer": self.issuer, **places, **self.metadata}
        if path == "/jwks_uri":
            return 200, {"keys": self.keys}
        if path == "/userinfo_endpoint":
            return 200, self.userinfo
        return self.token_status, {"access_token": "a", "token_type": "Bearer", "id_token": self.id_token}


def signed(claims: Any, key: Any = RSA, alg: str = "RS256", **header: Any) -> str:
    return jwt.encode({"alg": alg, "kid": key.kid, **header}, claims, key, registry=EVERY)


def signed_whatever(claims: dict[str, Any], **header: Any) -> str:
    """A token with a sound signature of RSA under a header that no library would write."""
    parts = [json.dumps(each).encode() for each in ({"alg": "RS256", "typ": "JWT", "kid": "rsa", **header}, claims)]
    text = ".".join(urlsafe_b64encode(each).rstrip(b"=").decode() for each in parts)
    signature = RSA.private_key.sign(text.encode(), PKCS1v15(), SHA256())
    return f"{text}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}"


@contextmanager
def forging() -> Iterator[ForgingProvider]:
    found = ForgingProvider()
    server = make_server("127.0.0.1", 0, found, threaded=True)
    found.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
