"""How values look on the pages: dates, amounts, titles and the fields of a step."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Flask

from wijkteam.engine import titles
from wijkteam.engine.definition import AskedField, Transition, Workflow
from wijkteam.events.chain import plain
from wijkteam.events.model import Event
from wijkteam.events.payloads import CannotOpenPayload
from wijkteam.events.queries import recorded
from wijkteam.mandate import queries as mandate
from wijkteam.mandate import row
from wijkteam.people import queries as people
from wijkteam.signals.acting import is_residents
from wijkteam.terms import clock
from wijkteam.terms.term import Clock
from wijkteam.terms.words import ENGLISH_MONTHS, MONTHS, length
from wijkteam.web.acting import house, reading
from wijkteam.web.language import _, language, later, ngettext, said
from wijkteam.web.once import form_number


def day(value: date | datetime | None) -> str:
    """A day as people write it: 3 maart 2026, 3 March 2026."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = clock.local(value).date()
    months = ENGLISH_MONTHS if language() == "en" else MONTHS
    return f"{value.day} {months[value.month - 1]} {value.year}"


def moment(value: datetime | None) -> str:
    """A day with the time on Dutch clocks."""
    return f"{day(value)}, {clock.local(value):%H:%M}" if value else ""


def due(value: date | datetime | None) -> str:
    """A day seen from today: vandaag, morgen, nog 3 dagen, 2 dagen te laat."""
    if value is None:
        return ""
    on = clock.local(value).date() if isinstance(value, datetime) else value
    days = (on - clock.today()).days
    if days < 0:
        return ngettext("%(num)s dag te laat", "%(num)s dagen te laat", -days)
    if days < 2:
        return _("morgen") if days else _("vandaag")
    return _("nog %(days)s dagen", days=days)


def euros(cents: int) -> str:
    """An amount in cents as people write it in the language of this request: € 1.250,00, €1,250.00."""
    return row.euros(cents, language())


def decimal(value: float | Decimal | str) -> str:
    """A number as people write it in the language of this request: 2,5 or 2.5. Digits stay as they are."""
    return str(value) if language() == "en" else str(value).replace(".", ",")


def is_late(value: date | datetime | None) -> bool:
    """Whether a day has passed."""
    if value is None:
        return False
    return (clock.local(value).date() if isinstance(value, datetime) else value) < clock.today()


def state_title(workflow: str, state: str) -> str:
    """The title of a state, as the newest version that knows it calls it."""
    known = (each.states[state] for each in house().engine.versions(workflow) if state in each.states)
    found = next(known, None)
    return said(found.title) if found else state


def step_title(workflow: str, name: str) -> str:
    """The title of a transition, of the opening, or of a move to another version."""
    return said(titles.step_title(house().engine, workflow, name))


def choices_of(workflow: Workflow, field: AskedField) -> list[tuple[str, str]]:
    """The choices of a field, as (code, title)."""
    if field.choices is not None:
        return [(code, said(title)) for code, title in field.choices.items()]
    lists = house().engine.process(workflow.workflow).vocabulary.lists
    return [(code, said(title)) for code, title in lists[field.list or ""].items()]


UNREADABLE = (later("Ingevuld"), later("staat er, maar kan nu niet gelezen worden"))


def readable_fields(event: Event) -> dict[str, Any] | None:
    """What was filled in at an event; None when it is there and cannot be read now, for want of its key."""
    try:
        return recorded(event)
    except CannotOpenPayload:
        return None


def recorded_words(event: Event) -> dict[str, str]:
    """What was filled in at an event in words, by the name of the field."""
    words = {}
    for name, value in (readable_fields(event) or {}).items():
        workflow = next((each for each in house().engine.versions(event.subject_kind) if name in each.fields), None)
        if workflow is not None and value is not None:
            words[name] = _in_words(workflow, workflow.fields[name], value)
    return words


def recorded_lines(event: Event) -> list[tuple[str, str]]:
    """What was filled in at an event, as (question, answer) in words."""
    fields = readable_fields(event)
    if fields is None:
        return [(_(UNREADABLE[0]), _(UNREADABLE[1]))]
    lines = []
    for name, value in fields.items():
        workflow = next((each for each in house().engine.versions(event.subject_kind) if name in each.fields), None)
        if workflow is not None:
            lines.append((said(workflow.fields[name].title), _in_words(workflow, workflow.fields[name], value)))
    return lines


def _in_words(workflow: Workflow, field: AskedField, value: Any) -> str:
    match field.type:
        case "money":
            return euros(value)
        case "date" | "future_date":
            return day(date.fromisoformat(plain(value)))
        case "choice":
            return dict(choices_of(workflow, field)).get(value, str(value))
        case "person":
            return people.name(reading(), value)
        case "yes_no":
            return _("ja") if value else _("nee")
        case _:
            return str(value)


def questions_of(workflow: Workflow, transition: Transition) -> list[tuple[str, AskedField, bool]]:
    """The asked fields of a transition: name, field, whether it must be filled in."""
    return [(ask.field, workflow.fields[ask.field], ask.required) for ask in transition.questions]


def acted(event: Event, otherwise: str | None = None) -> str:
    """Who did it: a person, the resident whose signal it is, or nobody at all."""
    if event.actor_id is not None:
        return people.name(reading(), event.actor_id)
    if is_residents(house().engine, event.subject_kind, event.name):
        return _("de bewoner")
    return _("vanzelf") if otherwise is None else otherwise


def list_title(name: str, code: str | None) -> str:
    """The title of a code in a list; the code itself when it is not listed, empty for none."""
    return house().title(name, code, language())


def power_titles() -> dict[str, str]:
    """The titles of all powers, by code."""
    return mandate.powers(reading(), language())


def function_title(code: str) -> str:
    """The title of a function, or its code when there is none."""
    return people.function_title(reading(), code, language())


def length_of(within: str, kind: str) -> str:
    """A length of time in words: 6 weken, 3 werkdagen."""
    return said(length(within, kind == Clock.WORKING_DAYS))


def sharing_ground(code: str) -> str:
    """The title of a legal ground for sharing, with its law and article; the code when it is not listed."""
    found = house().sharing.as_list().get(code)
    return said(found) if found is not None else code


def titled(codes: Iterable[str], titles: Mapping[str, str]) -> list[str]:
    """The titles of these codes, in their order; a code without a title as it is."""
    return [titles.get(code, code) for code in codes]


def list_titles(name: str) -> dict[str, str]:
    """All titles of a list, by code."""
    return {code: said(title) for code, title in house().lists[name].items.items()}


def function_titles() -> dict[str, str]:
    """The titles of all functions, by code."""
    return people.functions(reading(), language())


def register(app: Flask) -> None:
    """Make these known to the templates."""
    app.jinja_env.filters.update(day=day, moment=moment, due=due, euros=euros, decimal=decimal, titled=titled)
    app.jinja_env.tests.update(late=is_late)
    app.jinja_env.globals.update(
        state_title=state_title,
        step_title=step_title,
        choices_of=choices_of,
        recorded_lines=recorded_lines,
        questions_of=questions_of,
        today=clock.today,
        form_number=form_number,
        acted=acted,
        person_name=lambda number: people.name(reading(), number),
        function_title=function_title,
        list_title=list_title,
        length_of=length_of,
        sharing_ground=sharing_ground,
    )
