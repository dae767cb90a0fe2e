"""Summaries are what the events say, whatever is done in whatever order, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select, update

from tests.conftest import Town
from tests.figures.random_work import RandomWork
from tests.retention.dossier import DUE, full_case, signed
from tests.retention.test_destroying import carried_out
from wijkteam.cases.service import NewCase, open_case
from wijkteam.cli import main
from wijkteam.figures.keeping import any_missing, differences, rebuild
from wijkteam.figures.model import FACTS, CaseFact, ChangeFact, EscalationFact
from wijkteam.storage.work import Work
from wijkteam.terms import clock


def spoil(work: Work) -> None:
    """Make summaries wrong in every way that something writing past the house could."""
    with work.transaction() as session:
        first = session.scalars(select(EscalationFact.escalation_id).order_by(EscalationFact.asked_at)).first()
        session.execute(update(EscalationFact).where(EscalationFact.escalation_id == first).values(silent=9, waited=1))
        session.execute(delete(CaseFact).where(CaseFact.case_id.in_(select(CaseFact.case_id).limit(1))))
        session.execute(delete(ChangeFact))


def test_every_step_keeps_the_summaries_what_the_events_say_and_they_can_be_made_anew(town: Town) -> None:
    RandomWork(town, Random(1)).play(120)
    assert differences(town.clockwork().session) == []
    spoil(town.clockwork())
    said = " ".join(differences(town.clockwork().session))
    assert "differs in silent, waited" in said and "figure_case" in said and "is missing" in said
    assert any_missing(town.clockwork().session), "the doctor says so"
    rebuild(town.clockwork())
    assert differences(town.clockwork().session) == []
    assert not any_missing(town.clockwork().session)


def test_two_who_open_a_case_for_one_household_at_once_are_both_told_apart_from_those_alone(town: Town) -> None:
    first = open_case(town.work("fenna"), NewCase("Straat 1", "Huur", "Bellen", clock.today()))
    home = first.household_id
    works = [town.work(name) for name in ("fenna", "sam.1", "fenna", "sam.1")]

    def again(work: Work) -> None:
        open_case(work, NewCase("Straat 1", "Schulden", "Bellen", clock.today(), household_id=home))

    with ThreadPoolExecutor(len(works)) as threads:
        list(threads.map(again, works))
    session = town.clockwork().session
    assert [each.alone for each in session.scalars(select(CaseFact))] == [False] * 5
    assert differences(town.clockwork().session) == []


def test_what_nobody_wrote_events_of_is_found(town: Town) -> None:
    RandomWork(town, Random(2)).play(30)
    work = town.clockwork()
    with work.transaction() as session:
        row = session.scalars(select(CaseFact)).first()
        assert row is not None
        values = {column.key: getattr(row, column.key) for column in CaseFact.__table__.columns}
        session.add(CaseFact(**{**values, "case_id": "nowhere"}))
    said = differences(town.clockwork().session)
    assert "figure_case: 1 more than the events tell of" in said


def test_the_command_line_proves_and_rebuilds(town: Town, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    RandomWork(town, Random(3)).play(30)
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)
    town.close()
    run = CliRunner().invoke
    assert run(main, ["figures", "verify"]).output == "the summaries are what the events say\n"
    work = town.clockwork()
    with work.transaction() as session:
        for each in FACTS:
            session.execute(delete(each))
    town.close()
    wrong = run(main, ["figures", "verify"])
    assert wrong.exit_code == 1 and "is missing" in wrong.output
    assert "summaries were made anew" in run(main, ["figures", "rebuild"]).output
    assert run(main, ["figures", "verify"]).exit_code == 0


def test_what_is_destroyed_keeps_its_codes_and_days_and_loses_what_was_measured(town: Town) -> None:
    case = full_case(town)
    before = town.clockwork().session.get(CaseFact, case.id)
    assert before is not None
    with clock.standing_at(DUE):
        carried_out(town, signed(town))
    session = town.clockwork().session
    after = session.get(CaseFact, case.id)
    assert after is not None and after.opened_on == before.opened_on and after.buurt_code is None
    assert session.scalars(select(ChangeFact).where(ChangeFact.case_id == case.id)).all() == []
    assert differences(town.clockwork().session) == [], "what was erased is passed over"
    rebuild(town.clockwork())
    kept = town.clockwork().session.get(CaseFact, case.id)
    assert kept is not None and kept.opened_on == before.opened_on
