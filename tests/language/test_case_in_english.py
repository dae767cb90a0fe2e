"""A case reads in English with its story, its blocks and its drawing; what people wrote stays as they wrote it."""

import re

from tests.conftest import Town
from tests.signed_in import client
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.terms import clock


def test_the_page_of_a_case_is_english_and_the_words_of_people_are_their_own(town: Town) -> None:
    fenna = town.work("fenna")
    case = open_case(fenna, NewCase("Laan 1", "Huur loopt achter", "Bellen", clock.today()))
    fenna.act_on(HouseholdCase, case.id, "add_note", {"note": "Moeder is moe", "contact_kind": "phone"})
    escalate(fenna, NewEscalation(case.id, case.team_id, "Wie geeft uitstel?", "debts"))
    browser = client(town, "fenna")
    browser.post("/taal/en", data={})
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", browser.get(f"/casus/{case.id}").text))
    assert "Huur loopt achter" in page
    for told in (
        "What is going on",
        "Fenna Fictief noted (Phone): Moeder is moe.",
        "Fenna Fictief opened the case: Huur loopt achter.",
        "Fenna Fictief escalated: Wie geeft uitstel? Barrier: ",
        "Case direction (rung 1): ",
        "1 helper around this household.",
        "now here, since ",
    ):
        assert told in page, told
    for dutch in ("Fase 2", "trede 1", "noteerde", "Knelpunt", "Wat er gebeurde", "Het systeem", "sinds "):
        assert dutch not in page, dutch
