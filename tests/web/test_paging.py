"""Long lists come in pages: each thing is on exactly one of them, and no more is read than is shown."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.conftest import Town
from tests.signed_in import client
from tests.web.test_requests import asks, case_of, ticking
from wijkteam.demo.town import SIGN_INS
from wijkteam.mandate import queries
from wijkteam.mandate.model import MandateRequest
from wijkteam.storage import paging

FIVE = range(1, 6)


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "A_PAGE", 2)


def leafed_through(browser: FlaskClient, address: str) -> Iterator[str]:
    """The pages, as somebody sees them who follows each link to the next one."""
    while address:
        page = browser.get(address).text
        yield page
        found = re.search(r'rel="next" href="([^"#]*)', page)
        address = found.group(1).replace("&amp;", "&") if found else ""


def test_the_cases_of_a_team_come_in_pages_with_each_case_on_one(town: Town) -> None:
    for number in FIVE:
        case_of(town, f"Bladstraat {number}")
    fenna = client(town, "fenna")
    pages = list(leafed_through(fenna, "/casussen"))
    assert [page.count("Bladstraat") for page in pages] == [2, 2, 1]
    assert sorted(re.findall(r"Bladstraat \d", "".join(pages))) == [f"Bladstraat {number}" for number in FIVE]
    assert all("5 open." in page for page in pages) and "Blad 2 van 3." in pages[1]
    assert 'rel="prev" href="/casussen#lijst"' in pages[1], "the first page has the shortest address"
    fenna.set_cookie("taal", "en")
    assert "Page 3 of 3." in fenna.get("/casussen?blad=3").text
    fenna.delete_cookie("taal")
    for asked, shown in (("0", 1), ("-1", 1), ("x", 1), ("99", 3), ("9" * 30, 3)):
        answer = fenna.get(f"/casussen?blad={asked}")
        assert answer.status_code == 200 and f"Blad {shown} van 3." in answer.text, asked
    strange = client(town, "mo").get("/casussen?blad=2").text
    assert "Blad " not in strange and "5 open" not in strange, "what may not be read is not counted either"


def test_requests_that_wait_and_own_ones_each_turn_by_themselves(town: Town) -> None:
    case = case_of(town)
    made = [asks(town, case, 1_800 + number, f"Reden {number}") for number in FIVE]
    teun, fenna = client(town, "teun"), client(town, "fenna")
    for browser, name in ((teun, "blad"), (fenna, "eigen")):
        pages = list(leafed_through(browser, "/mandaatverzoeken"))
        listed = [re.findall(r'<span class="about">(Reden \d)</span>\s*</a>', page) for page in pages]
        assert listed == [["Reden 1", "Reden 2"], ["Reden 3", "Reden 4"], ["Reden 5"]]
        assert f"{name}=3" in pages[1] and f"/mandaatverzoeken?{name}=3" in pages[1]

    page = teun.get("/mandaatverzoeken?blad=2").text
    assert 'action="/mandaatverzoeken/samen?blad=2"' in page
    wrong = teun.post("/mandaatverzoeken/samen?blad=2", data={**ticking(made[2], made[3]), "transition": "refuse"})
    assert wrong.status_code == 422 and "Blad 2 van 3." in wrong.text and "Reden 3" in wrong.text, "nothing is lost"
    done = teun.post("/mandaatverzoeken/samen?blad=2", data={**ticking(made[2], made[3]), "transition": "approve"})
    assert done.status_code == 302 and "Blad 1 van 2." in teun.get("/mandaatverzoeken").text


def test_the_database_finds_the_requests_that_the_rule_gives_to_each_person(town: Town) -> None:
    case, grounds = case_of(town), town.house.grounds
    made = [asks(town, case, 1_800, f"Reden {number}").id for number in range(1, 9)]
    changed = [{"rung": 2}, {"rung": 3}, {"state": "payment_ordered"}, {"state": "asked_back"}, {"team_id": None}]
    changed += [{"team_id": None, "rung": 3}, {"source": "elsewhere", "source_number": "1"}]
    with town.clockwork().transaction() as session:
        for request, values in zip(made, changed, strict=False):
            session.execute(update(MandateRequest).where(MandateRequest.id == request).values(**values))
    answered = set()
    for name in [each.email.partition("@")[0] for each in SIGN_INS]:
        work = town.work(name)
        found = work.session.scalars(queries.waiting_for(work.actor, grounds.mandate_ladder)).all()
        known = [work.session.get(MandateRequest, each) for each in made]
        waits = {
            each.id
            for each in known
            if each is not None
            and each.state in queries.WAITING
            and each.source is None
            and each.requester_id != work.actor.person_id
            and grounds.may_answer_request(work.actor, each)
        }
        assert {each.id for each in found} == waits, name
        answered |= waits
    assert len(answered) == 5, "all but the question in return, what came from elsewhere, and a lead of no team"
