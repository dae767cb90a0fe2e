"""Who raised something or is affected is told what was done, and at once only when it asks something of them."""

import pytest
from sqlalchemy import select

from tests.conftest import Town
from wijkteam.assembly import examine_definitions
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.engine.definition import NOT_PEOPLE, Transition, Workflow
from wijkteam.escalation.model import Escalation
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.events.model import Mail, Notice
from wijkteam.people.model import Person
from wijkteam.rulebook import workflow_folders
from wijkteam.signals.acting import RESIDENT
from wijkteam.terms import clock
from wijkteam.vocabularies import surroundings

AROUND = surroundings(workflow_folders())
SHIPPED = {each.workflow: each for each in examine_definitions(workflow_folders(), AROUND).workflows}
RAISERS = {
    "appointment": "goer",
    "backing": "giver",
    "case_file": "case_worker",
    "quote": "writer",
    "helper": "case_worker",
    "relation": "case_worker",
    "break_glass": "breaker",
    "breakthrough": "owner",
    "guest_access": "owner",
    "structural_escalation": "raiser",
    "escalation": "owner",
    "household_case": "owner",
    "legal_term": "owner",
    "letter": "owner",
    "goal": "owner",
    "plan_line": "case_worker",
    "approach": "case_worker",
    "agreement": "case_worker",
    "plan_consent": "owner",
    "measurement": "owner",
    "objection": "owner",
    "register_change": "proposer",
    "correction": "owner",
    "data_request": "receiver",
    "destruction_list": "drawer",
    "full_export": "asker",
    "mandate_request": "requester",
    "resident": "case_worker",
    "resident_signal": "receiver",
    "conduct_complaint": "receiver",
    "track": "owner",
}
"""Who raised it, or is responsible for whatever it is about, as the definition calls them."""
INTERNAL = "its handling is kept from the team that decided (Awb 10:3): told when put off, decided or withdrawn"
HANDLING = "how it is handled is for the privacy officers and who they ask: told when taken up, put off, or ended"
IN_PLAN = "the plan is written together and stands on the case; how its goals end is told"
NOT_TOLD = {
    **{
        ("data_request", name): HANDLING
        for name in (
            "hand_to",
            "link_case",
            "add_note",
            "ask_proof",
            "is_sure",
            "proved",
            "proof_term_ends",
            "ask_input",
            "contribute",
            "go_on_without",
            "input_term_ends",
            "decide",
            "take_back",
            "remind",
        )
    },
    **{
        ("objection", name): INTERNAL
        for name in (
            "take_up",
            "hand_to",
            "add_note",
            "ask_to_repair",
            "repaired",
            "repair_term_ends",
            "hold_hearing",
            "waive_hearing",
            "advise",
            "remind",
        )
    },
    ("letter", "need_not_send"): "nothing is asked any more, and it stands on the case",
    ("letter", "term_ends"): "nothing is asked any more, and it stands on the case",
    (
        "household_case",
        "accept_transfer",
    ): "who handed it over is no longer its owner: told as former_owner, in the team",
    ("resident", "erase"): "it comes from destroying data whose term is over, and tells nothing of the resident",
    ("break_glass", "remind"): "who broke the glass has nothing to do any more: the privacy officers judge it",
    ("resident_signal", "remind"): "nothing was done: it asks something of who has it",
    ("goal", "change"): IN_PLAN,
    ("goal", "begin_track"): "the track that begins tells its worker and the owner itself",
    ("measurement", "replace"): "only a mistake is put right; both stand on the case",
    ("conduct_complaint", "remind"): "nothing was done: it asks something of who has it",
    ("track", "change_next_step"): "what a track does next stands on the case; the daily mail would drown in it",
    ("track", "add_note"): "a note stands on the track; its end, its reminders and who does it are told",
    ("track", "wait_for_other"): "as the next step: it stands on the case",
    ("track", "other_delivered"): "as the next step: it stands on the case",
}


def steps() -> list[tuple[Workflow, Transition]]:
    return [(workflow, each) for workflow in SHIPPED.values() for each in workflow.transitions]


@pytest.mark.parametrize(("workflow", "step"), steps(), ids=lambda part: getattr(part, "name", None) or part.workflow)
def test_who_raised_it_is_told_of_what_somebody_else_does(workflow: Workflow, step: Transition) -> None:
    raiser = RAISERS[workflow.workflow]
    by_others = set(step.by) != {raiser}
    listed = (workflow.workflow, step.name) in NOT_TOLD
    assert listed == (by_others and raiser not in step.tells)


def test_every_shipped_workflow_says_who_raises_it() -> None:
    assert set(SHIPPED) == set(RAISERS)


@pytest.mark.parametrize("kind", sorted(AROUND.vocabularies))
def test_who_is_told_has_a_role_that_there_is(kind: str) -> None:
    words = AROUND.vocabularies[kind]
    assert {each.role for each in words.recipients.values()} <= {None, *words.roles}


@pytest.mark.parametrize("workflow", SHIPPED.values(), ids=lambda each: each.workflow)
def test_whoever_is_to_move_a_state_on_is_told_at_once_when_the_ball_comes_from_another(workflow: Workflow) -> None:
    """Of each step into a state whose holder somebody else can bring about, that holder is told as such."""
    words = AROUND.vocabularies[workflow.subject]
    passes = [
        each for each in workflow.transitions if each.to in workflow.states and not workflow.states[each.to].final
    ]
    for step in passes:
        holder = workflow.states[step.to].holder
        if holder == RESIDENT:
            continue  # nobody who works here: it stands on the page that the resident opens with a code
        if set(step.by) - {holder} - NOT_PEOPLE and "become_handler" not in step.effects:
            roles = {words.recipients[name].role for name in step.tells}
            assert holder in roles, step.name


def mails(town: Town, name: str) -> list[Mail | None]:
    session = town.clockwork().session
    of = select(Notice.mail).join(Person, Person.id == Notice.person_id).order_by(Notice.id)
    return list(session.scalars(of.where(Person.email == f"{name}@voorbeeldstad.example")))


def test_a_question_goes_at_once_to_who_can_answer_and_its_answer_at_once_to_who_asked(town: Town) -> None:
    fenna = town.work("fenna")
    case = open_case(fenna, NewCase("Straat 1", "Huur", "Bellen", clock.today()))
    question = escalate(town.work("sam.1"), NewEscalation(case.id, case.team_id, "Woning", "housing"))
    assert mails(town, "teun") == [Mail.NOW]
    assert mails(town, "fenna") == [Mail.DAILY], "the owner of the case hears it too, but nothing is asked of her"
    answer = {"answer": "Ja", "next_step": "Bellen", "next_step_on": clock.today()}
    town.work("teun").act_on(Escalation, question.id, "answer", answer)
    assert mails(town, "sam.1") == [Mail.NOW] and mails(town, "fenna") == [Mail.DAILY, Mail.NOW]
    fenna.act_on(Escalation, question.id, "resolve", {"result": "Gelukt"})
    assert mails(town, "teun") == [Mail.NOW, Mail.DAILY] and mails(town, "sam.1") == [Mail.NOW, Mail.DAILY]


def test_a_note_goes_into_the_daily_mail_and_danger_at_once_to_all(town: Town) -> None:
    case = open_case(town.work("fenna"), NewCase("Straat 1", "Huur", "Bellen", clock.today()))
    town.work("teun").act_on(HouseholdCase, case.id, "add_note", {"note": "Gezien."})
    assert mails(town, "fenna") == [Mail.DAILY]
    danger = {"safety": "Geen verwarming", "next_step": "Kachel", "next_step_on": clock.today()}
    town.work("fenna").act_on(HouseholdCase, case.id, "found_unsafe", danger)
    assert mails(town, "teun") == [Mail.NOW] and mails(town, "fenna") == [Mail.DAILY]
