"""How a subject of each kind is opened in a scenario: by the service that people open it with."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from wijkteam.access.breaking import Sought, break_glass
from wijkteam.access.sharing import NewShare, share_case
from wijkteam.appointments.service import NewAppointment, plan_appointment
from wijkteam.case_files.service import NewCaseFile, add_case_file
from wijkteam.cases.queries import cases_called
from wijkteam.cases.service import NewCase, open_case
from wijkteam.data_requests.model import DataRequest
from wijkteam.data_requests.service import NewDataRequest, record_data_request
from wijkteam.engine.fields import read_cents, read_coming_day
from wijkteam.escalation.backing import NewBacking, give_backing
from wijkteam.escalation.breakthroughs import NewBreakthrough, choose_breakthrough
from wijkteam.escalation.service import NewEscalation, SentFile, attach, escalate
from wijkteam.escalation.structural import NewStructural, raise_structural
from wijkteam.exporting.service import ask_export
from wijkteam.legal_terms.service import NewLegalTerm, start_legal_term
from wijkteam.letters.queries import letters_of_case
from wijkteam.mandate.change_form import ENTRY_FIELDS, read_change
from wijkteam.mandate.keeping import propose_change
from wijkteam.mandate.queries import decisions_of_case
from wijkteam.mandate.register_queries import kept_register
from wijkteam.mandate.service import AskedDecision, draft_request
from wijkteam.measuring.model import Measurement, scores_of
from wijkteam.measuring.service import NewMeasurement, take_measurement
from wijkteam.network.queries import helpers_of
from wijkteam.network.service import OUTSIDE, NewHelper, NewRelation, add_helper, relate
from wijkteam.objections.service import NewObjection, register_objection
from wijkteam.plans.service import (
    NewAgreement,
    NewApproach,
    NewConsent,
    NewGoal,
    NewLine,
    TrackForGoal,
    add_line,
    agree_on,
    begin_track_for,
    record_consent,
    set_goal,
    try_approach,
)
from wijkteam.quotes.service import NewQuote, write_quote
from wijkteam.residents.queries import residents_of
from wijkteam.residents.service import NewResident, record_resident
from wijkteam.retention.correcting import NewCorrection, ask_correction
from wijkteam.retention.service import draw_up_list
from wijkteam.rulebook import read_instruments, read_retention, read_signal_table, workflow_folders
from wijkteam.signals.acting import ActingResident
from wijkteam.signals.service import (
    CONDUCT,
    MODELS,
    GivenSignal,
    NewComplaint,
    NewSignal,
    give_signal,
    record_complaint,
    record_signal,
)
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.tracks.service import NewTrack, begin_track

CASE = "household_case"


@dataclass(frozen=True)
class Opener:
    """How a kind of subject is opened: what is filled in, where it can live, and the service that opens it.

    `open` gets the unit of work of whoever opens it, the subject to live in or None, and what is filled in.
    """

    open: Callable[[Work, Any, Mapping[str, Any]], Any]
    asks: frozenset[str]
    may_ask: frozenset[str] = frozenset()
    lives_in: str | None = None
    """The kind of subject that it lives in."""
    may_stand_alone: bool = True
    choices: Mapping[str, str] = field(default_factory=dict)
    """The list that a field is chosen from, where the service and not the opening asks it."""

    @property
    def known(self) -> frozenset[str]:
        """Everything that can be filled in."""
        return self.asks | self.may_ask


def _asked_by(new: type[Any], but_not: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """What a service must and may be given, by the fields of what it takes."""
    known = [each for each in fields(new) if each.name not in but_not]
    needed = frozenset(each.name for each in known if each.default is MISSING)
    return needed, frozenset(each.name for each in known) - needed


def _household_case(work: Work, _within: Any, given: Mapping[str, Any]) -> Any:
    return open_case(work, NewCase(**given))


def _escalation(work: Work, within: Any, given: Mapping[str, Any]) -> Any:
    return escalate(work, NewEscalation(case_id=within.id, team_id=within.team_id, **given))


def _mandate_request(work: Work, within: Any, given: Mapping[str, Any]) -> Any:
    amount = given.get("amount")
    asked = AskedDecision(
        power=given["power"],
        amount=None if amount is None else read_cents(amount, "amount"),
        what=given["what"],
        case_id=within.id if within else None,
        household_id=within.household_id if within else None,
        team_id=within.team_id if within else min(work.actor.team_ids, default=None),
        until=read_coming_day(given["until"], "until") if "until" in given else None,
    )
    return draft_request(work, asked)


def _resident_signal(work: Work, _within: Any, given: Mapping[str, Any]) -> Any:
    """By who works here, or by the resident: then by the shipped table of signals."""
    if isinstance(work.actor, ActingResident):
        return _given_by_resident(work, GivenSignal(**{name: value or "" for name, value in given.items()}))
    return record_signal(work, NewSignal(**given))


def _conduct_complaint(work: Work, _within: Any, given: Mapping[str, Any]) -> Any:
    if isinstance(work.actor, ActingResident):
        filled = {name: value or "" for name, value in given.items()}
        return _given_by_resident(work, GivenSignal(kind=CONDUCT, **filled))
    return record_complaint(work, NewComplaint(**given))


def _given_by_resident(work: Work, given: GivenSignal) -> Any:
    received = give_signal(work, given, read_signal_table(workflow_folders()), work.actor.subject_id)
    return work.session.get(MODELS[received.kind], received.subject_id)


def _track(work: Work, within: Any, given: Mapping[str, Any]) -> Any:
    return begin_track(work, NewTrack(case_id=within.id, team_id=within.team_id, **given))


def _legal_term(work: Work, within: Any, given: Mapping[str, Any]) -> Any:
    return start_legal_term(work, NewLegalTerm(case_id=within.id, team_id=within.team_id, **given))


def _resident(work: Work, within: Any, given: Mapping[str, Any]) -> Any:
    return record_resident(work, NewResident(household_id=within.household_id, **given))


def _helper(work: Work, within: Any, given: Mapping[str, Any]) -> Any:
    return add_helper(work, NewHelper(household_id=within.household_id, **given))


def _relation(work: Work, within: Any, given: Mapping[str, Any]) -> Any:
    """Between people who are named by `resident` and `other`: what stands there is looked for as a name."""
    found = {each.name: each.id for each in residents_of(work.session, within.household_id)}
    found |= {each.name: f"{OUTSIDE}{each.id}" for each in helpers_of(work.session, within.household_id)}
    who = {name: str(found.get(given[name], given[name])) for name in ("resident", "other")}
    return relate(
        work, NewRelation(within.household_id, who["resident"], given["kind"], who["other"], given.get("since"))
    )


def _appointment(work: Work, within: Any, given: Mapping[str, Any]) -> Any:
    return plan_appointment(work, NewAppointment(case_id=within.id, **given))


def _case_file(work: Work, within: Any, given: Mapping[str, Any]) -> Any:
    """A file cannot be written in a scenario: its name is what is in it, as plain text."""
    name = str(given["file_name"])
    return add_case_file(work, NewCaseFile(within.id, name, "text/plain", name.encode(), str(given["why"])))


def _register_change(work: Work, _within: Any, given: Mapping[str, Any]) -> Any:
    """One row that is added, replaced or revoked; `why` says it for the change and for a row that is revoked."""
    return propose_change(work, [read_change(given, kept_register(work.session), clock.today())], given["why"])


def _letter(work: Work, within: Any, _given: Mapping[str, Any]) -> Any:
    """The letter that came with the newest decision of the case."""
    return letters_of_case(work.session, within.id)[_newest_decision(work, within)]


def _objection(work: Work, within: Any, given: Mapping[str, Any]) -> Any:
    """An objection against the newest decision of the case."""
    decision = _newest_decision(work, within)
    return register_objection(work, NewObjection(within.id, within.team_id, within.household_id, decision, **given))


def _newest_decision(work: Work, case: Any) -> int:
    return decisions_of_case(work.session, case.id)[0].id


def _structural_escalation(work: Work, within: Any, given: Mapping[str, Any]) -> Any:
    return raise_structural(work, NewStructural(behind=(within.id,), **given))


def _breakthrough(work: Work, within: Any, given: Mapping[str, Any]) -> Any:
    return choose_breakthrough(work, NewBreakthrough(structural_id=within.id if within else None, **given))


def _backing(work: Work, within: Any, given: Mapping[str, Any]) -> Any:
    return give_backing(work, NewBacking(case_id=within.id, **given))


def _break_glass(work: Work, within: Any, given: Mapping[str, Any]) -> Any:
    return break_glass(work, Sought(within.id, **given))


def _guest_access(work: Work, within: Any, given: Mapping[str, Any]) -> Any:
    return share_case(work, NewShare(case_id=within.id, **given))


def _data_request(work: Work, _within: Any, given: Mapping[str, Any]) -> Any:
    return record_data_request(work, NewDataRequest(**given))


def _correction(work: Work, within: Any, given: Mapping[str, Any]) -> Any:
    return ask_correction(work, NewCorrection(case_id=within.id, **given))


def _goal(work: Work, within: Any, given: Mapping[str, Any]) -> Any:
    return set_goal(work, NewGoal(case_id=within.id, team_id=within.team_id, **given))


def _plan_line(work: Work, within: Any, given: Mapping[str, Any]) -> Any:
    return add_line(work, NewLine(case_id=within.id, team_id=within.team_id, **given))


def _approach(work: Work, within: Any, given: Mapping[str, Any]) -> Any:
    return try_approach(work, NewApproach(case_id=within.id, team_id=within.team_id, **given))


def _agreement(work: Work, within: Any, given: Mapping[str, Any]) -> Any:
    return agree_on(work, NewAgreement(case_id=within.case_id, team_id=within.team_id, goal_id=within.id, **given))


def _plan_consent(work: Work, within: Any, given: Mapping[str, Any]) -> Any:
    return record_consent(work, NewConsent(case_id=within.id, team_id=within.team_id, **given))


def _measurement(work: Work, within: Any, given: Mapping[str, Any]) -> Any:
    """With the shipped instruments; scores as they are kept: `finance:2 housing:4`."""
    values = {**given, "scores": scores_of(given.get("scores", ""))}
    new = NewMeasurement(case_id=within.id, team_id=within.team_id, **values)
    return take_measurement(work, read_instruments(workflow_folders()), new)


def _destruction_list(work: Work, _within: Any, _given: Mapping[str, Any]) -> Any:
    """By the shipped table of retention: a list says itself what is on it."""
    return draw_up_list(work, read_retention(workflow_folders()))


def _full_export(work: Work, _within: Any, given: Mapping[str, Any]) -> Any:
    return ask_export(work, given.get("why", ""), given.get("with_bsn") in (True, "ja", "yes", "true"))


PLACE = frozenset(
    {
        "case_id",
        "household_id",
        "team_id",
        "request_id",
        "decision_id",
        "buurt_code",
        "behind",
        "structural_id",
        "escalation_id",
        "who_or_where",
        "goal_id",
        "track_id",
        "resident_id",
        "replaces",
    }
)
"""Where it belongs: said by `in`, and by who opens it."""
OPENERS: Mapping[str, Opener] = {
    CASE: Opener(_household_case, *_asked_by(NewCase, PLACE - {"who_or_where"})),
    "escalation": Opener(_escalation, *_asked_by(NewEscalation, PLACE), lives_in=CASE, may_stand_alone=False),
    "mandate_request": Opener(
        _mandate_request,
        frozenset({"power", "what"}),
        frozenset({"amount", "until"}),
        lives_in=CASE,
        choices={"power": "powers"},
    ),
    "track": Opener(_track, *_asked_by(NewTrack, PLACE), lives_in=CASE, may_stand_alone=False),
    "legal_term": Opener(_legal_term, *_asked_by(NewLegalTerm, PLACE), lives_in=CASE, may_stand_alone=False),
    "resident": Opener(_resident, *_asked_by(NewResident, PLACE), lives_in=CASE, may_stand_alone=False),
    "helper": Opener(_helper, *_asked_by(NewHelper, PLACE), lives_in=CASE, may_stand_alone=False),
    "relation": Opener(_relation, *_asked_by(NewRelation, PLACE), lives_in=CASE, may_stand_alone=False),
    "appointment": Opener(_appointment, *_asked_by(NewAppointment, PLACE), lives_in=CASE, may_stand_alone=False),
    "case_file": Opener(_case_file, frozenset({"file_name", "why"}), lives_in=CASE, may_stand_alone=False),
    "quote": Opener(
        lambda work, within, given: write_quote(work, NewQuote(within.id, **given)),
        *_asked_by(NewQuote, PLACE),
        lives_in=CASE,
        may_stand_alone=False,
    ),
    "register_change": Opener(
        _register_change,
        frozenset({"what", "number", "why"}),
        ENTRY_FIELDS - {"number"} | {"on"},
        choices={"power": "powers"},
    ),
    "letter": Opener(_letter, frozenset(), lives_in=CASE, may_stand_alone=False),
    "objection": Opener(_objection, *_asked_by(NewObjection, PLACE), lives_in=CASE, may_stand_alone=False),
    "structural_escalation": Opener(
        _structural_escalation, *_asked_by(NewStructural, PLACE), lives_in="escalation", may_stand_alone=False
    ),
    "breakthrough": Opener(_breakthrough, *_asked_by(NewBreakthrough, PLACE), lives_in="structural_escalation"),
    "backing": Opener(_backing, *_asked_by(NewBacking, PLACE), lives_in=CASE, may_stand_alone=False),
    "break_glass": Opener(_break_glass, *_asked_by(Sought, PLACE), lives_in=CASE, may_stand_alone=False),
    "guest_access": Opener(_guest_access, *_asked_by(NewShare, PLACE), lives_in=CASE, may_stand_alone=False),
    "correction": Opener(_correction, *_asked_by(NewCorrection, PLACE), lives_in=CASE, may_stand_alone=False),
    "data_request": Opener(_data_request, *_asked_by(NewDataRequest, PLACE)),
    "goal": Opener(_goal, *_asked_by(NewGoal, PLACE), lives_in=CASE, may_stand_alone=False),
    "plan_line": Opener(_plan_line, *_asked_by(NewLine, PLACE), lives_in=CASE, may_stand_alone=False),
    "approach": Opener(_approach, *_asked_by(NewApproach, PLACE), lives_in=CASE, may_stand_alone=False),
    "agreement": Opener(_agreement, *_asked_by(NewAgreement, PLACE), lives_in="goal", may_stand_alone=False),
    "plan_consent": Opener(_plan_consent, *_asked_by(NewConsent, PLACE), lives_in=CASE, may_stand_alone=False),
    "measurement": Opener(_measurement, *_asked_by(NewMeasurement, PLACE), lives_in=CASE, may_stand_alone=False),
    "destruction_list": Opener(_destruction_list, frozenset()),
    "full_export": Opener(_full_export, frozenset({"why"}), frozenset({"with_bsn"})),
    "resident_signal": Opener(_resident_signal, *_asked_by(NewSignal, PLACE)),
    "conduct_complaint": Opener(_conduct_complaint, *_asked_by(NewComplaint, PLACE)),
}
"""By kind of subject. A new kind of subject needs one function, and its line here."""


def _attach(work: Work, escalation_id: str, given: Mapping[str, Any]) -> None:
    """A file cannot be written in a scenario: its digest stands for what is in it, as plain text."""
    content = str(given.get("attachment_digest", "")).encode()
    attach(work, escalation_id, SentFile(str(given.get("attachment", "")), "text/plain", content))


def _link_case(work: Work, request_id: str, given: Mapping[str, Any]) -> None:
    """The number of a case is drawn by chance: who or where it is about stands for it."""
    called = str(given.get("case_number", ""))
    found = cases_called(work.session, called)
    number = found[0].id if found else called
    work.act_on(DataRequest, request_id, "link_case", {**given, "case_number": number})


def _begin_track(work: Work, goal_id: str, given: Mapping[str, Any]) -> None:
    """What a track needs besides its goal is no field of the goal: in a scenario it is always the same."""
    begin_track_for(work, goal_id, TrackForGoal("Bellen", clock.today(), given.get("worker")))


def _replace(work: Work, measurement_id: str, _given: Mapping[str, Any]) -> None:
    """What takes its place is another measurement: in a scenario one of today with the same scores."""
    old = work.session.get_one(Measurement, measurement_id)
    new = NewMeasurement(
        old.case_id, old.team_id, old.instrument, clock.today(), dict(old.levels), old.resident_id, None, old.id
    )
    take_measurement(work, read_instruments(workflow_folders()), new)


TAKERS: Mapping[tuple[str, str], Callable[[Work, str, Mapping[str, Any]], None]] = {
    ("escalation", "attach"): _attach,
    ("data_request", "link_case"): _link_case,
    ("goal", "begin_track"): _begin_track,
    ("measurement", "replace"): _replace,
}
"""Transitions that people take by a service of their own, by kind of subject and name."""
