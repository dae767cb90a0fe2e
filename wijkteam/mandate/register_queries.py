"""What can be asked of the register as people keep it, and of the changes that were proposed to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wijkteam.mandate import queries
from wijkteam.mandate.kept import KeptRegister, KeptRow
from wijkteam.mandate.model import Mandate, RegisterChange
from wijkteam.mandate.register_file import RENAMED, MandateEntry
from wijkteam.people import queries as people
from wijkteam.terms.words import Language, Words

PROPOSED = "proposed"
SAME_NAME = frozenset(MandateEntry.model_fields) - set(RENAMED) - {"given_under", "team", "reserved"}
READ = [*sorted(SAME_NAME), *RENAMED.values(), "id", "given_under", "team_id", "reserved", "revoked_at", "revoked_why"]
GENERAL: Select[Any] = (
    select(*(getattr(Mandate, name) for name in READ)).where(Mandate.case_id.is_(None)).order_by(Mandate.id)
)
"""Plain columns: what this session has in hand could be older than what the table says."""


@dataclass(frozen=True)
class Titles:
    """Words for the codes that rows name, in one language."""

    powers: Mapping[str, str]
    functions: Mapping[str, str]
    reserved: Mapping[str, str]
    wijken: Mapping[str, str]
    tongue: Language = "nl"

    @classmethod
    def from_database(
        cls,
        session: Session,
        reserved: Mapping[str, str],
        wijken: Mapping[str, str] | None = None,
        tongue: Language = "nl",
    ) -> "Titles":
        """Powers and functions as the database knows them."""
        powers, functions = queries.powers(session, tongue), people.functions(session, tongue)
        return cls(powers, functions, reserved, wijken or {}, tongue)

    def said(self, words: Words) -> str:
        """What is said in this language."""
        return words.en if self.tongue == "en" else words.nl


def kept_register(session: Session) -> KeptRegister:
    """The whole general register with its history. Mandates for one case stay out of it: they name people."""
    session.flush()
    rows = [dict(row) for row in session.execute(GENERAL).mappings()]
    numbers: dict[int | None, str] = {row["id"]: row["number"] for row in rows}
    teams: dict[int | None, str] = {team.id: team.name for team in people.teams(session)}
    return KeptRegister(_kept(row, numbers, teams) for row in rows)


def _kept(row: Mapping[str, Any], numbers: Mapping[int | None, str], teams: Mapping[int | None, str]) -> KeptRow:
    found: dict[str, Any] = {name: row[name] for name in SAME_NAME}
    for name, column in RENAMED.items():
        found[name] = _euros(row[column]) if column != "wijk_code" else row[column]
    found["given_under"] = numbers.get(row["given_under"])
    found["team"] = teams.get(row["team_id"])
    found["reserved"] = sorted(filter(None, str(row["reserved"]).split(",")))
    entry = MandateEntry.model_construct(**found)
    return KeptRow(row["id"], entry, row["given_under"], row["revoked_at"], row["revoked_why"])


def _euros(cents: object) -> Decimal | None:
    return None if not isinstance(cents, int) else (Decimal(cents) / 100).quantize(Decimal("0.01"))


def find_change(session: Session, change_id: str) -> RegisterChange | None:
    """The proposed change with that id, as it stands in the database now."""
    return session.get(RegisterChange, change_id, populate_existing=True)


def waiting_changes(session: Session) -> list[RegisterChange]:
    """The changes that wait for a second person, oldest first."""
    return list(session.scalars(rows_proposed().order_by(RegisterChange.opened_at)))


def rows_proposed() -> Select[Any]:
    """The question for the changes that wait for a second person."""
    return select(RegisterChange).where(RegisterChange.state == PROPOSED)


def recent_changes(session: Session, most: int = 20) -> list[RegisterChange]:
    """The changes that were decided on or withdrawn, newest first."""
    rows = select(RegisterChange).where(RegisterChange.state != PROPOSED)
    return list(session.scalars(rows.order_by(RegisterChange.state_since.desc()).limit(most)))
