"""What somebody writes suggests a next step, worries and a way up; each is kept with one tap, else nothing is."""

import re
from datetime import timedelta

from flask.testing import FlaskClient

from tests.conftest import Town
from tests.signed_in import client
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.plans import queries as plans
from wijkteam.terms import clock

HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">')
FORM = re.compile(r'<form method="post" action="([^"]+)">(.*?)</form>', re.S)


def suggestions(page: str) -> list[tuple[str, dict[str, str]]]:
    """The forms on the card with suggestions: where each goes, and what it sends without anything being typed."""
    card = re.search(r'<section class="card next" id="voorstel".*?</section>', page, re.S)
    return [(action, dict(HIDDEN.findall(form))) for action, form in FORM.findall(card[0])] if card else []


def opens(fenna: FlaskClient, what: str, step: str) -> str:
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    given = {"who_or_where": "Voorbeeldstraat 12", "what_is_going_on": what, "next_step": step}
    answer = fenna.post("/casus/openen", data={**given, "next_step_on": tomorrow})
    assert answer.status_code == 302, answer.text
    return answer.location


def case_of(town: Town) -> HouseholdCase:
    work = town.work("fenna")
    return cases.open_cases_of(work.session, work.actor.person_id)[0]


def test_a_new_case_suggests_the_day_that_its_next_step_names_and_the_domains_it_is_about(town: Town) -> None:
    fenna = client(town, "fenna")
    page = fenna.get(opens(fenna, "Er ligt een huurachterstand.", "Over twee weken langsgaan")).text
    case = case_of(town)
    assert case.next_step_on == clock.today() + timedelta(days=1)
    assert plans.plan_of_case(town.work("fenna").session, case.id).lines == []
    found = suggestions(page)
    step = next(given for where, given in found if where.endswith("change_next_step"))
    assert step["next_step"] == "Over twee weken langsgaan"
    worry = next(given for where, given in found if where.endswith("/regels"))
    assert worry["life_domain"] == "finance" and worry["line"] == "Er ligt een huurachterstand"
    for where, given in found:
        if not where.endswith("/opschalen"):
            assert fenna.post(where, data=given).status_code == 302
    assert case_of(town).next_step_on == clock.today() + timedelta(weeks=2)
    kept = plans.plan_of_case(town.work("fenna").session, case.id).standing(plans.WORRY)
    assert ("Er ligt een huurachterstand", "finance") in [(each.line, each.life_domain) for each in kept]


def test_a_contact_suggests_its_own_sentence_as_next_step_and_a_barrier_that_many_words_point_to(town: Town) -> None:
    fenna = client(town, "fenna")
    opens(fenna, "Alles is nog onduidelijk.", "Bellen")
    case = case_of(town)
    note = "Ze wacht al maanden op de ggz, er is geen plek en de wachtlijst is lang. Overmorgen bel ik de huisarts."
    answer = fenna.post(f"/casus/{case.id}/stap/add_note", data={"note": note, "contact_kind": "phone"})
    found = suggestions(fenna.get(answer.location).text)
    step = next(given for where, given in found if where.endswith("change_next_step"))
    assert step["next_step"] == "Overmorgen bel ik de huisarts"
    where, given = next((where, given) for where, given in found if where.endswith("/opschalen"))
    choose = fenna.post(where, data=given).text
    assert "de wachtlijst is lang" in choose and 'value="waiting_list"' in choose


def test_nothing_is_suggested_where_nothing_was_written_or_to_whoever_did_not_write_it(town: Town) -> None:
    fenna, sam = client(town, "fenna"), client(town, "teun")
    where = opens(fenna, "Alles is nog onduidelijk.", "Overmorgen bellen")
    assert suggestions(fenna.get(where).text) != []
    assert suggestions(sam.get(where).text) == []
    assert suggestions(fenna.get(where.partition("?")[0]).text) == []
    plain = fenna.post(f"/casus/{case_of(town).id}/stap/add_note", data={"note": "Even gezwaaid."}).location
    assert "uit=" not in plain
    assert fenna.get(f"{plain}?uit=99999999999999999999").status_code == 200
