"""The page of destruction: for who draws up and signs lists; it names no household."""

import pytest
from sqlalchemy import select

from tests.conftest import Town
from tests.retention.dossier import DUE, SECRETS, bytes_of, full_case, signed
from tests.retention.test_destroying import carried_out
from tests.signed_in import client
from wijkteam.retention.model import Scrubbing
from wijkteam.retention.scrubbing import StillRead, scrub_when_due
from wijkteam.terms import clock


def test_one_draws_up_another_signs_and_the_first_carries_out(town: Town) -> None:
    full_case(town)
    with clock.standing_at(DUE):
        ada, pia, mo = client(town, "ada"), client(town, "pia"), client(town, "mo")
        assert "Nu te vernietigen: 2" in ada.get("/vernietiging").text
        assert "15 jaar" in ada.get("/vernietiging").text
        page = ada.post("/vernietiging").location
        seen = ada.get(page).text
        assert "Wmo 2015 art. 5.3.4" in seen and not [each for each in SECRETS if each in seen]
        assert ada.post(f"{page}/uitvoeren", data={"sure": "ja"}).status_code == 422, "not signed yet"
        assert "Ondertekenen" in pia.get("/").text
        assert mo.post(f"{page}/stap/sign").status_code == 302
        assert "Vernietigen" in ada.get("/").text
        assert ada.post(f"{page}/uitvoeren").status_code == 422, "one has to be sure"
        assert mo.post(f"{page}/uitvoeren", data={"sure": "ja"}).status_code == 422, "a manager signs only"
        assert ada.post(f"{page}/uitvoeren", data={"sure": "ja"}).status_code == 302
        after = ada.get(page).text
        assert "Uitgevoerd" in after and "Vernietigd" in after
        assert "Er is nu niets" in pia.post("/vernietiging").text


def test_a_line_is_kept_from_the_page(town: Town) -> None:
    full_case(town)
    with clock.standing_at(DUE):
        ada = client(town, "ada")
        page = ada.post("/vernietiging").location
        wrong = ada.post(f"{page}/stap/keep_item", data={"item": "twaalf", "reason": "careful_work"})
        assert wrong.status_code == 422 and "staat niet op de lijst" in wrong.text
        assert ada.post(f"{page}/stap/keep_item", data={"item": "1", "reason": "careful_work"}).status_code == 302
        assert "Blijft bewaard: Nog nodig voor zorgvuldig werk" in ada.get(page).text


def test_for_everybody_else_the_page_does_not_exist(town: Town) -> None:
    for name in ("fenna", "teun", "bea", "gijs"):
        browser = client(town, name)
        assert browser.get("/vernietiging").status_code == 404
        assert browser.post("/vernietiging").status_code == 404
        assert browser.get("/vernietiging/23456789abcd").status_code == 404
        assert "Vernietiging" not in browser.get("/").text
    assert client(town, "pia").get("/vernietiging/23456789abcd").status_code == 404


def test_what_was_destroyed_on_a_page_is_scrubbed_by_the_worker_within_a_day(town: Town) -> None:
    full_case(town)
    made = signed(town)
    with clock.standing_at(DUE):
        assert scrub_when_due(town.clockwork()) is None, "nothing was destroyed yet"
        ada = client(town, "ada")
        assert "Binnen een dag overschrijft het systeem" in ada.get(f"/vernietiging/{made}").text
        assert ada.post(f"/vernietiging/{made}/uitvoeren", data={"sure": "ja"}).status_code == 302
        town.close()
        assert scrub_when_due(town.clockwork()) is not None
        assert scrub_when_due(town.clockwork()) is None, "once"
        town.close()
    if town.house.database.dialect.name == "sqlite":
        town.house.database.dispose()
        assert not [each for each in SECRETS if each.encode() in bytes_of(town.house.database)]


@pytest.mark.parametrize("meanwhile", ["SELECT count(*) FROM event", "UPDATE person SET name = name"])
def test_what_somebody_keeps_from_being_written_anew_does_not_count_as_scrubbed_and_is_tried_again(
    town: Town, meanwhile: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wijkteam.storage.database.BUSY_MILLISECONDS", 50)
    town.house.database.dispose()
    full_case(town)
    made = signed(town)
    with clock.standing_at(DUE):
        town.close()
        carried_out(town, made)
        town.close()
        with town.house.database.connect() as somebody:
            if town.house.database.dialect.name == "postgresql":
                somebody.execution_options(isolation_level="REPEATABLE READ")
            somebody.exec_driver_sql(meanwhile)
            with pytest.raises(StillRead, match="still in its files"):
                scrub_when_due(town.clockwork())
            town.close()
            somebody.rollback()
        assert town.clockwork().session.scalar(select(Scrubbing.at)) is None
        town.close()
        assert scrub_when_due(town.clockwork()) is not None
    town.close()
    if town.house.database.dialect.name == "sqlite":
        town.house.database.dispose()
        assert not [each for each in SECRETS if each.encode() in bytes_of(town.house.database)]
