"""The municipality's mapping: which case system, under which types, and exactly what may leave. A YAML file.

What is not named here does not leave. A case leaves no household data at all unless a field of it is named under
`explanation`, and then only under a confidentiality that fits.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from wijkteam.engine.definition import Part
from wijkteam.engine.loading import WrongDefinition, load_document
from wijkteam.storage.settings import WrongSettings, given_settings

LOOPBACK = ("http://127.0.0.1", "http://localhost")
Confidentiality = Literal["zaakvertrouwelijk", "vertrouwelijk", "confidentieel", "geheim", "zeer_geheim"]
"""The levels of the standard that a case of a household may have; the lower ones are for what others may read."""
WITH_HOUSEHOLD_DATA = frozenset({"question", "plan", "next_step", "what_is_going_on", "who_or_where"})
"""Fields that say something about a household."""
MAY_LEAVE = frozenset({"team", "wijk"}) | WITH_HOUSEHOLD_DATA
SHORTEST_SECRET = 20


def _https(url: str) -> str:
    good = url.startswith("https://") or any(url.startswith((f"{each}:", f"{each}/")) for each in LOOPBACK)
    if not good or not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("write an address that begins with https://")
    return url


Url = Annotated[str, Field(max_length=500), AfterValidator(_https)]
ShortUrl = Annotated[str, Field(max_length=200), AfterValidator(_https)]
"""An address that the standard has no more room for."""
DocumentKind = Literal["decision_letter"]
"""Which documents can leave: the letter of a decision, once it was sent. Others never do."""


class Roles(Part):
    """The types of role under which people and teams are named; left out: they are not."""

    owner: Url | None = None
    team: Url | None = None


class CaseMapping(Part):
    """What is told of a case, and under which types."""

    type: Url
    title: str = Field(default="Casus wijkteam", min_length=1, max_length=80)
    """The same for every case: it names nobody."""
    opened_from: date | None = None
    """Cases that were opened before this day are not told; left out: all are."""
    explanation: list[str] = Field(default_factory=list)
    """Which fields may leave as `toelichting`; none unless they are named."""
    statuses: Mapping[str, Url] = Field(min_length=1)
    """By state of the case. A case leaves when it first comes into one of these."""
    results: Mapping[str, Url] = Field(default_factory=dict)
    """By outcome."""
    roles: Roles = Field(default_factory=Roles)
    decisions: Mapping[str, ShortUrl] = Field(default_factory=dict)
    """By power. Decisions under other powers do not leave."""
    documents: Mapping[DocumentKind, ShortUrl] = Field(default_factory=dict)
    """By kind of document, its informatieobjecttype. Documents of other kinds do not leave; left out: none does."""

    look_within: int = Field(default=3, ge=1, le=30)
    """In how many working days the owner looks at what others changed there."""

    @field_validator("explanation")
    @classmethod
    def _known(cls, named: list[str]) -> list[str]:
        strange = sorted(set(named) - MAY_LEAVE)
        if strange:
            raise ValueError(
                f"{', '.join(strange)}: no such field can leave; these can: {', '.join(sorted(MAY_LEAVE))}"
            )
        return named


class IntakeMapping(Part):
    """Which zaken are taken in, and what becomes of them."""

    types: list[Url] = Field(min_length=1)
    kind: Literal["worry", "suggestion", "complaint"] = "worry"
    team: str | None = None
    """The name of the team that gets them; left out: the team of the signal table."""
    words: list[Literal["omschrijving", "toelichting"]] = Field(default=["omschrijving"], min_length=1)
    """Which texts of the zaak are taken over; nothing else of it is."""
    authorization_file: Path | None = None
    """File with what the notification system sends as Authorization; left out: no notification is taken."""


class ChannelMapping(Part):
    """The channel on which wijkteam itself is a source of notifications."""

    name: str = Field(pattern=r"^[a-z0-9_-]{1,50}$")
    source: Url
    """The address under which this system shows its cases: https://…/api/v1/cases/; the id of the case comes behind."""
    documentation: ShortUrl | None = None
    """Where it is written what the channel tells."""
    opened_from: date | None = None
    """Of cases that were opened before this day nothing is told; left out: of all."""

    @field_validator("source")
    @classmethod
    def _ends_with_slash(cls, url: str) -> str:
        return url if url.endswith("/") else f"{url}/"


class NotificationsMapping(Part):
    """The notification system: hearing of changes from it, being a source to it, or both."""

    api: Url
    callback: Url | None = None
    """The address of /zgw/notificaties as the notification system reaches it; left out: nothing is subscribed to."""
    authorization_file: Path | None = None
    """File with what the notification system sends along as Authorization."""
    channel: ChannelMapping | None = None
    """Left out: wijkteam tells nothing on a channel of its own."""

    @field_validator("api")
    @classmethod
    def _ends_with_slash(cls, url: str) -> str:
        return url if url.endswith("/") else f"{url}/"

    @model_validator(mode="after")
    def _fits(self) -> "NotificationsMapping":
        if self.callback is not None and self.authorization_file is None:
            raise ValueError("a subscription needs an authorization_file: what comes in without it is refused")
        if self.callback is None and self.channel is None:
            raise ValueError("say where notifications come in (callback), what is told (channel), or both")
        return self


class ZgwMapping(Part):
    """The whole file."""

    zgw: Literal[1]
    zaken: Url
    besluiten: Url | None = None
    catalogi: Url | None = None
    documenten: Url | None = None
    client_id: str = Field(min_length=1, max_length=100)
    secret_file: Path
    organisation: str
    """The RSIN of the municipality."""
    confidentiality: Confidentiality = "zaakvertrouwelijk"
    number_prefix: str = Field(default="WIJKTEAM-", pattern=r"^[A-Za-z0-9_-]{1,20}$")
    case: CaseMapping | None = None
    intake: IntakeMapping | None = None
    notifications: NotificationsMapping | None = None

    @field_validator("zaken", "besluiten", "catalogi", "documenten")
    @classmethod
    def _ends_with_slash(cls, url: str | None) -> str | None:
        return url if url is None or url.endswith("/") else f"{url}/"

    @field_validator("organisation")
    @classmethod
    def _is_rsin(cls, number: str) -> str:
        if not re.fullmatch(r"[0-9]{9}", number) or _eleven(number):
            raise ValueError("write an RSIN: nine digits that fulfil the eleven test")
        return number

    @model_validator(mode="after")
    def _fits(self) -> "ZgwMapping":
        if self.case is None and self.intake is None:
            raise ValueError("say what is told (case), what is taken in (intake), or both")
        if self.notifications is not None and self.notifications.callback is not None and self.catalogi is None:
            raise ValueError("what others change is named by the catalogue: the address of catalogi is missing")
        if self.case is not None and self.case.decisions and self.besluiten is None:
            raise ValueError("decisions are told at besluiten, of which the address is missing")
        leaves = set(self.case.explanation) if self.case is not None else set()
        documents = bool(self.case is not None and self.case.documents)
        if (WITH_HOUSEHOLD_DATA & leaves or documents) and self.confidentiality == "zaakvertrouwelijk":
            raise ValueError("household data leaves under vertrouwelijk or higher, not under zaakvertrouwelijk")
        if documents and self.documenten is None:
            raise ValueError("documents are told at documenten, of which the address is missing")
        return self

    @property
    def authorization_file(self) -> Path | None:
        """Where it stands what the notification system sends along; None where nothing comes in."""
        if self.notifications is not None and self.notifications.authorization_file is not None:
            return self.notifications.authorization_file
        return self.intake.authorization_file if self.intake is not None else None

    def secret(self) -> str:
        """The secret shared with the case system. Raises WrongSettings."""
        return read_secret(self.secret_file)

    def bases(self) -> Iterator[str]:
        """Where the APIs of this case system stand: no other address is ever asked."""
        found = (self.zaken, self.besluiten, self.catalogi, self.documenten)
        yield from (each for each in found if each is not None)
        if self.notifications is not None:
            yield self.notifications.api

    def types(self) -> Iterator[tuple[str, str]]:
        """Every type of the catalogue that is named, with where it is named."""
        case = self.case
        if case is None:
            return
        yield "zaaktypen", case.type
        yield from (("statustypen", each) for each in case.statuses.values())
        yield from (("resultaattypen", each) for each in case.results.values())
        yield from (("roltypen", each) for each in (case.roles.owner, case.roles.team) if each is not None)
        yield from (("besluittypen", each) for each in case.decisions.values())
        yield from (("informatieobjecttypen", each) for each in case.documents.values())


def _eleven(number: str) -> int:
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, number, strict=True)) % 11


def read_secret(path: Path) -> str:
    """A secret in a file of its own. Raises WrongSettings."""
    try:
        secret = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        secret = ""
    if len(secret) < SHORTEST_SECRET:
        raise WrongSettings(f"WIJKTEAM_ZGW_FILE: {path} holds no secret of {SHORTEST_SECRET} signs or more")
    return secret


def read_mapping() -> ZgwMapping | None:
    """The mapping that the settings name; None where they name none. Raises WrongSettings with every mistake."""
    name = given_settings().get("WIJKTEAM_ZGW_FILE")
    if not name:
        return None
    if not Path(name).is_file():
        raise WrongSettings(f"WIJKTEAM_ZGW_FILE: there is no file {name}")
    try:
        return load_document(Path(name), ZgwMapping)
    except WrongDefinition as wrong:
        raise WrongSettings(f"WIJKTEAM_ZGW_FILE:\n{wrong}") from wrong


def wrong_names(mapping: ZgwMapping, states: set[str], outcomes: set[str], powers: set[str]) -> list[str]:
    """A line for each state, outcome or power that is named and is not there, and each outcome without a result."""
    case = mapping.case
    if case is None:
        return []
    found = [f"statuses: there is no state '{each}'" for each in case.statuses if each not in states]
    found += [f"results: there is no outcome '{each}'" for each in case.results if each not in outcomes]
    found += [f"decisions: there is no power '{each}'" for each in case.decisions if each not in powers]
    if "closed" in case.statuses:
        missing = sorted(outcomes - set(case.results))
        found += [
            f"results: a case that ends as '{each}' has no result, and cannot be closed there" for each in missing
        ]
    return found
