"""Drawings on the pages, in a real browser: they fit a phone and a desk, and the list says what the picture says."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.test_story_in_browser import DESK, PHONE, Navigator, opens_a_case, someone

TOMORROW = (date.today() + timedelta(days=1)).isoformat()
FENNA, TEUN, ADA = (f"{name}@voorbeeldstad.example" for name in ("fenna", "teun", "ada"))


def asks_for_mandate(fenna: Navigator) -> None:
    form = fenna.page.locator("#mandaat-vragen")
    fenna.opens_form("Mandaat vragen")
    form.locator("[name=power]").select_option("tailored_budget")
    form.locator("[name=amount]").fill("1.800,00")
    form.locator("[name=reason]").fill("Huurschuld.")
    with fenna.page.expect_navigation():
        form.get_by_role("button", name="Mandaat vragen").click()


def escalates(fenna: Navigator) -> None:
    fenna.page.locator("form.quick [name=question]").fill("Een woning, van de corporatie.")
    with fenna.page.expect_navigation():
        fenna.page.get_by_role("button", name="Opschalen", exact=True).click()
    with fenna.page.expect_navigation():
        fenna.page.get_by_role("button", name="Wonen").click()


def records_a_signal(fenna: Navigator) -> None:
    fenna.visits("/signalen")
    fenna.page.get_by_label("Een klacht").check()
    fenna.page.get_by_label("Wat zegt de bewoner?").fill("Het duurt te lang.")
    with fenna.page.expect_navigation():
        fenna.page.get_by_role("button", name="Vastleggen").click()
    fenna.follows("Het duurt te lang.")


def sees_where_it_stands(navigator: Navigator, here: str) -> None:
    """The drawing unfolds, stays within the page, and its list has the same states with the same marks."""
    page = navigator.page
    page.locator("details.whereabouts > summary").click()
    expect(page.locator(".drawing svg")).to_be_visible()
    navigator.sees_no_sideways_scrolling()
    assert states_in(page, ".drawing svg") == states_in(page, ".stands > li")
    marked = page.locator(".stands > li", has=page.locator("> .badge", has_text="nu hier"))
    assert marked.locator("> b").all_inner_texts() == [here]
    assert "nu hier" in page.locator(".drawing svg").inner_html()


def states_in(page: Page, selector: str) -> list[str | None]:
    within = f"{selector} [data-state]" if "svg" in selector else f"{selector}[data-state]"
    return [each.get_attribute("data-state") for each in page.locator(within).all()]


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_each_subject_shows_where_it_is_and_the_list_says_the_same(
    browser: Browser, served: str, viewport: dict[str, int]
) -> None:
    with someone(browser, served, FENNA, viewport) as fenna:
        case = opens_a_case(fenna, TOMORROW)
        sees_where_it_stands(fenna, "Gemeld")
        open_step = fenna.page.locator(".stands li li", has_text="Veilig genoeg").first
        expect(open_step).to_contain_text("kan nu")
        fenna.visits(case)
        fenna.opens_form("Veilig genoeg")
        fenna.page.locator("details[open] [name=safety]").fill("Kinderen zijn bij oma.")
        fenna.sends("Veilig genoeg")
        sees_where_it_stands(fenna, "Vraag verhelderen")
        expect(fenna.page.locator(".stands > li", has_text="geweest").first).to_contain_text("1 keer")
        fenna.visits(case)
        asks_for_mandate(fenna)
        escalates(fenna)
        fenna.follows("Maatwerkbudget · € 1.800,00")
        sees_where_it_stands(fenna, "Gevraagd")
        fenna.visits(case)
        fenna.follows("Een woning, van de corporatie.")
        sees_where_it_stands(fenna, "Wacht op antwoord")
        records_a_signal(fenna)
        sees_where_it_stands(fenna, "Ontvangen")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_a_workflow_as_a_whole_is_drawn_and_told_in_tables_with_what_is_withheld(
    browser: Browser, served: str, viewport: dict[str, int]
) -> None:
    with someone(browser, served, FENNA, viewport) as fenna:
        opens_a_case(fenna, TOMORROW)
        expect(fenna.page.get_by_role("link", name="Werkwijzen")).to_have_count(0)
        for path in ("/werkwijzen", "/werkwijzen/household_case"):
            answered = fenna.page.goto(served + path)
            assert answered is not None and answered.status == 404
    with someone(browser, served, ADA, viewport) as ada:
        ada.page.get_by_text("Meer", exact=True).click()
        ada.follows("Werkwijzen")
        ada.follows("versie 3 Casus")
        page = ada.page
        expect(page.get_by_text("Een stip (·) staat ervoor in de plaats.")).to_be_visible()
        tabled = page.locator("section", has_text="Waar het vastloopt").locator("tbody th").all_inner_texts()
        pictured = states_in(page, ".drawing svg")
        assert len(tabled) == len(pictured) == 11 and "Gemeld" in tabled
        assert pictured == states_in(page, ".stands > li")
        signalled = page.get_by_role("row", name="Gemeld").first
        assert "·" in signalled.inner_text() and "1" not in signalled.inner_text(), "one household is not shown"
        lead = page.locator("p.lead").inner_text()
        ada.visits("/werkwijzen/household_case?van=2026-05-01&tot=2026-05-02&jaar=ooit")
        expect(page.locator("p.lead")).to_have_text(lead)
        answered = page.goto(served + "/werkwijzen/niets")
        assert answered is not None and answered.status == 404
    with someone(browser, served, TEUN, viewport) as teun:
        teun.visits("/werkwijzen/escalation")
        expect(teun.page.get_by_text("Alle cijfers zijn getoond.")).to_be_visible()
