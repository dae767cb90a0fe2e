"""Running legal terms: they end when the law says, keep the rules they began by, and equal the fold of their events."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.conftest import Town
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.deadlines.model import Deadline
from wijkteam.deadlines.worker import do_due_work
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import Blocked, Refused, Stale
from wijkteam.events.verification import verify
from wijkteam.legal_terms import queries
from wijkteam.legal_terms.model import LegalTerm
from wijkteam.legal_terms.reckoned import reckoning_of
from wijkteam.legal_terms.service import NewLegalTerm, start_legal_term
from wijkteam.terms import clock
from wijkteam.terms.reckoning import reckon

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ASKED = {"suspension_reason": "completion_asked", "suspended_on": "2026-03-10", "suspended_until": "2026-03-24"}


@pytest.fixture
def monday() -> Iterator[None]:
    with clock.standing_at(MONDAY):
        yield


def opened(town: Town) -> HouseholdCase:
    return open_case(town.work("fenna"), NewCase("Straat 1", "Huur", "Bellen", clock.today()))


def started(town: Town, case: HouseholdCase, matter: str = "awb_decision", on: str = "2026-03-02") -> LegalTerm:
    return start_legal_term(town.work("fenna"), NewLegalTerm(case.id, case.team_id, matter, on))


def again(town: Town, term: LegalTerm) -> LegalTerm:
    found = queries.find_legal_term(town.clockwork().session, term.id)
    assert found is not None
    return found


def due(town: Town, term: LegalTerm) -> list[datetime]:
    rows = select(Deadline.due_at).where(Deadline.subject_id == term.id, Deadline.ended_at.is_(None))
    return list(town.clockwork().session.scalars(rows))


@pytest.mark.usefixtures("monday")
def test_suspension_resumption_and_extension_leave_a_row_that_equals_its_events(town: Town) -> None:
    term = started(town, opened(town), "objection_decision")
    with clock.standing_at(MONDAY + timedelta(days=8)):
        town.work("fenna").act_on(LegalTerm, term.id, "suspend", ASKED)
    with clock.standing_at(MONDAY + timedelta(days=18)):
        town.work("fenna").act_on(LegalTerm, term.id, "resume", {"resumed_on": "2026-03-20"})
        town.work("fenna").act_on(LegalTerm, term.id, "extend", {"told_on": "2026-03-20"})
    found = again(town, term)
    assert found.ends_on == date(2026, 5, 25) + timedelta(days=9) and found.law == "Awb 7:10(1)"
    assert "9 dagen erbij" in found.why_nl and "Verlengd met 6 weken" in found.why_nl
    session = town.clockwork().session
    assert verify(session) == []
    reasons = {code: text for code, text in town.house.lists["suspension_reasons"].items.items()}
    assert reckon(reckoning_of(found, reasons)).at == found.ends_at


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_term_keeps_the_rules_of_the_day_on_which_it_began(town: Town) -> None:
    term = started(town, opened(town))
    table = town.house.legal_table
    changed = [
        row.model_copy(update={"within": "P4W"}) if row.code == "awb_decision" else row for row in table.legal_terms
    ]
    vocabulary = town.house.engine.process("legal_term").vocabulary
    rules = vocabulary.effects["suspend_term"].apply.__self__
    rules.table = table.model_copy(update={"legal_terms": changed})
    with clock.standing_at(MONDAY + timedelta(days=8)):
        town.work("fenna").act_on(LegalTerm, term.id, "suspend", ASKED)
    assert again(town, term).within == "P8W"
    assert again(town, term).ends_on == date(2026, 5, 11)


@pytest.mark.usefixtures("monday")
def test_only_one_of_two_who_suspend_at_the_same_moment_succeeds(town: Town) -> None:
    term = started(town, opened(town))
    ready, stale, wrong = threading.Barrier(2), [], []

    def suspend(name: str) -> None:
        work = town.work(name)
        with clock.standing_at(MONDAY + timedelta(days=8)):
            ready.wait()
            try:
                work.act_on(LegalTerm, term.id, "suspend", ASKED, 1)
            except Stale as error:
                stale.append(error)
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=suspend, args=(name,)) for name in ("fenna", "sam.1")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(stale), wrong) == (1, [])
    assert again(town, term).version == 2


IMPOSSIBLE = (
    ("suspend", {**ASKED, "suspended_on": "2026-03-02", "suspended_until": "9999-12-31"}),
    ("suspend", {**ASKED, "suspended_on": "0001-01-01"}),
    ("suspend", {**ASKED, "suspension_reason": "holiday"}),
    ("extend", {"told_on": "2026-03-02", "extended_until": "9999-12-31"}),
    ("meet", {"met_on": "9999-12-31"}),
    ("lapse", {"why": ""}),
)


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_days_and_words_that_cannot_be_are_refused_and_change_nothing(town: Town) -> None:
    term = started(town, opened(town))
    for step, fields in IMPOSSIBLE:
        with pytest.raises((Blocked, WrongFields)):
            town.work("fenna").act_on(LegalTerm, term.id, step, fields)
    assert again(town, term).version == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["suspend", "resume", "prolong_suspension", "extend", "pass"]),
            st.integers(1, 25),
            st.integers(0, 12),
        ),
        max_size=8,
    ),
    st.sampled_from(["awb_decision", "objection_decision", "complaint", "wmo_decision"]),
)
def test_whatever_is_done_to_it_its_row_says_when_it_ends_and_so_does_its_deadline(
    town: Town, steps: list[tuple[str, int, int]], matter: str
) -> None:
    reasons = dict(town.house.lists["suspension_reasons"].items)
    moment = MONDAY
    with clock.standing_at(moment):
        term = started(town, opened(town), matter)
    for step, days, back in steps:
        moment += timedelta(days=days)
        with clock.standing_at(moment):
            do_due_work(town.clockwork())
            on = clock.today() - timedelta(days=back)
            later = {"suspended_until": clock.today() + timedelta(days=days)}
            given_ = {
                "suspend": {"suspension_reason": "completion_asked", "suspended_on": on, **later},
                "prolong_suspension": later,
                "resume": {"resumed_on": on},
                "extend": {"told_on": on},
            }
            if step in given_:
                with suppress(Refused, WrongFields):
                    town.work("fenna").act_on(LegalTerm, term.id, step, given_[step])
            do_due_work(town.clockwork())
            found = again(town, term)
            ending = reckon(reckoning_of(found, reasons))
            assert (found.ends_at, found.ends_on, found.why_nl) == (ending.at, ending.day, ending.why.nl)
            assert found.state != "ending" or due(town, term) == [found.ends_at]
            assert len(due(town, term)) == 1, "an open term has one deadline"
            assert (found.state == "passed") == (found.suspended_on is None and moment > found.ends_at)
            town.close()
    assert verify(town.clockwork().session) == []
    town.close()
