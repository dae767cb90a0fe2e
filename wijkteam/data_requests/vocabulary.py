"""What the workflow of requests about data may name: who may act in it, and what its steps do."""

from sqlalchemy.orm import Session

from wijkteam.cases import queries as cases
from wijkteam.data_requests import checks, terms
from wijkteam.data_requests.checks import RefusalChecks
from wijkteam.data_requests.grounds import LIST, RefusalGrounds
from wijkteam.data_requests.model import DataRequest
from wijkteam.data_requests.queries import ENDED, OFFICER, RECEIVED, TO_BE_TOLD, handles, is_asked, is_staff
from wijkteam.engine.definition import Text
from wijkteam.engine.vocabulary import Effect, Guard, Reason, Recipients, Role, Situation, Vocabulary, fields
from wijkteam.people import queries as people
from wijkteam.people.words import function_words
from wijkteam.terms import clock


def vocabulary(table: RefusalGrounds) -> Vocabulary:
    """All names for the workflow, by the municipality's table of grounds to refuse."""
    refusing = RefusalChecks(table)
    return Vocabulary(
        subject=DataRequest.workflow,
        roles=_roles(),
        guards={
            "received_on_is_possible": Guard(checks.received_on_is_possible, fields("received_on")),
            "told_on_is_possible": Guard(checks.told_on_is_possible, fields("told_on")),
            "handler_is_officer": Guard(checks.handler_is_officer, fields("handler")),
            "case_is_there": Guard(checks.case_is_there, fields("case_number")),
            "identity_not_sure_yet": Guard(checks.identity_not_sure_yet),
            "proof_within_reach": Guard(checks.proof_within_reach, fields("identity_by")),
            "not_extended_yet": Guard(checks.not_extended_yet, runs_out_by=fields("extend")),
            "told_within_first_month": Guard(checks.told_within_first_month, fields("told_on")),
            "can_be_asked": Guard(checks.can_be_asked, fields("asked")),
            "answer_in_time": Guard(checks.answer_in_time, fields("answer_by")),
            "identity_is_sure": Guard(checks.identity_is_sure, fields("outcome")),
            "says_what_was_done": Guard(checks.says_what_was_done, fields("outcome", "what_was_done")),
            "receivers_or_why_not": Guard(checks.receivers_or_why_not, fields("outcome", "receivers_told")),
            "ground_fits": Guard(refusing.ground_fits, fields("outcome", "refusal_ground")),
        },
        effects={
            "keep_words": Effect(_keep_words, fields("requester", "contact"), fields("kind", "words", "received_on")),
            "take_in_hand": Effect(_take_in_hand, fields("handler")),
            "change_handler": Effect(_change_handler, needs=fields("handler")),
            "link_household": Effect(_link_household, needs=fields("case_number")),
            "ask_identity": Effect(_ask_identity, needs=fields("identity_what", "identity_by")),
            "resume": Effect(_resume),
            "keep_identity": Effect(_keep_identity, needs=fields("identity_how")),
            "extend": Effect(_extend, needs=fields("why", "told_on")),
            "ask_person": Effect(_ask_person, needs=fields("asked", "question", "answer_by")),
            "keep_contribution": Effect(_keep_contribution, needs=fields("contribution")),
            "decide": Effect(
                _decide, fields("refusal_ground", "what_was_done", "receivers_told"), fields("outcome", "answer")
            ),
            "take_back_decision": Effect(_take_back_decision),
            "keep_telling": Effect(_keep_telling, needs=fields("told_how", "told_on")),
            "keep_withdrawal": Effect(_keep_withdrawal, needs=fields("answer", "told_how")),
            "keep_why_not_told": Effect(_keep_why_not_told, needs=fields("why_not_told")),
            "end_request": Effect(_end),
        },
        terms={"answering": terms.answering, "proving": terms.proving, "contributing": terms.contributing},
        recipients={
            "officers": Recipients(_officers, role="officer"),
            "handler": Recipients(_handlers, role="handler"),
            "asked": Recipients(_asked, role="asked"),
            "receiver": Recipients(lambda situation: [situation.subject.received_by], role="receiver"),
        },
        lists={LIST: dict(table.as_list().items)},
        needed=fields(RECEIVED, TO_BE_TOLD, *ENDED),
        ends=fields(*ENDED),
    )


def _roles() -> dict[str, Role]:
    officer = fields(OFFICER)
    return {
        "staff": Role(
            lambda situation: is_staff(situation.actor),
            lambda situation: Reason("een medewerker", "anyone who works here"),
            Text(nl="medewerker", en="member of staff"),
        ),
        "receiver": Role(
            lambda situation: situation.actor.person_id == situation.subject.received_by,
            lambda situation: people.name(situation.work.session, situation.subject.received_by),
            Text(nl="wie het opschreef", en="who wrote it down"),
        ),
        "officer": Role(
            lambda situation: handles(situation.actor),
            lambda situation: function_words(situation.work.session, OFFICER),
            Text(nl="privacyfunctionaris", en="privacy officer"),
            officer,
        ),
        "handler": Role(
            lambda situation: situation.actor.person_id == situation.subject.handler_id and handles(situation.actor),
            lambda situation: people.name(situation.work.session, situation.subject.handler_id),
            Text(nl="behandelaar", en="handler"),
            officer,
        ),
        "asked": Role(
            lambda situation: is_asked(situation.subject, situation.actor),
            lambda situation: people.name(situation.work.session, situation.subject.asked_id),
            Text(nl="wie iets gevraagd is", en="who was asked"),
        ),
    }


def _officers(situation: Situation) -> list[int]:
    return people.holder_ids(situation.work.session, OFFICER)


def _handlers(situation: Situation) -> list[int]:
    """The handler as long as that is a privacy officer, else all of them."""
    officers = _officers(situation)
    handler = situation.subject.handler_id
    return [handler] if handler in officers else officers


def _asked(situation: Situation) -> list[int]:
    asked = situation.subject.asked_id
    return [asked] if asked is not None else []


def _keep_words(situation: Situation) -> None:
    request: DataRequest = situation.subject
    for name in ("kind", "words", "received_on", "requester", "contact"):
        setattr(request, name, situation.fields.get(name))
    request.suspended_days, request.extended = 0, False


def _take_in_hand(situation: Situation) -> None:
    situation.subject.handler_id = situation.fields.get("handler", situation.actor.person_id)


def _change_handler(situation: Situation) -> None:
    situation.subject.handler_id = situation.fields["handler"]


def household_of(session: Session, case_number: str) -> int | None:
    """The household of the case with that number; None where there is no such case."""
    found = cases.find_case(session, case_number.strip().lower())
    return found.household_id if found is not None else None


def _link_household(situation: Situation) -> None:
    situation.subject.household_id = household_of(situation.work.session, situation.fields["case_number"])


def _ask_identity(situation: Situation) -> None:
    request: DataRequest = situation.subject
    request.identity_what, request.identity_by = situation.fields["identity_what"], situation.fields["identity_by"]
    request.identity_asked_on = clock.local(situation.at).date()


def _resume(situation: Situation) -> None:
    """The term stood still from the day after it was asked, up to and with today or the last day given for it."""
    request: DataRequest = situation.subject
    if request.identity_by is None or request.identity_asked_on is None:
        return
    until = min(clock.local(situation.at).date(), request.identity_by)
    request.suspended_days += max((until - request.identity_asked_on).days, 0)
    request.identity_by = None


def _keep_identity(situation: Situation) -> None:
    request: DataRequest = situation.subject
    request.identity_how = situation.fields["identity_how"]
    request.identity_sure_on = clock.local(situation.at).date()


def _extend(situation: Situation) -> None:
    request: DataRequest = situation.subject
    request.extended = True
    request.extended_why, request.extended_told_on = situation.fields["why"], situation.fields["told_on"]


def _ask_person(situation: Situation) -> None:
    request: DataRequest = situation.subject
    request.asked_id, request.question = situation.fields["asked"], situation.fields["question"]
    request.answer_by = situation.fields["answer_by"]
    request.contribution = request.contributed_on = None


def _keep_contribution(situation: Situation) -> None:
    situation.subject.contribution = situation.fields["contribution"]
    situation.subject.contributed_on = clock.local(situation.at).date()


def _decide(situation: Situation) -> None:
    request: DataRequest = situation.subject
    request.outcome, request.answer = situation.fields["outcome"], situation.fields["answer"]
    for name in ("refusal_ground", "what_was_done", "receivers_told"):
        setattr(request, name, situation.fields.get(name))
    request.decided_by, request.decided_at = situation.actor.person_id, situation.at


def _take_back_decision(situation: Situation) -> None:
    request: DataRequest = situation.subject
    for name in ("outcome", "answer", "refusal_ground", "decided_by", "decided_at"):
        setattr(request, name, None)


def _keep_telling(situation: Situation) -> None:
    situation.subject.told_how, situation.subject.told_on = situation.fields["told_how"], situation.fields["told_on"]


def _keep_withdrawal(situation: Situation) -> None:
    """What the resident hears of it, on the day on which it is recorded; nothing was decided."""
    _take_back_decision(situation)
    request: DataRequest = situation.subject
    request.answer, request.told_how = situation.fields["answer"], situation.fields["told_how"]
    request.told_on = clock.local(situation.at).date()


def _keep_why_not_told(situation: Situation) -> None:
    situation.subject.why_not_told = situation.fields["why_not_told"]


def _end(situation: Situation) -> None:
    situation.subject.ended_at = situation.at
