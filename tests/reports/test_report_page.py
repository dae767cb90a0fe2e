"""The report on one page: in the order in which it is asked, about whole years, safe, and open to what one may read."""

import io
import re

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from tests.conftest import Town
from tests.search.test_finding import opened
from tests.signed_in import client
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.figures.telling import Scope
from wijkteam.plans.model import Approach
from wijkteam.quotes.model import Quote
from wijkteam.quotes.service import NewQuote, write_quote
from wijkteam.reports.periods import days_of_year, last_ended_day
from wijkteam.retention.contents import texts_of
from wijkteam.terms import clock
from wijkteam.web.report import make_report, scope_of


def asked(town: Town, number: int, barrier: str = "housing") -> None:
    for each in range(number):
        case = opened(town, f"Kade {each + 10}")
        escalate(town.work("fenna"), NewEscalation(case.id, case.team_id, f"Is er een woning {each}?", barrier))


def page_of(town: Town, name: str, path: str) -> str:
    answer = client(town, name).get(path)
    assert answer.status_code == 200, answer.text[:500]
    return re.sub(r'name="(?:csrf_token|sending)" value="[^"]*"', "", answer.text)


def test_the_page_answers_in_the_order_in_which_a_bestuurder_asks(town: Town) -> None:
    asked(town, 6)
    page = page_of(town, "bea", "/verslag")
    order = [
        page.index(f'<h2 id="{part}"')
        for part in ("asks", "blocks", "waiting", "place", "better", "failed", "earlier", "money")
    ]
    assert order == sorted(order)


def test_a_report_is_about_a_whole_year_and_says_so_of_the_running_one(town: Town) -> None:
    year = last_ended_day(clock.today()).year
    page = page_of(town, "bea", "/verslag")
    assert page == page_of(town, "bea", f"/verslag?van={year}-01-05&tot={year}-01-05"), "no other period can be asked"
    assert "Het lopende jaar telt tot en met de laatste hele maand." in page
    assert (scope_of(None).first, scope_of(None).last) == days_of_year(year, clock.today())
    assert scope_of(1950).first.year == 1950


@pytest.mark.parametrize("path", ["/verslag?jaar=abc", "/verslag?jaar=99999", "/verslag?wijk=X&knelpunt=niets"])
def test_what_is_unknown_in_an_address_is_left_out(town: Town, path: str) -> None:
    assert page_of(town, "bea", path) == page_of(town, "bea", "/verslag")


def test_every_figure_says_what_it_means_over_which_period_and_what_it_leaves_out(town: Town) -> None:
    page = page_of(town, "bea", "/verslag")
    tables, meanings = page.count("<table"), page.count("Wat dit betekent")
    assert meanings >= 10 and tables >= meanings
    assert "Groepen van 1 tot en met 4 huishoudens tonen we niet" in page


def test_small_groups_are_kept_back_on_the_page_and_in_every_export(town: Town) -> None:
    asked(town, 3)
    with clock.standing_at(clock.now().replace(year=clock.now().year + 1)):
        made = make_report(town.house, town.clockwork().session, "Voorbeeldstad", scope_of(clock.today().year - 1))
    barriers = made.report.table("per_barrier")
    row = next(each for each in barriers.rows if each.key == "housing")
    assert row.cells["asked"].withheld and row.cells["asked"].value is None


def test_five_households_are_told_and_open_to_who_may_read_them(town: Town) -> None:
    asked(town, 6)
    with clock.standing_at(clock.now().replace(year=clock.now().year + 1)):
        scope: Scope = scope_of(clock.today().year - 1)
        made = make_report(town.house, town.clockwork().session, "Voorbeeldstad", scope)
        row = next(each for each in made.report.table("per_barrier").rows if each.key == "housing")
        assert row.cells["asked"].value == 6
        year = scope.first.year
        assert "Kade 10" in page_of(town, "teun", f"/verslag/achter?jaar={year}&knelpunt=housing")
        assert "Kade 10" not in page_of(town, "bea", f"/verslag/achter?jaar={year}"), "a bestuurder reads no household"


def test_a_released_sentence_stands_beside_its_barrier_on_the_page_under_a_filter_and_on_paper(town: Town) -> None:
    case = opened(town, "Kade 3")
    words = "Ik bel elke week dezelfde balie."
    quote = write_quote(town.work("fenna"), NewQuote(case.id, "professional", words, "housing"))
    bea = client(town, "bea")

    def on_paper() -> str:
        pages = PdfReader(io.BytesIO(bea.get("/verslag.pdf").data)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())

    assert words not in page_of(town, "bea", "/verslag") and words not in on_paper(), "not released yet"
    town.work("fenna").act_on(Quote, quote.id, "release", {})
    assert words in page_of(town, "bea", "/verslag") and words in page_of(town, "bea", "/verslag?knelpunt=housing")
    assert words not in page_of(town, "bea", "/verslag?knelpunt=debts")
    assert words in on_paper() and "In hun eigen woorden" in on_paper()


def test_what_is_tried_is_written_and_ended_on_the_page_of_the_case_and_goes_with_it(town: Town) -> None:
    case = opened(town, "Kade 4")
    fenna, place = client(town, "fenna"), f"/casus/{case.id}/aanpakken"
    refused = fenna.post(place, data={"what": "Iets"})
    assert refused.status_code == 422 and "Vul dit in." in refused.text and "Iets" in refused.text
    assert fenna.post(place, data={"kind": "home_visits", "what": "Elke dinsdag"}).status_code == 302
    approach = town.clockwork().session.scalars(select(Approach)).one()
    step = f"{place}/{approach.id}/stap"
    assert fenna.post(f"{step}/continue").status_code == 422
    done = {"result": "helped", "ingredient": "trust"}
    assert fenna.post(f"{step}/continue", data=done).status_code == 302
    page = page_of(town, "fenna", f"/casus/{case.id}")
    assert "Vaak thuis langsgaan: Elke dinsdag" in page and "Vertrouwen in wie er kwam" in page
    assert client(town, "gijs").post(place, data={"kind": "group"}).status_code == 404
    assert texts_of(Approach) == {"what", "why"}, "destroying a record empties what was written, and keeps the codes"


def test_what_if_is_asked_on_the_page_over_the_period_of_the_report(town: Town) -> None:
    page = page_of(town, "bea", "/verslag")
    first, last = days_of_year(last_ended_day(clock.today()).year, clock.today())
    assert f'name="van" value="{first}"' in page and f'name="tot" value="{last}"' in page
    answer = client(town, "bea").get(f"/mandaat/wat-als?van={first}&tot={last}&plafond=2500")
    assert answer.status_code == 200 and "Wat als de frontlijn meer mocht besluiten?" in answer.text
    assert 'name="plafond"' not in page_of(town, "teun", "/verslag"), "only for who may read what-if"


def test_to_others_the_report_is_not_there(town: Town) -> None:
    for path in ("/verslag", "/verslag/achter", "/verslag.csv", "/verslag/uitvoer"):
        assert client(town, "fenna").get(path).status_code == 404


def test_the_page_is_there_in_english(town: Town) -> None:
    bea = client(town, "bea")
    bea.post("/taal/en")
    page = bea.get("/verslag").text
    assert "What blocks our people most" in page and "Wat onze mensen" not in page
