"""What can be done with cases: opening one, and every step on its way."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from sqlalchemy.exc import IntegrityError

from wijkteam.cases import queries
from wijkteam.cases.model import Buurt, Household, HouseholdCase, Wijk
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.vocabulary import Reason
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work
from wijkteam.terms import clock

LONGEST_WHO_OR_WHERE = 300


@dataclass(frozen=True)
class NewCase:
    """The three things needed to open a case: who or where, what is going on, the next step with its date."""

    who_or_where: str
    what_is_going_on: str
    next_step: str
    next_step_on: date | str
    buurt_code: str | None = None
    team_id: int | None = None
    household_id: int | None = None


class AreaShape(Protocol):
    """A buurt as a reader of areas hands it over."""

    @property
    def code(self) -> str:
        """CBS code, BU and eight signs."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def wijk_code(self) -> str:
        """CBS code of its wijk."""

    @property
    def municipality_code(self) -> str:
        """CBS code of its municipality."""

    @property
    def geometry(self) -> dict[str, Any]:
        """Its shape: GeoJSON in WGS 84."""

    @property
    def longitude(self) -> float:
        """Where its middle lies."""

    @property
    def latitude(self) -> float:
        """Where its middle lies."""


def open_case(work: Work, new: NewCase, case_id: str | None = None) -> HouseholdCase:
    """Open a case; the acting person becomes its owner. Raises WrongFields or Refused."""
    with work.transaction() as session:
        household = _household(work, new)
        case = HouseholdCase(
            id=case_id or new_id(),
            household_id=household.id,
            team_id=new.team_id or _own_team(work),
        )
        with session.no_autoflush:
            work.open(
                case,
                {
                    "what_is_going_on": new.what_is_going_on,
                    "next_step": new.next_step,
                    "next_step_on": new.next_step_on,
                },
            )
            session.add(case)
        return case


def set_next_step(work: Work, case_id: str, what: str, on: date | str, by: int | None) -> None:
    """Let something be the next step of a case, for the person with that number; in the caller's transaction.

    Raises LookupError, WrongFields or Refused.
    """
    work.act_on(HouseholdCase, case_id, "change_next_step", {"next_step": what, "next_step_on": on, "next_step_by": by})


def _own_team(work: Work) -> int:
    teams = sorted(work.actor.team_ids)
    if not teams:
        raise WrongFields({"who_or_where": Reason("U zit nog niet in een team.", "You are in no team yet.")})
    return int(teams[0])


def _household(work: Work, new: NewCase) -> Household:
    if new.household_id is not None:
        return queries.household(work.session, new.household_id)
    return add_household(work, new.who_or_where, new.buurt_code)


def add_household(work: Work, who_or_where: str, buurt_code: str | None = None) -> Household:
    """Add a household of which nobody has a case yet; then nobody reads it. Raises WrongFields."""
    who = " ".join(who_or_where.split())
    mistakes = {}
    if not who:
        mistakes["who_or_where"] = Reason("Vul in wie of waar.", "Fill in who or where.")
    if len(who) > LONGEST_WHO_OR_WHERE:
        mistakes["who_or_where"] = Reason("Maak dit korter.", "Please shorten this.")
    if buurt_code and queries.buurt(work.session, buurt_code) is None:
        mistakes["buurt_code"] = Reason("Deze buurt kennen we niet.", "This buurt is unknown.")
    if mistakes:
        raise WrongFields(mistakes)
    with work.transaction() as session:
        household = Household(who_or_where=who, buurt_code=buurt_code or None, added_at=clock.now())
        session.add(household)
        session.flush()
        return household


class InUse(Exception):
    """Something refers to it, and so it cannot be taken out."""


def remove_household(work: Work, household_id: int) -> None:
    """Take out a household that nothing refers to, such as one that came in by mistake. Raises LookupError, InUse.

    After InUse the caller's transaction, or its savepoint, has to be rolled back.
    """
    with work.transaction() as session:
        session.delete(queries.household(session, household_id))
        try:
            session.flush()
        except IntegrityError:
            raise InUse from None


def keep_areas(work: Work, areas: Iterable[AreaShape], wijk_names: dict[str, str]) -> tuple[int, int]:
    """Add or renew buurten and their wijken; returns how many (wijken, buurten) came in."""
    with work.transaction() as session:
        found = list(areas)
        wijken = {area.wijk_code: area.municipality_code for area in found}
        for code, municipality in sorted(wijken.items()):
            session.merge(Wijk(code=code, name=wijk_names.get(code, code), municipality_code=municipality))
        session.flush()
        for area in found:
            session.merge(
                Buurt(
                    code=area.code,
                    name=area.name,
                    wijk_code=area.wijk_code,
                    geometry=area.geometry,
                    longitude=area.longitude,
                    latitude=area.latitude,
                )
            )
        return len(wijken), len(found)
