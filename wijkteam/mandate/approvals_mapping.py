"""How a log of approvals reads as mandate requests: the mapping file."""

from datetime import date

from pydantic import Field, model_validator

from wijkteam.engine.definition import Name, Part, Text

SAVE = "save"
ASK = "ask"


class MappedPower(Part):
    """The decision type that the log's requests are about."""

    code: Name
    title: Text


class MappedRole(Part):
    """A role of the log as a function here."""

    function: Name
    title: Text


class MappedMandate(Part):
    """A row of the register that the log's organisation worked under, without a ceiling."""

    number: str = Field(min_length=1)
    role: str
    valid_from: date


class ApprovalsMapping(Part):
    """Log activity to transition, log role to function, and where the amount stands."""

    mapping: Name
    title: Text
    source: str
    power: MappedPower
    amount: str
    roles: dict[str, MappedRole] = Field(min_length=1)
    requester: str
    activities: dict[str, Name] = Field(min_length=1)
    answers: dict[Name, dict[Name, str]] = {}
    """What to fill in where a transition asks something that the log does not hold."""
    mandates: list[MappedMandate] = []

    @model_validator(mode="after")
    def _known_roles(self) -> "ApprovalsMapping":
        for role in [self.requester, *(mandate.role for mandate in self.mandates)]:
            if role not in self.roles:
                raise ValueError(f"'{role}' is none of the roles: {', '.join(self.roles)}")
        return self
