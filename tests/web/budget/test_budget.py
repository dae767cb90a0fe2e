"""The paperwork budget: how many taps, texts and required fields the daily work costs, counted from my work on a phone.

Set WIJKTEAM_PAPERWORK to a folder to have the table written there too.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.web.budget.thumb import Count, Thumb, holding_a_phone

FENNA, TEUN = "fenna@voorbeeldstad.example", "teun@voorbeeldstad.example"
FOLDER = "WIJKTEAM_PAPERWORK"


def as_table(counts: list[Count]) -> str:
    """The measured against the budget; touches in all are the taps and each touch on a field to type in it."""
    heads = ("what", "taps", "at most", "texts", "at most", "required fields", "at most", "touches in all")
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for each in counts:
        texts, required = (each.most_texts, each.most_required)
        touches = each.taps + len(each.texts)
        numbers = (each.taps, each.most_taps, len(each.texts), texts, len(each.required), required, touches)
        lines.append(
            f"| {each.what} | " + " | ".join("" if number is None else str(number) for number in numbers) + " |"
        )
    return "\n".join(lines)


@pytest.fixture
def counts(capsys: pytest.CaptureFixture[str]) -> Iterator[list[Count]]:
    """Everything that is counted in a test: printed at its end, and written to a folder where one is named."""
    counted: list[Count] = []
    yield counted
    table = as_table(counted)
    with capsys.disabled():
        print(f"\n{table}")
    if os.environ.get(FOLDER):
        Path(os.environ[FOLDER]).mkdir(parents=True, exist_ok=True)
        (Path(os.environ[FOLDER]) / "paperwork.md").write_text(table + "\n", encoding="utf-8")


def opens_a_case(fenna: Thumb, where: str) -> None:
    page = fenna.page
    fenna.is_at_my_work()
    fenna.goes(page.get_by_role("link", name="Casus openen"))
    fenna.types(page.get_by_label("Wie of waar?"), where)
    fenna.types(page.get_by_label("Wat is er aan de hand?"), "Huurschuld, de deurwaarder komt.")
    fenna.types(page.get_by_label("Wat is de volgende stap?"), "Volgende week dinsdag langsgaan")
    fenna.sends(page.get_by_role("button", name="Casus openen"))
    expect(page.get_by_role("heading", name=where)).to_be_visible()


def test_daily_work_stays_within_its_budget(browser: Browser, served: str, counts: list[Count]) -> None:
    def counting(thumb: Thumb, *count: object) -> None:
        counts.append(Count(*count))  # type: ignore[arg-type]
        thumb.counts(counts[-1])

    with holding_a_phone(browser, served, FENNA) as fenna:
        page = fenna.page
        counting(fenna, "open a case", 6, 3, 3)
        opens_a_case(fenna, "Voorbeeldstraat 12")
        expect(page.get_by_role("heading", name="Uit wat u schreef")).to_be_visible()

        counting(fenna, "confirm a suggested next step", 1, 0, 0)
        fenna.sends(page.get_by_role("button", name="Volgende stap op"))

        fenna.is_at_my_work()
        counting(fenna, "log a contact", 3, 1, 1)
        fenna.goes(page.get_by_role("link", name="Contact noteren"))
        fenna.types(page.locator("#co-note"), "Ze wil de post samen openen.")
        fenna.sends(page.get_by_role("button", name="Huisbezoek"))

        fenna.is_at_my_work()
        counting(fenna, "decide within mandate", 4, 2)
        fenna.goes(page.get_by_role("link", name="Besluit nemen"))
        fenna.types(page.locator("#be-why"), "Een fiets, want haar werk is ver.")
        fenna.types(page.locator("#be-amount"), "120")
        fenna.sends(page.locator("button[name=decide][value=tailored_budget]"))

        fenna.is_at_my_work()
        counting(fenna, "ask for mandate", 4, 2)
        fenna.goes(page.get_by_role("link", name="Besluit nemen"))
        fenna.types(page.locator("#be-why"), "De huurschuld, anders wordt ze uitgezet.")
        fenna.types(page.locator("#be-amount"), "1800")
        fenna.sends(page.locator("button[name=ask][value=tailored_budget]"))
        asked = page.get_by_role("link", name="Maatwerkbudget · € 1.800,00").first.get_attribute("href") or ""
        in_the_mail = f"{served}/naar/mandate_request/{asked.rpartition('/')[2]}"

        fenna.is_at_my_work()
        counting(fenna, "escalate", 2, 1)
        fenna.goes(page.get_by_role("link", name="Opschalen", exact=True))
        fenna.types(page.locator("#op-question"), "Uitstel van de ontruiming, van de corporatie.")
        fenna.sends(page.get_by_role("button", name="Wonen"))

    with holding_a_phone(browser, served, None) as teun:
        counting(teun, "approve from the mail, signed out", 3, 2)
        approves(teun, in_the_mail, signs_in=True)
    with holding_a_phone(browser, served, FENNA) as fenna:
        fenna.counts(Count("", 0))
        fenna.is_at_my_work()
        fenna.goes(fenna.page.get_by_role("link", name="Besluit nemen"))
        fenna.types(fenna.page.locator("#be-why"), "Nog een maand huur.")
        fenna.types(fenna.page.locator("#be-amount"), "900")
        fenna.sends(fenna.page.locator("button[name=ask][value=tailored_budget]"))
        asked = fenna.page.get_by_role("link", name="Maatwerkbudget · € 900,00").first.get_attribute("href") or ""
    with holding_a_phone(browser, served, TEUN) as teun:
        counting(teun, "approve from the mail", 2, 0)
        approves(teun, f"{served}/naar/mandate_request/{asked.rpartition('/')[2]}")

        teun.is_at_my_work()
        counting(teun, "answer an escalation", 2, 1)
        teun.goes(teun.page.get_by_role("link", name="Uitstel van de ontruiming").first)
        teun.types(teun.page.locator("#answer-answer"), "Ik bel de corporatie vandaag nog.")
        teun.sends(teun.page.locator("#stap-answer").get_by_role("button", name="Antwoord geven"))

    with holding_a_phone(browser, served, FENNA) as fenna:
        opens_a_case(fenna, "Achterweg 3")
        fenna.is_at_my_work()
        counting(fenna, "close with the outcome", 4, 1)
        fenna.goes(fenna.page.get_by_role("link", name="Achterweg 3").first)
        fenna.taps(fenna.page.locator("#stap-stop_early > summary"))
        form = fenna.page.locator("#stap-stop_early form")
        fenna.taps(form.get_by_label("Gelukt", exact=True))
        fenna.types(form.locator("[name=outcome_reason]"), "De corporatie gaf uitstel en ze heeft werk.")
        fenna.sends(form.get_by_role("button", name="Eerder stoppen"))
        expect(fenna.page.get_by_text("Deze casus is gesloten.")).to_be_visible()

        fenna.counts(Count("", 99))
        opens_a_case(fenna, "Nazorgpad 7")
        reaches_its_evaluation(fenna)
        fenna.is_at_my_work()
        counting(fenna, "finish after the evaluation", 4, 2)
        fenna.goes(fenna.page.get_by_role("link", name="Nazorgpad 7").first)
        fenna.taps(fenna.page.locator("#stap-finish > summary"))
        form = fenna.page.locator("#stap-finish form")
        fenna.taps(form.get_by_label("Gelukt", exact=True))
        fenna.types(form.locator("[name=outcome_reason]"), "De huur wordt weer betaald.")
        fenna.types(form.locator("[name=next_step]"), "Bellen hoe het gaat")
        fenna.sends(form.get_by_role("button", name="Afronden"))

        fenna.is_at_my_work()
        counting(fenna, "close after the aftercare", 4, 1)
        fenna.goes(fenna.page.get_by_role("link", name="Nazorgpad 7").first)
        fenna.taps(fenna.page.locator("#stap-close > summary"))
        form = fenna.page.locator("#stap-close form")
        fenna.types(form.locator("[name=how_it_goes]"), "Het gaat nog steeds goed.")
        fenna.sends(form.get_by_role("button", name="Casus sluiten"))
        expect(fenna.page.get_by_text("Deze casus is gesloten.")).to_be_visible()

    assert {each.what: each.over for each in counts if each.over} == {}
    assert {each.what: each.twice for each in counts if each.twice} == {}


ON_THE_WAY = {
    "found_safe": ("safety",),
    "question_is_clear": ("question",),
    "plan_is_agreed": ("plan", "next_step"),
    "evaluate": ("how_it_goes",),
}


def reaches_its_evaluation(fenna: Thumb) -> None:
    """All that comes before it, which is not counted here."""
    for step, fields in ON_THE_WAY.items():
        fenna.taps(fenna.page.locator(f"#stap-{step} > summary"))
        for name in fields:
            fenna.types(fenna.page.locator(f"#stap-{step} [name={name}]"), "Bellen hoe het gaat.")
        fenna.sends(fenna.page.locator(f"#stap-{step} form .button"))


def approves(teun: Thumb, link: str, signs_in: bool = False) -> None:
    """Taps the link in the mail, and approves; whoever is signed out signs in first, and comes back here."""
    teun.page.goto(link)
    teun.count.taps += 1
    if signs_in:
        teun.signs_in(TEUN)
    teun.sends(teun.page.get_by_role("button", name="Mandaat geven ·"))
    expect(teun.page.get_by_text("Mandaat geven: Maatwerkbudget")).to_be_visible()
