"""What is here already, asked once for a whole file: people, teams, functions, areas, and what came in before."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.cases.model import Buurt, Household, HouseholdCase, Wijk
from wijkteam.cases.queries import CLOSED
from wijkteam.importing.model import ADDED, KNOWN, DataImport, ImportedRow
from wijkteam.people.model import Function, HeldFunction, Person, Team
from wijkteam.search.doubles import HOMES
from wijkteam.search.matching import Asked
from wijkteam.search.queries import entries
from wijkteam.search.resembling import Description, surely_alike
from wijkteam.terms import clock

BEST_PERSON = "best_person"


def key_digest(kind: str, key: str) -> str:
    """What is kept of the key by which a file names something."""
    return hashlib.sha256(f"{kind}\x1f{' '.join(key.lower().split())}".encode()).hexdigest()


@dataclass
class Holds:
    """The functions that somebody holds today, and the teams in which."""

    functions: set[str] = field(default_factory=set)
    teams: set[str] = field(default_factory=set)


class Known:
    """What checking a file asks of the database. Tells numbers and codes, and never what stands in a case."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.people: dict[str, bool] = {
            email: active for email, active in session.execute(select(Person.email, Person.active))
        }
        self.teams: set[str] = set(session.scalars(select(Team.name)))
        self.functions: dict[str, str] = {}
        for each in session.scalars(select(Function)):
            for name in (each.title_nl, each.title_en, each.code):
                self.functions[name.lower()] = each.code
        self.wijken: set[str] = set(session.scalars(select(Wijk.code)))
        self.buurten: set[str] = set(session.scalars(select(Buurt.code)))
        self.holds: dict[str, Holds] = {}
        self._read_held()
        self.keys: dict[str, str] = known_keys(session)
        self.households: set[int] = set(session.scalars(select(Household.id)))
        self.with_open_case: set[int] = set(
            session.scalars(select(HouseholdCase.household_id).where(HouseholdCase.state != CLOSED))
        )
        protected = select(HouseholdCase.household_id).where(HouseholdCase.protected_why.is_not(None))
        self._protected: set[int] = set(session.scalars(protected))

    def _read_held(self) -> None:
        today = clock.today()
        rows = self.session.execute(
            select(Person.email, HeldFunction.function, Team.name)
            .join(Person, Person.id == HeldFunction.person_id)
            .outerjoin(Team, Team.id == HeldFunction.team_id)
            .where(
                Person.active,
                HeldFunction.valid_from <= today,
                HeldFunction.valid_until.is_(None) | (HeldFunction.valid_until >= today),
            )
        )
        for email, function, team in rows:
            self.will_hold(email, function, team, None, None)

    def will_hold(self, email: str, function: str, team: str | None, first: date | None, last: date | None) -> None:
        """Somebody holds a function, or will when a row before this one has come in."""
        today = clock.today()
        if (first or today) <= today <= (last or today):
            holds = self.holds.setdefault(email, Holds())
            holds.functions.add(function)
            if team is not None:
                holds.teams.add(team)

    def household_of(self, key: str) -> int | None:
        """The number of the household that came in under this key; None when none did."""
        found = self.keys.get(key_digest("households", key))
        return int(found) if found is not None else None

    def alike(self, who_or_where: str) -> list[int]:
        """The households that are surely the same one by the usual detection; never one of a protected case."""
        typed = Description.typed(who_or_where)
        if not typed.addresses:
            return []
        found: dict[int, None] = {}
        for entry in entries(self.session, Asked.of(who_or_where), HOMES[:1]):
            number = entry.household_id
            if number is None or number in self._protected:
                continue
            if surely_alike(typed, Description.of(entry.names.split())):
                found[number] = None
        return list(found)


def known_keys(session: Session, only: Collection[str] | None = None) -> dict[str, str]:
    """The number of what came in, by the digest of the key under which it did."""
    rows = select(ImportedRow.key_digest, ImportedRow.subject_id).where(
        ImportedRow.key_digest.is_not(None), ImportedRow.outcome.in_((ADDED, KNOWN))
    )
    if only is not None:
        rows = rows.where(ImportedRow.key_digest.in_(only))
    return {key: number for key, number in session.execute(rows.order_by(ImportedRow.id)) if key and number}


def done_rows(session: Session, import_id: str) -> set[tuple[str, int]]:
    """The rows of an import that came in already."""
    rows = select(ImportedRow.kind, ImportedRow.row).where(
        ImportedRow.import_id == import_id, ImportedRow.outcome.in_((ADDED, KNOWN, "reopened"))
    )
    return {(kind, row) for kind, row in session.execute(rows)}


def find_import(session: Session, import_id: str) -> DataImport | None:
    """The import of that number, as it stands in the database now."""
    return session.get(DataImport, import_id, populate_existing=True)
