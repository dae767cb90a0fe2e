"""What the case workflow may name: roles, guards, effects and the decision rule."""

from collections.abc import Mapping

from wijkteam.cases import queries
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.protecting import AFTER_END, ProtectionRules
from wijkteam.cases.queries import CLOSED
from wijkteam.engine.definition import Text
from wijkteam.engine.vocabulary import (
    Authority,
    Children,
    DecisionRule,
    Effect,
    Guard,
    Reason,
    Recipients,
    Role,
    Situation,
    Vocabulary,
    fields,
)
from wijkteam.mandate import service as mandate
from wijkteam.mandate.service import AskedDecision
from wijkteam.people import queries as people
from wijkteam.people.words import team_lead_words, team_mate_words

BEST_PERSON, TEAM_LEAD = fields("best_person"), fields("team_lead")


def vocabulary(
    lists: dict[str, dict[str, Text]], children: Mapping[str, Children], protection: ProtectionRules
) -> Vocabulary:
    """All names for the case workflow; `children` live within a case, such as its escalations."""
    return Vocabulary(
        subject="household_case",
        roles={
            "best_person": Role(
                lambda situation: "best_person" in situation.actor.functions,
                lambda situation: Reason("een frontlijnprofessional", "a front-line professional"),
                Text(nl="frontlijnprofessional", en="front-line professional"),
                BEST_PERSON,
            ),
            "owner": Role(_is_owner, _owner_name, Text(nl="eigenaar", en="owner"), BEST_PERSON),
            "new_owner": Role(_is_new_owner, _new_owner_name, Text(nl="nieuwe eigenaar", en="new owner"), BEST_PERSON),
            "next_step_doer": Role(
                _has_next_step, _doer_name, Text(nl="wie de volgende stap doet", en="who does the next step")
            ),
            "team_member": Role(
                lambda situation: _is_team_member(situation) and _knows(protection, situation),
                _team_name,
                Text(nl="teamgenoot", en="team member"),
            ),
            "team_lead": Role(
                lambda situation: _is_team_lead(situation) and _knows(protection, situation),
                _team_lead_names,
                Text(nl="teamleider", en="team lead"),
                TEAM_LEAD,
            ),
            **protection.roles(),
        },
        guards={
            "new_owner_can_work_cases": Guard(_new_owner_can_work_cases, fields("new_owner")),
            "new_owner_may_know": Guard(
                lambda situation: _new_owner_may_know(situation, protection), fields("new_owner")
            ),
            "next_step_by_colleague": Guard(
                lambda situation: _next_step_by_colleague(situation, protection), fields("next_step_by")
            ),
            **protection.guards(),
        },
        effects={
            "become_owner": Effect(_become_owner, needs=fields("what_is_going_on", "next_step", "next_step_on")),
            "set_next_step": Effect(_set_next_step, fields("next_step", "next_step_on", "next_step_by")),
            "keep_safety": _keep("safety"),
            "keep_question": Effect(_keep_question, fields("question", "strengths")),
            "keep_plan": _keep("plan"),
            "keep_waiting_for": _keep("waiting_for"),
            "clear_waiting_for": _clear("waiting_for"),
            "keep_outcome": Effect(
                _keep_outcome, fields("outcome_words", "outcome_barrier"), fields("outcome", "outcome_reason")
            ),
            "clear_outcome": _clear("outcome", "outcome_reason", "outcome_words", "outcome_barrier"),
            "end_case": Effect(_end_case),
            "propose_new_owner": Effect(
                lambda situation: _propose_new_owner(situation, protection), needs=fields("new_owner")
            ),
            "drop_new_owner": Effect(lambda situation: _drop_new_owner(situation, protection)),
            "change_owner": Effect(lambda situation: _change_owner(situation, protection)),
            "give_to_new_owner": Effect(_give_to_new_owner, needs=fields("new_owner")),
            "take_decision": Effect(_take_decision, fields("amount"), fields("power", "motivation")),
            **protection.effects(),
        },
        decisions={"own_decision": DecisionRule(_own_decision, fields("amount"), fields("power", "motivation"))},
        recipients={
            "owner": Recipients(lambda situation: [situation.subject.owner_id], role="owner"),
            "new_owner": Recipients(
                lambda situation: [situation.subject.new_owner_id] if situation.subject.new_owner_id else [],
                role="new_owner",
            ),
            "former_owner": Recipients(lambda situation: _in_team(situation, "former_owner")),
            "asked_owner": Recipients(lambda situation: _in_team(situation, "asked_owner")),
            "next_step_by": Recipients(lambda situation: [situation.subject.next_step_by]),
            "team_lead": Recipients(_team_leads, role="team_lead"),
            **protection.recipients(),
        },
        lists=lists,
        children=children,
        after_end=AFTER_END,
        needed=fields("aftercare", CLOSED),
        ends=fields(CLOSED),
    )


def _is_owner(situation: Situation) -> bool:
    return bool(situation.actor.person_id == situation.subject.owner_id)


def _owner_name(situation: Situation) -> str:
    return people.name(situation.work.session, situation.subject.owner_id)


def _is_new_owner(situation: Situation) -> bool:
    return bool(situation.actor.person_id == situation.subject.new_owner_id)


def _new_owner_name(situation: Situation) -> str:
    return people.name(situation.work.session, situation.subject.new_owner_id)


def _has_next_step(situation: Situation) -> bool:
    return bool(situation.actor.person_id == situation.subject.next_step_by)


def _doer_name(situation: Situation) -> str:
    return people.name(situation.work.session, situation.subject.next_step_by)


def _is_team_member(situation: Situation) -> bool:
    return situation.subject.team_id in situation.actor.team_ids


def _knows(protection: ProtectionRules, situation: Situation) -> bool:
    return protection.may_know(situation, situation.actor.person_id)


def _team_name(situation: Situation) -> Reason:
    return team_mate_words(situation.work.session, situation.subject.team_id)


def _is_team_lead(situation: Situation) -> bool:
    return bool(situation.actor.holds("team_lead", situation.subject.team_id))


def _team_lead_names(situation: Situation) -> str | Reason:
    return team_lead_words(situation.work.session, situation.subject.team_id)


def _team_leads(situation: Situation) -> list[int]:
    return people.holder_ids(situation.work.session, "team_lead", situation.subject.team_id)


def _in_team(situation: Situation, who: str) -> list[int]:
    """Who owned the case or was asked to, until this step, when in the team: others may no longer read it."""
    found: int | None = situation.work.remembered.get((who, situation.subject.id))
    person = people.acting_person(situation.work.session, found) if found is not None else None
    return [person.person_id] if person is not None and situation.subject.team_id in person.team_ids else []


def _new_owner_can_work_cases(situation: Situation) -> Reason | None:
    if "new_owner" not in situation.fields:
        return None
    new_owner = people.acting_person(situation.work.session, situation.fields["new_owner"])
    if new_owner is None or "best_person" not in new_owner.functions:
        return Reason("Deze persoon kan geen casus overnemen.", "This person cannot take over a case.")
    if new_owner.person_id == situation.subject.owner_id:
        return Reason("Deze persoon heeft de casus al.", "This person already has the case.")
    return None


def _new_owner_may_know(situation: Situation, protection: ProtectionRules) -> Reason | None:
    """Of a protected case nobody becomes the owner at once who is not named as a reader already."""
    if "new_owner" not in situation.fields or protection.may_know(situation, situation.fields["new_owner"]):
        return None
    return Reason("Deze persoon leest deze afgeschermde casus niet.", "This person does not read this protected case.")


def _next_step_by_colleague(situation: Situation, protection: ProtectionRules) -> Reason | None:
    person_id = situation.fields.get("next_step_by")
    if person_id is None:
        return None
    if people.acting_person(situation.work.session, person_id) is None:
        return Reason("Deze persoon kennen we niet.", "This person is unknown.")
    if protection.may_know(situation, person_id):
        return None
    return Reason("Deze persoon leest niet mee. Voeg die eerst toe.", "This person is no reader. Name them first.")


def _become_owner(situation: Situation) -> None:
    case: HouseholdCase = situation.subject
    case.owner_id = situation.actor.person_id
    case.what_is_going_on = situation.fields["what_is_going_on"]


def _set_next_step(situation: Situation) -> None:
    case: HouseholdCase = situation.subject
    if "next_step" in situation.fields:
        case.next_step = situation.fields["next_step"]
        case.next_step_by = case.owner_id
    if "next_step_on" in situation.fields:
        case.next_step_on = situation.fields["next_step_on"]
    if "next_step_by" in situation.fields:
        case.next_step_by = situation.fields["next_step_by"]


def _copy(situation: Situation, *names: str) -> None:
    for name in names:
        if name in situation.fields:
            setattr(situation.subject, name, situation.fields[name])


def _keep(name: str) -> Effect:
    return Effect(lambda situation: _copy(situation, name), fields(name))


def _clear(*columns: str) -> Effect:
    def clear(situation: Situation) -> None:
        for column in columns:
            setattr(situation.subject, column, None)

    return Effect(clear)


def _keep_question(situation: Situation) -> None:
    _copy(situation, "question", "strengths")


def _keep_outcome(situation: Situation) -> None:
    _copy(situation, "outcome", "outcome_reason", "outcome_words", "outcome_barrier")


def _propose_new_owner(situation: Situation, protection: ProtectionRules) -> None:
    situation.subject.new_owner_id = situation.fields["new_owner"]
    protection.name_next_owner(situation, situation.fields["new_owner"])


def _drop_new_owner(situation: Situation, protection: ProtectionRules) -> None:
    case: HouseholdCase = situation.subject
    situation.work.remembered["asked_owner", case.id] = case.new_owner_id
    protection.forget_asked_owner(situation, case.new_owner_id)
    case.new_owner_id = None


UNDOING = "undoing"
"""Remembered with the id of a case during the transaction in which the import that brought it is undone."""


def _end_case(situation: Situation) -> None:
    case: HouseholdCase = situation.subject
    case.closed_at = situation.at
    case.new_owner_id = None
    if situation.work.remembered.get((UNDOING, case.id)):
        case.undone_at = situation.at


def _change_owner(situation: Situation, protection: ProtectionRules) -> None:
    case: HouseholdCase = situation.subject
    protection.name_next_owner(situation, situation.actor.person_id)
    situation.work.remembered["former_owner", case.id] = case.owner_id
    case.owner_id = situation.actor.person_id
    case.team_id = case.team_id if case.team_id in situation.actor.team_ids else min(situation.actor.team_ids)
    case.new_owner_id = None


def _give_to_new_owner(situation: Situation) -> None:
    """The case is the other's at once, in their team, with the next step that was the former owner's."""
    case: HouseholdCase = situation.subject
    former, new_owner = case.owner_id, situation.fields["new_owner"]
    situation.work.remembered["former_owner", case.id] = former
    teams = people.team_ids(situation.work.session, new_owner)
    case.owner_id, case.new_owner_id = new_owner, None
    case.team_id = case.team_id if case.team_id in teams or not teams else min(teams)
    if case.next_step_by == former:
        case.next_step_by = new_owner


def _asked(situation: Situation) -> AskedDecision:
    case: HouseholdCase = situation.subject
    return AskedDecision(
        power=situation.fields["power"],
        amount=situation.fields.get("amount"),
        what=situation.fields["motivation"],
        case_id=case.id,
        household_id=case.household_id,
        team_id=case.team_id,
        wijk_code=queries.wijk_of(situation.work.session, case.household_id),
    )


def _own_decision(situation: Situation) -> Authority:
    if "power" not in situation.fields:
        case = situation.subject
        wijk = queries.wijk_of(situation.work.session, case.household_id)
        return mandate.may_decide_anything(situation.work, situation.actor, case.team_id, case.id, wijk)
    return mandate.may_decide(situation.work, situation.actor, _asked(situation))


def _take_decision(situation: Situation) -> None:
    mandate.take_decision(situation, _asked(situation))
