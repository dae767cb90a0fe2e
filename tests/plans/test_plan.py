"""The one plan: goals in the household's own words, strengths beside worries, agreements, and who agreed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.conftest import Town
from tests.signed_in import client
from wijkteam.access.model import Reading
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import NotYours
from wijkteam.events.verification import verify
from wijkteam.plans import queries
from wijkteam.plans.model import Goal
from wijkteam.plans.service import NewAgreement, NewGoal, TrackForGoal, agree_on, begin_track_for, set_goal
from wijkteam.terms import clock
from wijkteam.tracks.queries import find_track
from wijkteam.tracks.service import NewTrack, begin_track

STEP = {"next_step": "Bellen", "next_step_on": "2099-01-04"}


def opened(town: Town, who: str = "Straat 1") -> HouseholdCase:
    return open_case(town.work("fenna"), NewCase(who, "Huurschuld, en zij slaapt slecht", "Bellen", clock.today()))


def goal_of(town: Town, case: HouseholdCase, words: str = "Hier blijven wonen.", domain: str = "housing") -> Goal:
    return set_goal(town.work("fenna"), NewGoal(case.id, case.team_id, words, domain))


def evaluating(town: Town, case: HouseholdCase) -> None:
    fenna = town.work("fenna")
    fenna.act_on(HouseholdCase, case.id, "found_safe", {"safety": "Ja."})
    fenna.act_on(HouseholdCase, case.id, "question_is_clear", {"question": "Rust."})
    fenna.act_on(HouseholdCase, case.id, "plan_is_agreed", {"plan": "Samen.", **STEP})
    fenna.act_on(HouseholdCase, case.id, "evaluate", {"how_it_goes": "Goed."})


def test_a_track_for_a_goal_asks_only_what_the_goal_does_not_say_and_the_other_way_round(town: Town) -> None:
    case = opened(town)
    goal = begin_track_for(town.work("fenna"), goal_of(town, case).id, TrackForGoal("Bellen", clock.today()))
    track = find_track(town.clockwork().session, goal.track_id or "")
    assert track is not None
    assert (track.life_domain, track.goal, track.case_id) == ("housing", "Hier blijven wonen.", case.id)

    new = NewTrack(case.id, case.team_id, "finance", "Geen schulden meer.", "Bellen", clock.today())
    money = begin_track(town.work("fenna"), new)
    goal = set_goal(town.work("fenna"), NewGoal(case.id, case.team_id, track_id=money.id))
    assert (goal.words, goal.life_domain, goal.track_id) == ("Geen schulden meer.", "finance", money.id)

    other = opened(town, "Straat 2")
    with pytest.raises(WrongFields, match="track_id"):
        set_goal(town.work("fenna"), NewGoal(other.id, other.team_id, track_id=money.id))
    with pytest.raises(WrongFields, match="goal_id"):
        agree_on(town.work("fenna"), NewAgreement(other.id, other.team_id, "Belt", "Oma", goal_id=goal.id))
    assert verify(town.clockwork().session) == []


@pytest.mark.parametrize(
    ("states", "outcome"),
    [
        ([], None),
        (["dropped"], None),
        (["achieved", "achieved", "dropped"], "achieved"),
        (["achieved", "not_achieved"], "partly"),
        (["partly"], "partly"),
        (["achieved", "open"], "partly"),
        (["not_achieved", "open"], "not_achieved"),
    ],
)
def test_goals_suggest_an_outcome(states: list[str], outcome: str | None) -> None:
    found = queries.suggested_outcome([Goal(state=state, because=f"Om {state}.") for state in states])
    assert (found.code if found else None) == outcome


def test_who_begins_a_track_on_a_goal_that_somebody_else_changed_is_told_so_and_keeps_what_was_typed(
    town: Town,
) -> None:
    goal = goal_of(town, opened(town))
    fenna, typed = client(town, "fenna"), {"next_step": "Bellen met Verzonnen BV", "next_step_on": str(clock.today())}
    assert f'name="version" value="{goal.version}"' in fenna.get(f"/doelen/{goal.id}").text.split("/spoor")[1]
    late = fenna.post(f"/doelen/{goal.id}/spoor", data={**typed, "version": str(goal.version - 1)})
    assert late.status_code == 409 and "Iemand was u voor" in late.text
    assert "Bellen met Verzonnen BV" in late.text
    assert fenna.post(f"/doelen/{goal.id}/spoor", data={**typed, "version": str(goal.version)}).status_code == 302


def test_the_outcome_is_proposed_from_the_goals_and_confirmed_by_a_person(town: Town) -> None:
    case = opened(town)
    first, second = goal_of(town, case), goal_of(town, case, "Weer slapen.", "mental_health")
    fenna = client(town, "fenna")
    fenna.post(f"/doelen/{first.id}/stap/achieve", data={"own_answer": "good", "own_words": "We slapen weer."})
    lost = fenna.post(f"/doelen/{second.id}/stap/not_achieve", data={"own_words": "Het duurde te lang."})
    assert lost.status_code == 422 and "Het duurde te lang." in lost.text
    fenna.post(f"/doelen/{second.id}/stap/not_achieve", data={"because": "Er was een wachtlijst."})
    assert fenna.get(f"/casus/{case.id}/uitkomst").status_code == 302, "not while it cannot be finished"
    evaluating(town, case)
    page = fenna.get(f"/casus/{case.id}/uitkomst").text
    assert "Voorstel: deels gelukt" in page
    assert 'value="partly" checked' in page and "Er was een wachtlijst." in page and "We slapen weer." in page
    data = {"outcome": "achieved", "outcome_reason": "Zij vinden het genoeg.", **STEP}
    assert fenna.post(f"/casus/{case.id}/stap/finish", data=data).status_code == 302
    town.close()
    assert town.clockwork().session.get_one(HouseholdCase, case.id).outcome == "achieved", "a person says what it was"


def test_free_words_come_first_and_the_life_domain_is_one_tap(town: Town) -> None:
    case, fenna = opened(town), client(town, "fenna")
    known = town.house.words["life_domains"]
    assert set(known) == set(town.house.lists["life_domains"].items)
    page = fenna.get(f"/casus/{case.id}").text
    assert "life_domain=finance" in page and "life_domain=mental_health" in page, "what the case is about, as a link"
    words = {"words": "Ik wil weer slapen en <b>rust</b>", "reached_when": "Vijf nachten"}
    asked = fenna.post(f"/casus/{case.id}/doelen", data=words)
    assert asked.status_code == 200 and "&lt;b&gt;rust&lt;/b&gt;" in asked.text and "Vijf nachten" in asked.text
    assert asked.text.index('value="mental_health"') < asked.text.index('value="finance"')
    assert fenna.post(f"/casus/{case.id}/doelen", data={"life_domain": "housing"}).status_code == 422
    wrong = fenna.post(f"/casus/{case.id}/doelen", data={**words, "life_domain": "tuinieren"})
    assert wrong.status_code == 422 and "Vijf nachten" in wrong.text
    assert fenna.post(f"/casus/{case.id}/doelen", data={**words, "life_domain": "mental_health"}).status_code == 302
    assert "life_domain=mental_health" not in fenna.get(f"/casus/{case.id}").text, "it has a goal now"


def test_strengths_stand_beside_worries_with_who_said_it_and_what_ended_stays_readable(town: Town) -> None:
    case, fenna = opened(town), client(town, "fenna")
    for kind, line, said_by in (("strength", "Zus helpt mee", "household"), ("worry", "Ruzie thuis", "professional")):
        data = {"kind": kind, "line": line, "said_by": said_by}
        assert fenna.post(f"/casus/{case.id}/regels", data=data).status_code == 302
    lost = fenna.post(f"/casus/{case.id}/regels", data={"kind": "worry", "said_by": "network", "line": "x" * 301})
    assert lost.status_code == 422 and "x" * 301 in lost.text
    town.close()
    worry = queries.plan_of_case(town.clockwork().session, case.id).standing(queries.WORRY)[0]
    assert fenna.post(f"/casus/{case.id}/regels/{worry.id}/stap/end").status_code == 302
    page = fenna.get(f"/casus/{case.id}").text
    assert page.index("Wat goed gaat") < page.index("Zus helpt mee") < page.index("Zorgen</h3>")
    assert page.index("Geldt niet meer (1)") < page.index("Ruzie thuis")
    other = opened(town, "Straat 2")
    assert fenna.post(f"/casus/{other.id}/regels/{worry.id}/stap/end").status_code == 404


def test_the_plan_grows_with_safety_where_it_is_needed_and_who_agreed_is_recorded(town: Town) -> None:
    case, fenna = opened(town), client(town, "fenna")
    assert '<details class="part">' in fenna.get(f"/casus/{case.id}").text, "light: folded away"
    unsafe = {"safety": "Er is gedreigd.", **STEP}
    town.work("fenna").act_on(HouseholdCase, case.id, "found_unsafe", unsafe)
    assert '<details class="part" open>' in fenna.get(f"/casus/{case.id}").text
    agreed = {"who": "Vader", "what": "Gaat naar buiten als hij boos is", "by_day": ""}
    assert fenna.post(f"/casus/{case.id}/veiligheidsafspraken", data=agreed).status_code == 302
    later = (clock.today() + timedelta(days=1)).isoformat()
    consent = {"covers": "safety", "who": "Vader en moeder", "answer": "agreed", "how": "signed", "on_day": later}
    assert fenna.post(f"/casus/{case.id}/akkoord", data=consent).status_code == 422
    consent["on_day"] = clock.today().isoformat()
    assert fenna.post(f"/casus/{case.id}/akkoord", data=consent).status_code == 302
    page = fenna.get(f"/casus/{case.id}").text
    assert "Gaat naar buiten als hij boos is" in page and "over de veiligheidsafspraken" in page
    assert "handtekening op papier" in page
    town.close()
    plan = queries.plan_of_case(town.clockwork().session, case.id)
    for step, given in (("keep", {}), ("keep", {})):
        answer = fenna.post(f"/casus/{case.id}/afspraken/{plan.safety[0].id}/stap/{step}", data=given)
    assert answer.status_code == 422, "what has ended stays ended, and is told so"
    taken = fenna.post(f"/casus/{case.id}/akkoord/{plan.consents[0].id}/stap/take_back", data={"why": "Uit elkaar."})
    assert taken.status_code == 302 and "Uit elkaar." in fenna.get(f"/casus/{case.id}").text
    assert fenna.get(f"/akkoord/{plan.consents[0].id}").status_code == 302


def test_the_goal_belongs_to_who_works_on_the_case(town: Town) -> None:
    goal = goal_of(town, opened(town))
    with pytest.raises(NotYours):
        town.work("petra").act_on(Goal, goal.id, "achieve", {})
    assert client(town, "petra").get(f"/doelen/{goal.id}").status_code == 404


def test_what_is_read_of_a_goal_or_on_paper_is_logged(town: Town) -> None:
    case = opened(town)
    goal, fenna = goal_of(town, case), client(town, "fenna")
    fenna.get(f"/doelen/{goal.id}")
    assert fenna.get(f"/casus/{case.id}/ons-plan.pdf").data.startswith(b"%PDF-")
    read = town.clockwork().session.scalars(select(Reading).where(Reading.case_id == case.id)).all()
    assert [(each.what, each.how) for each in read] == [("doel", "page"), ("ons plan (pdf)", "print")]
