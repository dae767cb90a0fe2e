"""What can be asked about people, teams and functions."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    bindparam,
    cast,
    func,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from wijkteam.people.acting import ActingPerson, Holding, KnownPerson
from wijkteam.people.model import Absence, Deputy, Function, HeldFunction, Person, Team, TeamArea
from wijkteam.storage.among import among, list_named
from wijkteam.storage.asking import written_once
from wijkteam.storage.lookups import once, straight
from wijkteam.terms import clock
from wijkteam.terms.words import Language


def _in_force(day: date) -> ColumnElement[bool]:
    return _lasts(HeldFunction, day)


def _lasts(model: Any, day: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = (model.valid_from <= day) & (model.valid_until.is_(None) | (model.valid_until >= day))
    return found


_DAY = bindparam("day", type_=Date)


def _away(person_id: Any) -> ColumnElement[bool]:
    lasts = (Absence.first_day <= _DAY) & (Absence.last_day.is_(None) | (Absence.last_day >= _DAY))
    return select(Absence.id).where(Absence.person_id == person_id, lasts).exists()


_AWAY: ColumnElement[bool] = _away(Person.id).label("away")
_HELD_TODAY = (
    Person.active,
    HeldFunction.function == bindparam("function"),
    HeldFunction.team_id.is_(None) | (HeldFunction.team_id == bindparam("team")),
    _lasts(HeldFunction, _DAY),
)


def _holding(*columns: Any) -> Select[Any]:
    return select(*columns, _AWAY).join(HeldFunction).where(*_HELD_TODAY).order_by(Person.id).distinct()


def _deputies(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .join(Deputy, Deputy.deputy_id == Person.id)
        .where(
            Person.active,
            Deputy.function == bindparam("function"),
            among(Deputy.person_id, list_named("absent", Integer)),
            _lasts(Deputy, _DAY),
            ~_away(Person.id),
        )
        .order_by(Person.id)
        .distinct()
    )


HOLDERS, HOLDER_IDS = _holding(Person), _holding(Person.id)
"""Asked by nearly every step, and so built once; whether a holder is away comes along."""
DEPUTIES, DEPUTY_IDS = _deputies(Person), _deputies(Person.id)
"""Asked only when a holder is away."""

_ABSENT = aliased(Person)
_OWN = select(
    HeldFunction.id,
    HeldFunction.function,
    HeldFunction.team_id,
    HeldFunction.consented_on,
    HeldFunction.employer_consented_on,
    cast(null(), Integer).label("absent"),
).where(HeldFunction.person_id == bindparam("person"), _lasts(HeldFunction, _DAY))
_STOOD_IN_FOR = (
    select(
        cast(null(), Integer),
        HeldFunction.function,
        HeldFunction.team_id,
        cast(null(), Date),
        cast(null(), Date),
        HeldFunction.person_id,
    )
    .join(Deputy, (Deputy.person_id == HeldFunction.person_id) & (Deputy.function == HeldFunction.function))
    .join(_ABSENT, _ABSENT.id == HeldFunction.person_id)
    .where(
        Deputy.deputy_id == bindparam("person"),
        _ABSENT.active,
        _lasts(Deputy, _DAY),
        _lasts(HeldFunction, _DAY),
        _away(HeldFunction.person_id),
    )
    .distinct()
)
HOLDINGS: CompoundSelect[Any] = union_all(_OWN, _STOOD_IN_FOR)
"""Asked by every request: what somebody holds, and what they stand in for."""


def acting_person(session: Session, person_id: int) -> ActingPerson | None:
    """The person with the functions in force today, also of those for whom they stand in while these are away.

    None when unknown or no longer active. Being away takes no power away.
    """
    person = session.get(Person, person_id)
    return acting(session, person) if person is not None else None


def acting(session: Session, person: Person | KnownPerson) -> ActingPerson | None:
    """The same for a person who was read already."""
    if not person.active:
        return None
    return ActingPerson(person.id, person.name, person.civil_servant, _holdings(session, person, clock.today()))


def _holdings(session: Session, person: Person | KnownPerson, day: date) -> tuple[Holding, ...]:
    """All holdings of one person; a deputy of another employer consents by a holding of their own (Awb 10:4)."""
    rows: Sequence[Any] = straight(session)(HOLDINGS, {"person": person.id, "day": day}).all()
    needs_consent = not person.civil_servant or person.employer is not None
    own = [
        Holding(function, team, consented=not needs_consent or _on_record(day, mine, employers))
        for _id, function, team, mine, employers, _absent in sorted(
            (row for row in rows if row.absent is None), key=lambda row: row.id
        )
    ]
    agreed = {each.function for each in own if each.consented}
    stood_in_for = sorted(
        ((row.function, row.team_id, row.absent) for row in rows if row.absent is not None),
        key=lambda each: (each[0], each[1] or 0, each[2]),
    )
    return (
        *own,
        *(
            Holding(function, team, absent, not needs_consent or function in agreed)
            for function, team, absent in stood_in_for
        ),
    )


def _on_record(day: date, *consents: date | None) -> bool:
    return all(each is not None and each <= day for each in consents)


def person_by_email(session: Session, email: str) -> Person | None:
    """The person with that e-mail address, in whatever capitals."""
    return session.scalars(select(Person).where(Person.email == email.strip().lower())).first()


def holders(session: Session, function: str, team_id: int | None = None) -> list[Person]:
    """Who can be reached in the function today, in this team or in the whole municipality.

    Active people who hold it and are not away; and for those who are away, whoever stands in for them.
    """
    asked = {"function": function, "team": team_id, "day": clock.today()}
    found = session.execute(HOLDERS, asked).all()
    absent = [person.id for person, away in found if away]
    present = [person for person, away in found if not away]
    if not absent:
        return present
    deputies = session.scalars(DEPUTIES, {**asked, "absent": absent})
    return sorted({person.id: person for person in (*present, *deputies)}.values(), key=lambda person: person.id)


def holder_ids(session: Session, function: str, team_id: int | None = None) -> list[int]:
    """The numbers of those people, for who needs no more of them: a fraction of the cost."""
    asked = {"function": function, "team": team_id, "day": clock.today()}

    def find() -> list[int]:
        execute = straight(session)
        found: Sequence[Any] = execute(HOLDER_IDS, asked).all()
        absent = [number for number, away in found if away]
        present = [number for number, away in found if not away]
        if not absent:
            return present
        return sorted({*present, *execute(DEPUTY_IDS, {**asked, "absent": absent}).scalars()})

    return list(once(session, ("holder_ids", *asked.values()), find))


def held_ids(session: Session, function: str, team_id: int | None = None) -> list[int]:
    """Numbers of those who hold this function today themselves, whether they are away or not."""
    asked = {"function": function, "team": team_id, "day": clock.today()}
    return [row[0] for row in straight(session)(HOLDER_IDS, asked)]


class Reach:
    """Who can be reached today in some functions, in every team at once: two questions instead of one for each."""

    def __init__(self, session: Session, functions: Collection[str]) -> None:
        day = clock.today()
        columns: list[Any] = [HeldFunction.function, HeldFunction.team_id, Person.id, _AWAY]
        held = select(*columns)
        mine = Person.active, among(HeldFunction.function, functions), _in_force(day)
        self._held = session.execute(held.join(Person).where(*mine), {"day": day}).all()
        acts = Person.active, among(Deputy.function, functions), _lasts(Deputy, day), ~_away(Person.id)
        deputies = select(Deputy.function, Deputy.person_id, Person.id)
        found = session.execute(deputies.join(Person, Person.id == Deputy.deputy_id).where(*acts), {"day": day})
        self._deputies: dict[tuple[str, int], set[int]] = {}
        for function, absent, deputy in found:
            self._deputies.setdefault((function, absent), set()).add(deputy)

    def holder_ids(self, function: str, team_id: int | None) -> list[int]:
        """What `holder_ids` finds."""
        found: set[int] = set()
        for held, team, person_id, away in self._held:
            if held == function and team in (None, team_id):
                found |= self._deputies.get((function, person_id), set()) if away else {person_id}
        return sorted(found)


def reachable(session: Session, function: str, team_id: int | None = None) -> list[ActingPerson]:
    """The same people with all functions that they hold today."""
    day = clock.today()
    return [
        ActingPerson(person.id, person.name, person.civil_servant, _holdings(session, person, day))
        for person in holders(session, function, team_id)
    ]


def absences(session: Session, person_id: int | None = None) -> list[Absence]:
    """Absences that have not ended, of one person or of all, by first day."""
    lasting = select(Absence).where(or_(Absence.last_day.is_(None), Absence.last_day >= clock.today()))
    if person_id is not None:
        lasting = lasting.where(Absence.person_id == person_id)
    return list(session.scalars(lasting.order_by(Absence.first_day, Absence.id)))


def absent_ids(session: Session, day: date | None = None) -> frozenset[int]:
    """The numbers of people who are away on a day, today unless told."""
    asked = {"day": day or clock.today()}
    return frozenset(session.scalars(select(Person.id).where(_away(Person.id)), asked))


def deputies(session: Session, person_id: int | None = None) -> list[Deputy]:
    """Who stands in for whom, now or later, for one person or for all, by first day."""
    lasting = select(Deputy).where(or_(Deputy.valid_until.is_(None), Deputy.valid_until >= clock.today()))
    if person_id is not None:
        lasting = lasting.where(Deputy.person_id == person_id)
    return list(session.scalars(lasting.order_by(Deputy.valid_from, Deputy.id)))


def team_ids(session: Session, person_id: int) -> frozenset[int]:
    """The teams that somebody acts in now; none for who does not work here any more."""
    person = acting_person(session, person_id)
    return person.team_ids if person is not None else frozenset()


def held_by(session: Session, person_id: int) -> list[HeldFunction]:
    """The functions that a person holds or held, by first day."""
    held = select(HeldFunction).where(HeldFunction.person_id == person_id)
    return list(session.scalars(held.order_by(HeldFunction.valid_from, HeldFunction.id)))


def held_today(session: Session, person_id: int) -> list[HeldFunction]:
    """The functions that a person holds today themselves."""
    held = select(HeldFunction).where(HeldFunction.person_id == person_id, _in_force(clock.today()))
    return list(session.scalars(held.order_by(HeldFunction.id)))


def names(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    """Names by person number."""
    if not person_ids:
        return {}
    rows = session.execute(*_names(list(person_ids)))
    return {number: name for number, name in rows}


@written_once
def _names(person_ids: Any) -> Select[int, str]:
    return select(Person.id, Person.name).where(among(Person.id, person_ids))


def name(session: Session, person_id: int | None) -> str:
    """A person's name; empty for nobody."""
    person = session.get(Person, person_id) if person_id is not None else None
    return person.name if person else ""


def person(session: Session, person_id: int) -> Person | None:
    """The person of that number."""
    return session.get(Person, person_id)


def active(session: Session, person_ids: Collection[int]) -> dict[int, Person]:
    """People by number, as far as they work here."""
    return {each.id: each for each in session.scalars(*_active(list(person_ids)))}


@written_once
def _active(person_ids: Any) -> Select[Person]:
    return select(Person).where(among(Person.id, person_ids), Person.active)


def everyone(session: Session) -> list[Person]:
    """Active people with any function today, by name."""
    rows = select(Person).join(HeldFunction).where(Person.active, _in_force(clock.today())).distinct()
    return list(session.scalars(rows.order_by(Person.name, Person.id)))


def team_members(session: Session, team_id: int) -> list[Person]:
    """Active people with any function in this team today, by name."""
    return list(session.scalars(*_members(team_id, clock.today())))


@written_once
def _members(team_id: int, day: Any) -> Select[Person]:
    rows = select(Person).join(HeldFunction).where(Person.active, HeldFunction.team_id == team_id, _in_force(day))
    return rows.order_by(Person.name, Person.id).distinct()


def held_functions(session: Session) -> frozenset[str]:
    """The functions that somebody holds today."""
    return frozenset(session.scalars(select(HeldFunction.function).where(_in_force(clock.today())).distinct()))


def functions(session: Session, tongue: Language = "nl") -> dict[str, str]:
    """Titles of all functions, by code."""
    title = Function.title_en if tongue == "en" else Function.title_nl
    return {code: said for code, said in session.execute(select(Function.code, title))}


def function_title(session: Session, code: str, tongue: Language = "nl") -> str:
    """The title of a function, or its code when there is none."""
    function = session.get(Function, code)
    if function is None:
        return code
    return function.title_en if tongue == "en" else function.title_nl


def teams(session: Session) -> list[Team]:
    """All teams, by name."""
    return list(session.scalars(select(Team).order_by(Team.name)))


def team_name(session: Session, team_id: int | None) -> str:
    """A team's name; empty for no team."""
    team = session.get(Team, team_id) if team_id is not None else None
    return team.name if team else ""


def wijken_of(session: Session, team_id: int) -> list[str]:
    """Codes of the wijken that a team works in."""
    return list(
        session.scalars(select(TeamArea.wijk_code).where(TeamArea.team_id == team_id).order_by(TeamArea.wijk_code))
    )


def team_of_wijk(session: Session, wijk_code: str) -> Team | None:
    """The team that works in the wijk, the first one where there are more."""
    return session.scalars(select(Team).join(TeamArea).where(TeamArea.wijk_code == wijk_code).order_by(Team.id)).first()


def holder_counts(session: Session) -> dict[str, int]:
    """How many active people hold each function today, in whatever team; functions that nobody holds are left out."""
    rows = session.execute(
        select(HeldFunction.function, func.count(Person.id.distinct()))
        .join(Person)
        .where(Person.active, _in_force(clock.today()))
        .group_by(HeldFunction.function)
    )
    return {function: count for function, count in rows}
