"""Handing over through the API: what somebody has in hand goes to others, all of it or nothing."""

from flask import abort

from wijkteam.handover.pieces import pieces_of, staying_with
from wijkteam.handover.service import Assignment, NotHandedOver, Outcome, hand_over, look_ahead
from wijkteam.web.acting import reading, work
from wijkteam.web.api.bodies_as_models import Id, Line, Number, Sent, Told, Version
from wijkteam.web.api.deeds import Deed
from wijkteam.web.api.office.people import number_of
from wijkteam.web.api.problems import Problem
from wijkteam.web.handover import receivers, whose
from wijkteam.web.language import _, said


class Handing(Sent):
    """One piece of work: to whom it goes, which version was seen, and a sentence that goes along."""

    kind: Line
    id: Id
    version: Version
    to: Number
    sentence: Line | None = None


class Handover(Sent):
    """What goes to whom."""

    assignments: tuple[Handing, ...]


class InHand(Told):
    """One thing that somebody has in hand."""

    kind: str
    id: str
    version: int
    takes_sentence: bool


class Stays(Told):
    """What stays, and why."""

    id: str
    why: str


class WhatIsInHand(Told):
    """What somebody has in hand, what of it stays, and who can take the rest."""

    items: list[InHand]
    stays: list[Stays]
    receivers: list[int]


class Handed(Told):
    """One piece that was handed over, or would be."""

    kind: str
    id: str
    to: int


class NotHanded(Told):
    """One piece that cannot be, and why."""

    key: str
    reason: str


class HandedOver(Told):
    """What was handed over, or would be, and what cannot."""

    done: list[Handed]
    refused: list[NotHanded]


def _in_hand(person_id: str) -> WhatIsInHand:
    person, session = whose(number_of(person_id)), reading()
    return WhatIsInHand(
        items=[
            InHand(
                kind=each.kind.name,
                id=each.subject.id,
                version=each.subject.version,
                takes_sentence=each.kind.sentence is not None,
            )
            for each in pieces_of(session, person.id)
        ],
        stays=[Stays(id=each.subject.id, why=said(each.why)) for each in staying_with(session, person.id)],
        receivers=[number for number, _name in receivers(person)],
    )


def _assignments(person_id: str, given: Handover) -> tuple[int, list[Assignment]]:
    """What is asked of pieces that this person may read, for who can take them; 404 for anything else."""
    person = whose(number_of(person_id))
    there = {(each.kind.name, each.subject.id) for each in pieces_of(reading(), person.id)}
    able = {number for number, _name in receivers(person)}
    if any((each.kind, each.id) not in there or each.to not in able for each in given.assignments):
        abort(404)
    found = [
        Assignment(each.kind, each.id, each.version, each.to, " ".join((each.sentence or "").split()))
        for each in given.assignments
    ]
    return person.id, found


def _told(outcome: Outcome) -> HandedOver:
    return HandedOver(
        done=[Handed(kind=each.kind, id=each.subject_id, to=each.to) for each in outcome.done],
        refused=[NotHanded(key=key, reason=said(reason)) for key, reason in outcome.refused.items()],
    )


def _is_there(person_id: str) -> None:
    whose(number_of(person_id))


def _look(given: Handover, person_id: str) -> HandedOver:
    return _told(look_ahead(work(), *_assignments(person_id, given)))


def _hand_over(given: Handover, person_id: str) -> HandedOver:
    try:
        return _told(hand_over(work(), *_assignments(person_id, given)))
    except NotHandedOver as refused:
        wrong = [{"field": key, "detail": said(reason)} for key, reason in refused.outcome.refused.items()]
        raise Problem(409, _("Er is niets overgedragen. Niet alles kan: kijk hieronder."), errors=wrong) from None


DEEDS = (
    Deed("in_hand", "GET", "/handover/{personId}", "What somebody has in hand", _in_hand, tells=WhatIsInHand),
    Deed(
        "handover_look",
        "POST",
        "/handover/{personId}/look",
        "What handing over would do; nothing is done",
        _look,
        Handover,
        HandedOver,
        first=_is_there,
        numbered=False,
    ),
    Deed(
        "handover",
        "POST",
        "/handover/{personId}",
        "Hand over all of it, or nothing",
        _hand_over,
        Handover,
        HandedOver,
        first=_is_there,
    ),
)
