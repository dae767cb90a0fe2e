"""Tracks run side by side in a case, and the case joins them: it waits for all, and hears of the last."""

import threading

import pytest
from sqlalchemy import select

from tests.conftest import Town
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.deadlines.model import Deadline
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import Blocked, NotYours, Refused
from wijkteam.engine.vocabulary import in_words
from wijkteam.events.model import Event, Notice
from wijkteam.events.verification import verify
from wijkteam.people import queries as people
from wijkteam.terms import clock
from wijkteam.tracks import queries
from wijkteam.tracks.model import Track
from wijkteam.tracks.service import NewTrack, begin_track

STEP = {"next_step": "Bellen", "next_step_on": "2099-01-04"}


def person(town: Town, first_name: str) -> int:
    found = people.person_by_email(town.clockwork().session, f"{first_name}@voorbeeldstad.example")
    assert found is not None
    return found.id


def opened(town: Town) -> HouseholdCase:
    return open_case(town.work("fenna"), NewCase("Straat 1", "Huur", "Bellen", clock.today()))


def begun(town: Town, case: HouseholdCase, domain: str = "housing", worker: str | None = None) -> Track:
    number = person(town, worker) if worker else None
    new = NewTrack(case.id, case.team_id, domain, "Hier blijven wonen.", "Bellen", clock.today(), number)
    return begin_track(town.work("fenna"), new)


def to_evaluating(town: Town, case: HouseholdCase) -> None:
    fenna = town.work("fenna")
    fenna.act_on(HouseholdCase, case.id, "found_safe", {"safety": "Ja."})
    fenna.act_on(HouseholdCase, case.id, "question_is_clear", {"question": "Rust."})
    fenna.act_on(HouseholdCase, case.id, "plan_is_agreed", {"plan": "Samen.", **STEP})
    fenna.act_on(HouseholdCase, case.id, "evaluate", {"how_it_goes": "Goed."})


FINISH = {"outcome": "achieved", "outcome_reason": "Huur op orde.", **STEP}


def names_of_events(town: Town, case: HouseholdCase) -> list[str]:
    rows = select(Event.name).where(Event.subject_id == case.id).order_by(Event.sequence)
    return list(town.clockwork().session.scalars(rows))


def test_tracks_run_side_by_side_each_with_its_own_worker_state_and_term(town: Town) -> None:
    case = opened(town)
    home = begun(town, case)
    money = begun(town, case, "finance", "sam.1")
    town.work("sam.1").act_on(Track, money.id, "wait_for_other", {"waiting_for": "De bank", **STEP})
    session = town.clockwork().session
    assert [(each.life_domain, each.state) for each in queries.tracks_of_case(session, case.id)] == [
        ("housing", "under_way"),
        ("finance", "waiting"),
    ]
    running = session.scalars(
        select(Deadline).where(Deadline.subject_id.in_([home.id, money.id]), Deadline.ended_at.is_(None))
    ).all()
    assert {each.state for each in running} == {"under_way", "waiting"}
    assert [each.id for each in queries.open_tracks_of(session, person(town, "sam.1"))] == [money.id]


def test_only_its_worker_moves_a_track_on(town: Town) -> None:
    track = begun(town, opened(town), worker="sam.1")
    with pytest.raises(NotYours) as refused:
        town.work("fenna").act_on(Track, track.id, "reach", {"result": "Klaar."})
    assert refused.value.nearest == in_words(people.name(town.clockwork().session, person(town, "sam.1")))


def test_a_case_cannot_finish_over_an_open_track(town: Town) -> None:
    case = opened(town)
    track = begun(town, case)
    to_evaluating(town, case)
    with pytest.raises(Blocked) as blocked:
        town.work("fenna").act_on(HouseholdCase, case.id, "finish", FINISH)
    assert "1 spoor of sporen" in blocked.value.reason.nl
    town.work("fenna").act_on(Track, track.id, "stop", {"why": "Niet meer nodig."})
    assert town.work("fenna").act_on(HouseholdCase, case.id, "finish", FINISH).state == "aftercare"


def test_the_owner_hears_when_the_last_track_has_ended_and_not_before(town: Town) -> None:
    case = opened(town)
    first, last = begun(town, case, "housing", "sam.1"), begun(town, case, "finance", "sam.1")
    town.work("sam.1").act_on(Track, first.id, "reach", {"result": "Klaar."})
    assert "tracks_ended" not in names_of_events(town, case)
    town.work("sam.1").act_on(Track, last.id, "reach", {"result": "Klaar."})
    assert names_of_events(town, case)[-1] == "tracks_ended"
    told = select(Notice).where(Notice.subject_id == case.id, Notice.about == "tracks_ended")
    assert [each.person_id for each in town.clockwork().session.scalars(told)] == [case.owner_id]
    assert verify(town.clockwork().session) == []


def test_when_the_last_two_end_at_the_same_moment_the_case_moves_on_once(town: Town) -> None:
    case = opened(town)
    tracks = [begun(town, case, "housing", "sam.1"), begun(town, case, "finance")]
    ready, failures = threading.Barrier(2), []

    def end(name: str, track: Track) -> None:
        work = town.work(name)
        ready.wait()
        try:
            work.act_on(Track, track.id, "reach", {"result": "Klaar."})
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=end, args=pair) for pair in zip(("sam.1", "fenna"), tracks, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert names_of_events(town, case).count("tracks_ended") == 1
    assert verify(town.clockwork().session) == []


@pytest.mark.parametrize("_round", range(4))
def test_a_track_that_ends_while_its_case_takes_it_along_ends_once(town: Town, _round: int) -> None:
    case = opened(town)
    track = begun(town, case, "housing", "sam.1")
    ready, wrong = threading.Barrier(2), []

    def act(name: str, model: type, number: str, transition: str, fields: dict[str, str]) -> None:
        work = town.work(name)
        ready.wait()
        try:
            work.act_on(model, number, transition, fields)
        except Refused:
            pass
        except Exception as error:
            wrong.append(error)

    stop_early = {"outcome": "partly", "outcome_reason": "Verhuisd."}
    threads = [
        threading.Thread(target=act, args=("sam.1", Track, track.id, "reach", {"result": "Klaar."})),
        threading.Thread(target=act, args=("fenna", HouseholdCase, case.id, "stop_early", stop_early)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    session = town.clockwork().session
    ends = session.scalars(
        select(Event.name).where(Event.subject_id == track.id, Event.name.in_(("reach", "stop")))
    ).all()
    assert len(ends) == 1
    assert verify(session) == []


def test_a_case_that_stops_early_takes_its_tracks_along_with_the_reason(town: Town) -> None:
    case = opened(town)
    track = begun(town, case, worker="sam.1")
    fields = {"outcome": "partly", "outcome_reason": "Verhuisd."}
    town.work("fenna").act_on(HouseholdCase, case.id, "stop_early", fields)
    after = queries.find_track(town.clockwork().session, track.id)
    assert (after.state, after.result) == ("stopped", "Verhuisd.")
    assert names_of_events(town, case) == ["open", "stop_early"], "a case that stops is not moved on by its tracks"


def test_a_closed_case_takes_no_new_track(town: Town) -> None:
    case = opened(town)
    town.work("fenna").act_on(HouseholdCase, case.id, "stop_early", {"outcome": "partly", "outcome_reason": "x"})
    with pytest.raises(Blocked):
        begun(town, case)


@pytest.mark.parametrize("worker", ["bea", "teun"])
def test_only_a_front_line_professional_works_on_a_track(town: Town, worker: str) -> None:
    with pytest.raises(Blocked):
        begun(town, opened(town), worker=worker)


def test_a_track_begins_with_a_life_domain_a_goal_and_a_next_step(town: Town) -> None:
    case = opened(town)
    with pytest.raises(WrongFields) as wrong:
        begin_track(town.work("fenna"), NewTrack(case.id, case.team_id, "tuinieren", "", "", "gisteren"))
    assert set(wrong.value.mistakes) == {"life_domain", "goal", "next_step", "next_step_on"}
