"""Whatever people do with a signal or complaint, its resident reads what is done, by whom and by which day."""

import contextlib
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Town
from wijkteam.deadlines.worker import do_due_work
from wijkteam.engine.definition import FieldType
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import Refused
from wijkteam.events.verification import verify
from wijkteam.people.acting import ActingPerson
from wijkteam.signals.acting import ActingResident
from wijkteam.signals.following import Followed, Telling, follow
from wijkteam.signals.languages import Language
from wijkteam.signals.service import MODELS, GivenSignal, give_signal
from wijkteam.storage.subject import new_id
from wijkteam.terms import clock

BEGUN = datetime(2026, 3, 2, 9, tzinfo=clock.NETHERLANDS)
PEOPLE = ("teun", "fenna", "petra", "kira", "mo")
PASSING = len(PEOPLE) + 1
"""Who acts: one of these people, the resident, or only time."""


def answer(field: Any, people: list[int], pick: int) -> Any:
    """Something that can be filled in."""
    match field.type:
        case FieldType.CHOICE:
            return sorted(field.choices)[pick % len(field.choices)]
        case FieldType.PERSON:
            return people[pick % len(people)]
        case FieldType.DATE:
            return clock.today().isoformat()
        case FieldType.FUTURE_DATE:
            return (clock.today() + timedelta(days=pick % 12)).isoformat()
        case _:
            return "De monteur komt langs"


def says_all(told: Followed, language: Language, ended: bool) -> None:
    """An action, who, and a day; nothing is left open, and nothing says that it is being worked on."""
    months = "|".join(map(re.escape, language.months))
    assert re.search(rf"\d{{1,2}} ({months}) \d{{4}}", told.now), told.now
    assert len(told.now) > 25 and "{" not in told.now + (told.late or "")
    theirs = any(each in told.now for each in (language.function("resident"), "De monteur"))
    who = theirs or any(each.casefold() in told.now.casefold() for each in language.functions.values())
    assert who or ended or told.steps, told.now
    assert all(each.on and "{" not in each.what for each in told.done) and told.done


@pytest.mark.parametrize("kind", ["complaint", "worry", "conduct"])
@given(
    walks=st.lists(st.tuples(st.integers(0, PASSING), st.integers(0, 30), st.integers(0, 30)), min_size=12, max_size=12)
)
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_status_says_what_who_and_when(town: Town, kind: str, walks: list[tuple[int, int, int]]) -> None:
    table, languages = town.house.signal_table, town.house.languages
    now = BEGUN
    with clock.standing_at(now):
        actors: list[ActingPerson] = [town.work(name).actor for name in PEOPLE]
        town.close()
        work = town.clockwork()
        got = give_signal(work, GivenSignal(kind, "De lamp is stuk"), table, new_id())
    model: Any = MODELS[got.kind]
    for who, which, pick in walks:
        now += timedelta(hours=1)
        if who == PASSING:
            now += timedelta(days=pick)
        with clock.standing_at(now):
            do_due_work(work)
            acting = work.acting_as(actors[who] if who < len(PEOPLE) else ActingResident(got.subject_id))
            subject = work.session.get(model, got.subject_id, populate_existing=True)
            options = [each for each in acting.options(subject) if each.open]
            if options and who != PASSING:
                step = options[which % len(options)].transition
                fields = work.engine.workflow(got.kind).fields
                numbers = [each.person_id for each in actors]
                filled = {each.field: answer(fields[each.field], numbers, pick) for each in step.questions}
                with contextlib.suppress(Refused, WrongFields):
                    acting.act_on(model, got.subject_id, step.name, filled)
            subject = work.session.get(model, got.subject_id, populate_existing=True)
            ended = work.engine.has_ended(subject)
            language = list(languages.values())[pick % len(languages)]
            told = follow(work, Telling(language, table, town.house.ladder), got.kind, got.subject_id)
            says_all(told, language, ended)
            assert table.says_nothing(told.now) is None
            assert not ended or not told.steps
    assert verify(work.session) == []
    town.close()
