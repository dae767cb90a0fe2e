"""What asks me something by my office: the register, objections, requests about data, destruction, oversight."""

from collections.abc import Collection

from flask import url_for

from wijkteam.access.breaking_queries import waiting_for_review
from wijkteam.data_requests import queries as data_requests
from wijkteam.data_requests.terms import answer_by
from wijkteam.deadlines.queries import due_moments
from wijkteam.exporting import queries as full_exports
from wijkteam.mandate import register_queries
from wijkteam.mandate.change_vocabulary import may_decide
from wijkteam.objections import queries as objections
from wijkteam.objections.terms import decide_by
from wijkteam.people import queries as people
from wijkteam.retention import queries as destruction
from wijkteam.terms import clock
from wijkteam.web import register_changes
from wijkteam.web.acting import house, over_all, reading, work
from wijkteam.web.language import _
from wijkteam.web.work_items import Item, due_day


def of_my_office(there: Collection[str]) -> list[Item]:
    """Everything of that kind, in no order; of some kinds it is known beforehand whether there is any."""
    return [
        *(_objections() if "objections" in there else ()),
        *(_data_requests() if "data_requests" in there else ()),
        *(_register_changes() if "register_changes" in there else ()),
        *_broken_glass(),
        *_destruction_lists(),
        *_full_exports(),
    ]


def _register_changes() -> list[Item]:
    session, person = reading(), work().actor
    waiting = [each for each in register_queries.waiting_changes(session) if may_decide(person, each.proposer_id)]
    moments = due_moments(session, [each.id for each in waiting])
    return [
        Item(
            _("Mandaatregister"),
            register_changes.about(each),
            each.why,
            url_for("register_changes.page", change_id=each.id),
            due_day(each.id, moments),
        )
        for each in waiting
    ]


def _destruction_lists() -> list[Item]:
    """Lists to sign and lists to carry out."""
    return [
        Item(
            _("Vernietigen") if each.state == destruction.SIGNED else _("Ondertekenen"),
            _("Vernietigingslijst, %(count)s regels", count=each.listed),
            "",
            url_for("retention.page", list_id=each.id),
            clock.local(due).date() if due is not None else None,
        )
        for each, due in over_all(destruction.lists_waiting, house().retention, work().actor)
    ]


def _full_exports() -> list[Item]:
    """Exports of everything that wait for the privacy officer's consent."""
    return [
        Item(
            _("Instemmen"),
            _("Uitvoer van alles, met BSN's"),
            "",
            url_for("leaving.page", export_id=each.id),
            clock.local(due).date() if due is not None else None,
        )
        for each, due in over_all(full_exports.waiting_exports, work().actor)
    ]


def _objections() -> list[Item]:
    """Those that wait for an officer, those I handle, and those that I may decide on."""
    session, person = reading(), work().actor
    grounds = house().grounds
    found = []
    for each in objections.open_objections(session):
        if not grounds.may_read_objection(session, person, each):
            continue
        mine = each.handler_id == person.person_id
        to_take_up = each.state == "received" and objections.OFFICER in person.functions
        to_decide = each.state == objections.READY and grounds.decides_on_objections(session, person)
        if mine or to_take_up or to_decide:
            link = url_for("objections.page", objection_id=each.id)
            found.append(Item(_("Bezwaar"), each.grounds, _("Behandel dit bezwaar."), link, decide_by(each)))
    return found


def _data_requests() -> list[Item]:
    """Requests of residents about their data that wait for me, or in which I was asked something."""
    session, person = reading(), work().actor
    found = []
    for each in data_requests.wait_for(data_requests.requests_among(session, only_open=True), person):
        asked = each.state == data_requests.INPUT_ASKED
        link = url_for("data_requests.page", request_id=each.id)
        about = each.question or "" if asked else _("Beantwoord dit verzoek.")
        found.append(Item(_("AVG-verzoek"), each.words, about, link, each.answer_by if asked else answer_by(each)))
    return found


def _broken_glass() -> list[Item]:
    """Broken glass that waits for a privacy officer's judgement."""
    return [
        Item(
            _("Glas gebroken"),
            people.name(reading(), each.person_id),
            each.reason,
            url_for("break_glass.page", glass_id=each.id),
            clock.local(due).date() if due is not None else None,
        )
        for each, due in over_all(waiting_for_review, work().actor)
    ]
