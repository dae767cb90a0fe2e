"""From many cases with one barrier to one question for a bestuurder, who sees figures and never a household."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.conftest import Town
from tests.escalation.town import asked, case_of, client, number
from wijkteam.access.behind import figures_behind, pattern
from wijkteam.cases.model import HouseholdCase
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import Blocked
from wijkteam.escalation.breakthroughs import NewBreakthrough, choose_breakthrough
from wijkteam.escalation.model import Behind, Escalation, StructuralEscalation
from wijkteam.escalation.structural import NewStructural, raise_structural
from wijkteam.events.model import Notice
from wijkteam.events.verification import verify
from wijkteam.terms import clock


def stuck(town: Town, count: int) -> list[Escalation]:
    return [asked(town, case_of(town)) for _ in range(count)]


def raised(town: Town, behind: list[Escalation], name: str = "teun") -> StructuralEscalation:
    new = NewStructural("Laat een briefadres toe.", "housing", tuple(each.id for each in behind))
    return raise_structural(town.work(name), new)


def told(town: Town, structural: StructuralEscalation, about: str) -> set[int]:
    asked_of = select(Notice.person_id).where(Notice.subject_id == structural.id, Notice.about == about)
    return set(town.clockwork().session.scalars(asked_of))


def figures(town: Town, structural: StructuralEscalation, name: str) -> int | None:
    work = town.work(name)
    return figures_behind(work.session, town.house.grounds, work.actor, structural.id).households


def test_everyone_behind_it_is_told_when_it_is_asked_answered_and_ends(town: Town) -> None:
    structural = raised(town, stuck(town, 2))
    fenna, teun, bea = (number(town, name) for name in ("fenna", "teun", "bea"))
    assert told(town, structural, "open") == {fenna, bea}
    answer = {"answer": "Ja.", "next_step": "Besluit", "next_step_on": clock.today()}
    town.work("bea").act_on(StructuralEscalation, structural.id, "answer", answer)
    assert told(town, structural, "answer") == {fenna, teun}
    town.work("teun").act_on(StructuralEscalation, structural.id, "resolve", {"result": "Het kan."})
    assert told(town, structural, "resolve") == {fenna, bea}
    assert client(town, "fenna").get(f"/opschalingen/structureel/{structural.id}").status_code == 200
    assert verify(town.clockwork().session) == []


@pytest.mark.parametrize(("count", "seen"), [(1, None), (4, None), (5, 5), (6, 6)])
def test_fewer_than_five_households_are_not_told_in_numbers_to_who_may_not_read_them(
    town: Town, count: int, seen: int | None
) -> None:
    structural = raised(town, stuck(town, count))
    assert (figures(town, structural, "bea"), figures(town, structural, "teun")) == (seen, count)
    page = client(town, "bea").get(f"/opschalingen/structureel/{structural.id}").text
    assert ("minder dan 5" in page) is (seen is None)
    assert "Voorbeeldstraat" not in page and "/casus/" not in page
    assert not any(each in page for each in town.clockwork().session.scalars(select(Behind.escalation_id)))


def test_more_cases_of_one_household_count_once(town: Town) -> None:
    case = case_of(town)
    structural = raised(town, [asked(town, case), asked(town, case)])
    assert structural.households == 1 and figures(town, structural, "teun") == 1


def test_others_with_the_same_barrier_are_counted_and_not_shown(town: Town) -> None:
    mine = stuck(town, 3)
    work = town.work("petra")
    found = pattern(work.session, town.house.grounds, work.actor, "housing")
    assert (found.readable, found.others) == ([], None)
    stuck(town, 3)
    again = town.work("petra")
    assert pattern(again.session, town.house.grounds, again.actor, "housing").others == 6
    structural = raised(town, mine)
    assert (structural.households, structural.others) == (3, 3)
    page = client(town, "petra").get("/opschalingen/structureel/nieuw?barrier=housing").text
    assert "6 andere huishoudens" in page and not any(each.id in page for each in mine)


def test_what_lies_more_than_a_year_back_is_no_part_of_the_pattern(town: Town) -> None:
    with clock.standing_at(clock.now() - timedelta(days=400)):
        old = stuck(town, 1)
    structural = raised(town, stuck(town, 1))
    assert structural.others == 0
    assert raised(town, old).households == 1, "but it may be chosen"


def test_nothing_may_stand_behind_it_that_the_asker_may_not_read_or_that_is_not_there(town: Town) -> None:
    (one,) = stuck(town, 1)
    for name, behind in (("petra", (one.id,)), ("teun", ()), ("teun", (one.id, "zzzzzzzzzzzz"))):
        with pytest.raises((Blocked, WrongFields)):
            raise_structural(town.work(name), NewStructural("Regel dit.", "housing", behind))
    assert town.clockwork().session.scalars(select(StructuralEscalation)).all() == []


def test_it_does_not_exist_for_who_has_nothing_to_do_with_it(town: Town) -> None:
    structural = raised(town, stuck(town, 1))
    fia = client(town, "fia")
    assert fia.get(f"/opschalingen/structureel/{structural.id}").status_code == 404
    assert structural.id not in fia.get("/opschalingen/structureel").text
    assert fia.post(f"/opschalingen/structureel/{structural.id}/stap/answer", data={}).status_code == 404


def test_from_the_escalation_to_the_question_in_the_browser(town: Town) -> None:
    behind = stuck(town, 2)
    fenna = client(town, "fenna")
    assert "barrier=housing" in fenna.get(f"/opschalingen/{behind[0].id}").text
    path = "/opschalingen/structureel/nieuw?barrier=housing"
    form = {"question": "Laat een briefadres toe.", "behind": [each.id for each in behind]}
    wrong = fenna.post(path, data={**form, "question": ""})
    assert wrong.status_code == 422 and wrong.text.count(" checked") == 2
    sent = fenna.post(path, data=form)
    assert sent.status_code == 302
    assert "Laat een briefadres toe." in client(town, "bea").get("/").text
    assert "Laat een briefadres toe." in fenna.get(f"/opschalingen/{behind[0].id}").text


def test_it_becomes_a_breakthrough_in_one_step_or_not_at_all(town: Town) -> None:
    structural = raised(town, stuck(town, 1))
    new = NewBreakthrough("Briefadres", number(town, "petra"), 999_999, clock.today(), structural.id)
    with pytest.raises(Blocked):
        choose_breakthrough(town.work("bea"), new)
    assert town.clockwork().session.get(StructuralEscalation, structural.id).state == "asked"
    new = NewBreakthrough("Briefadres", number(town, "petra"), number(town, "mo"), clock.today(), structural.id)
    choose_breakthrough(town.work("bea"), new)
    assert town.clockwork().session.get(StructuralEscalation, structural.id).state == "adopted"
    assert number(town, "fenna") in told(town, structural, "adopt")


def test_a_case_of_which_the_owner_changed_tells_the_new_owner(town: Town) -> None:
    (one,) = stuck(town, 1)
    structural = raised(town, [one])
    sam = number(town, "sam.1")
    town.work("fenna").act_on(HouseholdCase, one.case_id, "hand_over", {"new_owner": sam, "handover": "x"})
    step = {"next_step": "Bellen", "next_step_on": clock.today()}
    town.work("sam.1").act_on(HouseholdCase, one.case_id, "accept_transfer", step)
    town.work("bea").act_on(StructuralEscalation, structural.id, "refuse", {"why": "Nee."})
    assert told(town, structural, "refuse") == {sam, number(town, "fenna"), number(town, "teun")}
