"""An objection is kept from who took part in the decision: no step, no page, no notice (Awb 7:5, 10:3(3))."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.access.test_who_may_read import client, without_token
from tests.conftest import Town
from tests.letters.test_letters import URGENT, case_with, letter_of, words_of
from wijkteam.access.grounds import Ground
from wijkteam.access.involved import involved_in
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.demo.town import PASSWORD
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import NotYours
from wijkteam.events.model import Notice
from wijkteam.events.verification import verify
from wijkteam.letters import queries as letters
from wijkteam.mandate.model import Decision, Mandate, MandateRequest
from wijkteam.mandate.service import AskedDecision, request_mandate
from wijkteam.objections.model import Objection
from wijkteam.objections.queries import OFFICER
from wijkteam.objections.service import NewObjection, register_objection
from wijkteam.people import queries as people
from wijkteam.people.acting import Holding
from wijkteam.people.service import NewPerson, add_person, give_function
from wijkteam.signing_in.passwords import give_password
from wijkteam.storage.work import Work
from wijkteam.terms import clock

TODAY = clock.today


def number_of(town: Town, name: str) -> int:
    found = people.person_by_email(town.clockwork().session, f"{name}@voorbeeldstad.example")
    assert found is not None
    return found.id


def object_to(town: Town, case: HouseholdCase, by: str = "teun") -> Objection:
    decision = letter_of(town, case).decision_id
    new = NewObjection(case.id, case.team_id, case.household_id, decision, TODAY(), "Vier weken is te kort.")
    return register_objection(town.work(by), new)


def taken_up(town: Town, objection: Objection) -> None:
    town.work("olga").act_on(Objection, objection.id, "take_up", {"confirmed_on": TODAY(), "committee": False})


def heard(town: Town, objection: Objection) -> None:
    taken_up(town, objection)
    fields = {"hearing_on": TODAY(), "hearing_words": "GEHEIM verslag."}
    town.work("olga").act_on(Objection, objection.id, "hold_hearing", fields)


def decided(town: Town, objection: Objection, follows: str = "revised") -> None:
    heard(town, objection)
    fields = {"outcome": "founded", "first_decision": follows, "motivation": "U hebt gelijk."}
    town.work("mo").act_on(Objection, objection.id, "decide", fields)


def with_every_function(work: Work) -> Work:
    """As their own person, but holding every function there is: as their own, or as somebody's deputy."""
    held = tuple(Holding(code, None) for code in people.functions(work.session))
    work.actor = replace(work.actor, holdings=(*work.actor.holdings, *held))
    return work


def waiting(town: Town, objection: Objection) -> None:
    taken_up(town, objection)
    fields = {"asked_what": "Handtekening", "repair_by": TODAY() + timedelta(days=7)}
    town.work("olga").act_on(Objection, objection.id, "ask_to_repair", fields)


STATES: dict[str, Callable[[Town, Objection], None]] = {
    "received": lambda town, objection: None,
    "in_hand": taken_up,
    "waiting": waiting,
    "heard": heard,
}
FITTING = {
    "handler": None,
    "confirmed_on": TODAY(),
    "committee": False,
    "told_on": TODAY(),
    "hearing_on": TODAY(),
    "hearing_waived": "declined",
    "repair_by": TODAY() + timedelta(days=7),
    "outcome": "founded",
    "first_decision": "withdrawn",
}


def test_awb_10_3_who_took_the_decision_takes_no_step_whatever_functions_they_hold(town: Town) -> None:
    case = case_with(town, URGENT)
    tried = set()
    workflow = town.house.engine.workflow("objection")
    for state, reach in STATES.items():
        objection = object_to(town, case)
        reach(town, objection)
        for transition in workflow.transitions_from(state):
            if not transition.is_for_people:
                continue
            given = {ask.field: FITTING.get(ask.field, "tekst") for ask in transition.questions}
            if "handler" in given:
                given["handler"] = number_of(town, "fenna")
            fenna = with_every_function(town.work("fenna"))
            with pytest.raises(NotYours):
                fenna.act_on(Objection, objection.id, transition.name, given)
            assert not any(option.open for option in fenna.options(fenna.session.get(Objection, objection.id)))
            tried.add(transition.name)
            town.close()
    assert tried == {each.name for each in workflow.transitions if each.is_for_people}


def test_the_same_steps_are_open_to_who_took_no_part_so_that_the_test_above_can_fail(town: Town) -> None:
    objection = object_to(town, case_with(town, URGENT))
    heard(town, objection)
    sam = with_every_function(town.work("sam.1"))
    fields = {"outcome": "founded", "first_decision": "withdrawn", "motivation": "Ja."}
    assert sam.act_on(Objection, objection.id, "decide", fields).state == "decided"


def test_awb_7_5_who_asked_agreed_or_approved_took_part_as_well(town: Town) -> None:
    fenna = town.work("fenna")
    case = open_case(fenna, NewCase("Voorbeeldstraat 1", "Gevallen", "Bellen", TODAY()))
    asked = AskedDecision("wmo_provision", 90_000, "Een traplift.", case.id, case.household_id, case.team_id)
    request = request_mandate(fenna, asked)
    town.work("sam.1").act_on(MandateRequest, request.id, "agree", {})
    town.work("teun").act_on(MandateRequest, request.id, "approve", {})
    town.work("fenna").act_on(MandateRequest, request.id, "carry_out", {})
    decision = letter_of(town, case).decision_id
    session = town.clockwork().session
    assert involved_in(session, decision) == {number_of(town, name) for name in ("fenna", "sam.1", "teun")}


def test_awb_10_5_who_gave_the_mandate_for_this_case_took_part_as_well(town: Town) -> None:
    fenna = town.work("fenna")
    case = open_case(fenna, NewCase("Voorbeeldstraat 1", "Gevallen", "Bellen", TODAY()))
    request = request_mandate(
        fenna, AskedDecision("wmo_provision", 90_000, "Lift.", case.id, case.household_id, case.team_id)
    )
    town.work("teun").act_on(MandateRequest, request.id, "approve", {})
    decides = {"power": "wmo_provision", "motivation": "Een lift.", "amount": 90_000}
    town.work("fenna").act_on(HouseholdCase, case.id, "decide", decides)
    decision = town.clockwork().session.scalars(select(Decision)).one()
    assert decision.request_id is None and decision.decided_by == number_of(town, "fenna")
    assert number_of(town, "teun") in involved_in(town.clockwork().session, decision.id)


def test_who_took_the_decision_sees_only_where_it_stands(town: Town) -> None:
    case = case_with(town, URGENT)
    browser = client(town, "fenna")
    for reach in (*STATES.values(), decided):
        objection = object_to(town, case)
        reach(town, objection)
        town.close()
        page = browser.get(f"/bezwaren/{objection.id}")
        assert page.status_code == 200 and "U ziet daarom alleen hoe het staat" in page.text
        for kept in ("GEHEIM", "Vier weken is te kort", "Olga", "/stap/", "Wat er gebeurde"):
            assert kept not in page.text
        assert browser.post(f"/bezwaren/{objection.id}/stap/add_note", data={"note": "x"}).status_code == 404


def test_who_took_the_decision_and_left_the_case_sees_nothing_also_as_an_officer(town: Town) -> None:
    work = town.clockwork()
    with work.transaction():
        otto = add_person(work, NewPerson("Otto", "otto@voorbeeldstad.example"))
        give_password(work, otto.id, PASSWORD)
        give_function(work, otto, OFFICER)
    case, other = case_with(town, URGENT), case_with(town, URGENT)
    with work.transaction() as session:
        session.get(Decision, letter_of(town, case).decision_id).decided_by = otto.id
    objection, not_kept = object_to(town, case), object_to(town, other)
    browser = client(town, "otto")
    assert browser.get(f"/bezwaren/{not_kept.id}").status_code == 200
    known, unknown = browser.get(f"/bezwaren/{objection.id}"), browser.get("/bezwaren/zzzzzzzzzzzz")
    assert known.status_code == unknown.status_code == 404 and without_token(known) == without_token(unknown)
    assert browser.post(f"/bezwaren/{objection.id}/stap/add_note", data={"note": "x"}).status_code == 404
    for path in ("/bezwaren", "/"):
        told = browser.get(path).text
        assert objection.id not in told and not_kept.id in told


def test_without_a_part_in_it_an_objection_does_not_exist(town: Town) -> None:
    work = town.clockwork()
    with work.transaction() as session:
        for row in session.scalars(select(Mandate).where(Mandate.number == "M-17")):
            row.valid_until = TODAY() - timedelta(days=1)
    objection = object_to(town, case_with(town, URGENT))
    for name in ("bea", "fia"):
        browser = client(town, name)
        assert browser.get(f"/bezwaren/{objection.id}").status_code == 404
        assert browser.get("/bezwaren").status_code == 404


def test_who_handles_reads_the_case_on_that_ground_as_long_as_it_is_open(town: Town) -> None:
    case = case_with(town, URGENT)
    objection = object_to(town, case)
    grounds = town.house.grounds
    olga, mo = town.work("olga"), town.work("mo")
    assert grounds.ground(olga.session, olga.actor, case) is None
    taken_up(town, objection)
    assert grounds.ground(town.clockwork().session, olga.actor, case) is Ground.OBJECTION
    assert grounds.ground(town.clockwork().session, mo.actor, case) is None
    fields = {"hearing_on": TODAY(), "hearing_words": "Te kort."}
    town.work("olga").act_on(Objection, objection.id, "hold_hearing", fields)
    assert grounds.ground(town.clockwork().session, mo.actor, case) is Ground.OBJECTION
    fields = {"outcome": "unfounded", "motivation": "Vier weken is genoeg."}
    town.work("mo").act_on(Objection, objection.id, "decide", fields)
    for work in (olga, mo):
        assert grounds.ground(town.clockwork().session, work.actor, case) is None


def test_notices_of_what_goes_on_inside_go_to_nobody_who_took_part(town: Town) -> None:
    objection = object_to(town, case_with(town, URGENT))
    decided(town, objection)
    rows = select(Notice.about).where(Notice.subject_id == objection.id, Notice.person_id == number_of(town, "fenna"))
    assert set(town.clockwork().session.scalars(rows)) == {"open", "decide"}


def test_awb_7_12_the_decision_on_an_objection_has_its_letter_with_appeal_to_the_court(town: Town) -> None:
    case = case_with(town, URGENT)
    decided(town, object_to(town, case))
    found = letters.letters_of_case(town.clockwork().session, case.id).values()
    told = words_of(town, next(each for each in found if each.template == "objection_decision"))
    for words in (
        "Uw bezwaar is gegrond",
        "U hebt gelijk.",
        "rechtbank",
        "beroep",
        "Mo Manager",
        "Spoedvoorziening Wmo",
    ):
        assert words in told
    assert "U kunt ook bezwaar maken" not in told and "GEHEIM" not in told
    assert verify(town.clockwork().session) == []


def test_awb_7_11_the_case_shows_what_became_of_the_first_decision(town: Town) -> None:
    browser = client(town, "fenna")
    for follows, words in (("withdrawn", "Vervallen na bezwaar"), ("revised", "Neem een nieuw besluit")):
        case = case_with(town, URGENT)
        objection = object_to(town, case)
        assert words not in browser.get(f"/casus/{case.id}").text
        decided(town, objection, follows)
        page = browser.get(f"/casus/{case.id}").text
        assert words in page and f"/bezwaren/{objection.id}" in page


def test_an_officer_writes_one_down_by_the_reference_on_the_letter_and_keeps_what_was_typed(town: Town) -> None:
    letter = letter_of(town, case_with(town, URGENT))
    browser = client(town, "olga")
    form = {"reference": "zzzzzzzzzzzz", "received_on": TODAY().isoformat(), "grounds": "Mijn hele verhaal."}
    wrong = browser.post("/bezwaren", data=form)
    assert wrong.status_code == 422 and "Mijn hele verhaal." in wrong.text and "kennen we niet" in wrong.text
    right = browser.post("/bezwaren", data={**form, "reference": f" {letter.id.upper()} "})
    assert right.status_code == 302 and "/bezwaren/" in right.location
    page = browser.get(right.location).text
    assert "Mijn hele verhaal." in page and "Ontvangst bevestigen" in page
    assert "Mijn hele verhaal." in browser.get("/").text


def test_from_outside_the_case_nobody_learns_whether_a_reference_exists(town: Town) -> None:
    letter = letter_of(town, case_with(town, URGENT))
    for name in ("fia",):
        form = {"received_on": TODAY().isoformat(), "grounds": "x"}
        answers = [
            client(town, name).post("/bezwaren", data={**form, "reference": each}) for each in (letter.id, "zzz")
        ]
        assert [each.status_code for each in answers] == [422, 422]
        assert without_token(answers[0]).replace(letter.id, "zzz") == without_token(answers[1])


def test_on_an_objection_is_decided_in_the_objection_only(town: Town) -> None:
    fenna = town.work("fenna")
    case = open_case(fenna, NewCase("Voorbeeldstraat 1", "Gevallen", "Bellen", TODAY()))
    with pytest.raises(WrongFields):
        fenna.act_on(HouseholdCase, case.id, "decide", {"power": "objection_decision", "motivation": "x"})
    form = {"power": "objection_decision", "reason": "x"}
    assert client(town, "fenna").post(f"/casus/{case.id}/mandaat", data=form).status_code == 422
