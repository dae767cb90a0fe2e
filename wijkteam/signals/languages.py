"""What residents read on the pages without account, in one language: data, one file for each language."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool, StrictInt, StringConstraints

from wijkteam.engine.definition import Name, Part

Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
FOLDER = "texts/residents"
GAPS = ("who", "day", "action", "minutes", "most", "municipality")
"""What a text can leave open, between braces; the page fills it in."""


class Language(Part):
    """All texts in one language. `checked` says whether a native speaker read them."""

    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
    name: Words
    """What the language calls itself."""
    direction: Literal["ltr", "rtl"]
    checked: StrictBool
    place: StrictInt = 9
    """Where it stands among the languages; Dutch always comes first."""
    months: list[Words] = Field(min_length=12, max_length=12)
    written_day: Words
    """How a day is written, with {d}, {month} and {y}."""
    pages: dict[Name, Words]
    kinds: dict[Name, Words]
    """What can be given, in the words of the choice."""
    functions: dict[Name, Words]
    """Who does something, by function; `other` for any other, `resident` for who reads this."""
    now: dict[Name, dict[Name, Words]]
    """By workflow and state: what is done now. With {who}, and where a term runs with {day}."""
    done: dict[Name, dict[Name, Words]]
    """By workflow and step: what was done. Steps that stand not here are not told to the resident."""
    steps: dict[Name, dict[Name, Words]]
    """By workflow: what the resident can do."""
    fields: dict[Name, Words]
    """What is asked of the resident with a step, and what the resident reads of what others filled in."""
    choices: dict[Name, dict[Name, Words]]
    mail: dict[Name, Words]
    """What a mail to the resident says; never what it is about."""
    you_may_expect: list[Words] = Field(min_length=1)
    we_expect: list[Words] = Field(min_length=1)

    def day(self, day: date) -> str:
        """A day as it is written in this language, in the figures that everybody here can read."""
        return self.written_day.format(d=day.day, month=self.months[day.month - 1], y=day.year)

    def function(self, code: str) -> str:
        """Who holds this function, in words."""
        return self.functions.get(code, self.functions["other"])


def differences(language: Language, dutch: Language) -> Iterator[tuple[tuple[str, ...], str]]:
    """Where a language says less or more than Dutch does, or leaves another gap open: where it stands, and what."""
    for part in ("pages", "kinds", "functions", "now", "done", "steps", "fields", "choices", "mail"):
        mine, theirs = _flat(getattr(language, part)), _flat(getattr(dutch, part))
        for key in sorted(theirs.keys() - mine.keys()):
            yield (part,), f"{'.'.join(key)} is missing"
        for key in sorted(mine.keys() - theirs.keys()):
            yield (part,), f"{'.'.join(key)} is nothing that Dutch says"
        for key in sorted(mine.keys() & theirs.keys()):
            if gaps(mine[key]) != gaps(theirs[key]):
                yield (part,), f"{'.'.join(key)} must leave the same open as Dutch: {sorted(gaps(theirs[key]))}"
    for part in ("you_may_expect", "we_expect"):
        if len(getattr(language, part)) != len(getattr(dutch, part)):
            yield (part,), "must say as many things as Dutch does"


def gaps(text: str) -> frozenset[str]:
    """What a text leaves open."""
    return frozenset(each for each in GAPS if f"{{{each}}}" in text)


def _flat(texts: Mapping[str, Any], above: tuple[str, ...] = ()) -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for key, value in texts.items():
        found |= _flat(value, (*above, key)) if isinstance(value, Mapping) else {(*above, key): str(value)}
    return found
