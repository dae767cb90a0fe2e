"""A barrier is suggested from the sentence by counting words; it is never chosen for anyone."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkteam.rulebook import read_lists, workflow_folders
from wijkteam.suggesting.words import MOST_SUGGESTED, Suggestion, read_words, suggest

BARRIERS = read_words(workflow_folders(), "barriers")
REMEDIES = read_words(workflow_folders(), "remedies")
SENTENCES = {
    "Een woning is nodig, de corporatie zegt nee.": "housing",
    "Dit gezin moet vrijdag uit huis, wie heeft een kamer?": "housing",
    "De ontruiming is over drie dagen, ze hebben geen onderdak.": "housing",
    "Vader slaapt in de auto en is dakloos.": "housing",
    "Urgentie voor een woning is afgewezen.": "housing",
    "Mag ik de huur betalen? Het bedrag is boven mijn mandaat.": "no_mandate",
    "Ik ben niet bevoegd om dit te tekenen.": "no_mandate",
    "Ik mag dit niet zelf beslissen, terwijl het vandaag moet.": "no_mandate",
    "Wie betaalt de tijdelijke opvang: jeugd of Wmo?": "no_budget",
    "Er is geen budget voor een wasmachine.": "no_budget",
    "De kosten van de taxi worden nergens vergoed.": "no_budget",
    "Er is geen behandelaar binnen drie maanden.": "waiting_list",
    "De wachtlijst bij de ggz is acht maanden.": "waiting_list",
    "Nergens is een plek, geen passend aanbod in de regio.": "waiting_list",
    "De invordering moet even stil, anders valt het plan om.": "debts",
    "De deurwaarder legt beslag op het loon.": "debts",
    "De Belastingdienst vordert toeslagen terug.": "debts",
    "Huurachterstand en boetes van het CJIB lopen op.": "debts",
    "School en jeugdzorg wachten op elkaar.": "parties_do_not_cooperate",
    "De aanbieder werkt niet mee en belt niet terug.": "parties_do_not_cooperate",
    "Partijen wijzen naar elkaar, niemand pakt de regie.": "parties_do_not_cooperate",
    "De ene regel vraagt een adres, de andere regel geeft er geen.": "rules_conflict",
    "De regels spreken elkaar tegen.": "rules_conflict",
    "Twee wetten botsen hier: de ene wet wil dit, de andere wet dat.": "rules_conflict",
    "De huisarts deelt niets zonder brief, vanwege privacy.": "data_sharing",
    "We mogen gegevens niet delen van de AVG.": "data_sharing",
    "Vanwege het beroepsgeheim krijgen we geen informatie.": "data_sharing",
    "De uitzondering mag, maar niemand durft.": "fear_of_precedent",
    "Ze zijn bang voor een precedent.": "fear_of_precedent",
    "De accountant zegt dat dit niet rechtmatig is.": "fear_of_precedent",
    "De wet kent deze situatie niet.": "no_room_in_law",
    "De verordening sluit dit gezin uit, er is geen recht op hulp.": "no_room_in_law",
    "Dat mag niet van de wet.": "no_room_in_law",
    "De hardheidsclausule wordt niet gebruikt.": "room_not_used",
    "Het zou wel mogen, maar zo doen we het hier niet.": "room_not_used",
    "Hij heeft geen briefadres en geen DigiD.": "resident_access",
    "Mevrouw doet niet open en is niet bereikbaar.": "resident_access",
    "Zonder ID kan hij geen bankrekening openen.": "resident_access",
    "Er is sprake van geweld, de kinderen zijn niet veilig.": "safety",
    "Hij heeft haar bedreigd met een wapen.": "safety",
    "Moeder praat over zelfmoord, dit is een crisis.": "safety",
    "Ze is bang dat hij haar weer slaat.": "safety",
}
HELPS = {
    "Mag ik boven mijn mandaat gaan?": "wider_mandate",
    "Kan er een uitzondering op de regel worden gemaakt?": "deviation_from_rule",
    "De deurwaarder moet even stoppen, geef een pauze.": "time_out",
    "Er is een voorschot nodig ter overbrugging.": "bridging_budget",
    "Iemand moet de knoop doorhakken, ze wijzen naar elkaar.": "one_who_decides",
    "Mogen we gegevens delen?": "sharing_data",
    "Er is een plek nodig in de opvang.": "place_or_care",
}


@pytest.mark.parametrize(("sentence", "barrier"), SENTENCES.items())
def test_the_barrier_is_among_the_three_that_the_sentence_points_to(sentence: str, barrier: str) -> None:
    assert barrier in [each.code for each in suggest(sentence, BARRIERS)]


def test_in_most_of_the_examples_it_is_even_the_first() -> None:
    first = sum(suggest(sentence, BARRIERS)[0].code == barrier for sentence, barrier in SENTENCES.items())
    assert first >= 0.8 * len(SENTENCES), first


@pytest.mark.parametrize(("sentence", "remedy"), HELPS.items())
def test_what_would_help_is_suggested_too(sentence: str, remedy: str) -> None:
    assert remedy in [each.code for each in suggest(sentence, REMEDIES)]


def test_each_suggestion_says_by_which_words() -> None:
    found = suggest("De deurwaarder komt morgen.", BARRIERS)
    assert found == [Suggestion("debts", ("deurwaarder",))]


@pytest.mark.parametrize("sentence", ["", "   ", "???", "Kunt u meedenken?"])
def test_where_nothing_fits_nothing_is_suggested(sentence: str) -> None:
    assert suggest(sentence, BARRIERS) == []


def test_every_barrier_and_remedy_of_the_lists_has_words_and_no_others_do() -> None:
    lists = read_lists(workflow_folders())
    assert set(BARRIERS) == set(lists["barriers"].items)
    assert set(REMEDIES) == set(lists["remedies"].items)


def test_a_municipality_adds_words_of_its_own(tmp_path: Path) -> None:
    place = tmp_path / "words"
    place.mkdir()
    (place / "barriers.yaml").write_text("words_of: barriers\nsource: eigen\nitems: {housing: [skaeve]}\n")
    words = read_words([tmp_path, *workflow_folders()], "barriers")
    assert suggest("Een Skæve huse zou helpen", words) == []
    assert [each.code for each in suggest("Een skaevehuis zou helpen", words)] == ["housing"]


def test_accents_capitals_and_signs_do_not_matter() -> None:
    assert suggest("WÓNING!!!", BARRIERS) == [Suggestion("housing", ("woning",))]


@given(st.text(max_size=200))
def test_whatever_is_written_at_most_three_different_codes_come_back_always_the_same(sentence: str) -> None:
    found = suggest(sentence, BARRIERS)
    assert len(found) <= MOST_SUGGESTED and len({each.code for each in found}) == len(found)
    assert found == suggest(sentence, BARRIERS)
    assert all(each.because for each in found)
