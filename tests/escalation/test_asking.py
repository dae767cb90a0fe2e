"""Escalating from the case: one sentence, two taps; a right of everyone who works on the case."""

import re

import pytest
from sqlalchemy import select

from tests.conftest import Town
from tests.escalation.town import asked, case_of, client, number
from wijkteam.escalation.model import Escalation
from wijkteam.events.model import Notice
from wijkteam.terms import clock
from wijkteam.tracks.service import NewTrack, begin_track

SENTENCE = "De corporatie zet ze vrijdag uit huis, er is een woning nodig."


def escalations(town: Town) -> list[Escalation]:
    return list(town.clockwork().session.scalars(select(Escalation)))


def test_one_sentence_and_two_taps(town: Town) -> None:
    case = case_of(town)
    fenna = client(town, "fenna")
    page = fenna.get(f"/casus/{case.id}").text
    form = re.search(r'<form method="post" action="(/casus/[^"]*/opschalen)".*?</form>', page, re.DOTALL)
    assert form is not None and form[0].count(" required") == 1, "one sentence, and nothing else"
    first = fenna.post(form[1], data={"question": SENTENCE})  # the first tap: Opschalen
    assert first.status_code == 200 and escalations(town) == [], "nothing is chosen for anyone"
    buttons = re.findall(r'name="barrier" value="([a-z_]+)"', first.text)
    assert buttons[0] == "housing" and len(buttons) == 13, "what fits comes first, all others can be chosen too"
    assert SENTENCE in first.text
    second = fenna.post(form[1], data={"question": SENTENCE, "barrier": buttons[0]})  # the second tap
    assert second.status_code == 302
    (raised,) = escalations(town)
    assert (raised.barrier, raised.kind, raised.question) == ("housing", "question", SENTENCE)


def test_who_chooses_another_barrier_gets_that_one(town: Town) -> None:
    case = case_of(town)
    client(town, "fenna").post(f"/casus/{case.id}/opschalen", data={"question": SENTENCE, "barrier": "debts"})
    assert escalations(town)[0].barrier == "debts"


def test_danger_and_you_should_know_are_one_more_tick(town: Town) -> None:
    case = case_of(town)
    form = {"question": SENTENCE, "barrier": "safety", "safety_at_stake": "ja", "remedy": "place_or_care"}
    fenna = client(town, "fenna")
    fenna.post(f"/casus/{case.id}/opschalen", data=form)
    (raised,) = escalations(town)
    assert (raised.rung, raised.safety_at_stake, raised.remedy) == (2, True, "place_or_care")
    form = {"question": "De krant belt.", "barrier": "safety", "for_information": "ja"}
    fenna.post(f"/casus/{case.id}/opschalen", data=form)
    assert {each.kind for each in escalations(town)} == {"question", "for_information"}


def test_what_was_typed_is_kept_when_something_is_missing_or_wrong(town: Town) -> None:
    case = case_of(town)
    fenna = client(town, "fenna")
    empty = fenna.post(f"/casus/{case.id}/opschalen", data={"barrier": "housing", "remedy": "time_out"})
    assert empty.status_code == 422 and "Vul dit in." in empty.text and 'value="time_out" checked' in empty.text
    odd = fenna.post(f"/casus/{case.id}/opschalen", data={"question": SENTENCE, "barrier": "tuinieren"})
    assert odd.status_code == 422 and SENTENCE in odd.text and "Kies iets uit de lijst." in odd.text
    assert escalations(town) == []


def test_who_works_on_a_track_from_another_team_sees_the_form_and_may_escalate(town: Town) -> None:
    case = case_of(town)
    another_team(town)
    work = town.work("fenna")
    rik = number(town, "gast")
    begin_track(work, NewTrack(case.id, case.team_id, "housing", "Blijven", "Bellen", clock.today(), rik))
    guest = client(town, "gast")
    assert "Loopt u vast?" in guest.get(f"/casus/{case.id}").text
    sent = guest.post(f"/casus/{case.id}/opschalen", data={"question": SENTENCE, "barrier": "housing"})
    assert sent.status_code == 302 and escalations(town)[0].asked_by == rik


def another_team(town: Town) -> None:
    from wijkteam.demo.town import FOUNDED, PASSWORD
    from wijkteam.people import service as people
    from wijkteam.people.service import NewPerson
    from wijkteam.signing_in.passwords import give_password

    work = town.clockwork()
    team = people.add_team(work, "Wijkteam Ver Weg")
    person = people.add_person(work, NewPerson("Gast", "gast@voorbeeldstad.example"))
    give_password(work, person.id, PASSWORD)
    people.give_function(work, person, "best_person", team, FOUNDED)


def test_a_question_back_stands_in_the_work_of_who_asked_until_it_is_answered(town: Town) -> None:
    escalation = asked(town, case_of(town))
    fenna, teun = client(town, "fenna"), client(town, "teun")
    path = f"/opschalingen/{escalation.id}/stap"
    assert teun.post(f"{path}/ask_back", data={"question_back": "Welke corporatie?"}).status_code == 302
    assert "Welke corporatie?" in fenna.get("/").text
    assert "Een woning" not in teun.get("/opschalingen").text, "it waits for the asker, not for the rung"
    assert fenna.post(f"{path}/answer_question", data={"reply": "Die daar."}).status_code == 302
    assert "Welke corporatie?" not in fenna.get("/").text
    assert "Een woning" in teun.get("/opschalingen").text


@pytest.mark.parametrize("ending", ["resolve", "withdraw"])
def test_everyone_who_is_told_of_the_end_can_read_what_came_of_it_but_not_the_case(town: Town, ending: str) -> None:
    case = case_of(town)
    escalation = asked(town, case)
    town.work("fenna").act_on(Escalation, escalation.id, "pass_up", {"why": "Te groot."})
    if ending == "resolve":
        answer = {"answer": "Ik bel.", "next_step": "Bellen", "next_step_on": clock.today()}
        town.work("petra").act_on(Escalation, escalation.id, "answer", answer)
    fields = {"result": "Er is een woning."} if ending == "resolve" else {"why": "Er is een woning."}
    town.work("fenna").act_on(Escalation, escalation.id, ending, fields)
    told = select(Notice.person_id).where(Notice.subject_id == escalation.id, Notice.about == ending)
    assert number(town, "petra") in town.clockwork().session.scalars(told).all()
    petra = client(town, "petra")
    page = petra.get(f"/opschalingen/{escalation.id}")
    assert page.status_code == 200 and "Er is een woning." in page.text and "Voorbeeldstraat" not in page.text
    assert petra.get(f"/casus/{case.id}").status_code == 404
    assert client(town, "mo").get(f"/opschalingen/{escalation.id}").status_code == 404
