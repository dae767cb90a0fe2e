"""Views read with the reading session and with nothing else, but for the questions that are named here."""

import ast
from collections.abc import Iterator
from pathlib import Path

import wijkteam.web

WEB = Path(wijkteam.web.__file__).parent
MAY_OPEN = {
    "acting.py": "makes the sessions of a request, and looks up who is signed in",
    "report.py": "the report counts all escalations, and withholds what is too small; also for the command line",
    "browsers.py": "whether this browser is known to the person who signs in: their own rows of closed tables",
    "kept.py": "whose session an old cookie was: nobody is signed in yet",
    "letting_in.py": "which steps of signing in are still missing: nobody is signed in yet",
    "my_access.py": "one's own password and sessions: closed tables, asked by one's own number",
    "my_factors.py": "one's own passkeys and codes: closed tables, asked by one's own number",
    "passwords.py": "the secret of a link says who chooses a password: nobody is signed in yet",
    "people_access.py": "the administrator sees where a colleague is signed in: a closed table; others get no page",
    "proving.py": "proves the one who is signed in once more: one's own password",
    "second_step.py": "the second step of signing in: nobody is signed in yet",
    "standing.py": "counts of terms, mail and steps, for whoever has the token, and whether there are any too late",
    "single_sign_on.py": "which account one's own session was tied to: a closed table, asked by one's own number",
    "app.py": "says what the menu shows, from the functions of the person",
}
"""Modules in which `.session` may stand, and why."""
OVER_ALL = {
    "state_of": "how the system stands, for the administrator: counts of terms, mail and steps",
    "figures_behind": "counts households, told only from five up",
    "pattern": "gives the escalations that the person may read, and counts the others, told only from five up",
    "deciding.comparable": "amounts and answers of alike requests, of which nothing says whose they were",
    "deciding.spent_on_household": "what is left under a ceiling; only shown with the case",
    "held_factors": "for the administrator: which second factors somebody has, and no secret of them",
    "queries.counts": "mail, for the administrator: how many in each state",
    "queries.not_gathered": "mail, for the administrator: how many wait",
    "queries.messages_in": "mail, for the administrator: to whom it could not be delivered",
    "sources": "names of imported logs",
    "what_if": "figures over all requests, for its readers",
    "cases_behind": "ids behind a figure; each is shown only when the reading session has it",
    "running": "counts of subjects, withheld when small",
    "passing": "figures over all events, withheld when small",
    "cases.find_case": "what is read without its case (an objection, escalation, request or share) tells no more of it",
    "instead_of_household": "the wijk at most, in the place of a household that one may not know",
    "queries.all_broken": "for privacy officers, and the question itself keeps to that",
    "queries.last_tries": "for privacy officers, and the question itself keeps to that",
    "waiting_for_review": "for privacy officers, and the question itself keeps to that",
    "queries.sees_glass": "whether a broken glass is there: for who broke it, who owns the case, and privacy officers",
    "queries.shown_glass": "who broke it, privacy officers and the owner of the case; the question keeps to that",
    "readers.protected_cases": "numbers, for privacy officers, and the question itself keeps to that",
    "readers.protection_of": "a privacy officer names readers of a case without reading it; the question keeps to that",
    "corrected_case": "the privacy officer judges corrections, only in cases with any; the question keeps to that",
    "shown_correction": "as corrected_case",
    "case_to_hand_over": "whether all cases of the household are one's own; no other case is told of",
    "may_be_destroyed": "how many records are over their term",
    "queries.imports": "imports, for the administrator: files and counts, and nothing of what stood in a row",
    "queries.shown_import": "as queries.imports: which rows came in, by number",
    "service.kept_content": "the file that the administrator sent, until it comes in",
    "queries.shown_exports": "exports of all, for administrators and privacy officers; the question keeps to that",
    "queries.shown_export": "as queries.shown_exports",
    "full_exports.waiting_exports": "as queries.shown_exports, for privacy officers",
    "queries.shown_lists": "lists of destruction name no household; the question keeps to who works on them",
    "queries.shown_list": "as shown_lists",
    "destruction.shown_lists": "as shown_lists, for programs",
    "exports.shown_exports": "as queries.shown_exports, for programs",
    "destruction.lists_waiting": "as shown_lists",
    "due_by": "ids of one's own open cases whose term is nearly over; what is shown of them is read through the wall",
    "with_rows": "whether there is any of the three below, before they are asked",
    "cases.waiting_on_others": "ids of one's own open cases, read through the wall after",
    "tracks.done_by_others": "ids of tracks in one's own open cases, read through the wall after",
    "legal_terms.nearly_over": "ids of legal terms in one's own open cases, read through the wall after",
    "queries.linked_cases": "numbers of cases a request is about, for privacy officers; the question keeps to that",
    "sharing.receivers_of": "organisations that got the data, for privacy officers; the question keeps to that",
    "queries.feed_of": "since when one has a calendar address oneself: a closed table, asked by one's own number",
    "key_id_of": "the number of one's own key on one's own device: a closed table, asked by one's own number",
    "sent_before": "what came of what one sent oneself: a closed table, asked by one's own number",
    "queries.quotes_beside": "released quotes without names, for readers of the report; no case leads from them",
    "report_for": "figures over all rows, withheld when small, for readers of the report",
    "letters.find_letter": "the letter of that reference",
    "clients": "systems with access, for the administrator: no secret of them",
    "system_people": "who can be acted for by a system, for the administrator: whether they can sign in is closed",
    "zaken_standing": "the case system, for the administrator: counts, and numbers with the reason of a refusal",
    "subscriptions": "webhooks, for the administrator: a closed table",
    "delivery_counts": "webhooks, for the administrator: how many in each state",
    "dead_deliveries": "webhooks, for the administrator: which receiver did not take what, by an id that says nothing",
    "tokens_of": "one's own tokens: a closed table, asked by one's own number",
    "living_client": "a system that asks for a token: nobody is signed in yet",
}
"""Questions that need more than the person may read, and why each may be asked."""


def parts(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def test_no_view_opens_a_session_or_takes_that_of_the_services() -> None:
    found = {
        path.name
        for path in WEB.rglob("*.py")
        for each in parts(path)
        if isinstance(each, ast.Attribute) and each.attr in ("session", "open_session", "database", "bind")
    }
    assert found <= MAY_OPEN.keys()


def test_what_is_asked_over_all_rows_is_named_with_its_reason() -> None:
    asked = {
        ast.unparse(each.args[0])
        for path in WEB.rglob("*.py")
        if path.name != "acting.py"
        for each in parts(path)
        if isinstance(each, ast.Call) and ast.unparse(each.func) in ("over_all", "figures_over_all")
    }
    assert asked == OVER_ALL.keys()


def test_rules_are_asked_only_about_subjects_that_services_have() -> None:
    for path in WEB.rglob("*.py"):
        calls = [ast.unparse(each.func) for each in parts(path) if isinstance(each, ast.Call)]
        assert path.name == "acting.py" or not [each for each in calls if each.endswith((".options", ".fire"))], path
