"""What programs raise and answer: structural escalations, breakthroughs, backing, files, requests together."""

from datetime import date
from typing import Any

from flask import abort

from wijkteam.access.behind import figures_behind, pattern
from wijkteam.escalation.backing import NewBacking, give_backing
from wijkteam.escalation.breakthroughs import NewBreakthrough, choose_breakthrough
from wijkteam.escalation.structural import NewStructural, raise_structural
from wijkteam.mandate.together import Ticked, answer_together
from wijkteam.web.acting import house, over_all, work
from wijkteam.web.api.bodies_as_models import Amount, Id, Line, Number, Sent, Told, Version, Words, cents
from wijkteam.web.api.deeds import Deed
from wijkteam.web.api.kinds import BY_NAME
from wijkteam.web.api.subjects import find
from wijkteam.web.language import said

ESCALATION, STRUCTURAL = BY_NAME["escalation"], BY_NAME["structural_escalation"]
REQUEST = BY_NAME["mandate_request"]


class Structural(Sent):
    """One question about a barrier, and the escalations behind it by id."""

    question: Words
    barrier: Line
    behind: tuple[Id, ...]


def _raise(given: Structural, made: str) -> Any:
    return raise_structural(work(), NewStructural(given.question, given.barrier, given.behind), made)


class OneBarrier(Sent):
    """Which barrier."""

    barrier: Line


class Behind(Told):
    """Whom a barrier holds up: escalations that this person may read, and how many households more."""

    readable: list[str]
    others: int | None
    """Households besides; null for fewer than five."""


def _pattern(given: OneBarrier) -> Behind:
    if given.barrier not in house().lists["barriers"].items:
        abort(404)
    found = over_all(pattern, house().grounds, work().actor, given.barrier)
    return Behind(readable=[each.id for each in found.readable], others=found.others)


class Figures(Told):
    """What stands behind it; null where fewer than five households."""

    households: int | None
    wijken: int | None
    median_days: int | None
    longest_days: int | None


def _figures(structural_id: str) -> Figures:
    find(STRUCTURAL, structural_id)
    return Figures.model_validate(over_all(figures_behind, house().grounds, work().actor, structural_id))


class Breakthrough(Sent):
    """A promise: who carries it, who pays, and by when."""

    title: Line
    owner: Number
    budget_holder: Number
    promised_on: date
    structural_id: Id | None = None


def _choose(given: Breakthrough, made: str) -> Any:
    if given.structural_id is not None:
        find(STRUCTURAL, given.structural_id)
    promised = str(given.owner), str(given.budget_holder), given.promised_on.isoformat()
    return choose_breakthrough(work(), NewBreakthrough(given.title, *promised, given.structural_id), made)


class CaseBacking(Sent):
    """Standing behind a deviation in one case; with a power also the limit that it lifts."""

    deviation: Words
    valid_until: date
    power: Line | None = None
    amount: Amount | None = None


class ManyBacking(Sent):
    """Standing behind a deviation for everybody behind a structural escalation."""

    deviation: Words
    valid_until: date


def _escalation_is_there(escalation_id: str) -> None:
    find(ESCALATION, escalation_id)


def _structural_is_there(structural_id: str) -> None:
    find(STRUCTURAL, structural_id)


def _back(given: CaseBacking, escalation_id: str, made: str) -> Any:
    escalation = find(ESCALATION, escalation_id)[0]
    new = NewBacking(
        given.deviation,
        given.valid_until.isoformat(),
        given.power,
        cents(given.amount),
        case_id=escalation.case_id,
        escalation_id=escalation.id,
    )
    return give_backing(work(), new, made)


def _back_many(given: ManyBacking, structural_id: str, made: str) -> Any:
    new = NewBacking(given.deviation, given.valid_until.isoformat(), structural_id=structural_id)
    return give_backing(work(), new, made)


class Together(Sent):
    """One step for several requests that are alike."""

    transition: Line
    requests: tuple["OneRequest", ...]
    answer: Words | None = None


class OneRequest(Sent):
    """One of them, and the version that was seen."""

    id: Id
    version: Version | None = None


class Answered(Told):
    """What came of one of them."""

    request_id: str
    done: bool
    reason: str | None


class AnsweredTogether(Told):
    """What came of each."""

    items: list[Answered]


def _together(given: Together) -> AnsweredTogether:
    for each in given.requests:
        find(REQUEST, each.id)
    ticked = [Ticked(each.id, each.version) for each in given.requests]
    answer = {"answer": given.answer} if given.answer is not None else {}
    found = answer_together(work(), ticked, given.transition, answer)
    return AnsweredTogether(
        items=[
            Answered(
                request_id=each.request_id,
                done=each.refusal is None,
                reason=said(each.refusal) if each.refusal is not None else None,
            )
            for each in found
        ]
    )


ON_ESCALATION, ON_STRUCTURAL = "/escalations/{escalationId}", "/structural-escalations/{structuralId}"
DEEDS = (
    Deed(
        "structural_escalation_new",
        "POST",
        "/structural-escalations",
        "Ask one question about a barrier that many share",
        _raise,
        Structural,
        STRUCTURAL,
    ),
    Deed("pattern", "GET", "/patterns", "Who shares a barrier, in the last year", _pattern, OneBarrier, Behind),
    Deed(
        "structural_figures",
        "GET",
        f"{ON_STRUCTURAL}/figures",
        "What stands behind a structural escalation, in figures",
        _figures,
        tells=Figures,
    ),
    Deed(
        "breakthrough_new",
        "POST",
        "/breakthroughs",
        "Choose a breakthrough, of a structural escalation or of none",
        _choose,
        Breakthrough,
        BY_NAME["breakthrough"],
    ),
    Deed(
        "backing_for_case",
        "POST",
        f"{ON_ESCALATION}/backings",
        "Back the case of an escalation",
        _back,
        CaseBacking,
        BY_NAME["backing"],
        first=_escalation_is_there,
    ),
    Deed(
        "backing_for_many",
        "POST",
        f"{ON_STRUCTURAL}/backings",
        "Back everybody behind a structural escalation",
        _back_many,
        ManyBacking,
        BY_NAME["backing"],
        first=_structural_is_there,
    ),
    Deed(
        "mandate_requests_together",
        "POST",
        "/mandate-requests/together",
        "Answer several requests at once that are alike",
        _together,
        Together,
        AnsweredTogether,
        numbered=False,
    ),
)
