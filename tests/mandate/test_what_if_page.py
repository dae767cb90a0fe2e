"""The what-if page: who may open it, what it shows, and that figures open down to what a reader may read."""

import re
from collections.abc import Iterator

import pytest

from tests.access.test_who_may_read import client
from tests.conftest import Town
from tests.mandate.test_what_if_reading import REFUSED, after, ask, step
from wijkteam.assembly import build_house
from wijkteam.demo.town import found_town
from wijkteam.engine.loading import load_document
from wijkteam.mandate.approvals import import_approvals
from wijkteam.mandate.approvals_mapping import ApprovalsMapping
from wijkteam.mandate.xes import LogEvent, LogTrace
from wijkteam.rulebook import workflow_folders
from wijkteam.storage.database import connect
from wijkteam.terms import clock

PAGE = "/mandaat/wat-als"


@pytest.fixture(scope="module")
def one_town(tmp_path_factory: pytest.TempPathFactory, sqlite_template: bytes) -> Iterator[Town]:
    """A municipality that tests may only look at."""
    path = tmp_path_factory.mktemp("town") / "town.sqlite"
    path.write_bytes(sqlite_template)
    house = build_house(connect(f"sqlite:///{path}"))
    work = house.work()
    found_town(house, work)
    work.session.close()
    town = Town(house)
    yield town
    town.close()


def test_only_bestuurder_manager_and_administrator_may_open_it(town: Town) -> None:
    for name, status in (("bea", 200), ("mo", 200), ("ada", 200), ("fenna", 404), ("teun", 404), ("fia", 404)):
        reader = client(town, name)
        assert reader.get(PAGE).status_code == status, name
        assert reader.get(f"{PAGE}/verzoeken?cijfer=front_line").status_code == status, name
        assert ("Wat als" in reader.get("/").text) == (status == 200), "and who may not is not offered it"


def test_gain_stands_beside_price_and_each_figure_opens_to_its_requests(town: Town) -> None:
    for number in range(10):
        request = ask(town, 30_000)
        step(town, request, 4, "refuse", **REFUSED) if number < 5 else step(town, request, 2, "approve")
    with clock.standing_at(after(30)):
        reader = client(town, "bea")
        page = reader.get(f"{PAGE}?plafond=300&bevoegdheid=tailored_budget").text
        assert (
            "Met een plafond van € 300 had de frontlijn 10 verzoeken zelf besloten (100,0% van alle verzoeken)" in page
        )
        assert "5 van deze verzoeken (50,0%) zijn ten minste 1 keer geweigerd" in page
        assert "Kies zelf een plafond" in page and "<svg" not in page, "one point makes no line"
        (link,) = set(re.findall(r'href="([^"]*cijfer=refused_ever)"', page.replace("&amp;", "&")))
        opened = reader.get(link).text
        assert "Er zijn er nog 5 die u niet mag lezen" in opened and "Geen verzoeken die u mag lezen" in opened


def test_of_a_withheld_figure_the_number_of_requests_is_not_told_either(town: Town) -> None:
    for number in range(10):
        request = ask(town, 30_000)
        step(town, request, 4, "refuse", **REFUSED) if number < 2 else step(town, request, 2, "approve")
    with clock.standing_at(after(30)):
        reader = client(town, "bea")
        page = reader.get(f"{PAGE}?plafond=300").text
        assert "te weinig huishoudens" in page and "cijfer=refused_ever" not in page
        opened = reader.get(f"{PAGE}/verzoeken?plafond=300&cijfer=refused_ever").text
        assert "die u niet mag lezen" not in opened


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("plafond=veel", "Vul een bedrag in, zoals 250 of 12,50."),
        ("plafond=1 2 3 4 5 6 7", "Kies hoogstens 6 plafonds."),
        ("van=2026-13-01", "Dit is geen gewone datum."),
        ("van=2026-02-01&tot=2026-01-01", "De eerste dag ligt na de laatste."),
        ("bron=elders", "Deze bron is er niet."),
        ("bevoegdheid=alles", "Deze bevoegdheid is er niet."),
        ("sparen=veel", "Vul een percentage van 0 tot en met 100 in."),
        ("doorlaten=101", "Vul een percentage van 0 tot en met 100 in."),
    ],
)
def test_wrong_input_is_answered_in_one_line_and_kept(one_town: Town, query: str, said: str) -> None:
    page = client(one_town, "bea").get(f"{PAGE}?{query}")
    assert page.status_code == 422 and said in page.text
    name, typed = query.split("&")[0].split("=")
    assert f'name="{name}"' in page.text
    if name not in ("bron", "bevoegdheid"):
        assert f'value="{typed}"' in page.text


@pytest.mark.parametrize("query", ["plafond=300&cijfer=nothing", "plafond=300 400&cijfer=spared", "cijfer="])
def test_cases_of_no_figure_are_not_there(one_town: Town, query: str) -> None:
    assert client(one_town, "bea").get(f"{PAGE}/verzoeken?{query}").status_code == 404


def trace(number: int) -> LogTrace:
    cents = 1_000 * (number + 1)
    steps = [
        ("Declaration SUBMITTED by EMPLOYEE", "EMPLOYEE", 0),
        ("Declaration FINAL_APPROVED by SUPERVISOR", "SUPERVISOR", number + 1),
    ]
    if number % 3 == 0:
        steps[1] = ("Declaration REJECTED by ADMINISTRATION", "ADMINISTRATION", 1)
    events = tuple(LogEvent(what, after(days), role, cents) for what, role, days in steps)
    return LogTrace(f"declaration{number}", events)


def test_an_imported_log_is_shown_whole_with_its_curve_and_opens_to_its_numbers(town: Town) -> None:
    mapping = load_document(workflow_folders()[0] / "mappings" / "approvals_bpic2020.yaml", ApprovalsMapping)
    import_approvals(town.clockwork(), mapping, map(trace, range(6)), lambda done: None)
    reader = client(town, "bea")
    page = reader.get(f"{PAGE}?bron=approvals_bpic2020&plafond=20 60&sparen=50&doorlaten=50").text
    assert "Dit is een ingelezen logboek" in page and "Daarom is alles getoond" in page
    assert "Met een plafond van € 20 had de frontlijn 2 verzoeken zelf besloten" in page
    assert page.count("<svg") == 1 and "Deel van al het wachten" in page
    assert "Het laagste plafond dat 50% bespaart is € 50,00. Dat laat 100% van de weigeringen door." in page
    assert "Tot € 30,00 blijft u binnen uw grens. Dat bespaart 33,3% van het wachten." in page
    assert "Bij € 20, wie weigerde: Administratie (log) 1 keer." in page
    opened = reader.get(f"{PAGE}/verzoeken?bron=approvals_bpic2020&plafond=20&cijfer=refused_ever").text
    assert "declaration0" in opened and "declaration1" not in opened
