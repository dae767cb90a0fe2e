"""Handing over what somebody has in hand, in one go: choose, look at what would happen, do it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.cases import queries as cases
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import Refused
from wijkteam.handover.pieces import Piece, pieces_of, staying_with
from wijkteam.handover.service import Assignment, NotHandedOver, Outcome, hand_over, look_ahead
from wijkteam.people import queries as people
from wijkteam.people.model import Person
from wijkteam.web.acting import reading, work
from wijkteam.web.language import _, later, said
from wijkteam.web.showing import list_title, power_titles

pages = Blueprint("handover", __name__)
STAYS = "blijft"
KIND_TITLES = {
    "case": later("Casus"),
    "next_step": later("Volgende stap in casus van een ander"),
    "track": later("Spoor"),
    "request": later("Mandaatverzoek"),
    "signal": later("Signaal"),
}


@dataclass(frozen=True)
class Line:
    """One piece as the page shows it: what it is, and what the form said or says of it."""

    key: str
    kind: str
    title: str
    version: int
    takes_sentence: bool
    to: str
    sentence: str


@pages.get("/overdragen")
@login_required
def mine() -> Response:
    """What I have in hand myself."""
    return redirect(url_for("handover.of_person", person_id=work().actor.person_id))


@pages.route("/overdragen/<int:person_id>", methods=["GET", "POST"])
@login_required
def of_person(person_id: int) -> str | Response | tuple[str, int]:
    """Choose to whom what goes; then see what would happen; then do it."""
    person = whose(person_id)
    if request.method == "GET":
        return _choose(person, {})
    given = request.form
    chosen = _assignments(person_id, given)
    if not chosen:
        return _choose(person, given, _("Kies eerst aan wie u wat overdraagt.")), 422
    try:
        if given.get("doen") != "ja":
            return _look(person, given, look_ahead(work(), person_id, chosen))
        done = hand_over(work(), person_id, chosen)
    except NotHandedOver as refused:
        return _look(
            person, given, refused.outcome, _("Er is niets overgedragen. Niet alles kan: kijk hieronder.")
        ), 409
    except WrongFields as wrong:
        return _choose(person, given, said(next(iter(wrong.mistakes.values())))), 422
    except Refused as refused:
        return _choose(person, given, said(refused.reason)), 409
    return _done(person, done)


def whose(person_id: int) -> Person:
    """The person, when I am that person or lead a team of theirs; else there is no such page (404)."""
    session, me = reading(), work().actor
    person = people.person(session, person_id)
    leads = {team for team in me.team_ids if me.holds("team_lead", team)}
    allowed = person_id == me.person_id or bool(
        leads & {each.team_id for each in people.held_today(session, person_id)}
    )
    if person is None or not allowed:
        abort(404)
    return person


def receivers(person: Person) -> list[tuple[int, str]]:
    """Who can take over what this person has in hand: colleagues in their teams who work at the front."""
    session = reading()
    teams = {each.team_id for each in people.held_today(session, person.id) if each.team_id is not None}
    away = people.absent_ids(session)
    found = {each.id: each for team in teams for each in people.team_members(session, team) if each.id != person.id}
    working = {number for team in teams for number in people.held_ids(session, "best_person", team)}
    return [
        (each.id, _("%(name)s (afwezig)", name=each.name) if each.id in away else each.name)
        for each in sorted(found.values(), key=lambda one: (one.name, one.id))
        if each.id in working
    ]


def _lines(person: Person, given: Mapping[str, str]) -> list[Line]:
    session = reading()
    pieces = pieces_of(session, person.id)
    titles = _titles(pieces)
    return [
        Line(
            each.key,
            each.kind.name,
            titles[each.key],
            each.subject.version,
            each.kind.sentence is not None,
            given.get(f"to-{each.key}", ""),
            given.get(f"sentence-{each.key}", ""),
        )
        for each in pieces
    ]


def _titles(pieces: list[Piece]) -> dict[str, str]:
    session = reading()
    ids = {each.subject.case_id for each in pieces if each.kind.name in ("track", "request") and each.subject.case_id}
    found = cases.cases(session, ids)
    found |= {each.subject.id: each.subject for each in pieces if each.kind.name in ("case", "next_step")}
    homes = cases.households(session, {case.household_id for case in found.values()})
    powers = power_titles()

    def home(case_id: str | None) -> str:
        case = found.get(case_id or "")
        return homes[case.household_id].who_or_where if case is not None and case.household_id in homes else ""

    told = {}
    for each in pieces:
        subject, name = each.subject, each.kind.name
        if name in ("case", "next_step"):
            told[each.key] = f"{home(subject.id)}: {subject.next_step}"
        elif name == "track":
            about = f"{list_title('life_domains', subject.life_domain)}: {subject.goal}"
            told[each.key] = f"{home(subject.case_id)}, {about}" if home(subject.case_id) else about
        elif name == "request":
            told[each.key] = f"{powers.get(subject.power, subject.power)}: {home(subject.case_id)}".rstrip(": ")
        else:
            told[each.key] = subject.words
    return told


def _assignments(person_id: int, given: Mapping[str, str]) -> list[Assignment]:
    """What the form asks of pieces that I may read; anything else in it does not exist."""
    found = []
    able = {str(number) for number, _name in receivers(whose(person_id))}
    for each in pieces_of(reading(), person_id):
        to = given.get(f"to-{each.key}") or given.get("to_all", "")
        if to not in able:
            continue
        seen = given.get(f"version-{each.key}", "")
        version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else each.subject.version
        sentence = " ".join((given.get(f"sentence-{each.key}") or given.get("sentence_all", "")).split())
        found.append(Assignment(each.kind.name, each.subject.id, version, int(to), sentence))
    return found


def _choose(person: Person, given: Mapping[str, str], message: str = "") -> str:
    return render_template(
        "handover.html",
        whose=person,
        lines=_lines(person, given),
        staying=_staying(person),
        receivers=receivers(person),
        given=given,
        kinds={kind: _(title) for kind, title in KIND_TITLES.items()},
        stays=STAYS,
        message=message,
    )


def _staying(person: Person) -> list[tuple[str, str]]:
    """What stays: a title, and why."""
    session = reading()
    found = staying_with(session, person.id)
    ids = {getattr(each.subject, "case_id", each.subject.id) for each in found}
    known = cases.cases(session, ids)
    homes = cases.households(session, {case.household_id for case in known.values()})
    told = []
    for each in found:
        case = known.get(getattr(each.subject, "case_id", each.subject.id))
        home = homes.get(case.household_id) if case is not None else None
        about = getattr(each.subject, "question", None) or ""
        title = ": ".join(filter(None, (home.who_or_where if home is not None else "", about)))
        told.append((title or _("Casus"), said(each.why)))
    return told


def _look(person: Person, given: Mapping[str, str], outcome: Outcome, message: str = "") -> str:
    names = people.names(reading(), {each.to for each in outcome.done})
    lines = {each.key: each for each in _lines(person, given)}
    left = [
        each
        for key, each in lines.items()
        if key not in {one.key for one in outcome.done} and key not in outcome.refused
    ]
    return render_template(
        "handover_look.html",
        whose=person,
        outcome=outcome,
        names=names,
        lines=lines,
        left=left,
        given=given,
        kinds={kind: _(title) for kind, title in KIND_TITLES.items()},
        message=message,
    )


def _done(person: Person, outcome: Outcome) -> str:
    session = reading()
    names = people.names(session, {each.to for each in outcome.done})
    counts: dict[str, int] = {}
    for each in outcome.done:
        counts[names[each.to]] = counts.get(names[each.to], 0) + 1
    return render_template("handover_done.html", whose=person, counts=counts, left=len(pieces_of(session, person.id)))
