"""The data file that says which claim of the provider gives which function here."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field, StrictBool

from wijkteam.engine.definition import Name, Part
from wijkteam.engine.loading import load_document

MOST_VALUES = 2_000
"""How many groups or roles of one claim are looked at; a token with more is not one of a person."""


class ClaimMapping(Part):
    """Whoever has this value in this claim holds this function, in a team or in the whole municipality."""

    claim: str = Field(min_length=1)
    """The claim's name; parts of a nested one joined by dots, such as `realm_access.roles`."""
    value: str = Field(min_length=1)
    function: Name
    team: str | None = None
    """The team's name; left out: the whole municipality."""
    only_from_there: StrictBool = False
    """Whether it comes from the provider only: then one given by hand ends too when the claim is not there."""


class ClaimsFile(Part):
    """What the provider's claims mean here."""

    single_sign_on: Name
    create: StrictBool = False
    """Whether people whom nobody added yet are made at their first sign-in, when a mapping gives them a function."""
    civil_servant: StrictBool = False
    """Whether people who are made so are civil servants; left out: not, and then mandate needs consent (Awb 10:4)."""
    mappings: list[ClaimMapping] = []


@dataclass(frozen=True)
class Mapped:
    """A function that the provider gives: its code, and the team's name or None."""

    function: str
    team: str | None


NO_MAPPING = ClaimsFile(single_sign_on="none")


def read_claims_file(path: Path) -> ClaimsFile:
    """The mapping in a YAML file. Raises WrongDefinition with every mistake in it."""
    return load_document(path, ClaimsFile)


def given_by(claims: Mapping[str, Any], file: ClaimsFile) -> frozenset[Mapped]:
    """The functions that these claims give: only what the file names, whatever the claims say of themselves."""
    return frozenset(Mapped(row.function, row.team) for row in file.mappings if row.value in _values(claims, row.claim))


def only_from_there(file: ClaimsFile) -> frozenset[Mapped]:
    """The functions that nobody holds but by the provider."""
    return frozenset(Mapped(row.function, row.team) for row in file.mappings if row.only_from_there)


def names_all_claims(claims: Mapping[str, Any], file: ClaimsFile) -> bool:
    """Whether every claim that the file looks at is there, so that no more has to be asked."""
    return all(row.claim.partition(".")[0] in claims for row in file.mappings)


def _values(claims: Mapping[str, Any], name: str) -> frozenset[str]:
    """The values of a claim: a text is one value, never a list of words."""
    found: Any = claims.get(name)
    if found is None:
        found = claims
        for part in name.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return frozenset({found})
    if isinstance(found, list):
        return frozenset(each for each in found[:MOST_VALUES] if isinstance(each, str))
    return frozenset()
