"""What the pages about people share: reading days and numbers from a form, and saying what is wrong with them."""

from collections.abc import Callable, Mapping
from datetime import date

from wijkteam.engine.fields import WrongFields
from wijkteam.people.service import WrongPerson
from wijkteam.terms import clock
from wijkteam.web.acting import Attempt, filled_in
from wijkteam.web.language import said


def day(given: Mapping[str, str], name: str, otherwise: date | None = None) -> date | None:
    """A day that was filled in; left empty it is `otherwise`. Raises WrongFields."""
    text = given.get(name, "").strip()
    if not text:
        return otherwise
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongFields.of(
            name, "Dit is geen datum. Voorbeeld: 2026-03-31.", "This is no date. Example: 2026-03-31."
        ) from None


def first_day(given: Mapping[str, str], name: str) -> date:
    """A day that was filled in, today when it was left empty. Raises WrongFields."""
    return day(given, name) or clock.today()


DIGITS = 10
"""Of a number from a list there are fewer; one of thousands of digits cannot even be read."""


def number(given: Mapping[str, str], name: str, known: Mapping[int, object]) -> int:
    """A number from a list of choices. Raises WrongFields."""
    text = given.get(name, "").strip()
    if not (text.isascii() and text.isdecimal() and len(text) < DIGITS) or int(text) not in known:
        if text:
            raise WrongFields.of(name, "Kies iets uit de lijst.", "Choose one from the list.")
        raise WrongFields.of(name, "Vul dit in.", "Fill this in.")
    return int(text)


def attempt(form: str, act: Callable[[Mapping[str, str]], object]) -> Attempt | None:
    """Do what a form asks; None when done, else what is wrong with everything that was typed."""
    given = filled_in()
    try:
        act(given)
    except WrongFields as wrong:
        return Attempt(form, given, {name: said(reason) for name, reason in wrong.mistakes.items()})
    except WrongPerson as wrong:
        return Attempt(form, given, {}, said(wrong))
    return None
