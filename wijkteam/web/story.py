"""The story of a case: everything that happened in it and under it that one may read, as sentences, newest first."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from flask import Blueprint, request, url_for
from sqlalchemy import select

from wijkteam.cases.model import HouseholdCase
from wijkteam.events.model import Event
from wijkteam.events.queries import events_of, story_of
from wijkteam.network.model import Helper, Relation
from wijkteam.network.queries import REMOVED, all_helpers_of, all_relations_of
from wijkteam.people import queries as people
from wijkteam.residents.model import Resident
from wijkteam.residents.queries import all_residents_of
from wijkteam.storage.subject import SubjectColumns
from wijkteam.web.acting import reading
from wijkteam.web.household import choices
from wijkteam.web.language import _, later
from wijkteam.web.links import LINKS
from wijkteam.web.sentences import CLOCK, sentence
from wijkteam.web.showing import UNREADABLE, day, readable_fields, recorded_words, state_title, step_title

pages = Blueprint("story", __name__)
A_PAGE = 25
LONGEST = 400
"""How many signs of a sentence are shown at once; the rest is on the page of what it tells of."""
UNTOLD = (("resident", "set_bsn"), ("resident", "remove_bsn"), ("resident", "erase"))
"""Not even that a number is there is for everybody who reads the case."""
FILTERS = {
    "contact": (later("Contact en notities"), ("household_case", "track", "appointment")),
    "mensen": (later("Mensen"), ("resident", "helper", "relation", "guest_access")),
    "opschaling": (later("Opschalingen"), ("escalation", "backing")),
    "besluiten": (later("Besluiten"), ("mandate_request", "letter", "objection", "legal_term")),
    "documenten": (later("Documenten"), ("case_file", "letter")),
}
"""What the story can be narrowed to: its title, and of which kinds it then tells."""
CONTACT = frozenset(
    {"add_note", "evaluate", "lose_contact", "regain_contact", "keep", "miss", "open", "move", "cancel"}
)


@dataclass(frozen=True)
class Line:
    """One thing that happened."""

    event: Event
    text: str
    more: str
    """All of it, where the text was cut off."""
    link: str | None
    now: str
    """Where the case stands since then, where this moved it; else empty."""


@dataclass(frozen=True)
class Day:
    """Everything that happened on one day."""

    title: str
    lines: list[Line]


@dataclass(frozen=True)
class Story:
    """A part of the story, by day; and how to see another part."""

    days: list[Day]
    chosen: str
    older: str | None
    newer: str | None
    filters: list[tuple[str, str, str]] = field(default_factory=list)
    """Name, title, address."""


@pages.app_template_global("story_of_case")
def story_of_case(case: HouseholdCase) -> Story:
    """The part of the story that the address asks for: `verhaal` says which kinds, `deel` which page."""
    chosen = request.args.get("verhaal", "")
    page = max(1, request.args.get("deel", 1, type=int))
    found, subjects = happened(case, chosen)
    page = min(page, max(1, -(-len(found) // A_PAGE)))
    shown = found[(page - 1) * A_PAGE : page * A_PAGE]
    lines = [_line(each, subjects) for each in shown]

    def at(deel: int, name: str = chosen) -> str:
        given: dict[str, Any] = {"verhaal": name or None, "deel": deel if deel > 1 else None}
        return url_for("cases.page", case_id=case.id, _anchor="verloop", **given)

    return Story(
        [Day(title, list(each)) for title, each in groupby(lines, lambda line: day(line.event.at))],
        chosen if chosen in FILTERS else "",
        at(page + 1) if page * A_PAGE < len(found) else None,
        at(page - 1) if page > 1 else None,
        [("", _("Alles"), at(1, "")), *((name, _(title), at(1, name)) for name, (title, _kinds) in FILTERS.items())],
    )


def happened(case: HouseholdCase, about: str = "") -> tuple[list[Event], dict[str, Any]]:
    """What happened in a case and under it, newest first; and the subjects that it happened to, by id.

    `about` narrows it to one of FILTERS.
    """
    subjects = _subjects(case)
    wanted = FILTERS[about][1] if about in FILTERS else tuple(SubjectColumns.kinds)
    found = _told(case, subjects, wanted)
    forgotten = _forgotten(subjects)
    found = [each for each in found if each.name == "remove" or each.subject_id not in forgotten]
    if about == "contact":
        found = [each for each in found if each.subject_kind == "appointment" or each.name in CONTACT]
    return found, subjects


def _told(case: HouseholdCase, subjects: Iterable[str], wanted: Collection[str]) -> list[Event]:
    """The events of these subjects that are of a wanted kind, newest first: those of the case itself, and the rest."""
    own = events_of(reading(), HouseholdCase.workflow, case.id) if HouseholdCase.workflow in wanted else []
    others = [each for each in subjects if each != case.id]
    found = [*own, *(story_of(reading(), others, wanted, UNTOLD) if others else ())]
    return sorted(found, key=lambda event: (event.at, event.id), reverse=True)


def lines_of(case: HouseholdCase, about: str, most: int) -> list[Line]:
    """The newest of what happened, as lines."""
    found, subjects = happened(case, about)
    return [_line(each, subjects) for each in found[:most]]


def _subjects(case: HouseholdCase) -> dict[str, Any]:
    """The case and all that lives in it or in its household, as far as the person may read it, by id."""
    session = reading()
    found: dict[str, Any] = {case.id: case}
    for model in SubjectColumns.kinds.values():
        if hasattr(model, "case_id") and not session.knows_of_none(case.id, model):
            found |= {each.id: each for each in session.scalars(select(model).where(model.case_id == case.id))}
    at_home: Iterable[Any] = (
        *all_residents_of(session, case.household_id),
        *all_helpers_of(session, case.household_id),
        *all_relations_of(session, case.household_id),
    )
    return {**found, **{each.id: each for each in at_home}}


def _forgotten(subjects: dict[str, Any]) -> frozenset[str]:
    """Who was removed from the household or its network, and how they belonged together: of them is told no more."""
    gone = {each.id for each in subjects.values() if isinstance(each, Resident | Helper) and each.state == REMOVED}
    tied = {
        each.id
        for each in subjects.values()
        if isinstance(each, Relation)
        and (each.state == REMOVED or {each.resident_id, each.to_resident_id, each.to_helper_id} & gone)
    }
    return frozenset(gone | tied)


def _line(event: Event, subjects: dict[str, Any]) -> Line:
    who = people.name(reading(), event.actor_id) if event.actor_id is not None else _(CLOCK)
    known = {**recorded_words(event), "who": who, "about": _about(event, subjects)}
    title = step_title(event.subject_kind, event.name)
    whole = sentence(event.subject_kind, event.name, title, known)
    if readable_fields(event) is None:
        whole = f"{whole} {': '.join(map(_, UNREADABLE))}."
    cut = whole if len(whole) <= LONGEST else f"{whole[:LONGEST].rstrip()}…"
    place = LINKS.get(event.subject_kind) if event.subject_kind != HouseholdCase.workflow else None
    given: dict[str, Any] = {place[1]: event.subject_id} if place else {}
    link = url_for(place[0], **given) if place else None
    moved = event.subject_kind == HouseholdCase.workflow and event.state_from not in (None, event.state_to)
    now = state_title(event.subject_kind, event.state_to) if moved else ""
    return Line(event, cut, whole if cut != whole else "", link, now)


def _about(event: Event, subjects: dict[str, Any]) -> str:
    """Whom it is about, by the name that they have now."""
    subject = subjects.get(event.subject_id)
    if event.subject_kind in ("resident", "helper"):
        return getattr(subject, "name", None) or _("Iemand")
    if event.subject_kind != "relation" or subject is None:
        return ""
    one, other = (
        getattr(subjects.get(each or ""), "name", None) or _("iemand")
        for each in (subject.resident_id, subject.to_resident_id or subject.to_helper_id)
    )
    words = dict(choices("relation", "relation_kind")).get(subject.kind, subject.kind)
    return _("%(who)s is %(words)s van %(of)s", who=one, words=words, of=other)
