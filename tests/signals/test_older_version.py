"""A signal that began before residents could give one themselves goes on by the version that it began on."""

from pathlib import Path

from sqlalchemy import Engine

from wijkteam.assembly import build_house
from wijkteam.demo.town import found_town
from wijkteam.people import queries as people
from wijkteam.rulebook import workflow_folders
from wijkteam.signals.model import ResidentSignal
from wijkteam.signals.service import NewSignal, record_signal
from wijkteam.terms import clock


def test_a_running_signal_of_version_one_is_told_back_by_version_one(database: Engine, tmp_path: Path) -> None:
    text = (Path(__file__).parent / "resident_signal_1.yaml").read_text(encoding="utf-8")
    (tmp_path / "resident_signal.yaml").write_text(text, encoding="utf-8")
    before = build_house(database, (tmp_path, *workflow_folders()))
    work = before.work()
    found_town(before, work, with_colleagues=False)
    teun = people.person_by_email(work.session, "teun@voorbeeldstad.example")
    assert teun is not None
    teun_id = teun.id
    work.actor = people.acting_person(work.session, teun_id)
    work.engine = before.engine.beginning_on("resident_signal", 1)
    number = record_signal(work, NewSignal("complaint", "Niemand belt terug.")).id
    work.session.close()

    after = build_house(database)
    work = after.work()
    work.actor = people.acting_person(work.session, teun_id)
    assert after.engine.workflow("resident_signal").version == 2
    work.act_on(ResidentSignal, number, "take_up", {})
    signal = work.act_on(
        ResidentSignal,
        number,
        "tell_back",
        {"answer": "Er is nu één nummer.", "told_how": "phoned", "told_on": clock.today().isoformat()},
    )
    assert (signal.workflow_version, signal.state) == (1, "told")
    work.session.close()
