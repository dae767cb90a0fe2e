"""Every page, for everybody, in every state that can be come to: nothing is in the way of who reads or works otherwise.

Each is looked at on a phone and a desk, by day and in the dark, at 200% and 400%, on a screen of 4K, with more room
between letters, and by keyboard: axe-core on WCAG 2.2 A and AA, no scrolling sideways, nothing cut off or over one
another, focus that can be seen, an order that is the order on the screen, pictures that can be read.
"""

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.looks.looking import everything_wrong
from tests.looks.walking import Page

OF_PROGRAMS = "api."
"""What programs ask is no page; see tests/api."""
NO_PAGES = {
    "standing.alive": "asked by machines",
    "standing.metrics": "asked by machines",
    "standing.ready": "asked by machines",
    "static": "style sheets and scripts",
    "styles.one": "the style sheet",
    "appointments.feed": "a calendar",
    "appointments.one": "a calendar",
    "case_files.download": "a file",
    "data_requests.as_register": "a table as a file",
    "data_requests.letter": "a PDF",
    "escalations.file": "a file",
    "importing.empty": "a workbook",
    "importing.page": "needs a file; see tests/importing",
    "leaving.page": "needs an export that was asked for; see tests/exporting",
    "letters.pdf": "a PDF",
    "logs.events_csv": "a table as a file",
    "logs.of_household_pdf": "a PDF",
    "logs.readings_csv": "a table as a file",
    "messages.to_subject": "leads to another page",
    "handover.mine": "leads to another page",
    "openapi": "a description for programs",
    "offline.script": "a script",
    "offline.standing": "asked by a script",
    "plan.of_consent": "leads to the case",
    "plan.outcome": "of a case that is to close: the fields of its step; see tests/plans",
    "plan.printed": "a PDF",
    "register.download": "a file",
    "register_changes.page": "needs a proposal; the parts of it are those of a row of the register",
    "report.as_csv": "a table as a file",
    "report_exports.as_ods": "a workbook",
    "report_exports.as_pdf": "a PDF",
    "report_exports.as_xlsx": "a workbook",
    "retention.page": "needs records over their term; see tests/retention",
    "single_sign_on.start": "leads to a provider; see tests/single_sign_on",
    "single_sign_on.back": "leads on, or is the page of a message",
    "single_sign_on.prove_anew": "leads to a provider",
    "single_sign_on.linked": "only with a provider: one sentence and one button",
    "single_sign_on.signed_out": "only with a provider: one sentence",
    "second_step.page": "asked in production only: one field of the same form as elsewhere",
    "what_if.cases": "needs a figure of five households; see tests/mandate",
    "second_step.passkey": "needs a key in hand; see tests/signing_in",
}
"""What is no page, or is a page that these tests do not come to, and why."""
PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_on_any_page_is_in_the_way_of_anybody(
    browser: Browser, demonstrated: Flask, pages: list[Page], part: int
) -> None:
    wrong = everything_wrong(browser, demonstrated, pages[part::PARTS])
    assert wrong == [], "\n".join(wrong)


def test_every_page_that_there_is_was_looked_at(demonstrated: Flask, pages: list[Page]) -> None:
    there = {rule.endpoint for rule in demonstrated.url_map.iter_rules() if "GET" in (rule.methods or set())}
    looked_at = {page.endpoint for page in pages}
    pages_there = {endpoint for endpoint in there if not endpoint.startswith(OF_PROGRAMS)}
    assert pages_there - looked_at - set(NO_PAGES) == set(), (
        "lead tests/looks/gathering.py there, or say why it is no page"
    )
    assert set(NO_PAGES) - there == set(), "these are no longer there"
    assert {page.who for page in pages} >= {"fenna", "teun", "mo", "bea", "pia", "ada", "gijs", None}
    assert sum("nothing filled in" in page.state for page in pages) >= 10
