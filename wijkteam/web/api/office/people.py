"""People through the API: who works here in which functions, their access, and being away."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from flask import abort, current_app

from wijkteam.api_access.service import MANAGE
from wijkteam.people import queries
from wijkteam.people.model import Person
from wijkteam.people.staff import candidates, find_person, may_keep, staff
from wijkteam.web import absence, people, people_access
from wijkteam.web.acting import reading, work
from wijkteam.web.api.bodies_as_models import Line, Number, Sent, Told
from wijkteam.web.api.deeds import Deed
from wijkteam.web.api.doing import REPLAYED
from wijkteam.web.api.problems import Problem
from wijkteam.web.language import _, language, later

Form = Callable[[Person, Mapping[str, str]], object]

LINK_TOLD_ONCE = later(
    "Dit is onder dit nummer al gedaan. De link wordt niet bewaard. Wilt u een nieuwe link? Stuur een ander nummer."
)


class ByName(Sent):
    """Of whom the name holds these signs, and who holds this function."""

    name: Line | None = None
    function: Line | None = None


class Employee(Told):
    """One who works here, with functions of today in words."""

    id: int
    name: str
    email: str
    functions: list[str]
    is_away: bool
    away_until: date | None


class Employees(Told):
    """Everyone who works here."""

    items: list[Employee]


class Held(Told):
    """One function for a period; without a last day until further notice."""

    id: int
    function: str
    team_id: int | None
    valid_from: date
    valid_until: date | None
    consented_on: date | None
    employer_consented_on: date | None


class Away(Told):
    """One absence; without a last day until further notice."""

    id: int
    first_day: date
    last_day: date | None


class StandsIn(Told):
    """Who stands in, in which function, whenever somebody is away."""

    id: int
    deputy_id: int
    function: str
    valid_from: date
    valid_until: date | None


class OnePerson(Told):
    """One person as the administrator keeps them."""

    id: int
    name: str
    email: str
    active: bool
    civil_servant: bool
    employer: str | None
    held: list[Held]
    absences: list[Away]
    deputies: list[StandsIn]


class MyAbsence(Told):
    """When somebody is away, who stands in, and who could."""

    absences: list[Away]
    deputies: list[StandsIn]
    candidates: list[int]


class NewPerson(Sent):
    """Somebody new, with a first function."""

    name: Line
    email: Line
    function: Line
    team: Number | None = None
    valid_from: date | None = None


class Made(Told):
    """The number of who was added."""

    id: int


class Employment(Sent):
    """Whether somebody is a civil servant, and else with whom they are employed."""

    civil_servant: bool
    employer: Line | None = None


class Function(Sent):
    """A function for a period, in a team or everywhere."""

    function: Line
    team: Number | None = None
    valid_from: date | None = None
    valid_until: date | None = None


class EndFunction(Sent):
    """Which function ends, and its last day; today unless it is given."""

    held: Number
    last_day: date | None = None


class Consent(Sent):
    """When somebody of another employer, and that employer, agreed to mandate (Awb 10:4)."""

    function: Line
    consented_on: date | None = None
    employer_consented_on: date | None = None


class NewAbsence(Sent):
    """Away from a day on (today unless it is given) up to and including a last one, or until further notice."""

    first_day: date | None = None
    last_day: date | None = None


class EndAbsence(Sent):
    """Back: away up to and including yesterday unless another last day is given."""

    absence: Number
    last_day: date | None = None


class NewDeputy(Sent):
    """Who stands in, in which function, for which period."""

    deputy: Number
    function: Line
    valid_from: date | None = None
    valid_until: date | None = None


class EndDeputy(Sent):
    """Which appointment ends: its last day was yesterday."""

    appointment: Number


class Link(Told):
    """The link to hand over, shown once; null where it goes by mail, or there is none."""

    link: str | None


def number_of(text: str) -> int:
    """A number in a path; 404 for what is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        abort(404)
    return int(text)


def _administrator(**_path: str) -> None:
    if not may_keep(work().actor):
        abort(404)


def _kept(person_id: str) -> Person:
    _administrator()
    return find_person(reading(), number_of(person_id)) or abort(404)


def _staff(given: ByName) -> Employees:
    found = staff(reading(), given.name or "", given.function, language())
    return Employees(
        items=[
            Employee(
                id=each.person.id,
                name=each.person.name,
                email=each.person.email,
                functions=list(each.functions),
                is_away=each.is_away,
                away_until=each.away_until,
            )
            for each in found
        ]
    )


def _one(person_id: str) -> OnePerson:
    person, session = _kept(person_id), reading()
    return OnePerson(
        id=person.id,
        name=person.name,
        email=person.email,
        active=person.active,
        civil_servant=person.civil_servant,
        employer=person.employer,
        held=[Held.model_validate(each) for each in queries.held_by(session, person.id)],
        absences=[Away.model_validate(each) for each in queries.absences(session, person.id)],
        deputies=[StandsIn.model_validate(each) for each in queries.deputies(session, person.id)],
    )


def _add(given: NewPerson, **_made: str) -> Made:
    return Made(id=people_access.add_person(given.as_filled_in()).id)


def _added_before(given: NewPerson, **_made: str) -> Made:
    found = queries.person_by_email(reading(), given.email)
    return Made(id=found.id) if found is not None else abort(404)


def _change(form: str, person_id: str, given: Sent | None = None) -> None:
    people.FORMS[form](_kept(person_id), given.as_filled_in() if given is not None else {})


def _let_in(form: str, person_id: str, **_made: str) -> Link:
    return Link(link=people_access.FORMS[form](_kept(person_id)) or None)


def _told_before(form: str, **_sent: str) -> Link:
    """What was told before under this number, which never is a link: that one is told once."""
    if form in people_access.GIVES_LINK and not current_app.extensions["sends_mail"]:
        raise Problem(409, _(LINK_TOLD_ONCE), {REPLAYED: "true"})
    return Link(link=None)


def _my_absence() -> MyAbsence:
    session, me = reading(), work().actor.person_id
    return MyAbsence(
        absences=[Away.model_validate(each) for each in queries.absences(session, me)],
        deputies=[StandsIn.model_validate(each) for each in queries.deputies(session, me)],
        candidates=[each.id for each in candidates(session, me)],
    )


def _mine(form: str, given: Sent) -> None:
    absence.FORMS[form](work().actor.person_id, given.as_filled_in())


OF_PERSON = "/staff/{personId}"
CHANGES: tuple[tuple[str, str, str, str, type[Sent] | None], ...] = (
    ("employment", "employment", "dienstverband", "Change the employment of a person", Employment),
    ("function", "functions", "functie", "Give a person a function", Function),
    ("end_function", "functions/end", "functie-stopt", "End a function of a person", EndFunction),
    ("consent", "consents", "instemming", "Write down who agreed to mandate", Consent),
    ("reset_factors", "second-factors/reset", "tweede-stap", "Reset the second factors of a person", None),
    ("away", "absences", "afwezig", "Write down that a person is away", NewAbsence),
    ("back", "absences/end", "terug", "Write down that a person is back", EndAbsence),
    ("deputy", "deputies", "vervanger", "Appoint a deputy for a person", NewDeputy),
    ("end_deputy", "deputies/end", "vervanger-stopt", "End a deputy of a person", EndDeputy),
)
"""What can be changed of a person: name, path, the form of the page, what it does, and what it asks."""
LETTING_IN = (
    ("invite", "invitation", "uitnodigen", "Invite a person to choose a password"),
    ("reset_access", "access/reset", "herstellen", "Reset how a person gets in"),
    ("sign_out", "access/sign-out", "uitloggen", "Sign a person out everywhere"),
    ("close_account", "access/close", "sluiten", "Close the account of who leaves"),
    ("reopen_account", "access/reopen", "openen", "Open the account of who returns"),
)
"""How somebody gets in: name, path, the form of the page, and what it does."""
MY_ABSENCE = (
    ("my_absence_away", "/my-absence/absences", "afwezig", "Write down that I am away", NewAbsence),
    ("my_absence_back", "/my-absence/absences/end", "terug", "Write down that I am back", EndAbsence),
    ("my_absence_deputy", "/my-absence/deputies", "vervanger", "Appoint who stands in for me", NewDeputy),
    ("my_absence_end_deputy", "/my-absence/deputies/end", "vervanger-stopt", "End who stands in for me", EndDeputy),
)


def _great(
    name: str, method: str, path: str, title: str, act: Callable[..., Any], sends: type[Sent] | None = None, **more: Any
) -> Deed:
    """A deed of the administrator that the pages ask a recent proof for."""
    usual: dict[str, Any] = {"scope": MANAGE, "great": True, "first": _administrator, "sends": sends}
    return Deed(name, method, path, title, act, **{**usual, **more})


DEEDS = (
    Deed("staff", "GET", "/staff", "Everyone who works here", _staff, ByName, Employees, MANAGE, first=_administrator),
    Deed("staff_one", "GET", OF_PERSON, "One who works here", _one, tells=OnePerson, scope=MANAGE),
    _great(
        "staff_new",
        "POST",
        "/staff",
        "Add a person with a first function",
        _add,
        NewPerson,
        tells=Made,
        again=_added_before,
    ),
    *(
        _great(f"staff_{name}", "POST", f"{OF_PERSON}/{path}", title, partial(_change, form), asks)
        for name, path, form, title, asks in CHANGES
    ),
    *(
        _great(
            f"staff_{name}",
            "POST",
            f"{OF_PERSON}/{path}",
            title,
            partial(_let_in, form),
            tells=Link,
            told_once=LINK_TOLD_ONCE if form in people_access.GIVES_LINK else "",
            again=partial(_told_before, form),
        )
        for name, path, form, title in LETTING_IN
    ),
    Deed("my_absence", "GET", "/my-absence", "When I am away, and who stands in", _my_absence, tells=MyAbsence),
    *(Deed(name, "POST", path, title, partial(_mine, form), asks) for name, path, form, title, asks in MY_ABSENCE),
)
