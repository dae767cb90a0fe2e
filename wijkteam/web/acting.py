"""From a request to the acting person, and from a filled-in form to one step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

import structlog
from flask import abort, current_app, g, request
from flask_login import UserMixin, current_user
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from wijkteam.access.grounds import log_reading
from wijkteam.assembly import House
from wijkteam.cases.model import HouseholdCase
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import Option, Refused, Stale
from wijkteam.events.payload_keys import CannotSeal
from wijkteam.offline.service import AlreadySent
from wijkteam.people import queries as people
from wijkteam.people.acting import ActingPerson
from wijkteam.signing_in.sessions import Begun, KnownSession, begin_session, session_of, was_seen
from wijkteam.storage.subject import SubjectColumns
from wijkteam.storage.work import Origin, Subject, Work, close_read
from wijkteam.terms import clock
from wijkteam.wall.reader import NOBODY, Reader, reader_of
from wijkteam.wall.session import ReadingSession
from wijkteam.web.language import _, later, said
from wijkteam.web.once import IN_FORM, NUMBER, once
from wijkteam.web.safety import Safety

Asked = ParamSpec("Asked")  # not said to people
Found = TypeVar("Found")
NOT_SAFELY = later("Wat u invult kan nu niet veilig bewaard worden. Er is niets veranderd. Vraag de beheerder.")
UNATTENDED = frozenset(f"offline.{name}" for name in ("standing", "key", "package", "send", "send_opening"))
"""What a browser asks by itself, also while nobody sits before it: it keeps no session alive."""
BEGUN = "begun_work"
"""The work in which somebody's session was looked up, until this request asks for its work."""
NOT_FIELDS = frozenset({"csrf_token", "version", IN_FORM})
READS = frozenset({"GET", "HEAD"})
NEVER_ON_REPLICA = frozenset({"api", "standing"})
"""Programs are told that it cannot be now rather than something older; how the system stands is not older either."""
log_of_replica = structlog.get_logger()


class User(UserMixin):
    """A signed-in person, as the sign-in library wants one; its id is the secret of the session."""

    def __init__(self, person: ActingPerson, signed_in: KnownSession, secret: str) -> None:
        self.person = person
        self.signed_in = signed_in
        self.id = secret

    @staticmethod
    def load(house: House, secret: str) -> "User | None":
        """The person of a session cookie; None when the session has ended, or the person is no longer active.

        The request goes on with the unit of work in which this was looked up, unless it has one already.
        """
        only_reads = on_replica()
        opened = house.work_on_replica() if only_reads else house.work()
        try:
            found = session_of(opened.session, secret, safety().limits)
            person = people.acting(opened.session, found.whose) if found and found.complete else None
            watched = request.endpoint not in UNATTENDED and not only_reads
            if found is not None and person is not None and watched:
                was_seen(opened, found)
            opened.session.expunge_all()  # what was found outlives whatever this work goes on to do
        except BaseException:
            opened.session.close()
            raise
        if BEGUN in g or "work" in g:
            opened.let_go()
        else:
            setattr(g, BEGUN, opened)
        return User(person, found, secret) if found is not None and person is not None else None


def sign_in_as(person_id: int, factors: tuple[str, ...]) -> User | None:
    """Begin a session for somebody who proved who they are; None when no longer active."""
    begun = Begun(person_id, factors, True, request.remote_addr or "", request.user_agent.string)
    return User.load(house(), begin_session(work(), begun, safety().limits))


def safety() -> Safety:
    """How safe this app is made."""
    found: Safety = current_app.extensions["safety"]
    return found


def house() -> House:
    """The house that this app runs on."""
    found: House = current_app.extensions["house"]
    return found


def on_replica() -> bool:
    """Whether this request only reads and the first database is away, so that it reads on the replica instead.

    Nothing can be written there: what a page writes down (who reads a case) it cannot, and so it is not shown. What
    does more than read is refused at once (OperationalError): if all waited for what is away, nobody could read.
    """
    if "on_replica" not in g:
        replica = house().replica
        away = house().waiting or (replica is not None and replica.first_is_away())
        reads = request.method in READS and request.blueprint not in NEVER_ON_REPLICA
        g.on_replica = away and reads and replica is not None
        if away and not g.on_replica:
            why = ConnectionError("the first database is away")  # not said to people
            raise OperationalError(None, None, why, hide_parameters=True)
    found: bool = g.on_replica
    return found


def reads_as_of() -> datetime | None:
    """Of which moment a page on the replica tells; None where that cannot be known."""
    if "reads_as_of" not in g:
        replica = house().replica
        g.reads_as_of = replica.standing().as_of if replica is not None else None
    found: datetime | None = g.reads_as_of
    return found


def work() -> Work:
    """This request's unit of work, as the signed-in person."""
    if "work" not in g:
        known = current_user.is_authenticated
        begun = g.pop(BEGUN, None)
        g.work = begun or (house().work_on_replica() if on_replica() else house().work())
        if known:
            g.work.actor = current_user.person
            g.work.origin = Origin(current_user.signed_in.id, request.remote_addr)
    opened: Work = g.work
    return opened


def reading() -> ReadingSession:
    """What everything that a page shows is read with: in it only that is there what the signed-in person may read.

    What is changed with `work()` is seen by whatever is asked afterwards; what was read before stays as it was.
    """
    if "reading" not in g:
        opened = work()
        signed_in = isinstance(opened.actor, ActingPerson)
        home = house()

        def reader() -> Reader:
            return reader_of(opened.session, home.grounds, opened.actor) if signed_in else NOBODY

        found = g.reading = home.reading(reader(), opened.session, on_replica())
        if request.method not in READS:  # what only reads changes nothing but the log of readings
            event.listen(opened.session, "after_commit", lambda _session: found.begin_anew(reader))
    shown: ReadingSession = g.reading
    return shown


def let_go(error: BaseException | None = None) -> None:
    """Close this request's sessions; after an error whatever was begun is undone."""
    for name in ("reading", "work", BEGUN, "figures"):
        opened = g.pop(name, None)
        if opened is not None:
            session = opened.session if isinstance(opened, Work) else opened
            session.close() if error is not None else close_read(session)


def act_for(person_id: int) -> bool:
    """Let this request act for a person whom its secret address names; False when no longer active."""
    person = people.acting_person(work().session, person_id)
    if person is None:
        return False
    work().actor = person
    return True


def look_what_hangs_under(case: HouseholdCase) -> None:
    """Let what is not there in a case and its household, for anybody, not be asked for this page."""
    reading().look_what_hangs_under(case.id, case.household_id, work().session)


def options(subject: SubjectColumns) -> list[Option]:
    """What the signed-in person can do with a subject that they may read, and why not the rest.

    The rules look at the subject as `work()` has it, for they need more than the person may read.
    """
    known = work().session.get(type(subject), subject.id, populate_existing=True)
    return work().options(known) if known is not None else []


def over_all(ask: Callable[Concatenate[Session, Asked], Found], *given: Asked.args, **named: Asked.kwargs) -> Found:
    """The answer of a question that needs more than the person may read, such as a figure, told so that it may be seen.

    Which questions those are, and why each may be asked, is listed in tests/access/test_one_place.py.
    """
    return ask(work().session, *given, **named)


def figures_over_all(
    ask: Callable[Concatenate[Session, Asked], Found], *given: Asked.args, **named: Asked.kwargs
) -> Found:
    """As `over_all`, for figures: asked of the replica where there is one that is near enough, else of the first.

    Of which moment they are is then in `figures_as_of()`.
    """
    aside = _figures()
    if aside is None:
        return over_all(ask, *given, **named)
    try:
        return ask(aside.session, *given, **named)
    except DBAPIError as error:  # it went away meanwhile, or had to give way to what it follows
        log_of_replica.warning("replica.gave_way", why=type(error.orig).__name__)
        g.figures, g.figures_as_of = None, clock.now()
        aside.session.close()
        return over_all(ask, *given, **named)


def _figures() -> Work | None:
    """What figures of this request are counted with; None for what all is read with."""
    if "figures" not in g:
        replica = house().replica
        standing = replica.standing() if replica is not None else None
        near = replica is not None and standing is not None and replica.is_fresh(standing) and not on_replica()
        g.figures = house().work_on_replica() if near else None
        older = standing is not None and (near or on_replica())
        g.figures_as_of = standing.as_of if standing is not None and older else clock.now()
    found: Work | None = g.figures
    return found


def figures_as_of() -> datetime | None:
    """Of which moment the figures of this request are; None where that cannot be known."""
    _figures()
    found: datetime | None = g.get("figures_as_of")
    return found


def log(case: HouseholdCase, what: str, subject: SubjectColumns | None = None) -> None:
    """Write down that the signed-in person reads this case, on which ground; without one it is not there (404).

    `subject` is what was read under the case, where that is not the case itself.
    """
    ground = house().grounds.ground(reading(), work().actor, case)
    if ground is None:
        abort(404)
    log_reading(work(), case, ground, what, subject=subject)


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
        once(work(), given, lambda: act(dict(given)))
    except WrongFields as wrong:
        return Attempt(transition, given, {name: said(reason) for name, reason in wrong.mistakes.items()})
    except Refused as refused:
        who = " " + _("Wie wel: %(who)s.", who=said(refused.nearest)) if refused.nearest else ""
        return Attempt(transition, given, {}, said(refused.reason) + who, isinstance(refused, Stale))
    except CannotSeal:
        return Attempt(transition, given, {}, _(NOT_SAFELY))
    return None


def take(
    model: type[Subject], subject_id: str, transition: str, is_there: Callable[[Subject], bool] = lambda _subject: True
) -> Attempt | None:
    """Take one transition of a subject with what the form holds; None when done, now or by the same form before.

    Raises NotThere for a subject that is not there, or that `is_there` not for this person.
    """
    try:
        return attempt(
            transition,
            lambda given: work().act_on(model, subject_id, transition, given, version_seen(), is_there),
        )
    except AlreadySent:
        if NUMBER in request.headers:
            raise
        return None
