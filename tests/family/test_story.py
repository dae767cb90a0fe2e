"""What happened reads as a story, and what blocks says who can lift it: only of what one may read."""

import re

import pytest

from tests.conftest import Town
from tests.signed_in import client
from wijkteam.assembly import examine_definitions
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.escalation.model import Escalation
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.mandate.service import AskedDecision, request_mandate
from wijkteam.rulebook import workflow_folders
from wijkteam.terms import clock
from wijkteam.tracks.model import Track
from wijkteam.tracks.service import NewTrack, begin_track
from wijkteam.vocabularies import surroundings
from wijkteam.web.sentences import SENTENCES, sentence
from wijkteam.web.story import A_PAGE

FOUND = examine_definitions(workflow_folders(), surroundings(workflow_folders())).workflows
WHO = frozenset({"who", "about"})


def case_of(town: Town) -> HouseholdCase:
    return open_case(town.work("fenna"), NewCase("Laan 1", "Huur loopt achter", "Bellen", clock.today()))


def story(page: str) -> str:
    """What the story says, without markup."""
    part = page[page.index('id="verloop"') :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part))


def test_every_sentence_tells_of_a_step_that_there_is_with_what_that_step_asks() -> None:
    steps = {
        (each.workflow, deed.name): {ask.field for ask in deed.questions}
        for each in FOUND
        for deed in (each.opening, *each.transitions)
    }
    for key, parts in SENTENCES.items():
        assert key in steps, key
        named = set(re.findall(r"{(\w+)}", " ".join(parts)))
        assert named - WHO <= steps[key], (key, named - WHO - steps[key])


def test_a_sentence_leaves_out_what_was_not_filled_in_and_ends_well() -> None:
    assert (
        sentence("track", "reach", "Doel", {"who": "Sam", "result": "Rust!"})
        == "Sam bereikte het doel van een spoor: Rust!"
    )
    assert sentence("track", "reach", "Doel", {"who": "Sam"}) == "Sam bereikte het doel van een spoor."
    assert sentence("goal", "weave", "Weven", {"who": "Sam"}) == "Sam: Weven."
    assert "{evil}" in sentence("track", "stop", "Stop", {"who": "Sam", "why": "{evil} {who}"})


def test_notes_contacts_tracks_and_escalations_are_told_together_as_sentences_without_codes(town: Town) -> None:
    case = case_of(town)
    fenna = client(town, "fenna")
    form = {"note": "Zij <b>belde</b> zelf.", "contact_kind": "phone", "version": "1"}
    assert fenna.post(f"/casus/{case.id}/stap/add_note", data={**form, "note": ""}).status_code == 422
    assert fenna.post(f"/casus/{case.id}/stap/add_note", data={**form, "contact_kind": "pigeon"}).status_code == 422
    assert fenna.post(f"/casus/{case.id}/stap/add_note", data=form).status_code == 302
    work = town.work("fenna")
    track = begin_track(work, NewTrack(case.id, case.team_id, "finance", "Geen schulden", "Post", clock.today()))
    work.act_on(
        Track,
        track.id,
        "wait_for_other",
        {"waiting_for": "De bank", "next_step": "Bellen", "next_step_on": clock.today()},
    )
    escalate(work, NewEscalation(case.id, case.team_id, "Wie geeft uitstel?", "debts"))
    page = fenna.get(f"/casus/{case.id}").text
    told = story(page)
    assert "Fenna Fictief noteerde (Telefoon): Zij &lt;b&gt;belde&lt;/b&gt; zelf." in told
    assert "Fenna Fictief begon een spoor over Financiën: Geen schulden." in told
    assert "Fenna Fictief schaalde op: Wie geeft uitstel?" in told
    for code in ("add_note", "wait_for_other", "household_case", "contact_kind", "phone ", "finance", "debts"):
        assert code not in told, code
    only = story(fenna.get(f"/casus/{case.id}?verhaal=opschaling").text)
    assert "schaalde op" in only and "noteerde" not in only
    assert fenna.get(f"/casus/{case.id}?verhaal=%3Cscript%3E&deel=-4").status_code == 200


def test_what_is_older_is_on_a_page_of_its_own(town: Town) -> None:
    case = case_of(town)
    work = town.work("fenna")
    for number in range(A_PAGE + 3):
        work.act_on(HouseholdCase, case.id, "add_note", {"note": f"Notitie nummer {number}."})
    fenna = client(town, "fenna")
    newest, older = (story(fenna.get(f"/casus/{case.id}?deel={deel}").text) for deel in (1, 2))
    assert "nummer 27." in newest and "nummer 2." not in newest and "Wat er eerder gebeurde" in newest
    assert "nummer 2." in older and "opende de casus: Huur loopt achter" in older and "Nieuwer" in older
    assert story(fenna.get(f"/casus/{case.id}?deel=99").text) == older


def test_what_blocks_stands_on_top_with_who_can_lift_it(town: Town) -> None:
    case = case_of(town)
    fenna = client(town, "fenna")
    assert "Wat in de weg zit" not in fenna.get(f"/casus/{case.id}").text
    work = town.work("fenna")
    asked = escalate(work, NewEscalation(case.id, case.team_id, "Wie geeft uitstel?", "debts"))
    request_mandate(work, AskedDecision("tailored_budget", 90_000, "Huur", case.id, case.household_id, case.team_id))
    page = fenna.get(f"/casus/{case.id}").text
    block = page[page.index('id="blokkeert"') : page.index('id="kern"')]
    assert page.index('id="volgende"') < page.index('id="blokkeert"') < page.index('id="kern"')
    assert "Wie geeft uitstel?" in block and "Mandaatverzoek: " in block
    assert block.count("Kan dit oplossen") >= 2 and block.count("Teun") >= 2 and "uiterlijk" in block
    answer = {"answer": "Ja", "next_step": "Bellen", "next_step_on": clock.today()}
    town.work("teun").act_on(Escalation, asked.id, "answer", answer)
    page = fenna.get(f"/casus/{case.id}").text
    assert "Er is antwoord op: Wie geeft uitstel?" in page


@pytest.mark.parametrize("name", ["gijs", "bea", "ada"])
def test_who_may_not_read_a_case_reads_no_story_of_it(town: Town, name: str) -> None:
    case = case_of(town)
    assert client(town, name).get(f"/casus/{case.id}?verhaal=mensen").status_code == 404
