"""Settings: from WIJKTEAM_* variables, or from one file that WIJKTEAM_CONFIG names."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from email.headerregistry import Address
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from wijkteam.storage.settings_file import WrongSettings, named_file, read_file

__all__ = ["MailSettings", "Settings", "WrongSettings", "given_settings", "municipality_name", "read_settings"]


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
    listen: str = "127.0.0.1"
    """Where the pages are served: an address of this machine, or `unix:` and the path of a socket."""
    web_processes: int = 1
    """How many processes serve the pages."""
    web_threads: int = 8
    """How many requests each of them does at once."""
    web_waiting: int = 64
    """How many more may wait for their turn in each of them; who comes then is told to come back (503)."""
    pid_file: Path | None = None
    """Where the number of the process that serves is written."""
    logs_as_json: bool = False
    """Whether logs are JSON, with a line for each request."""
    traces_to: str | None = None
    """Where traces are sent; None: nothing is traced."""
    metrics_token_file: Path | None = None
    """File with the token that reads the metrics; None: there are none to read."""
    seal_key_file: Path = Path("var") / "seal_key"
    """The key that signs the seals of both logs; best kept where the pages cannot read it."""
    theme: Path | None = None
    """The municipality's own colours, as a style sheet of design tokens, over those that come along."""
    replica_url: str | None = None
    """A second PostgreSQL that follows the first: figures are read there; None where there is none."""
    replica_behind: int = 60
    """How many seconds it may be behind; further behind, figures come from the first."""


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings in force; variables win from the file. Raises WrongSettings, with a line for each that is wrong."""
    given = _given(environment)
    secret_key_file = Path(given.get("WIJKTEAM_SECRET_KEY_FILE") or Path("var") / "secret_key")
    token = given.get("WIJKTEAM_METRICS_TOKEN_FILE")
    readings: dict[str, Callable[[], Any]] = {
        "database_url": lambda: given.get("WIJKTEAM_DATABASE_URL") or default_database_url(),
        "key_ring_file": lambda: Path(given.get("WIJKTEAM_KEY_RING_FILE") or Path("var") / "key_ring"),
        "secret_key_file": lambda: secret_key_file,
        "seal_key_file": lambda: Path(given.get("WIJKTEAM_SEAL_KEY_FILE") or secret_key_file.with_name("seal_key")),
        "municipality": lambda: _municipality(given),
        "workflows": lambda: _folder("WIJKTEAM_WORKFLOWS", given),
        "templates": lambda: _folder("WIJKTEAM_TEMPLATES", given),
        "mail": lambda: _mail(given),
        "production": lambda: _yes_no("WIJKTEAM_PRODUCTION", given),
        "address": lambda: _address(given["WIJKTEAM_ADDRESS"]) if given.get("WIJKTEAM_ADDRESS") else None,
        "listen": lambda: _listen(given.get("WIJKTEAM_LISTEN") or "127.0.0.1"),
        "web_processes": lambda: _whole("WIJKTEAM_WEB_PROCESSES", given, 1, 1, 64),
        "web_threads": lambda: _whole("WIJKTEAM_WEB_THREADS", given, 8, 1, 64),
        "web_waiting": lambda: _whole("WIJKTEAM_WEB_WAITING", given, 64, 1, 1000),
        "pid_file": lambda: Path(given["WIJKTEAM_PID_FILE"]) if given.get("WIJKTEAM_PID_FILE") else None,
        "proxies": lambda: _whole("WIJKTEAM_PROXIES", given, 0, 0, 5),
        "largest_file_mb": lambda: _whole("WIJKTEAM_LARGEST_FILE_MB", given, 10, 1, 50),
        "calendar_names": lambda: _yes_no("WIJKTEAM_CALENDAR_NAMES", given),
        "idle_minutes": lambda: _whole("WIJKTEAM_IDLE_MINUTES", given, 30, 5, 120),
        "session_hours": lambda: _whole("WIJKTEAM_SESSION_HOURS", given, 10, 1, 24),
        "offline": lambda: _yes_no("WIJKTEAM_OFFLINE", given, "yes"),
        "logs_as_json": lambda: _one_of("WIJKTEAM_LOGS", given, ("text", "json")) == "json",
        "traces_to": lambda: _web_address("WIJKTEAM_TRACES_TO", given, "http://127.0.0.1:4318"),
        "metrics_token_file": lambda: Path(token) if token else None,
        "theme": lambda: _theme(given),
        "replica_url": lambda: _replica(given),
        "replica_behind": lambda: _whole("WIJKTEAM_REPLICA_BEHIND", given, 60, 1, 3600),
    }
    read: dict[str, Any] = {}
    wrong: list[str] = []
    for name, reading in readings.items():
        try:
            read[name] = reading()
        except WrongSettings as error:
            wrong.append(str(error))
    if wrong:
        raise WrongSettings("\n".join(dict.fromkeys(wrong)))
    return Settings(**read)


def _listen(text: str) -> str:
    if text.startswith("unix:/"):
        return text
    try:
        ip_address(text)
    except ValueError:
        example = "127.0.0.1 or unix:/run/wijkteam/web.sock"
        raise WrongSettings(
            f"WIJKTEAM_LISTEN: write an IP address or a socket, such as {example}, not '{text}'"
        ) from None
    return f"[{text}]" if ":" in text else text


def _one_of(variable: str, given: Mapping[str, str], known: tuple[str, ...]) -> str:
    """One of a few words; the first when it is left out."""
    text = given.get(variable) or known[0]
    if text not in known:
        raise WrongSettings(f"{variable}: write {' or '.join(known)}, not '{text}'")
    return text


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
    if not _is_web_address(text):
        example = "https://wijkteam.gemeente.example"
        raise WrongSettings(f"WIJKTEAM_ADDRESS: say where links in mail lead, such as {example}, not '{text}'")
    return text.rstrip("/")


def _web_address(variable: str, given: Mapping[str, str], example: str) -> str | None:
    text = given.get(variable)
    if text and not _is_web_address(text):
        raise WrongSettings(f"{variable}: write an address such as {example}, not '{text}'")
    return text.rstrip("/") if text else None


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("https", "http") and parts.hostname and not parts.query and not parts.fragment
    except ValueError:
        return False
    return bool(good) and text.isascii() and not any(each.isspace() for each in text)


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
    file = named_file(given)
    return {**read_file(file), **given} if file else given


def _folder(variable: str, given: Mapping[str, str]) -> Path | None:
    name = given.get(variable)
    if not name:
        return None
    if not Path(name).is_dir():
        raise WrongSettings(f"{variable}: there is no folder {name}")
    return Path(name)


def _replica(given: Mapping[str, str]) -> str | None:
    url = given.get("WIJKTEAM_REPLICA_URL")
    both = (url or "", given.get("WIJKTEAM_DATABASE_URL") or "")
    if url and not all(each.startswith("postgresql") for each in both):
        raise WrongSettings("WIJKTEAM_REPLICA_URL: only a postgresql:// database has a replica, and that is one too")
    return url or None


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
