"""A coming day, suggested from what somebody wrote: "volgende week dinsdag bellen" is the Tuesday of next week."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field

from wijkteam.engine.definition import Part
from wijkteam.engine.loading import load_document
from wijkteam.suggesting.words import plain
from wijkteam.terms.duration import add_months

TOKEN = re.compile(r"\d{1,2}[-/]\d{1,2}(?:[-/]\d{4})?(?![\d-])|[a-z0-9]+")
SENTENCE = re.compile(r"[^.!?\n]*(?:\.(?=\S)[^.!?\n]*)*")
FRIDAY = 5
LONGEST_SENTENCE = 300
MOST_AHEAD = 400
"""Days: what lies further away is hardly a next step."""
HALF_A_YEAR = 183


class DayWords(Part):
    """By which words days are recognised; see words/days.yaml."""

    words_of: Literal["days"]
    source: str
    from_today: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    months: dict[str, int] = {}
    numbers: dict[str, int] = {}
    units: dict[str, Literal["day", "week", "month"]] = {}
    ahead: list[str] = Field(default=[], max_length=100)
    next: list[str] = Field(default=[], max_length=100)
    end: list[str] = Field(default=[], max_length=100)
    not_after: list[str] = Field(default=[], max_length=100)
    done: list[str] = Field(default=[], max_length=100)


def read_day_words(folders: Iterable[Path]) -> DayWords:
    """The words of all folders together: a municipality adds its own. Raises WrongDefinition."""
    paths = [folder / "words" / "days.yaml" for folder in folders]
    first, *others = [load_document(path, DayWords) for path in paths if path.is_file()]
    said = first.model_dump()
    for other in others:
        for name, value in other.model_dump().items():
            if isinstance(value, dict):
                said[name] = {**value, **said[name]}
            elif isinstance(value, list):
                said[name] = [*said[name], *value]
    return DayWords.model_validate(said)


@dataclass(frozen=True)
class SuggestedDay:
    """A coming day, the words that say so, and the sentence in which they stand."""

    day: date
    because: str
    sentence: str


@dataclass(frozen=True)
class _Found:
    day: date
    first: int
    last: int
    bare: bool
    """Only a weekday: it may be the one that has passed."""


def suggest_day(text: str, words: DayWords, today: date) -> SuggestedDay | None:
    """The coming day that a text is about; None when it names none.

    Of several days the first that is more than a bare weekday, else the first weekday in a sentence that does not
    tell what was done.
    """
    bare = None
    for sentence in filter(None, (each.strip() for each in SENTENCE.findall(text))):
        said = TOKEN.findall(plain(sentence))
        told = not set(words.done).isdisjoint(said)
        for found in _days(said, words, today):
            if not today <= found.day <= today + timedelta(days=MOST_AHEAD):
                continue
            because = " ".join(said[found.first : found.last])
            suggested = SuggestedDay(found.day, because, sentence[:LONGEST_SENTENCE])
            if not found.bare:
                return suggested
            if not told and bare is None:
                bare = suggested
    return bare


def _days(said: Sequence[str], words: DayWords, today: date) -> Iterator[_Found]:
    at = 0
    while at < len(said):
        found = next((each for way in WAYS if (each := way(said, at, words, today)) is not None), None)
        if found is not None:
            yield found
        at = found.last if found is not None else at + 1


def _next_week(said: Sequence[str], at: int, words: DayWords, today: date) -> _Found | None:
    """Volgende week dinsdag, dinsdag volgende week, volgende week; volgende maand."""
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=1)
    if said[at] in words.weekdays and _is_next(said, at + 1, words, "week"):
        return _Found(monday + timedelta(days=words.weekdays[said[at]] - 1), at, at + 3, bare=False)
    if _is_next(said, at, words, "week"):
        place = at + 3 if _one(said, at + 2) == "op" else at + 2
        weekday = words.weekdays.get(_one(said, place))
        if weekday is not None:
            return _Found(monday + timedelta(days=weekday - 1), at, place + 1, bare=False)
        return _Found(monday, at, at + 2, bare=False)
    if _is_next(said, at, words, "month"):
        return _Found(add_months(today.replace(day=1), 1), at, at + 2, bare=False)
    return None


def _is_next(said: Sequence[str], at: int, words: DayWords, unit: str) -> bool:
    one = _one(said, at + 1)
    return _one(said, at) in words.next and one in ("week", "maand") and words.units.get(one) == unit


def _one(said: Sequence[str], at: int) -> str:
    return said[at] if at < len(said) else ""


def _date(said: Sequence[str], at: int, words: DayWords, today: date) -> _Found | None:
    """3 december, 3 december 2026, 3-12, 3/12/2026."""
    numbers = re.split("[-/]", said[at])
    if len(numbers) == 1 and said[at].isdigit() and _one(said, at + 1) in words.months:
        year = _one(said, at + 2)
        with_year = year.isdigit() and len(year) == 4
        numbers = [said[at], str(words.months[said[at + 1]]), *([year] if with_year else [])]
        last = at + 2 + with_year
    else:
        last = at + 1
    if len(numbers) < 2 or not all(each.isdigit() for each in numbers):
        return None
    day = _day_of(numbers, today)
    return _Found(day, at, last, bare=False) if day is not None else None


def _day_of(numbers: Sequence[str], today: date) -> date | None:
    try:
        day = date(int(numbers[2]) if len(numbers) > 2 else today.year, int(numbers[1]), int(numbers[0]))
        long_ago = len(numbers) == 2 and (today - day).days > HALF_A_YEAR
        return day.replace(year=day.year + 1) if long_ago else day
    except ValueError:
        return None


def _ahead(said: Sequence[str], at: int, words: DayWords, today: date) -> _Found | None:
    """Over twee weken, binnen 3 dagen."""
    number, unit = _one(said, at + 1), words.units.get(_one(said, at + 2))
    count = int(number) if number.isdigit() and len(number) < 4 else words.numbers.get(number)
    if said[at] not in words.ahead or unit is None or count is None:
        return None
    days = count * (7 if unit == "week" else 1)
    day = add_months(today, count) if unit == "month" else today + timedelta(days=days)
    return _Found(day, at, at + 3, bare=False)


def _end_of_week(said: Sequence[str], at: int, words: DayWords, today: date) -> _Found | None:
    """Eind van de week, eind deze week."""
    place = at + 1 + (_one(said, at + 1) == "van")
    if said[at] not in words.end or _one(said, place) not in ("de", "deze") or _one(said, place + 1) != "week":
        return None
    return _Found(today + timedelta(days=(FRIDAY - today.isoweekday()) % 7), at, place + 2, bare=False)


def _weekday(said: Sequence[str], at: int, words: DayWords, today: date) -> _Found | None:
    weekday = words.weekdays.get(said[at])
    if weekday is None or (at and said[at - 1] in words.not_after):
        return None
    return _Found(today + timedelta(days=(weekday - today.isoweekday() - 1) % 7 + 1), at, at + 1, bare=True)


def _from_today(said: Sequence[str], at: int, words: DayWords, today: date) -> _Found | None:
    days = words.from_today.get(said[at])
    if days is None or (at and (said[at - 1] in words.not_after or said[at - 1] in words.weekdays)):
        return None
    return _Found(today + timedelta(days=days), at, at + 1, bare=False)


WAYS = (_next_week, _date, _ahead, _end_of_week, _weekday, _from_today)
"""From the most to the least that is said."""
