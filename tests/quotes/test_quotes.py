"""A sentence stands beside a figure only as its writer saw it, without names, and only while they let it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.conftest import Town
from tests.signed_in import client
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.network.service import NewHelper, add_helper
from wijkteam.quotes.anonymising import known_names, without_names
from wijkteam.quotes.model import Quote
from wijkteam.quotes.queries import quotes_beside
from wijkteam.residents.service import NewResident, record_resident
from wijkteam.retention.contents import texts_of
from wijkteam.retention.selecting import kinds_within_a_case
from wijkteam.terms import clock

NAMES = frozenset({"bakker", "mia", "winter", "fenna"})


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Ik bel al 14 maanden dezelfde balie.", "Ik bel al 14 maanden dezelfde balie."),
        ("Mevrouw de Bakker belt MIA.", "Mevrouw de [naam] belt [naam]."),
        ("Mia de Bakker en Fenna zitten vast.", "[naam] en [naam] zitten vast."),
        ("Het was winter, zei Winter.", "Het was winter, zei [naam]."),
        ("Wij wonen op Molenstraat 12b, 1234 AB.", "Wij wonen op [adres], [adres]."),
        ("Bel 06-12345678 of 123 456 782, of mia@x.example.", "Bel [getal] of [getal], of [mail]."),
        ("Sinds 12-03-2026 wacht ik.", "Sinds [getal] wacht ik."),
    ],
)
def test_names_addresses_and_numbers_are_taken_out(written: str, kept: str) -> None:
    assert without_names(written, NAMES) == kept


@given(st.lists(st.sampled_from(["Mia", "BAKKER", "belt", "op", "06 1234 5678", "1234AB", "Fenna,", "Mia's"])))
def test_no_known_name_and_no_long_number_is_ever_left(words: list[str]) -> None:
    kept = without_names(" ".join(words), NAMES)
    assert not re.search(r"\b(?:Mia|BAKKER|Fenna)\b|\d{4}", kept) or "Mia's" in kept
    assert without_names(kept, NAMES) == kept, "what is clean stays as it is"


def home(town: Town) -> HouseholdCase:
    fenna = town.work("fenna")
    case = open_case(fenna, NewCase("Familie Verzonnen, Verzinlaan 3", "Schulden", "Bellen", clock.today()))
    record_resident(fenna, NewResident(case.household_id, "Mia Verzonnen"))
    add_helper(fenna, NewHelper(case.household_id, "Oma Trijn", "family", "Past op"))
    return case


def test_every_name_in_the_case_and_of_colleagues_is_known(town: Town) -> None:
    case = home(town)
    names = known_names(town.clockwork().session, case.id)
    assert {"verzonnen", "mia", "trijn", "fenna", "bea"} <= names and not names & {"familie", "oma", "van"}


def test_a_professional_writes_sees_releases_and_takes_back(town: Town) -> None:
    case = home(town)
    fenna, bea = client(town, "fenna"), client(town, "bea")
    assert "Zin voor het verslag" in fenna.get(f"/casus/{case.id}").text
    wrong = fenna.post(f"/casus/{case.id}/citaten", data={"words": "Iets dat blijft staan"})
    assert wrong.status_code == 422 and "Iets dat blijft staan" in wrong.text
    given = {
        "words": "Mia Verzonnen kreeg drie keer een andere balie",
        "said_by": "professional",
        "barrier": "housing",
    }
    page = fenna.post(f"/casus/{case.id}/citaten", data=given).location
    seen = fenna.get(page).text
    assert "[naam] kreeg drie keer een andere balie" in seen and "Vrijgeven voor het verslag" in seen
    session = town.clockwork().session
    assert quotes_beside(session, "housing") == []
    for other, status in (("teun", 422), ("bea", 404), ("gijs", 404), ("olga", 404)):
        assert client(town, other).post(f"{page}/stap/release").status_code == status
    [quote] = session.scalars(select(Quote))
    stale = fenna.post(f"{page}/stap/release", data={"version": str(quote.version - 1)})
    assert stale.status_code == 409, "what is released is the text that was seen"
    assert fenna.post(f"{page}/stap/release", data={"version": str(quote.version)}).status_code == 302
    assert [each.words for each in quotes_beside(town.clockwork().session, "housing")] == [
        "[naam] kreeg drie keer een andere balie"
    ]
    told = client(town, "teun").get("/verslag").text
    assert bea.get(page).status_code == 404 and case.id not in told
    assert "drie keer een andere balie" in fenna.get("/citaten").text
    assert "drie keer een andere balie" not in bea.get("/citaten").text
    assert fenna.post(f"{page}/stap/take_back").status_code == 302
    assert quotes_beside(town.clockwork().session, "housing") == []
    assert "andere balie" not in fenna.get("/citaten").text


def test_a_resident_first_agrees_and_whoever_works_on_the_case_takes_it_back_for_them(town: Town) -> None:
    case = home(town)
    fenna = client(town, "fenna")
    given = {"words": "Niemand belt mij terug.", "said_by": "resident", "barrier": "debts"}
    page = fenna.post(f"/casus/{case.id}/citaten", data=given).location
    refused = fenna.post(f"{page}/stap/release")
    assert refused.status_code == 422 and "Vraag eerst of de inwoner" in refused.text
    assert fenna.post(f"{page}/stap/release", data={"agreed": "said"}).status_code == 302
    assert quotes_beside(town.clockwork().session, "debts")[0].said_by == "resident"
    assert client(town, "teun").post(f"{page}/stap/take_back").status_code == 302
    assert quotes_beside(town.clockwork().session, "debts") == []


def test_nothing_of_a_protected_or_destroyed_case_stands_in_the_report(town: Town) -> None:
    case = home(town)
    fenna = client(town, "fenna")
    given = {"words": "Er is geen huis.", "said_by": "professional", "barrier": "housing"}
    page = fenna.post(f"/casus/{case.id}/citaten", data=given).location
    fenna.post(f"{page}/stap/release")
    work = town.clockwork()
    assert quotes_beside(work.session, "housing")
    with work.transaction() as session:
        session.get_one(HouseholdCase, case.id).protected_why = "Een collega"
    assert quotes_beside(work.session, "housing") == []
    with work.transaction() as session:
        session.get_one(HouseholdCase, case.id).protected_why = None
        session.scalars(select(Quote)).one().words = ""
    assert quotes_beside(work.session, "housing") == []
    assert "words" in texts_of(Quote), "destroying a record empties it"
    assert "quote" in str(kinds_within_a_case())
