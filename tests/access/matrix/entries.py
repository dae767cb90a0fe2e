"""What every route is: of which thing it tells, or for whom it is. A route that is in none of these fails the suite."""

LEADERS = frozenset({"teun", "teamleider.2", "petra", "mo", "bea"})
EVERYONE = frozenset()
"""Stands for: everybody who signed in."""

OF = {
    "cases.page": "case",
    "cases.step": "case",
    "cases.begin_track_in": "case",
    "cases.start_legal_term_in": "case",
    "cases.escalate_case": "case",
    "cases.ask_mandate": "case",
    "tracks.page": "track",
    "tracks.step": "track",
    "legal_terms.page": "term",
    "legal_terms.step": "term",
    "letters.page": "letter",
    "letters.pdf": "letter",
    "letters.step": "letter",
    "escalations.page": "escalation",
    "escalations.step": "escalation",
    "escalations.add_file": "escalation",
    "escalations.file": "escalation",
    "escalations.back": "escalation",
    "requests.page": "request",
    "requests.step": "request",
    "objections.page": "objection",
    "objections.step": "objection",
}
"""Routes about one thing of a case: they exist for who may read that thing, and for nobody else."""

FOR = {
    "my_work.page": EVERYONE,
    "my_work.put_away": EVERYONE,
    "cases.new": frozenset({"fenna", "kim.1", "noa.1", "sam.2", "rik.2"}),
    "cases.team": EVERYONE,
    "requests.listing": EVERYONE,
    "requests.together": EVERYONE,
    "escalations.listing": EVERYONE,
    "patterns.listing": EVERYONE,
    "patterns.new": EVERYONE,
    "breakthroughs.listing": EVERYONE,
    "breakthroughs.choose": EVERYONE,
    "signals.listing": EVERYONE,
    "objections.listing": frozenset({"olga", "mo", "bea", "ada"}),
    "report.page": LEADERS,
    "report.as_csv": LEADERS,
    "what_if.page": frozenset({"mo", "bea", "ada"}),
    "workflows.listing": LEADERS | {"ada", "pia"},
    "workflows.page": LEADERS | {"ada", "pia"},
    "messages.mine": EVERYONE,
    "messages.choose": EVERYONE,
    "messages.outgoing": frozenset({"ada"}),
    "messages.drop": frozenset({"ada"}),
    "messages.try_again": frozenset({"ada"}),
    "messages.try_all_again": frozenset({"ada"}),
    "register.listing": EVERYONE,
    "register.row": EVERYONE,
    "register.download": EVERYONE,
    "register_changes.listing": EVERYONE,
    "register_changes.new": frozenset({"ada"}),
    "register_changes.propose": frozenset({"ada"}),
    "register_changes.page": EVERYONE,
    "register_changes.step": EVERYONE,
    "people.listing": frozenset({"ada"}),
    "people.page": frozenset({"ada"}),
    "people.step": frozenset({"ada"}),
    "absence.page": EVERYONE,
    "absence.step": EVERYONE,
}
"""Routes about no thing of a case: for whom they are."""

OF_OTHERS = {
    "patterns.page": "who raised it, who stands on the ladder and who is behind it; see tests/escalation",
    "patterns.step": "as its page",
    "patterns.choose": "as its page",
    "patterns.back": "as its page",
    "backings.page": "who gave or got it and who reads what it is for; see tests/escalation",
    "backings.step": "as its page",
    "breakthroughs.page": "everybody: it holds no household",
    "breakthroughs.step": "as its page",
    "signals.page": "its team, its handler and who wrote it down; see tests/access",
    "signals.step": "as its page",
    "what_if.cases": "who may read what-if, and of each request only its readers; see tests/mandate",
    "messages.to_subject": "leads to the page of a thing, which decides itself",
}
"""Routes about a thing that hangs under no one case, and where it is tested who may read it."""

WITHOUT_SIGNING_IN = {"static", "sign_in.page", "sign_in.leave"}

FIGURES = {
    "report.page",
    "report.as_csv",
    "what_if.page",
    "workflows.listing",
    "workflows.page",
    "messages.outgoing",
}
"""Routes that count over all cases, with small cells withheld, or over all mail: a case more may show in them."""

FILLED_IN = {"name": "household_case", "number": "M-01", "form": "csv", "kind": "household_case"}
"""What stands in a path besides the thing that it is about."""
