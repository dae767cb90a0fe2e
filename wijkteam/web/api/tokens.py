"""The way to a token for systems: OAuth 2.0 client credentials (RFC 6749, 4.4)."""

from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, grants
from flask import Flask, Response, current_app

from wijkteam.api_access.model import ApiClient
from wijkteam.api_access.queries import living_client
from wijkteam.api_access.service import CLIENT_LASTS, proves, token_for_client
from wijkteam.web.acting import over_all, work


class System(ClientMixin):
    """A system as the OAuth library asks after it."""

    def __init__(self, client: ApiClient) -> None:
        self.client = client
        self.scope = client.scopes

    def get_client_id(self) -> str:
        """What it calls itself by."""
        return self.client.client_id

    def get_allowed_scope(self, scope: str) -> str:
        """Of what it asks for, what it may; everything that it may where it asks for nothing."""
        asked = set(scope.split()) if scope else set(self.client.scopes.split())
        return " ".join(each for each in self.client.scopes.split() if each in asked)

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether it knows its secret."""
        return proves(self.client, client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """It proves itself in the header or in the body, nowhere else."""
        return method in ("client_secret_basic", "client_secret_post")

    def check_grant_type(self, grant_type: str) -> bool:
        """It acts for itself only."""
        return grant_type == "client_credentials"


class Credentials(grants.ClientCredentialsGrant):  # type: ignore[misc]
    """The one grant there is."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]


def _find(client_id: str) -> System | None:
    found = over_all(living_client, client_id) if "\x00" not in client_id else None
    return System(found) if found is not None else None


def _make(client: System, grant_type: str, user: Any = None, scope: str | None = None, **_more: Any) -> dict[str, Any]:
    allowed = client.get_allowed_scope(scope or "")
    secret = token_for_client(work(), client.client, allowed.split())
    lasts = int(CLIENT_LASTS.total_seconds())
    return {"token_type": "Bearer", "access_token": secret, "expires_in": lasts, "scope": allowed}


def register(app: Flask) -> None:
    """Let this app give out tokens."""
    server = AuthorizationServer(app, query_client=_find, save_token=lambda _token, _request: None)
    server.register_token_generator("default", _make)
    server.register_grant(Credentials)
    app.extensions["api_tokens"] = server


def give() -> Response:
    """A token for a system that proves who it is, for an hour; else what the standard says (invalid_client)."""
    answer: Response = current_app.extensions["api_tokens"].create_token_response()
    return answer
