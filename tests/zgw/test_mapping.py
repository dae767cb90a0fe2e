"""The mapping is checked before it is used, and a dry run shows exactly what would leave."""

import json
import threading
import time as real_time
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select

from tests.zgw.conftest import Elsewhere
from wijkteam.access.model import Reading
from wijkteam.cli import main
from wijkteam.serving import start_work
from wijkteam.storage.settings import WrongSettings

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"organisation": "123456789"}, "eleven test"),
    ({"organisation": "12345678"}, "nine digits"),
    ({"zaken": "http://zaken.example/"}, "https://"),
    ({"confidentiality": "openbaar"}, "confidentiality"),
    ({"besluiten": None}, "besluiten"),
    ({"iets": 1}, "iets"),
    ({"documenten": "http://documenten.example/"}, "https://"),
    ({"case": None, "intake": None}, "say what is told"),
]


@pytest.mark.parametrize(("other", "said"), WRONG)
def test_a_mapping_that_cannot_be_is_refused_with_the_reason(
    elsewhere: Elsewhere, other: dict[str, Any], said: str
) -> None:
    elsewhere.document.update(other)
    elsewhere.write()
    with pytest.raises(WrongSettings, match=said):
        _ = elsewhere.mapping


def test_household_data_leaves_under_a_confidentiality_that_fits_and_only_by_known_names(elsewhere: Elsewhere) -> None:
    elsewhere.document["case"]["explanation"] = ["question"]
    elsewhere.write()
    with pytest.raises(WrongSettings, match="vertrouwelijk or higher"):
        _ = elsewhere.mapping
    elsewhere.document["case"]["explanation"] = ["bsn"]
    elsewhere.write()
    with pytest.raises(WrongSettings, match="no such field can leave"):
        _ = elsewhere.mapping


@pytest.fixture
def run(elsewhere: Elsewhere, database: Engine, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database.url.render_as_string(hide_password=False))
    elsewhere.town.close()
    return lambda *given: CliRunner().invoke(main, ["zgw", *given], catch_exceptions=False)


def test_check_says_what_is_named_and_is_not_there_here_and_in_the_catalogue(elsewhere: Elsewhere, run: Any) -> None:
    good = run("check", "--online")
    assert (good.exit_code, good.output.strip()) == (0, "the mapping can be used"), good.output
    case = elsewhere.document["case"]
    case["statuses"]["bestaat_niet"] = case["statuses"]["closed"]
    del case["results"]["partly"]
    elsewhere.system.held[case["roles"]["team"]]["zaaktype"] = elsewhere.document["intake"]["types"][0]
    elsewhere.system.held[case["statuses"]["planning"]]["isEindstatus"] = True
    elsewhere.write()
    wrong = run("check", "--online")
    assert wrong.exit_code == 2
    for said in ("no state 'bestaat_niet'", "'partly' has no result", "is of another zaaktype", "ends a zaak"):
        assert said in wrong.output, wrong.output


def test_a_dry_run_shows_exactly_what_leaves_sends_nothing_and_is_logged(elsewhere: Elsewhere, run: Any) -> None:
    case = elsewhere.case()
    elsewhere.town.close()
    asked = len(elsewhere.system.asked)
    shown = json.loads(run("publish", case.id, "--dry-run").output)
    assert len(elsewhere.system.asked) == asked
    readings = elsewhere.town.clockwork().session.scalars(select(Reading).where(Reading.case_id == case.id)).all()
    assert any(each.what == "zaaksysteem" for each in readings)
    elsewhere.town.close()
    assert "1 told" in run("publish", case.id).output
    (zaak,) = elsewhere.system.all("zaken")
    assert {name: zaak[name] for name in shown["zaak"]} == shown["zaak"]
    assert [each["statustype"] for each in shown["statuses"]] == [
        each["statustype"] for each in elsewhere.system.all("statussen")
    ]
    assert "1 done" in run("status").output
    assert run("publish", "bestaatniet1").exit_code == 2 and "0 will go" in run("retry").output


def test_the_worker_tells_and_takes_in_beside_its_other_work(elsewhere: Elsewhere, run: Any) -> None:
    elsewhere.case()
    elsewhere.town.close()
    stop = threading.Event()
    begun = start_work(elsewhere.town.house, None, 0.1, stop)
    try:
        assert "zaken_round" in {each.name for each in begun} and "webhook_round" in {each.name for each in begun}
        deadline = real_time.monotonic() + 60
        while not elsewhere.system.all("statussen") and real_time.monotonic() < deadline:
            real_time.sleep(0.1)
    finally:
        stop.set()
        for each in begun:
            each.join()
    assert len(elsewhere.system.all("statussen")) == 1
    done = CliRunner().invoke(main, ["worker", "--once"], catch_exceptions=False)
    assert done.exit_code == 0 and "case system: 0 told" in done.output


def test_one_zaak_is_taken_in_by_its_address(elsewhere: Elsewhere, run: Any) -> None:
    url = elsewhere.system.hold(
        "zaken",
        "zaken",
        identificatie="ZAAK-1",
        omschrijving="Zorg",
        zaaktype=elsewhere.document["intake"]["types"][0],
        einddatum=None,
    )
    assert "1 taken in" in run("take", url).output
    assert run("take", url).exit_code == 2 and run("take", "https://elders.example/zaken/1").exit_code == 2
