"""Whatever sound definition is drawn: every state can be driven to an end, and options say what fire will do."""

from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.playing import Played, key_of, play, problems, what_goes_wrong
from tests.engine.random_definitions import AROUND, PART, THING, Family, sound_families
from tests.engine.stand_ins import ALL_AGAINST, CLOCK, NOTHING_AGAINST, Against, Person, Stage, Thing, fitting, stage
from wijkteam.engine.definition import PREVIOUS, Transition, Workflow
from wijkteam.engine.loading import examine_documents
from wijkteam.engine.outcomes import term_of
from wijkteam.engine.reading import Document
from wijkteam.engine.running import Blocked, NoMandate, NotYours, Refused
from wijkteam.terms import clock

MOST_STEPS = 200
WINDS = st.sampled_from([NOTHING_AGAINST, ALL_AGAINST])
SLOW = settings(max_examples=60, suppress_health_check=list(HealthCheck))


def staged(family: Family) -> tuple[Stage, Workflow, dict[str, Played]]:
    """The definitions as they are read, on a stage, with everything that can happen to the parts."""
    examined = examine_documents([Document(name, data) for name, data in family.definitions.items()], family.around)
    assert examined.findings == []
    here = stage(examined.workflows, family.around)
    named = {each.workflow: each for each in examined.workflows}
    parts = {PART: play(here, named[PART])} if PART in named else {}
    return here, named[THING], parts


def people_moves(here: Stage, thing: Thing) -> Iterator[tuple[Person, Transition]]:
    """What is open now, with who can do it."""
    for person in here.people:
        for option in here.options(thing, person):
            if option.open:
                yield person, option.transition


def given_for(here: Stage, workflow: Workflow, transition: Transition, all_of_it: bool) -> dict[str, object]:
    return fitting(workflow, transition, here.vocabularies[workflow.subject], all_of_it)


@SLOW
@given(sound_families())
def test_the_checker_finds_nothing_in_a_sound_definition(family: Family) -> None:
    documents = [Document(name, data) for name, data in family.definitions.items()]
    assert [str(each) for each in examine_documents(documents, family.around).findings] == []


@SLOW
@given(sound_families())
def test_nothing_goes_wrong_in_anything_that_can_happen(family: Family) -> None:
    here, workflow, parts = staged(family)
    played = play(here, workflow, parts)
    assert what_goes_wrong(played) == set()
    assert {key[0] for key in played.reached} == set(workflow.states)


@SLOW
@given(sound_families())
def test_from_every_state_an_end_is_reached_by_what_is_open_to_somebody(family: Family) -> None:
    here, workflow, parts = staged(family)
    for thing in play(here, workflow, parts).reached.values():
        assert ends(here, workflow, thing.again())


def ends(here: Stage, workflow: Workflow, thing: Thing) -> bool:
    """Breadth first by options and fire alone: whether somebody can bring it to a final state."""
    seen, waiting = {key_of(thing)}, [thing]
    while waiting:
        now = waiting.pop(0)
        if here.desk.has_ended(now):
            return True
        for person, transition in people_moves(here, now):
            tried = now.again()
            here.fire(tried, transition.name, person, given_for(here, workflow, transition, False))
            if key_of(tried) not in seen:
                seen.add(key_of(tried))
                waiting.append(tried)
    return False


@SLOW
@given(sound_families(), WINDS)
def test_what_is_open_can_be_done_and_what_is_blocked_is_refused_and_changes_nothing(
    family: Family, against: Against
) -> None:
    here, workflow, parts = staged(family)
    for thing in play(here, workflow, parts).reached.values():
        for tried, person in with_parts(thing, parts, here):
            options = {option.transition.name: option for option in here.options(tried, person, against)}
            for transition in workflow.transitions:
                agree(here, workflow, tried.again(), person, transition, options, against)


def with_parts(thing: Thing, parts: dict[str, Played], here: Stage) -> Iterator[tuple[Thing, Person]]:
    """The thing alone, and with one open part, for everybody and for the clock."""
    alone, together = thing.again(), thing.again()
    for played in parts.values():
        part = next(each for key, each in played.reached.items() if not played.is_final(key)).again()
        part.parent = together
        together.children = [part]
    for person in [*here.people, CLOCK]:
        yield alone, person
        if parts:
            yield together, person


def agree(
    here: Stage,
    workflow: Workflow,
    thing: Thing,
    person: Person,
    transition: Transition,
    options: dict[str, object],
    against: Against,
) -> None:
    option = options.get(transition.name)
    known = thing.state in transition.from_
    assert (option is not None) == (known and transition.is_for_people)
    before = whole(thing)
    try:
        here.fire(thing, transition.name, person, given_for(here, workflow, transition, True), against)
    except Refused as refused:
        assert option is None or not option.open, f"{transition.name} is open, and refused: {refused}"
        assert whole(thing) == before, "what is refused changes nothing"
        if option is not None:
            assert option.reason == refused.reason and isinstance(refused, NotYours | Blocked | NoMandate)
    else:
        assert known and (person is CLOCK or option.open), f"{transition.name} was blocked, and done"
        assert thing.version == before[1] + 1


def whole(thing: Thing) -> tuple[object, ...]:
    """All that anyone could see of a thing and its parts."""
    return (thing.tracked(), thing.version, thing.due, len(thing.events), [whole(each) for each in thing.children])


@SLOW
@given(sound_families(), st.data())
def test_along_any_way_the_fold_of_steps_is_the_state_and_a_term_runs_where_one_must(
    family: Family, data: st.DataObject
) -> None:
    here, workflow, _ = staged(family)
    thing = here.open(workflow.workflow, data.draw(st.booleans()))
    assert thing is not None
    for _ in range(data.draw(st.integers(1, 12))):
        before = thing.again()
        moves = list(people_moves(here, thing))
        if thing.due is not None and (not moves or data.draw(st.booleans())):
            assert here.miss(thing, data.draw(WINDS)) is not None, "a missed term is answered"
        elif moves:
            person, transition = data.draw(st.sampled_from(moves))
            with clock.standing_at(thing.due or thing.state_since):
                filled = given_for(here, workflow, transition, data.draw(st.booleans()))
                step = here.fire(thing, transition.name, person, filled)
            assert (term_of(step, here.vocabularies[THING]) is None) == (step.state.term is None)
            if transition.to == PREVIOUS:
                assert thing.state == before.previous_state, "a side road leads back to where it was entered"
        folded: dict[str, object] = {}
        for event in thing.events:
            folded.update(event["changes"])
        assert folded == thing.tracked()
        assert [event["sequence"] for event in thing.events] == list(range(1, thing.version + 1))
        assert (thing.due is not None) == (workflow.states[thing.state].term is not None)
        assert (thing.previous_state is not None) == workflow.states[thing.state].side


@SLOW
@given(sound_families(), WINDS)
def test_left_to_the_clock_everything_comes_to_rest_or_to_reminders_that_tell_somebody(
    family: Family, against: Against
) -> None:
    here, workflow, parts = staged(family)
    for thing in play(here, workflow, parts).reached.values():
        left = thing.again()
        steps = 0
        while left.due is not None:
            moment = left.due
            name = here.miss(left, against)
            transition = workflow.transition(name or "")
            assert transition is not None
            if transition.reminder:
                assert transition.tells and left.due is not None and left.due > moment
                break
            steps += 1
            assert steps < MOST_STEPS, "the clock goes on for ever"


def test_these_tests_would_see_a_clock_that_goes_round() -> None:
    """The measure itself can fail: without what runs out a climb goes on for ever, and it is seen."""
    climbing = {"name": "climb", "title": {"nl": "K", "en": "C"}, "from": "on", "to": "same", "by": ["clock"]}
    data = {
        "workflow": THING,
        "version": 1,
        "title": {"nl": "D", "en": "T"},
        "subject": THING,
        "initial": "on",
        "opening": {"title": {"nl": "O", "en": "O"}, "by": ["worker"]},
        "states": {
            "on": {"title": {"nl": "A", "en": "O"}, "holder": "worker", "term": {"within": "P1D", "on_miss": "climb"}},
            "off": {"title": {"nl": "U", "en": "O"}, "final": True},
        },
        "transitions": [
            {"name": "end", "title": {"nl": "E", "en": "E"}, "from": "on", "to": "off", "by": ["worker"]},
            {**climbing, "restarts_term": True},
        ],
    }
    workflow = Workflow.model_validate(data)
    assert any("goes round" in each for each in problems(stage([workflow], AROUND), [workflow]))
