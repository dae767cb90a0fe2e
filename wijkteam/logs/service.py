"""What the privacy officer does with the logs: searching them, and answering who looked at a file. Each is logged."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from wijkteam.access.reading_log import How, log_search
from wijkteam.cases import queries as cases
from wijkteam.logs import queries
from wijkteam.logs.queries import Asked, FoundEvent, FoundReading, Place
from wijkteam.logs.rules import ReadingRules
from wijkteam.logs.unusual import unusual_ids
from wijkteam.storage.work import Work
from wijkteam.terms import clock

OFFICER = "privacy_officer"
UNUSUAL_OVER = timedelta(days=31)
"""Over how long unusual readings are looked for when no period is asked."""


class NotTheirs(LookupError):
    """To whoever is no privacy officer there are no logs."""


def may_search(work: Work) -> bool:
    """Whether the acting person may look in the logs: a privacy officer, or whoever runs commands on the machine."""
    functions: frozenset[str] = getattr(work.actor, "functions", frozenset())
    return OFFICER in functions or work.origin.account is not None


def _guard(work: Work) -> None:
    if not may_search(work):
        raise NotTheirs


def _case_ids(work: Work, asked: Asked) -> list[str]:
    """The cases of one household or case that is asked for: their own log then says that it was searched."""
    if asked.household is not None:
        return queries.cases_of(work.session, asked.household)
    found = asked.case_id and queries.household_of(work.session, asked.case_id) is not None
    return [asked.case_id] if found else []


def search_readings(
    work: Work, asked: Asked, rules: ReadingRules, how: How, after: Place | None = None, most: int | None = queries.PAGE
) -> list[FoundReading]:
    """Readings, newest first; the search itself is logged first. Raises NotTheirs."""
    _guard(work)
    log_search(work, "logboek: lezen", asked.in_words(), how, _case_ids(work, asked))
    ids = None
    if asked.unusual:
        if asked.first is None:
            asked = Asked(**{**vars(asked), "first": (asked.last or clock.today()) - UNUSUAL_OVER})
        ids = unusual_ids(work.session, asked, rules.many_households)
    return queries.readings(work.session, asked, after, most, ids)


def search_events(
    work: Work, asked: Asked, how: How, after: Place | None = None, most: int | None = queries.PAGE
) -> list[FoundEvent]:
    """Events without what was recorded, newest first; the search itself is logged first. Raises NotTheirs."""
    _guard(work)
    log_search(work, "logboek: gebeurtenissen", asked.in_words(), how, _case_ids(work, asked))
    return queries.events(work.session, asked, after, most)


@dataclass(frozen=True)
class Look:
    """One look at a file, as it is told; `at` in UTC. Without names `who` is empty."""

    at: Any
    who: str
    function: str
    on_behalf_of: str
    why: str
    what: str


@dataclass(frozen=True)
class Looks:
    """Who looked at the file of one household, newest first."""

    household: int
    who_or_where: str
    cases: tuple[str, ...]
    looks: tuple[Look, ...]
    by_name: bool


def who_looked(
    work: Work, household: int, rules: ReadingRules, words: dict[str, str], functions: dict[str, str], how: How
) -> Looks:
    """Answer a resident's question: who looked at my file, when, and why. The answer itself is logged first.

    `words` says each ground in plain words, `functions` each function. Whoever runs it is among the readers.
    Raises NotTheirs, and LookupError when there is no such household.
    """
    _guard(work)
    home = cases.household(work.session, household)
    asked = Asked(household=household)
    log_search(work, "logboek: wie las dit", asked.in_words(), how, _case_ids(work, asked))
    by_name = rules.names == "person"
    looks = []
    for each in queries.readings(work.session, asked, most=None):
        reading = each.reading
        looks.append(
            Look(
                reading.at,
                each.person if by_name else "",
                functions.get(reading.function or "", reading.function or ""),
                each.on_behalf_of if by_name else "",
                words.get(reading.ground, reading.ground),
                reading.what,
            )
        )
    case_ids = queries.cases_of(work.session, household)
    return Looks(household, home.who_or_where, tuple(case_ids), tuple(looks), by_name)
