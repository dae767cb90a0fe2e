"""From a request to the acting person, and from a filled-in form to one step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, g, request
from flask_login import UserMixin, current_user

from wijkteam.assembly import House
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import Refused, Stale
from wijkteam.people import queries as people
from wijkteam.people.acting import ActingPerson
from wijkteam.storage.subject import SubjectColumns
from wijkteam.storage.work import Work

NOT_FIELDS = frozenset({"csrf_token", "version"})


class User(UserMixin):
    """A signed-in person, as the sign-in library wants one."""

    def __init__(self, person: ActingPerson) -> None:
        self.person = person
        self.id = str(person.person_id)

    @staticmethod
    def load(house: House, number: str) -> "User | None":
        """The person of a session cookie; None when no longer active."""
        if not number.isdecimal():
            return None
        session = house.open_session()
        try:
            person = people.acting_person(session, int(number))
        finally:
            session.close()
        return User(person) if person else None


def house() -> House:
    """The house that this app runs on."""
    found: House = current_app.extensions["house"]
    return found


def work() -> Work:
    """This request's unit of work, as the signed-in person."""
    if "work" not in g:
        g.work = house().work()
        if current_user.is_authenticated:
            g.work.actor = current_user.person
    opened: Work = g.work
    return opened


@dataclass
class Attempt:
    """What a person tried and could not do: what was typed is kept, and shown with what is wrong."""

    transition: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    mistakes: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    stale: bool = False


def filled_in() -> dict[str, str]:
    """The fields of the form that was sent; empty ones are left out."""
    return {name: value for name, value in request.form.items() if name not in NOT_FIELDS and value.strip()}


def version_seen() -> int | None:
    """The version of the subject that the person was looking at."""
    return request.form.get("version", type=int)


def attempt(transition: str, act: Callable[[dict[str, Any]], object]) -> Attempt | None:
    """Do what the form asks; None when done, else what is wrong with everything that was typed."""
    given = filled_in()
    try:
        act(dict(given))
    except WrongFields as wrong:
        return Attempt(transition, given, {name: reason.nl for name, reason in wrong.mistakes.items()})
    except Refused as refused:
        who = f" Wie wel: {refused.nearest}." if refused.nearest else ""
        return Attempt(transition, given, {}, refused.reason.nl + who, isinstance(refused, Stale))
    return None


def take(model: type[SubjectColumns], subject_id: str, transition: str) -> Attempt | None:
    """Take one transition of a subject with what the form holds; None when done."""
    return attempt(transition, lambda given: work().act_on(model, subject_id, transition, given, version_seen()))
