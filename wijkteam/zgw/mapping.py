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
    decisions: Mapping[str, Url] = Field(default_factory=dict)
    """By power. Decisions under other powers do not leave."""

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


class ZgwMapping(Part):
    """The whole file."""

    zgw: Literal[1]
    zaken: Url
    besluiten: Url | None = None
    catalogi: Url | None = None
    client_id: str = Field(min_length=1, max_length=100)
    secret_file: Path
    organisation: str
    """The RSIN of the municipality."""
    confidentiality: Confidentiality = "zaakvertrouwelijk"
    number_prefix: str = Field(default="WIJKTEAM-", pattern=r"^[A-Za-z0-9_-]{1,20}$")
    case: CaseMapping | None = None
    intake: IntakeMapping | None = None

    @field_validator("zaken", "besluiten", "catalogi")
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
        if self.case is not None and self.case.decisions and self.besluiten is None:
            raise ValueError("decisions are told at besluiten, of which the address is missing")
        leaves = set(self.case.explanation) if self.case is not None else set()
        if WITH_HOUSEHOLD_DATA & leaves and self.confidentiality == "zaakvertrouwelijk":
            raise ValueError("household data leaves under vertrouwelijk or higher, not under zaakvertrouwelijk")
        return self

    def secret(self) -> str:
        """The secret shared with the case system. Raises WrongSettings."""
        return read_secret(self.secret_file)

    def bases(self) -> Iterator[str]:
        """Where the APIs of this case system stand: no other address is ever asked."""
        yield from (each for each in (self.zaken, self.besluiten, self.catalogi) if each is not None)

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
