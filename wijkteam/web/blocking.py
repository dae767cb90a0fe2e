"""What blocks a case, and who can lift it: one list on top of its page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, url_for

from wijkteam.cases.model import HouseholdCase
from wijkteam.engine.outcomes import CHILDREN, MANDATE
from wijkteam.engine.running import Option
from wijkteam.escalation import queries as escalations
from wijkteam.escalation.standing import Standing
from wijkteam.legal_terms import queries as legal_terms
from wijkteam.mandate import queries as mandate
from wijkteam.people import queries as people
from wijkteam.terms import clock
from wijkteam.tracks import queries as tracks
from wijkteam.web.acting import house, reading
from wijkteam.web.language import _, said
from wijkteam.web.showing import euros, list_title, power_titles

pages = Blueprint("blocking", __name__)
MOST_NAMES = 3
FORWARD = frozenset({"finish", "close", "decide"})
"""Steps of which one wants to know what keeps them, also when nobody asked for them yet."""


@dataclass(frozen=True)
class Block:
    """One thing that blocks: what, who can lift it, since when, by when, and where it stands."""

    what: str
    who: str
    since: datetime | date | None
    due: datetime | date | None = None
    link: str | None = None


@pages.app_template_global("blocks_of_case")
def blocks_of_case(case: HouseholdCase, options: Iterable[Option]) -> list[Block]:
    """Everything that blocks a case now: what is asked of others, what it waits for, and steps that cannot be taken."""
    if case.state == "closed":
        return []
    found = [*_escalations(case), *_requests(case), *_waiting(case), *_terms(case), *_steps(options)]
    return sorted(found, key=lambda block: _day(block.due) or date.max)


def _day(value: datetime | date | None) -> date | None:
    return clock.local(value).date() if isinstance(value, datetime) else value


def _names(numbers: Iterable[int]) -> str:
    found = [people.name(reading(), number) for number in numbers]
    told, more = ", ".join(found[:MOST_NAMES]), len(found) - MOST_NAMES
    return _("%(names)s en %(more)s anderen", names=told, more=more) if more > 0 else told


def _escalations(case: HouseholdCase) -> list[Block]:
    session, ladder = reading(), house().ladder
    found = []
    for each in escalations.escalations_of_case(session, case.id):
        if each.ended_at is not None:
            continue
        rung = ladder.rung(each.rung)
        barrier = list_title("barriers", each.barrier)
        link = url_for("escalations.page", escalation_id=each.id)
        if each.state == "asked":
            names = _names(Standing(session, ladder, each.team_id).answerers(each.rung))
            who = _("%(layer)s (trede %(rung)s)", layer=said(rung.layer), rung=each.rung)
            who = f"{who}: {names}" if names else who
            found.append(Block(f"{barrier}: {each.question}", who, each.opened_at, each.respond_by, link))
        elif each.state == "asked_back":
            who = people.name(session, each.asked_by)
            found.append(
                Block(_("Vraag terug: %(question)s", question=each.question_back), who, each.state_since, None, link)
            )
        else:
            what = _("Er is antwoord op: %(question)s", question=each.question)
            found.append(Block(what, people.name(session, case.owner_id), each.state_since, None, link))
    return found


def _requests(case: HouseholdCase) -> list[Block]:
    session, ladder = reading(), house().mandate_ladder
    powers = power_titles()
    found = []
    for each in mandate.requests_of_case(session, case.id):
        link = url_for("requests.page", request_id=each.id)
        amount = f" · {euros(each.amount)}" if each.amount else ""
        what = _("Mandaatverzoek: %(power)s", power=powers.get(each.power, each.power)) + amount
        if each.state == "asked":
            rung = ladder.rung(each.rung)
            names = _names(person.id for person in people.holders(session, rung.function, each.team_id))
            found.append(Block(what, names or said(rung.layer), each.opened_at, each.answer_by, link))
        elif each.state in ("asked_back", "approved", "draft"):
            found.append(Block(what, people.name(session, each.requester_id), each.state_since, None, link))
    return found


def _waiting(case: HouseholdCase) -> list[Block]:
    session = reading()
    found = []
    if case.waiting_for and case.state == "waiting":
        found.append(Block(_("De casus wacht op een ander"), case.waiting_for, case.state_since))
    if case.state == "transferring" and case.new_owner_id is not None:
        found.append(
            Block(_("De overdracht wacht op een ja"), people.name(session, case.new_owner_id), case.state_since)
        )
    if case.state == "avoiding":
        found.append(Block(_("Er is geen contact"), people.name(session, case.owner_id), case.state_since))
    for each in tracks.tracks_of_case(session, case.id):
        if each.ended_at is None and each.state == "waiting" and each.waiting_for:
            what = _("Spoor %(domain)s wacht op een ander", domain=list_title("life_domains", each.life_domain))
            link = url_for("tracks.page", track_id=each.id)
            found.append(Block(what, each.waiting_for, each.state_since, None, link))
    return found


def _terms(case: HouseholdCase) -> list[Block]:
    return [
        Block(
            _("Wettelijke termijn is voorbij: %(matter)s", matter=list_title("legal_matters", each.matter)),
            people.name(reading(), case.owner_id),
            each.state_since,
            each.ends_on,
            url_for("legal_terms.page", term_id=each.id),
        )
        for each in legal_terms.legal_terms_of_case(reading(), case.id)
        if each.state == "passed"
    ]


def _steps(options: Iterable[Option]) -> list[Block]:
    """Steps forward that cannot be taken now for another reason than that they are somebody else's."""
    return [
        Block(
            _("“%(step)s” kan nu niet: %(reason)s", step=said(each.transition.title), reason=said(each.reason)),
            ", ".join(map(said, each.who)),
            None,
        )
        for each in options
        if not each.open
        and each.reason is not None
        and each.transition.name in FORWARD
        and each.stopped_by in (CHILDREN, MANDATE)
    ]
