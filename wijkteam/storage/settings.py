"""Settings: from WIJKTEAM_* variables, or from one file of such lines (WIJKTEAM_SETTINGS)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit


class WrongSettings(Exception):
    """A setting cannot be used as it stands."""


@dataclass(frozen=True)
class MailSettings:
    """How mail goes out. `security` is none, starttls or tls; the password is never shown."""

    host: str
    port: int
    security: str
    user: str | None
    password: str | None = field(repr=False)
    mail_from: Address
    address: str
    """The public address of the system, to which links in mail lead; no slash at its end."""
    digest_at: time
    """When the daily mail goes, on Dutch clocks."""


@dataclass(frozen=True)
class Settings:
    """What differs from one municipality or machine to the next."""

    database_url: str
    secret_key_file: Path
    municipality: str = "Voorbeeldstad"
    workflows: Path | None = None
    """The municipality's own folder of definitions, over the shipped ones."""
    mail: MailSettings | None = None
    """None where no SMTP server is given: then news stays in the system, and nothing is mailed."""
    templates: Path | None = None
    """The municipality's own folder of letters and other printed documents, over the shipped ones."""
    key_ring_file: Path = Path("var") / "key_ring"
    """The keys that residents' numbers are sealed with; apart from the database, also in a backup."""
    production: bool = False
    """Whether real residents are in it: then weak settings are refused."""
    address: str | None = None
    """The public address of the system, to which links in mail lead and for which passkeys are made."""
    proxies: int = 0
    """How many proxies of our own stand before the pages."""
    idle_minutes: int = 30
    """After so many minutes without use one signs in anew."""
    session_hours: int = 10
    """After so many hours one signs in anew in any case."""
    largest_file_mb: int = 10
    """How large a document of a case may be, in megabytes."""
    calendar_names: bool = False
    """Whether the calendar of somebody's phone may show whom an appointment is about."""
    offline: bool = True
    """Whether people may take their open cases along on a device of theirs, to work without a connection."""
    seal_key_file: Path = Path("var") / "seal_key"
    """The key that signs the seals of both logs; best kept where the pages cannot read it."""
    theme: Path | None = None
    """The municipality's own colours, as a style sheet of design tokens, over those that come along."""


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings in force; variables win from the file. Raises WrongSettings."""
    given = _given(environment)
    secret_key_file = Path(given.get("WIJKTEAM_SECRET_KEY_FILE") or Path("var") / "secret_key")
    return Settings(
        database_url=given.get("WIJKTEAM_DATABASE_URL") or default_database_url(),
        key_ring_file=Path(given.get("WIJKTEAM_KEY_RING_FILE") or Path("var") / "key_ring"),
        secret_key_file=secret_key_file,
        seal_key_file=Path(given.get("WIJKTEAM_SEAL_KEY_FILE") or secret_key_file.with_name("seal_key")),
        municipality=_municipality(given),
        workflows=_folder("WIJKTEAM_WORKFLOWS", given),
        templates=_folder("WIJKTEAM_TEMPLATES", given),
        mail=_mail(given),
        production=_yes_no("WIJKTEAM_PRODUCTION", given),
        address=_address(given["WIJKTEAM_ADDRESS"]) if given.get("WIJKTEAM_ADDRESS") else None,
        proxies=_whole("WIJKTEAM_PROXIES", given, 0, 0, 5),
        largest_file_mb=_whole("WIJKTEAM_LARGEST_FILE_MB", given, 10, 1, 50),
        calendar_names=_yes_no("WIJKTEAM_CALENDAR_NAMES", given),
        idle_minutes=_whole("WIJKTEAM_IDLE_MINUTES", given, 30, 5, 120),
        session_hours=_whole("WIJKTEAM_SESSION_HOURS", given, 10, 1, 24),
        offline=_yes_no("WIJKTEAM_OFFLINE", given, "yes"),
        theme=_theme(given),
    )


def _whole(variable: str, given: Mapping[str, str], otherwise: int, least: int, most: int) -> int:
    text = given.get(variable) or str(otherwise)
    if not (text.isascii() and text.isdecimal() and len(text) < 5 and least <= int(text) <= most):
        raise WrongSettings(f"{variable}: write a whole number from {least} to {most}, not '{text}'")
    return int(text)


def _yes_no(variable: str, given: Mapping[str, str], otherwise: str = "no") -> bool:
    text = given.get(variable) or otherwise
    if text not in ("yes", "no"):
        raise WrongSettings(f"{variable}: write yes or no, not '{text}'")
    return text == "yes"


SMTP = {"smtp": ("none", 25), "smtp+starttls": ("starttls", 587), "smtps": ("tls", 465)}
"""What each scheme of an address means: how the connection is secured, and the usual port."""
EXAMPLE = "smtp+starttls://user:password@host:587"


def _mail(given: Mapping[str, str]) -> MailSettings | None:
    url = given.get("WIJKTEAM_SMTP_URL")
    if not url:
        return None
    try:
        parts = urlsplit(url)
        security, usual = SMTP[parts.scheme]
        host, port = parts.hostname, parts.port or usual
    except (KeyError, ValueError):
        host = None
    if host is None or parts.path.strip("/") or parts.query:
        raise WrongSettings(f"WIJKTEAM_SMTP_URL: write smtp://, smtp+starttls:// or smtps://, such as {EXAMPLE}")
    user, password = (unquote(each) if each else None for each in (parts.username, parts.password))
    if security == "none" and user and host not in ("127.0.0.1", "localhost", "::1"):
        raise WrongSettings("WIJKTEAM_SMTP_URL: smtp:// would show the password to others; use smtp+starttls or smtps")
    return MailSettings(
        host,
        port,
        security,
        user,
        password,
        _mail_from(given.get("WIJKTEAM_MAIL_FROM", "")),
        _address(given.get("WIJKTEAM_ADDRESS", "")),
        _digest_at(given.get("WIJKTEAM_DIGEST_AT") or "07:30"),
    )


def _mail_from(text: str) -> Address:
    name, address = parseaddr(text)
    try:
        found = Address(display_name=name, addr_spec=address)
        if not found.domain or "\n" in text or "\r" in text:
            raise ValueError(text)
    except (ValueError, IndexError):
        example = "wijkteam@gemeente.example"
        raise WrongSettings(f"WIJKTEAM_MAIL_FROM: say who mail comes from, such as {example}, not '{text}'") from None
    return found


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("https", "http") and parts.hostname and not parts.query and not parts.fragment
    except ValueError:
        good = None
    if not good or not text.isascii() or any(each.isspace() for each in text):
        example = "https://wijkteam.gemeente.example"
        raise WrongSettings(f"WIJKTEAM_ADDRESS: say where links in mail lead, such as {example}, not '{text}'")
    return text.rstrip("/")


def _digest_at(text: str) -> time:
    try:
        return datetime.strptime(text, "%H:%M").time()
    except ValueError:
        raise WrongSettings(f"WIJKTEAM_DIGEST_AT: write a time of day such as 07:30, not '{text}'") from None


def municipality_name() -> str:
    """Name of the municipality, also where another setting is wrong. Raises WrongSettings for an unreadable file."""
    return _municipality(_given(None))


def _municipality(given: Mapping[str, str]) -> str:
    return given.get("WIJKTEAM_MUNICIPALITY") or "Voorbeeldstad"


def given_settings(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """All settings as they were written, for rooms that read their own. Raises WrongSettings for an unreadable file."""
    return _given(environment)


def _given(environment: Mapping[str, str] | None) -> dict[str, str]:
    given = dict(os.environ if environment is None else environment)
    file = given.get("WIJKTEAM_SETTINGS")
    return {**_read_file(Path(file)), **given} if file else given


def _folder(variable: str, given: Mapping[str, str]) -> Path | None:
    name = given.get(variable)
    if not name:
        return None
    if not Path(name).is_dir():
        raise WrongSettings(f"{variable}: there is no folder {name}")
    return Path(name)


def _theme(given: Mapping[str, str]) -> Path | None:
    name = given.get("WIJKTEAM_THEME")
    if not name:
        return None
    if not Path(name).is_file():
        raise WrongSettings(f"WIJKTEAM_THEME: there is no file {name}")
    return Path(name)


def default_database_url() -> str:
    """A SQLite file under var/ in the working folder."""
    return f"sqlite:///{(Path.cwd() / 'var' / 'wijkteam.sqlite').as_posix()}"


def _read_file(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongSettings(f"settings file {path} cannot be read: {error}") from error
    pairs: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not name.strip().startswith("WIJKTEAM_"):
            raise WrongSettings(f"{path}:{number}: write WIJKTEAM_NAME=value instead of '{line.strip()}'")
        pairs[name.strip()] = value.strip()
    return pairs
