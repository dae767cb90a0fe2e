"""Nobody's access is closed while something open still stands in their name; what it is, is told by number."""

import pytest

from tests.access.test_break_glass import opened
from tests.access.test_protected import number
from tests.conftest import Town
from tests.signed_in import client
from wijkteam.access.leaving import IN_NOBODYS_NAME, STANDS_ON, StillStanding, close_account, stands_on
from wijkteam.cases.model import HouseholdCase
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.people.model import Person
from wijkteam.signals.model import ResidentSignal
from wijkteam.signals.service import NewSignal, record_signal
from wijkteam.storage.subject import SubjectColumns
from wijkteam.terms import clock
from wijkteam.tracks.service import NewTrack, begin_track


def test_of_every_kind_it_is_said_in_whose_name_it_stands(town: Town) -> None:
    assert {model.workflow for model in STANDS_ON} | IN_NOBODYS_NAME.keys() == set(SubjectColumns.kinds)
    assert town.house.engine.workflow("household_case")


def test_an_account_is_closed_only_when_nothing_open_stands_on_the_person(town: Town) -> None:
    case = opened(town, "Stille laan 2")
    fenna, sam = number(town, "fenna"), number(town, "sam.1")
    track = begin_track(
        town.work("fenna"), NewTrack(case.id, case.team_id, "housing", "Rust", "Bel", clock.today(), sam)
    )
    asked = escalate(town.work("sam.1"), NewEscalation(case.id, case.team_id, "Woning", "housing"))
    signal = record_signal(town.work("fenna"), NewSignal("complaint", "Niemand belt."))
    town.work("sam.1").act_on(ResidentSignal, signal.id, "take_up", {})
    work = town.clockwork()
    of_sam = {(each.kind, each.subject_id) for each in stands_on(work.session, work.engine, sam)}
    assert of_sam == {("track", track.id), ("escalation", asked.id), ("resident_signal", signal.id)}
    with pytest.raises(StillStanding, match="3 open things"):
        close_account(town.work("ada"), sam)
    ada = client(town, "ada")
    refused = ada.post(f"/beheer/mensen/{fenna}/toegang/sluiten")
    assert refused.status_code == 422 and "eerst overdragen" in refused.text
    assert f"Casus {case.id}" in refused.text and "Stille laan" not in refused.text
    assert town.clockwork().session.get_one(Person, fenna).active
    ending = {"outcome": "partly", "outcome_reason": "Klaar"}
    town.work("sam.1").act_on(type(asked), asked.id, "withdraw", {"why": "Niet meer nodig"})
    town.work("fenna").act_on(HouseholdCase, case.id, "stop_early", ending)
    town.close()
    assert "Staat nog op naam" not in ada.get(f"/beheer/mensen/{fenna}/toegang").text
    assert ada.post(f"/beheer/mensen/{fenna}/toegang/sluiten").status_code == 302
    town.close()
    assert not town.clockwork().session.get_one(Person, fenna).active
