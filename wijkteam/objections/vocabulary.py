"""What the objection workflow may name: roles, guards, effects and the decision rule."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from wijkteam.engine.definition import Text
from wijkteam.engine.vocabulary import (
    Authority,
    DecisionRule,
    Effect,
    Guard,
    Reason,
    Recipients,
    Role,
    Situation,
    Vocabulary,
    fields,
    in_words,
)
from wijkteam.mandate import queries as mandated
from wijkteam.mandate import service as mandate
from wijkteam.mandate.service import AskedDecision
from wijkteam.objections import terms
from wijkteam.objections.model import Objection
from wijkteam.objections.queries import ENDED, OFFICER, POWER, READY
from wijkteam.people import queries as people
from wijkteam.people.words import function_words, with_names
from wijkteam.terms import clock

KEPT_OUT = Reason(
    "Wie aan het eerste besluit meewerkte, beslist niet over het bezwaar (Awb 10:3 lid 3).",
    "Who took part in the first decision does not decide on the objection (Awb 10:3(3)).",
)
MadeKnown = Callable[[Session, int], date]
"""The day from which the term for objecting to a decision is counted."""
Involved = Callable[[Session, int], frozenset[int]]
"""Who took part in a decision."""


class ObjectionRules:
    """The rules of an objection against a decision in a case."""

    def __init__(self, case_of: Callable[[Situation], Any], made_known: MadeKnown, involved: Involved) -> None:
        self.case_of = case_of
        self.made_known = made_known
        self.involved = involved

    def vocabulary(self) -> Vocabulary:
        """All names for the workflow. An objection has no parent: it can come in after the case has closed."""
        officer = fields(OFFICER)
        return Vocabulary(
            subject="objection",
            roles={
                "registrar": Role(
                    self.is_registrar,
                    lambda situation: Reason(
                        "het team, de bezwaarbehandelaar of de beheerder",
                        "the team, the objections officer or the administrator",
                    ),
                    Text(nl="wie het noteert", en="who writes it down"),
                ),
                "officer": Role(_is_officer, _officer_names, Text(nl="bezwaarbehandelaar", en="officer"), officer),
                "handler": Role(_is_handler, _handler_name, Text(nl="behandelaar", en="handler"), officer),
                "decider": Role(
                    _is_outsider,
                    lambda situation: Reason(
                        "wie hiervoor mandaat heeft en het eerste besluit niet nam",
                        "who has a mandate for this and did not take the first decision",
                    ),
                    Text(nl="beslisser", en="decider"),
                ),
            },
            guards={
                "received_on_is_possible": Guard(_received_on_is_possible, fields("received_on", "posted_on")),
                "told_on_is_possible": Guard(_told_on_is_possible, fields("confirmed_on", "told_on", "hearing_on")),
                "handler_can_handle": Guard(_handler_can_handle, fields("handler")),
                "not_adjourned_yet": Guard(_not_adjourned_yet, runs_out_by=fields("adjourn")),
                "term_still_runs": Guard(_term_still_runs),
                "advice_where_committee": Guard(_advice_where_committee),
                "says_what_follows": Guard(_says_what_follows, fields("outcome", "first_decision")),
            },
            effects={
                "begin_objection": Effect(
                    self.begin, fields("posted_on", "late_reason"), fields("received_on", "grounds")
                ),
                "take_in_hand": Effect(_take_in_hand, fields("handler"), fields("confirmed_on", "committee")),
                "change_handler": Effect(_change_handler, needs=fields("handler")),
                "adjourn": Effect(_adjourn),
                "suspend": Effect(_suspend, needs=fields("repair_by")),
                "resume": Effect(_resume),
                "keep_hearing": Effect(_keep_hearing, needs=fields("hearing_on", "hearing_words")),
                "keep_waiver": Effect(_keep_waiver, needs=fields("hearing_waived")),
                "keep_advice": Effect(_keep_advice, needs=fields("advice")),
                "decide_objection": Effect(_decide, fields("first_decision"), fields("outcome", "motivation")),
                "end_objection": Effect(_end),
            },
            decisions={
                "on_objection": DecisionRule(_may_decide, fields("motivation"), powers=fields(POWER)),
            },
            terms={"deciding": terms.deciding, "repairing": terms.repairing},
            recipients={
                "officers": Recipients(_officers, role="officer"),
                "handler": Recipients(_handlers, role="handler"),
                "deciders": Recipients(_deciders, role="decider"),
                "owner": Recipients(lambda situation: [self.case_of(situation).owner_id]),
            },
            needed=fields("received", READY, *ENDED),
            ends=fields(*ENDED),
        )

    def is_registrar(self, situation: Situation) -> bool:
        """Whoever an objection can come in with: owner and team of the case, officers, the administrator."""
        person = situation.actor
        if person.holds(OFFICER) or person.holds("functional_administrator"):
            return True
        owns = person.person_id == self.case_of(situation).owner_id
        return owns or situation.subject.team_id in person.team_ids

    def begin(self, situation: Situation) -> None:
        """Keep what came in, whether it was in time, and from whom it is kept."""
        objection: Objection = situation.subject
        session = situation.work.session
        objection.received_on = situation.fields["received_on"]
        objection.posted_on = situation.fields.get("posted_on")
        objection.grounds = situation.fields["grounds"]
        objection.file_until = terms.file_until(self.made_known(session, objection.decision_id))
        objection.late = terms.is_late(objection.file_until, objection.received_on, objection.posted_on)
        objection.late_reason = situation.fields.get("late_reason")
        kept_from = self.involved(session, objection.decision_id)
        objection.kept_from = ",".join(str(number) for number in sorted(kept_from))
        objection.committee = objection.adjourned = False
        objection.suspended_days = 0


def _is_outsider(situation: Situation) -> bool:
    return not situation.subject.keeps_out(situation.actor.person_id)


def _is_officer(situation: Situation) -> bool:
    return bool(situation.actor.holds(OFFICER, situation.subject.team_id)) and _is_outsider(situation)


def _is_handler(situation: Situation) -> bool:
    return bool(situation.actor.person_id == situation.subject.handler_id) and _is_officer(situation)


def _officers(situation: Situation) -> list[int]:
    """Those who can take it in hand: who took part in the decision is left out."""
    objection: Objection = situation.subject
    found = people.holder_ids(situation.work.session, OFFICER, objection.team_id)
    return [number for number in found if not objection.keeps_out(number)]


def _officer_names(situation: Situation) -> Reason:
    session = situation.work.session
    found = [people.name(session, number) for number in _officers(situation)[:3]]
    title = function_words(session, OFFICER)
    nobody = Reason(
        f"een {title.nl.lower()} die niet meewerkte aan het besluit",
        f"an {title.en.lower()} who had no part in the decision",
    )
    return in_words(with_names(title, found) or nobody)


def _handler_name(situation: Situation) -> str:
    return people.name(situation.work.session, situation.subject.handler_id)


def _handlers(situation: Situation) -> list[int]:
    """The handler as long as that is one who can act, else all officers."""
    handler = situation.subject.handler_id
    officers = _officers(situation)
    return [handler] if handler in officers else officers


def _deciders(situation: Situation) -> list[int]:
    """Who holds mandate to decide on it, once it is ready for that: who took part in the decision is left out."""
    objection: Objection = situation.subject
    if objection.state != READY or (objection.committee and not objection.advice):
        return []
    session = situation.work.session
    rows = [row for row in mandated.register(session, POWER) if row.stands_at(clock.now(), clock.today())]
    found = [number for row in rows for number in people.holder_ids(session, row.function, objection.team_id)]
    return [number for number in dict.fromkeys(found) if not objection.keeps_out(number)]


def _received_on_is_possible(situation: Situation) -> Reason | None:
    received, posted = situation.fields.get("received_on"), situation.fields.get("posted_on")
    if received is not None and received > clock.today():
        return Reason("De dag van ontvangst kan niet later zijn dan vandaag.", "It cannot have come in after today.")
    if received is not None and posted is not None and posted > received:
        return Reason("De brief is niet verstuurd nadat hij binnenkwam.", "It was not posted after it came in.")
    return None


def _told_on_is_possible(situation: Situation) -> Reason | None:
    days = [situation.fields.get(name) for name in ("confirmed_on", "told_on", "hearing_on")]
    first = situation.subject.received_on
    if all(day is None or first <= day <= clock.today() for day in days):
        return None
    return Reason("Kies een dag vanaf de ontvangst tot en met vandaag.", "Choose a day from when it came in to today.")


def _handler_can_handle(situation: Situation) -> Reason | None:
    number = situation.fields.get("handler")
    if number is None or number in _officers(situation):
        return None
    if situation.subject.keeps_out(number):
        return Reason(
            "Deze persoon werkte mee aan het eerste besluit (Awb 7:5).",
            "This person took part in the first decision (Awb 7:5).",
        )
    return Reason("Deze persoon behandelt geen bezwaren.", "This person handles no objections.")


def _not_adjourned_yet(situation: Situation) -> Reason | None:
    if not situation.subject.adjourned:
        return None
    return Reason("Verdagen kan één keer (Awb 7:10 lid 3).", "It can be adjourned once (Awb 7:10(3)).")


def _term_still_runs(situation: Situation) -> Reason | None:
    if clock.today() <= terms.decide_by(situation.subject):
        return None
    return Reason("De termijn is al voorbij.", "The term is already over.")


def _advice_where_committee(situation: Situation) -> Reason | None:
    if not situation.subject.committee or situation.subject.advice:
        return None
    return Reason("De commissie heeft nog geen advies gegeven.", "The committee has given no advice yet.")


def _says_what_follows(situation: Situation) -> Reason | None:
    outcome, follows = situation.fields.get("outcome"), situation.fields.get("first_decision")
    if outcome in ("founded", "partly_founded") and follows is None:
        return Reason("Zeg wat er met het eerste besluit gebeurt.", "Say what becomes of the first decision.")
    if outcome == "inadmissible" and follows not in (None, "stands"):
        return Reason(
            "Bij niet-ontvankelijk blijft het eerste besluit.", "When inadmissible the first decision stands."
        )
    return None


def _take_in_hand(situation: Situation) -> None:
    objection: Objection = situation.subject
    objection.handler_id = situation.fields.get("handler", situation.actor.person_id)
    objection.confirmed_on = situation.fields["confirmed_on"]
    objection.committee = situation.fields["committee"]


def _change_handler(situation: Situation) -> None:
    situation.subject.handler_id = situation.fields["handler"]


def _adjourn(situation: Situation) -> None:
    situation.subject.adjourned = True


def _suspend(situation: Situation) -> None:
    objection: Objection = situation.subject
    objection.suspended_on = clock.local(situation.at).date()
    objection.repair_by = situation.fields["repair_by"]


def _resume(situation: Situation) -> None:
    """The term stood still from the day after the request up to and with today, or the last day given for it."""
    objection: Objection = situation.subject
    assert objection.suspended_on is not None and objection.repair_by is not None
    until = min(clock.local(situation.at).date(), objection.repair_by)
    objection.suspended_days += max((until - objection.suspended_on).days, 0)
    objection.suspended_on = objection.repair_by = None


def _keep_hearing(situation: Situation) -> None:
    objection: Objection = situation.subject
    objection.hearing_on = situation.fields["hearing_on"]
    objection.hearing_words = situation.fields["hearing_words"]


def _keep_waiver(situation: Situation) -> None:
    situation.subject.hearing_waived = situation.fields["hearing_waived"]


def _keep_advice(situation: Situation) -> None:
    situation.subject.advice = situation.fields["advice"]


def _asked(situation: Situation) -> AskedDecision:
    objection: Objection = situation.subject
    return AskedDecision(
        power=POWER,
        amount=None,
        what=situation.fields.get("motivation", ""),
        case_id=objection.case_id,
        household_id=objection.household_id,
        team_id=objection.team_id,
        objection_against=mandated.decided_by(situation.work.session, objection.decision_id),
    )


def _may_decide(situation: Situation) -> Authority:
    """The register decides; but never for who took part in the first decision, whatever function they hold now."""
    if not _is_outsider(situation):
        return Authority(False, KEPT_OUT)
    return mandate.may_decide(situation.work, situation.actor, _asked(situation))


def _decide(situation: Situation) -> None:
    objection: Objection = situation.subject
    objection.outcome = situation.fields["outcome"]
    objection.first_decision = situation.fields.get("first_decision", "stands")
    objection.motivation = situation.fields["motivation"]
    objection.decided_by = situation.actor.person_id
    mandate.take_decision(situation, _asked(situation))


def _end(situation: Situation) -> None:
    situation.subject.ended_at = situation.at
