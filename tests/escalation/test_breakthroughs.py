"""Breakthroughs: few at a time, each with an owner, a payer and a date that stays on show, and an honest end."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from tests.conftest import Town
from tests.escalation.town import client, number
from wijkteam.deadlines.worker import do_due_work
from wijkteam.engine.ladder import Ladder
from wijkteam.engine.running import Blocked, NotYours, Refused
from wijkteam.escalation.breakthroughs import NewBreakthrough, choose_breakthrough, promised_before
from wijkteam.escalation.model import Breakthrough
from wijkteam.events.model import Notice
from wijkteam.terms import clock

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def chosen(town: Town, title: str = "Briefadres", days: int = 10, name: str = "bea") -> Breakthrough:
    owner, payer = number(town, "petra"), number(town, "mo")
    day = clock.today() + timedelta(days=days)
    return choose_breakthrough(town.work(name), NewBreakthrough(title, owner, payer, day))


def test_the_list_has_a_limit_and_the_line_names_what_is_open(town: Town) -> None:
    for count in range(5):
        chosen(town, f"Nummer {count}")
    with pytest.raises(Blocked) as full:
        chosen(town, "Nummer 5")
    assert "hooguit 5" in full.value.reason.nl
    assert all(f"Nummer {count}" in full.value.reason.nl for count in range(5))
    assert "\n" not in full.value.reason.nl


def test_two_at_once_cannot_pass_the_limit(town: Town) -> None:
    for count in range(4):
        chosen(town, f"Nummer {count}")
    ready, done = threading.Barrier(3), []
    people = number(town, "petra"), number(town, "mo")
    works = [town.work("bea") for _ in range(3)]

    def choose(at: int) -> None:
        ready.wait()
        try:
            choose_breakthrough(works[at], NewBreakthrough(f"Tegelijk {at}", *people, clock.today()))
        except Refused as refused:
            done.append(type(refused).__name__)
        else:
            done.append("chosen")

    threads = [threading.Thread(target=choose, args=(at,)) for at in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    count = town.clockwork().session.scalar(select(func.count(Breakthrough.id)))
    assert count == 5 and sorted(done) == ["Blocked", "Blocked", "chosen"]


def test_the_limit_is_data_dated_and_each_day_has_its_own() -> None:
    said = {
        "ladder": "ave",
        "title": {"nl": "x", "en": "x"},
        "source": "local",
        "breakthroughs": [
            {"at_most": 3, "from": "2027-01-01", "source": "local"},
            {"at_most": 5, "from": "2026-01-01", "source": "local"},
        ],
        "rungs": [
            {
                "number": 1,
                "function": "bestuurder",
                "layer": {"nl": "x", "en": "x"},
                "term": {"within": "P2D", "clock": "working_days"},
            }
        ],
    }
    ladder = Ladder.model_validate(said)
    days = [datetime(year, 6, 1, tzinfo=UTC).date() for year in (2025, 2026, 2027)]
    assert [ladder.breakthrough_limit(day) for day in days] == [5, 5, 3]
    assert Ladder.model_validate({**said, "breakthroughs": []}).breakthrough_limit(days[0]) is None


def test_when_the_promised_date_passes_owner_and_bestuurder_are_told_again_and_again(town: Town) -> None:
    with clock.standing_at(START):
        breakthrough = chosen(town)
    for days, times in ((10, 0), (11, 1), (19, 2)):
        with clock.standing_at(START + timedelta(days=days)):
            do_due_work(town.clockwork())
            late = select(Notice.person_id).where(Notice.about == "remind_late")
            told = town.clockwork().session.scalars(late.where(Notice.subject_id == breakthrough.id)).all()
        assert sorted(told) == sorted([number(town, "petra"), number(town, "bea")] * times)


def test_old_dates_are_kept_and_shown(town: Town) -> None:
    breakthrough = chosen(town)
    first = breakthrough.promised_on
    later = first + timedelta(days=30)
    fields = {"promised_on": later, "why": "De raad vergadert later."}
    after = town.work("petra").act_on(Breakthrough, breakthrough.id, "promise_anew", fields)
    assert (after.first_promised_on, after.promised_on, promised_before(after)) == (first, later, [first])
    page = client(town, "fenna").get(f"/doorbraken/{breakthrough.id}").text
    assert "<s>" in page and "De raad vergadert later." in page


def test_the_same_date_again_is_no_promise_that_moved(town: Town) -> None:
    breakthrough = chosen(town)
    fields = {"promised_on": breakthrough.promised_on, "why": "Het blijft zo."}
    after = town.work("petra").act_on(Breakthrough, breakthrough.id, "promise_anew", fields)
    assert (promised_before(after), after.promised_on) == ([], after.first_promised_on)


def test_only_who_keeps_the_list_or_makes_it_happen_moves_it(town: Town) -> None:
    breakthrough = chosen(town)
    for name in ("fenna", "mo"):
        with pytest.raises(NotYours):
            town.work(name).act_on(Breakthrough, breakthrough.id, "realise", {"result": "Ja."})
    with pytest.raises(NotYours):
        chosen(town, name="mo")


def test_everyone_signed_in_reads_what_was_promised_and_what_was_not_realised(town: Town) -> None:
    realised, not_realised = chosen(town, "Wel gelukt"), chosen(town, "Niet gelukt helaas")
    chosen(town, "Nog beloofd")
    town.work("petra").act_on(Breakthrough, realised.id, "realise", {"result": "Het kan."})
    town.work("bea").act_on(Breakthrough, not_realised.id, "not_realise", {"result": "De raad wilde niet."})
    for name in ("fenna", "fia", "ada"):
        page = client(town, name).get("/doorbraken").text
        for words in ("Wel gelukt", "Niet gelukt helaas", "De raad wilde niet.", "Nog beloofd"):
            assert words in page
        assert client(town, name).get(f"/doorbraken/{not_realised.id}").status_code == 200
    assert client(town, "fenna").get("/doorbraken/zzzzzzzzzzzz").status_code == 404


def test_a_bestuurder_chooses_in_the_browser_and_keeps_what_was_typed(town: Town) -> None:
    bea = client(town, "bea")
    form = {
        "title": "Briefadres op het stadhuis",
        "owner": str(number(town, "petra")),
        "budget_holder": str(number(town, "mo")),
        "promised_on": "2001-01-01",
    }
    wrong = bea.post("/doorbraken", data=form)
    assert wrong.status_code == 422 and "Kies een dag vanaf vandaag." in wrong.text and form["title"] in wrong.text
    assert bea.post("/doorbraken", data={**form, "promised_on": str(clock.today())}).status_code == 302
    assert form["title"] in client(town, "petra").get("/").text
    refused = client(town, "mo").post("/doorbraken", data={**form, "promised_on": str(clock.today())})
    assert refused.status_code == 422 and "Bea Bestuurder" in refused.text
    gone = bea.post("/doorbraken", data={**form, "owner": "999999", "promised_on": str(clock.today())})
    assert gone.status_code == 422 and "Kies een persoon uit de lijst." in gone.text
