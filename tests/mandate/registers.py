"""Made-up registers for tests: entries, rows, and strategies that draw them."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from wijkteam.mandate.change_checks import Known
from wijkteam.mandate.kept import KeptRegister, KeptRow
from wijkteam.mandate.register_file import COLLEGE, KINDS, MandateEntry

FOUNDED = date(2020, 1, 1)
FUNCTIONS = ("best_person", "team_lead", "manager", "bestuurder")
POWERS = ("mini_budget", "tailored_budget")
TEAMS = ("Wijkteam 1", "Team; 'met' \"van alles\", ja")
KNOWN = Known(
    powers=frozenset(POWERS),
    functions=frozenset(FUNCTIONS),
    bodies=frozenset({COLLEGE, "burgemeester"}),
    reserved=frozenset({"precedent", "politically_sensitive"}),
    teams=frozenset(TEAMS),
    wijken=frozenset({"WK000001"}),
)


def entry(number: str, **said: Any) -> MandateEntry:
    """A row about a tailored budget for the team lead, but for what is said of it."""
    usual = {"power": "tailored_budget", "legal_ground": "Gemeentewet art. 160", "function": "team_lead"}
    return MandateEntry.model_validate({"number": number, "valid_from": FOUNDED, **usual, **said})


def register(*entries: MandateEntry) -> KeptRegister:
    """A register that holds these rows, each under the one that it names."""
    numbers = {each.number: index for index, each in enumerate(entries, 1)}
    return KeptRegister(
        KeptRow(index, each, numbers.get(each.given_under or "")) for index, each in enumerate(entries, 1)
    )


SIGNS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp", "Cn", "Co"))
ODD = st.sampled_from(
    [
        "=1+1",
        "+31",
        "-2",
        "@x",
        "'",
        "''=",
        "'=",
        " =A1",
        "a,b;c",
        'say "ja"',
        "é€",
        "no",
        "08",
        "€ 1.000",
        "1.10",
        "null",
        "2026-01-01",
        "a: b # c",
        "- x",
        "𝕏",
    ]
)
TEXT = (st.text(SIGNS, min_size=1, max_size=30) | ODD).map(str.strip).filter(bool)
LINES = st.lists(TEXT, min_size=1, max_size=3).map("\n".join)
EUROS = st.integers(1, 10**11).map(lambda cents: Decimal(cents) / 100)
NUMBERS = st.from_regex(r"[0-9A-Za-z]([0-9A-Za-z ._-]{0,12}[0-9A-Za-z])?", fullmatch=True)
DURATIONS = st.sampled_from(["PT24H", "P2D", "P6W", "P3M", "P1Y"])


@st.composite
def entries(draw: st.DrawFn, number: str | None = None) -> MandateEntry:
    """Any row that can be written."""

    def maybe(strategy: st.SearchStrategy[Any]) -> Any:
        return draw(st.none() | strategy)

    passes_on, colleagues = draw(st.booleans()), draw(st.integers(0, 3))
    first = draw(st.dates(date(2020, 1, 1), date(2024, 1, 1)))
    return MandateEntry.model_validate(
        {
            "number": number or draw(NUMBERS),
            "kind": draw(st.sampled_from(KINDS)),
            "power": draw(st.sampled_from(POWERS)),
            "legal_ground": draw(TEXT),
            "body": draw(st.sampled_from(sorted(KNOWN.bodies))),
            "function": draw(st.sampled_from(FUNCTIONS)),
            "may_pass_on": passes_on,
            "pass_on_to": maybe(st.sampled_from(FUNCTIONS)) if passes_on else None,
            "per_decision": maybe(EUROS),
            "per_household": maybe(EUROS),
            "per_year": maybe(EUROS),
            "longest_duration": maybe(DURATIONS),
            "second_pair_above": maybe(EUROS),
            "colleagues_needed": colleagues,
            "quorum_within": maybe(DURATIONS) if colleagues else None,
            "reserved": draw(st.lists(st.sampled_from(sorted(KNOWN.reserved)), max_size=2)),
            "civil_servant_only": draw(st.booleans()),
            "team": maybe(st.sampled_from(TEAMS)),
            "wijk": maybe(st.sampled_from(sorted(KNOWN.wijken))),
            "conditions": maybe(LINES),
            "inform_duty": maybe(LINES),
            "publication": maybe(TEXT),
            "valid_from": first,
            "valid_until": maybe(st.dates(date(2099, 1, 1), date(2099, 12, 31))),
        }
    )


def many_entries(most: int = 4) -> st.SearchStrategy[list[MandateEntry]]:
    """Rows with numbers of their own."""
    return st.lists(entries(), min_size=1, max_size=most, unique_by=lambda each: each.number)
