"""Views read with the reading session and with nothing else, but for the questions that are named here."""

import ast
from collections.abc import Iterator
from pathlib import Path

import wijkteam.web

WEB = Path(wijkteam.web.__file__).parent
MAY_OPEN = {
    "acting.py": "makes the sessions of a request, and looks up who is signed in",
    "report.py": "the report counts all escalations, and withholds what is too small; also for the command line",
    "app.py": "says what the menu shows, from the functions of the person",
}
"""Modules in which `.session` may stand, and why."""
OVER_ALL = {
    "figures_behind": "counts households, told only from five up",
    "pattern": "gives the escalations that the person may read, and counts the others, told only from five up",
    "deciding.comparable": "amounts and answers of alike requests, of which nothing says whose they were",
    "deciding.spent_on_household": "what is left under a ceiling; only shown with the case",
    "queries.counts": "mail, for the administrator: how many in each state",
    "queries.not_gathered": "mail, for the administrator: how many wait",
    "queries.messages_in": "mail, for the administrator: to whom it could not be delivered",
    "sources": "names of imported logs",
    "period": "first and last day of a history",
    "what_if": "figures over all requests, for its readers",
    "cases_behind": "ids behind a figure; each is shown only when the reading session has it",
    "running": "counts of subjects, withheld when small",
    "passing": "figures over all events, withheld when small",
    "cases.find_case": "an objection is written down by who may not read the case, under the reference of the letter",
    "letters.find_letter": "the letter of that reference",
}
"""Questions that need more than the person may read, and why each may be asked."""


def parts(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def test_no_view_opens_a_session_or_takes_that_of_the_services() -> None:
    found = {
        path.name
        for path in WEB.glob("*.py")
        for each in parts(path)
        if isinstance(each, ast.Attribute) and each.attr in ("session", "open_session", "database", "bind")
    }
    assert found <= MAY_OPEN.keys()


def test_what_is_asked_over_all_rows_is_named_with_its_reason() -> None:
    asked = {
        ast.unparse(each.args[0])
        for path in WEB.glob("*.py")
        for each in parts(path)
        if isinstance(each, ast.Call) and ast.unparse(each.func) == "over_all"
    }
    assert asked == OVER_ALL.keys()


def test_rules_are_asked_only_about_subjects_that_services_have() -> None:
    for path in WEB.glob("*.py"):
        calls = [ast.unparse(each.func) for each in parts(path) if isinstance(each, ast.Call)]
        assert path.name == "acting.py" or not [each for each in calls if each.endswith((".options", ".fire"))], path
