"""Settings of single sign-on: WIJKTEAM_OIDC_* and WIJKTEAM_PASSWORDS."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from wijkteam.signing_in.single_sign_on.mapping import NO_MAPPING, ClaimsFile, read_claims_file
from wijkteam.storage.settings import WrongSettings, given_settings

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
EXAMPLE = "https://aanmelden.gemeente.example"
TWO_FACTORS = ("mfa",)
"""What a provider says (RFC 8176) when somebody proved themselves with more than one factor."""


@dataclass(frozen=True)
class SingleSignOn:
    """The provider that says who somebody is, and what is asked of it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    address: str
    """The public address of wijkteam, without a slash at its end: the provider sends people back to it."""
    claims: ClaimsFile = NO_MAPPING
    acr: tuple[str, ...] = ()
    """The levels of assurance that are good enough; none: any."""
    amr: frozenset[str] = frozenset(TWO_FACTORS)
    """The ways of proving that count as a second factor."""


@dataclass(frozen=True)
class WaysIn:
    """How people get in: with a work account elsewhere, with a password of wijkteam, or both."""

    single_sign_on: SingleSignOn | None = None
    passwords: bool = True


def read_ways_in(environment: Mapping[str, str] | None = None) -> WaysIn:
    """What the settings say about getting in. Raises WrongSettings, and WrongDefinition for the mapping."""
    given = given_settings(environment)
    found = _single_sign_on(given)
    passwords = given.get("WIJKTEAM_PASSWORDS") or "on"
    if passwords not in ("on", "off"):
        raise WrongSettings(f"WIJKTEAM_PASSWORDS: write on or off, not '{passwords}'")
    if passwords == "off" and found is None:
        raise WrongSettings(
            "WIJKTEAM_PASSWORDS: off leaves no way in without single sign-on; give WIJKTEAM_OIDC_ISSUER"
        )
    return WaysIn(found, passwords == "on")


def _single_sign_on(given: Mapping[str, str]) -> SingleSignOn | None:
    issuer = given.get("WIJKTEAM_OIDC_ISSUER")
    if not issuer:
        left = sorted(name for name, value in given.items() if name.startswith("WIJKTEAM_OIDC_") and value)
        if left:
            raise WrongSettings(f"{left[0]}: means nothing without WIJKTEAM_OIDC_ISSUER")
        return None
    if not is_safe_address(issuer):
        raise WrongSettings(f"WIJKTEAM_OIDC_ISSUER: write an https address such as {EXAMPLE}, not '{issuer}'")
    return SingleSignOn(
        issuer,
        _needed("WIJKTEAM_OIDC_CLIENT_ID", given, "the name that the provider knows wijkteam by"),
        _secret(given),
        _address(given.get("WIJKTEAM_ADDRESS", "")),
        _claims(given.get("WIJKTEAM_OIDC_CLAIMS")),
        tuple((given.get("WIJKTEAM_OIDC_ACR") or "").split()),
        frozenset((given.get("WIJKTEAM_OIDC_AMR") or " ".join(TWO_FACTORS)).split()),
    )


def is_safe_address(text: object) -> bool:
    """Whether this is an https address without a query, or one of this machine itself."""
    if not isinstance(text, str) or not text.isascii() or any(each.isspace() for each in text):
        return False
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    plain = parts.scheme == "http" and host in LOOPBACK
    return bool(host) and (parts.scheme == "https" or plain) and not (parts.fragment or parts.username)


def _needed(name: str, given: Mapping[str, str], what: str) -> str:
    found = given.get(name)
    if not found:
        raise WrongSettings(f"{name}: single sign-on needs it: {what}")
    return found


def _secret(given: Mapping[str, str]) -> str:
    file = given.get("WIJKTEAM_OIDC_CLIENT_SECRET_FILE")
    if not file:
        return _needed("WIJKTEAM_OIDC_CLIENT_SECRET", given, "or a file with it in WIJKTEAM_OIDC_CLIENT_SECRET_FILE")
    if given.get("WIJKTEAM_OIDC_CLIENT_SECRET"):
        raise WrongSettings("WIJKTEAM_OIDC_CLIENT_SECRET_FILE: give the secret itself or a file with it, not both")
    try:
        found = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        found = ""
    if not found:
        raise WrongSettings(f"WIJKTEAM_OIDC_CLIENT_SECRET_FILE: {file} cannot be read, or is empty")
    return found


def _address(text: str) -> str:
    if not is_safe_address(text) or urlsplit(text).query:
        raise WrongSettings(
            "WIJKTEAM_ADDRESS: single sign-on needs the https address that people come back to, "
            f"such as https://wijkteam.gemeente.example, not '{text}'"
        )
    return text.rstrip("/")


def _claims(name: str | None) -> ClaimsFile:
    if not name:
        return NO_MAPPING
    path = Path(name)
    if not path.is_file():
        raise WrongSettings(f"WIJKTEAM_OIDC_CLAIMS: there is no file {name}")
    return read_claims_file(path)
