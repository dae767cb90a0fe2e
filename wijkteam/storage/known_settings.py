"""Every setting there is: what for, what holds when it is left out, and whether its value may be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

PREFIX = "WIJKTEAM_"
MASK = "•••"


class Shown(StrEnum):
    """How much of a value may be shown."""

    WHOLE = "whole"
    WITHOUT_PASSWORD = "without_password"  # noqa: S105, a way of showing and no password
    NOTHING = "nothing"


@dataclass(frozen=True)
class Known:
    """One setting, by the name of its variable."""

    name: str
    meaning: str
    left_out: str
    shown: Shown = Shown.WHOLE

    @property
    def key(self) -> str:
        """Its name in a TOML file."""
        return self.name.removeprefix(PREFIX).lower()

    def said(self, value: str) -> str:
        """The value as it may be shown."""
        if self.shown is Shown.NOTHING:
            return MASK
        start, scheme, rest = value.partition("://")
        if self.shown is Shown.WITHOUT_PASSWORD and "@" in rest:
            who, _at, where = rest.rpartition("@")
            user, colon, _password = who.partition(":")
            return f"{start}{scheme}{user}{colon and ':' + MASK}@{where}"
        return value


def _known(name: str, meaning: str, left_out: str, shown: Shown = Shown.WHOLE) -> Known:
    return Known(PREFIX + name, meaning, left_out, shown)


SETTINGS = (
    _known(
        "DATABASE_URL",
        "the database: sqlite:///… or postgresql://…",
        "a file under var/ in the working folder",
        Shown.WITHOUT_PASSWORD,
    ),
    _known(
        "REPLICA_URL",
        "a streaming replica of it: figures are read there, and pages when the first is away",
        "none",
        Shown.WITHOUT_PASSWORD,
    ),
    _known("REPLICA_BEHIND", "how many seconds figures may be behind (1 to 3600)", "60"),
    _known("MUNICIPALITY", "name on the pages", "Voorbeeldstad"),
    _known("PRODUCTION", "yes: https only, second factors asked, weak settings refused", "no"),
    _known("ADDRESS", "public address: links in mail, passkeys and single sign-on are made for it", "none"),
    _known("LISTEN", "where the pages are served: an IP address, or unix:/path of a socket", "127.0.0.1"),
    _known("WEB_PROCESSES", "how many processes serve the pages (1 to 64)", "1"),
    _known("WEB_THREADS", "how many requests each process does at once (1 to 64)", "8"),
    _known("WEB_WAITING", "how many requests may wait in each process before it says to come back (1 to 1000)", "64"),
    _known("PID_FILE", "file with the number of the process that serves, to renew it by", "none"),
    _known("PROXIES", "how many proxies of our own stand before the pages", "0"),
    _known("SECRET_KEY_FILE", "file with the key that signs sessions", "var/secret_key, made once"),
    _known("KEY_RING_FILE", "keys that all that is sealed stands under; keep it apart", "var/key_ring"),
    _known("SEAL_KEY_FILE", "key that signs the seals of both logs", "seal_key beside the secret key, made once"),
    _known("IDLE_MINUTES", "after so many minutes without use one signs in anew (5 to 120)", "30"),
    _known("SESSION_HOURS", "after so many hours one signs in anew in any case (1 to 24)", "10"),
    _known("PASSWORDS", "off: single sign-on only", "on"),
    _known("OIDC_ISSUER", "provider of single sign-on", "none: passwords only"),
    _known("OIDC_CLIENT_ID", "the name that the provider knows wijkteam by", "needed with a provider"),
    _known("OIDC_CLIENT_SECRET", "the secret shared with the provider", "needed, or its file", Shown.NOTHING),
    _known("OIDC_CLIENT_SECRET_FILE", "file with that secret", "needed, or the secret itself"),
    _known("OIDC_CLAIMS", "YAML file: which claim gives which function", "functions by hand"),
    _known("OIDC_ACR", "levels that are good enough, with spaces between", "any"),
    _known("OIDC_AMR", "what counts as two factors, with spaces between", "mfa"),
    _known("WORKFLOWS", "the municipality's own folder of definitions, lists and terms", "those that come along"),
    _known("TEMPLATES", "the municipality's own folder of letters and documents", "those that come along"),
    _known(
        "SMTP_URL",
        "mail server: smtp://, smtp+starttls:// or smtps://user:password@host:port",
        "nothing is mailed, all is kept",
        Shown.WITHOUT_PASSWORD,
    ),
    _known("MAIL_FROM", "who mail comes from", "needed with a mail server"),
    _known("DIGEST_AT", "when the daily mail goes, on Dutch clocks", "07:30"),
    _known("LARGEST_FILE_MB", "how large a document of a case may be (1 to 50)", "10"),
    _known("CALENDAR_NAMES", "yes: a calendar may show whom an appointment is about", "no"),
    _known("OFFLINE", "no: nobody takes cases along on a device", "yes"),
    _known("THEME", "CSS file with design tokens: the municipality's own colours", "the look that comes along"),
    _known("LOGS", "json: one JSON object a line, with a line for each request", "text"),
    _known("TRACES_TO", "address of an OpenTelemetry collector (OTLP over HTTP)", "nothing is traced"),
    _known("OIN", "the organisation's number of 20 digits, as the source of webhooks", "by the municipality's name"),
    _known("WEBHOOK_NETWORKS", "networks inside that webhooks may reach, such as 10.20.0.0/16", "none"),
    _known("ZGW_FILE", "YAML file: what the municipality's case system (ZGW) is told", "nothing is told"),
    _known("METRICS_TOKEN_FILE", "file with the token that reads /metrics", "there is no /metrics"),
    _known("CONFIG", "TOML file with all of these, or lines WIJKTEAM_NAME=value", "variables only"),
    _known("SETTINGS", "the older name of WIJKTEAM_CONFIG", "variables only"),
)
BY_NAME = {each.name: each for each in SETTINGS}


def not_known(names: Mapping[str, object]) -> list[str]:
    """One line for each name that begins as ours and is no setting, with the one that was probably meant."""
    strange = sorted(name for name in names if name.startswith(PREFIX) and name not in BY_NAME)
    return [f"{name}: there is no such setting{_meant(name)}" for name in strange]


def _meant(name: str) -> str:
    near = get_close_matches(name, BY_NAME, n=1, cutoff=0.75)
    return f"; did you mean {near[0]}?" if near else "; see: wijkteam config explain"
