"""Measurements: on instruments that are data, complete where that is asked, never altered, and first against latest."""

import threading
from pathlib import Path

import pytest

from tests.conftest import Town
from tests.plans.test_plan import opened
from tests.signed_in import client
from wijkteam.cases.model import HouseholdCase
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.loading import WrongDefinition
from wijkteam.engine.running import Blocked, Stale
from wijkteam.events.verification import verify
from wijkteam.measuring import queries
from wijkteam.measuring.model import Measurement
from wijkteam.measuring.service import NewMeasurement, take_measurement
from wijkteam.people import queries as people
from wijkteam.residents.service import NewResident, record_resident
from wijkteam.rulebook import read_instruments, workflow_folders
from wijkteam.shipped import folder
from wijkteam.terms import clock

SHIPPED = read_instruments(workflow_folders())
ZRM = SHIPPED.known["zrm", 1]
ALL_THREE = dict.fromkeys(ZRM.domains, 3)


def measured(town: Town, case: HouseholdCase, scores: dict[str, int] = ALL_THREE, **more: str) -> Measurement:
    new = NewMeasurement(case.id, case.team_id, "zrm", clock.today(), scores, **more)
    return take_measurement(town.work("fenna"), town.house.instruments, new)


def test_the_matrix_ships_by_name_only() -> None:
    assert len(ZRM.domains) == 13 and [each.code for each in ZRM.levels] == [1, 2, 3, 4, 5]
    assert "GGD Amsterdam" in ZRM.source.nl and ZRM.all_domains and ZRM.not_older_than == "P30D"
    assert all(len(text.nl) < 40 for text in (*ZRM.domains.values(), *ZRM.levels)), "no texts of cells"
    assert {each.instrument for each in SHIPPED.choices()} == {"zrm", "how_is_it_going", "safety"}


def test_all_domains_have_to_be_filled_in_unless_the_instrument_says_otherwise(town: Town) -> None:
    case, fenna = opened(town), client(town, "fenna")
    some = {f"score-{domain}": "4" for domain in list(ZRM.domains)[:12]}
    lost = fenna.post(f"/casus/{case.id}/meten/zrm", data={**some, "taken_on": "2026-01-05", "note": "Thuis gemeten"})
    assert lost.status_code == 422 and lost.text.count(" checked") == 12 and "Thuis gemeten" in lost.text
    assert 'href="#d-justice"' in lost.text, "says what is missing, and leads to it"
    done = fenna.post(f"/casus/{case.id}/meten/zrm", data={**some, "score-justice": "5", "taken_on": "2026-01-05"})
    assert done.status_code == 302
    few = {"score-self": "2", "taken_on": "2026-01-05"}
    assert fenna.post(f"/casus/{case.id}/meten/how_is_it_going", data=few).status_code == 302, "skipping is allowed"
    for wrong in ({"taken_on": "2026-01-05"}, {"score-self": "9", "taken_on": "2026-01-05"}, {"score-self": "2"}):
        assert fenna.post(f"/casus/{case.id}/meten/how_is_it_going", data=wrong).status_code == 422
    assert fenna.get(f"/casus/{case.id}/meten/bestaat_niet").status_code == 404
    page = fenna.get(f"/casus/{case.id}").text
    assert "overgeslagen" not in page and page.count('<svg class="dots"') == 13 + 4


def test_change_is_first_against_latest_by_domain_and_by_who_was_measured(town: Town) -> None:
    case = opened(town)
    resident = record_resident(town.work("fenna"), NewResident(case.household_id, "Jo"))
    measured(town, case)
    measured(town, case, {**ALL_THREE, "finance": 5})
    measured(town, case, {**ALL_THREE, "finance": 4, "housing": 2})
    measured(town, case, {**ALL_THREE, "finance": 1}, resident_id=resident.id)
    found = queries.series_of(SHIPPED, queries.measurements_of_case(town.clockwork().session, case.id))
    assert [(each.resident_id, len(each.taken)) for each in found] == [(None, 3), (resident.id, 1)]
    told = {each.domain: (each.first, each.latest, each.direction) for each in found[0].changes}
    assert told["finance"] == (3, 4, "better") and told["housing"] == (3, 2, "worse")
    assert told["justice"] == (3, 3, "same")


def test_a_measurement_is_only_replaced_and_the_old_one_stays(town: Town) -> None:
    case = opened(town)
    old = measured(town, case)
    new = measured(town, case, {**ALL_THREE, "finance": 5}, replaces=old.id)
    town.close()
    session = town.clockwork().session
    kept = session.get_one(Measurement, old.id)
    assert (kept.state, kept.levels["finance"], new.replaces_id) == ("replaced", 3, old.id)
    with pytest.raises(Stale):
        measured(town, case, replaces=old.id)
    other = opened(town, "Straat 2")
    with pytest.raises(WrongFields, match="replaces"):
        measured(town, other, replaces=new.id)
    with pytest.raises(Blocked, match="new measurement"):
        town.work("fenna").act_on(Measurement, new.id, "replace", {})
    stranger = record_resident(town.work("fenna"), NewResident(other.household_id, "Kim"))
    with pytest.raises(Blocked, match="of the household"):
        measured(town, case, resident_id=stranger.id)
    fenna = client(town, "fenna")
    form = fenna.get(f"/casus/{case.id}/meten/zrm?replaces={new.id}").text
    assert form.count(" checked") == 13 and "vorige keer: 5" in form
    assert fenna.get(f"/metingen/{old.id}").status_code == 200
    assert fenna.post(f"/metingen/{new.id}/stap/withdraw", data={"why": "Verkeerd huis"}).status_code == 302


def test_of_two_who_replace_the_same_measurement_at_once_one_is_first(town: Town) -> None:
    case = opened(town)
    old = measured(town, case)
    lost: list[Exception] = []

    def replace(level: int) -> None:
        work = town.house.work()
        try:
            found = people.person_by_email(work.session, "fenna@voorbeeldstad.example")
            work.actor = people.acting_person(work.session, found.id if found else 0)
            scores = {**ALL_THREE, "finance": level}
            new = NewMeasurement(case.id, case.team_id, "zrm", clock.today(), scores, replaces=old.id)
            take_measurement(work, town.house.instruments, new)
        except Stale as stale:
            lost.append(stale)
        finally:
            work.session.close()

    town.close()
    threads = [threading.Thread(target=replace, args=(level,)) for level in (4, 5)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    found = queries.measurements_of_case(town.clockwork().session, case.id)
    assert len(lost) == 1 and len([each for each in found if each.ended_at is None]) == 1
    assert verify(town.clockwork().session) == []


def test_an_instrument_is_checked_data_and_a_score_keeps_its_version(tmp_path: Path, town: Town) -> None:
    case = opened(town)
    old = measured(town, case)
    own = tmp_path / "own" / "instruments"
    own.mkdir(parents=True)
    text = (folder("workflows") / "instruments" / "zrm_2017.yaml").read_text()
    newer = text.replace("version: 1\n", "version: 2\n").replace("valid_from: 2017-01-01", "valid_from: 2026-01-01")
    (own / "zrm_next.yaml").write_text(newer.replace("Financiën, en", "Geld, en"))
    both = read_instruments(workflow_folders(own.parent))
    current = both.in_force("zrm")
    assert current is not None and current.version == 2 and current.domains["finance"].nl == "Geld"
    before = both.find(old.instrument, old.instrument_version)
    assert before is not None and before.domains["finance"].nl == "Financiën"
    for wrong, told in (
        (newer.replace("version: 2", "version: 1"), "version 1 of 'zrm' stands in another file too"),
        (newer.replace("{code: 2,", "{code: 1,"), "from low to high"),
        (newer.replace("P30D", "30 dagen"), "not a duration"),
        (newer.replace("all_domains: true", "alle_domeinen: true"), "alle_domeinen"),
        (newer.replace("nl: Geld, ", ""), "zrm_next.yaml"),
    ):
        (own / "zrm_next.yaml").write_text(
            wrong.replace("finance: {nl: Financiën, ", "finance: {") if "zrm_next" in told else wrong
        )
        with pytest.raises(WrongDefinition) as error:
            read_instruments(workflow_folders(own.parent))
        assert told in str(error.value) and "zrm_next.yaml:" in str(error.value), "file and line"
