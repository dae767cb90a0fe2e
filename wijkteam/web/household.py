"""The household on the page of a case: its people, how they belong together as a picture and a list, its helpers."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_login import login_required
from markupsafe import Markup
from werkzeug.wrappers import Response

from wijkteam.access.grounds import working_ground
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.events.queries import events_of
from wijkteam.network import queries
from wijkteam.network.model import Helper, Relation
from wijkteam.network.service import OUTSIDE, NewHelper, NewRelation, add_helper, relate
from wijkteam.people import queries as people
from wijkteam.residents import queries as residents
from wijkteam.residents.model import Resident
from wijkteam.tracks import queries as tracks
from wijkteam.web.acting import Attempt, attempt, house, log, options, reading, take, work
from wijkteam.web.cases import readable, show_case
from wijkteam.web.kin_picture import Figure, Tie, draw
from wijkteam.web.language import _, said
from wijkteam.web.showing import list_title

pages = Blueprint("household", __name__)
HERE, MOVED = "recorded", "moved_out"


@dataclass(frozen=True)
class Bond:
    """A relation in words: who, what, of whom, from and to which day."""

    relation: Relation
    who: str
    words: str
    of: str

    @property
    def alike(self) -> tuple[object, ...]:
        """What is told in one line: what one person is of several people, from and to the same days."""
        return (self.who, self.words, self.relation.since, self.relation.ended_on, self.relation.state)


@dataclass(frozen=True)
class Kin:
    """How the people of a household belong together."""

    picture: Markup | None
    bonds: list[Bond]
    told: list[tuple[Bond, str]]
    """The same with what is alike in one line: the first of them, and of whom."""
    people: list[tuple[str, str]]
    """Residents to choose from, by id."""
    others: list[tuple[str, str]]
    """Residents and helpers to choose from."""
    kinds: list[tuple[str, str]]
    elsewhere: dict[str, list[tuple[str, str]]]
    """By resident: the other households in which they live, as far as one may read those: name and page."""


@dataclass(frozen=True)
class DoneByUs:
    """What one of us does for this household."""

    person_id: int
    what: str


@dataclass(frozen=True)
class Network:
    """Everybody who helps a household, and how many that are."""

    helpers: list[Helper]
    former: list[Helper]
    us: list[DoneByUs]
    count: int
    kinds: list[tuple[str, str]]


def works_here(case: HouseholdCase) -> bool:
    """Whether the signed-in person works on the case, by name or in its team."""
    return working_ground(reading(), work().actor, case) is not None


def choices(workflow: str, field: str) -> list[tuple[str, str]]:
    """The choices of a field of the newest version, as (code, title)."""
    found = house().engine.workflow(workflow).fields[field].choices or {}
    return [(code, said(title)) for code, title in found.items()]


def oldest_first(lived: list[Resident]) -> list[Resident]:
    """Residents as a family is told: who lives here first, and of those the oldest."""
    return sorted(lived, key=lambda each: (each.state != HERE, each.birth_date or date.max))


@pages.app_template_global("kin_of_case")
def kin_of_case(case: HouseholdCase) -> Kin:
    """Everything for the picture and the list of relations on the page of a case."""
    session = reading()
    lived = oldest_first(residents.residents_of(session, case.household_id))
    helpers = queries.helpers_of(session, case.household_id)
    names = {each.id: each.name or "" for each in lived} | {each.id: each.name or "" for each in helpers}
    titles = dict(choices("relation", "relation_kind"))
    relations = [
        each
        for each in queries.relations_of(session, case.household_id)
        if {each.resident_id, each.to_resident_id or each.to_helper_id} <= names.keys()
    ]
    bonds = [
        Bond(
            each,
            names[each.resident_id],
            _words(each, titles),
            names[str(each.to_resident_id or each.to_helper_id)],
        )
        for each in relations
    ]
    tied = {each.to_helper_id for each in relations}
    figures = [Figure(each.id, each.name or "", each.role or "", each.state == HERE) for each in lived]
    figures += [Figure(each.id, each.name or "", "", False) for each in helpers if each.id in tied]
    return Kin(
        draw(figures, [_tie(bond) for bond in bonds]) if len(figures) > 1 else None,
        bonds,
        _told(bonds),
        [(each.id, each.name or "") for each in lived],
        [(each.id, each.name or "") for each in lived]
        + [(f"{OUTSIDE}{each.id}", _("%(name)s (buiten het huishouden)", name=each.name)) for each in helpers],
        list(titles.items()),
        _elsewhere(lived),
    )


def _told(bonds: list[Bond]) -> list[tuple[Bond, str]]:
    alike: dict[tuple[object, ...], list[Bond]] = {}
    for bond in sorted(bonds, key=lambda each: each.relation.state == "ended"):
        alike.setdefault(bond.alike, []).append(bond)
    return [(each[0], _and([bond.of for bond in each])) for each in alike.values()]


def _and(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("%(some)s en %(last)s", some=", ".join(names[:-1]), last=names[-1])


def _words(relation: Relation, titles: dict[str, str]) -> str:
    words = titles.get(relation.kind, relation.kind)
    ended = relation.state == "ended"
    return _("ex-partner") if ended and relation.kind == "partner" and relation.how_ended != "died" else words


def _tie(bond: Bond) -> Tie:
    relation = bond.relation
    other = str(relation.to_resident_id or relation.to_helper_id)
    return Tie(relation.resident_id, other, relation.kind, bond.words, relation.state == "current")


def _elsewhere(lived: list[Resident]) -> dict[str, list[tuple[str, str]]]:
    """Only households that the reading session has are told of: of others it does not even show that they are."""
    session = reading()
    found = residents.same_as(session, [each.id for each in lived])
    homes = cases.households(session, {other.household_id for others in found.values() for other in others})
    told: dict[str, list[tuple[str, str]]] = {}
    for number, others in found.items():
        for other in others:
            mine = cases.cases_of_household(session, other.household_id)
            if mine and other.household_id in homes:
                page = url_for("cases.page", case_id=mine[0].id)
                told.setdefault(number, []).append((homes[other.household_id].who_or_where, page))
    return told


@pages.app_template_global("network_of_case")
def network_of_case(case: HouseholdCase) -> Network:
    """Everything for the card of helpers: who of outside helps, and who of us does what."""
    session = reading()
    found = queries.helpers_of(session, case.household_id)
    helping = [each for each in found if each.state == queries.HELPING]
    done = {case.owner_id: [_("eigenaar van de casus")]}
    for each in tracks.tracks_of_case(session, case.id):
        if each.ended_at is None:
            done.setdefault(each.worker_id, []).append(list_title("life_domains", each.life_domain))
    us = [DoneByUs(number, " · ".join(what)) for number, what in done.items()]
    count = len(helping) + len(us)
    former = [each for each in found if each.state != queries.HELPING]
    return Network(helping, former, us, count, choices("helper", "kind"))


def _in_case(case_id: str) -> HouseholdCase:
    case = readable(case_id)
    if not works_here(case):
        abort(404)
    return case


def _on_page(case_id: str, refused: Attempt | None, anchor: str) -> Response | tuple[str, int]:
    """Back to the case, or the case with what was wrong."""
    if refused is None:
        return redirect(url_for("cases.page", case_id=case_id, _anchor=anchor))
    return show_case(readable(case_id), refused), 409 if refused.stale else 422


@pages.post("/casus/<case_id>/relaties")
@login_required
def add_relation(case_id: str) -> Response | tuple[str, int]:
    """Record how two people belong together."""
    case = _in_case(case_id)

    def act(given: dict[str, str]) -> None:
        relate(
            work(),
            NewRelation(
                case.household_id,
                given.get("resident", ""),
                given.get("relation_kind", ""),
                given.get("other", ""),
                given.get("since"),
            ),
        )

    return _on_page(case_id, attempt("relate", act), "huishouden")


@pages.post("/casus/<case_id>/relaties/<relation_id>/stap/<transition>")
@login_required
def step_relation(case_id: str, relation_id: str, transition: str) -> Response | tuple[str, int]:
    """End a relation, or remove one that was a mistake."""
    case = _in_case(case_id)
    relation = queries.find_relation(reading(), relation_id)
    if relation is None or relation.household_id != case.household_id:
        abort(404)
    return _on_page(case_id, take(Relation, relation_id, transition), "huishouden")


@pages.post("/casus/<case_id>/hulp")
@login_required
def add(case_id: str) -> Response | tuple[str, int]:
    """Add somebody who helps the household."""
    case = _in_case(case_id)

    def act(given: dict[str, Any]) -> None:
        known = {name: given.get(name) for name in ("organisation", "life_domain", "reach", "may_be_called", "since")}
        add_helper(
            work(),
            NewHelper(
                case.household_id, given.get("name", ""), given.get("kind", ""), given.get("does_what", ""), **known
            ),
        )

    return _on_page(case_id, attempt("add_helper", act), "netwerk")


def _helper(case_id: str, helper_id: str) -> tuple[HouseholdCase, Helper]:
    case = _in_case(case_id)
    helper = queries.find_helper(reading(), helper_id)
    if helper is None or helper.household_id != case.household_id:
        abort(404)
    return case, helper


def _show_helper(case: HouseholdCase, helper: Helper, tried: Attempt | None = None) -> str:
    return render_template(
        "helper.html",
        case=case,
        household=cases.household(reading(), case.household_id),
        helper=helper,
        options={option.transition.name: option for option in options(helper)},
        workflow=house().engine.workflow("helper", helper.workflow_version),
        events=list(reversed(events_of(reading(), "helper", helper.id))),
        tried=tried or Attempt(),
        kinds=choices("helper", "kind"),
        domains=[(code, said(title)) for code, title in house().lists["life_domains"].items.items()],
        colleagues=people.team_members(reading(), case.team_id),
    )


@pages.get("/casus/<case_id>/hulp/<helper_id>")
@login_required
def helper_page(case_id: str, helper_id: str) -> str:
    """One helper; every reading is logged with its ground."""
    log(_helper(case_id, helper_id)[0], "hulp")
    return _show_helper(*_helper(case_id, helper_id))


@pages.post("/casus/<case_id>/hulp/<helper_id>/stap/<transition>")
@login_required
def step_helper(case_id: str, helper_id: str, transition: str) -> Response | tuple[str, int]:
    """Correct a helper, or say that they help no longer."""
    _helper(case_id, helper_id)
    refused = take(Helper, helper_id, transition)
    if refused is not None:
        return _show_helper(*_helper(case_id, helper_id), refused), 409 if refused.stale else 422
    return redirect(url_for("cases.page", case_id=case_id, _anchor="netwerk"))
