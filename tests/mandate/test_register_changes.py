"""A change of the register takes effect when a second person approves, at once and whole, and not before."""

import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from tests.conftest import Town
from wijkteam.cases.service import NewCase, open_case
from wijkteam.engine.running import Blocked, NotYours, Refused
from wijkteam.events.model import Event
from wijkteam.events.verification import verify
from wijkteam.mandate.change_form import read_change
from wijkteam.mandate.changes import RowChange
from wijkteam.mandate.keeping import Mistaken, propose_change
from wijkteam.mandate.kept import REPLACED
from wijkteam.mandate.model import Mandate, RegisterChange
from wijkteam.mandate.register_queries import kept_register
from wijkteam.people import queries as people
from wijkteam.people.service import NewPerson, add_person, give_function
from wijkteam.terms import clock

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
NEW_ROW = {"power": "tailored_budget", "legal_ground": "Gemeentewet", "function": "process_director"}


@pytest.fixture(autouse=True)
def standing_still() -> Any:
    with clock.standing_at(NOW):
        yield


def proposed(town: Town, what: str, number: str, **said: Any) -> RegisterChange:
    ada = town.work("ada")
    given = {"what": what, "number": number, "why": "Besluit 7", **said}
    return propose_change(ada, [read_change(given, kept_register(ada.session), TODAY)], "Besluit 7")


def approved(town: Town, change: RegisterChange) -> RegisterChange:
    return town.work("bea").act_on(RegisterChange, change.id, "approve", {})


def rows(town: Town, number: str) -> list[Mandate]:
    numbered = select(Mandate).where(Mandate.number == number).order_by(Mandate.id)
    return list(town.clockwork().session.scalars(numbered))


def test_nothing_holds_before_a_second_person_approved(town: Town) -> None:
    change = proposed(town, "replace", "M-02", per_decision="500,00")
    assert [row.ceiling_per_decision for row in rows(town, "M-02")] == [25_000]
    approved(town, change)
    assert [row.ceiling_per_decision for row in rows(town, "M-02")] == [25_000, 50_000]
    in_force = kept_register(town.clockwork().session).in_force(NOW)
    assert [row.entry.per_decision for row in in_force if row.number == "M-02"] == [Decimal(500)]
    assert verify(town.clockwork().session) == []


def test_the_proposer_never_approves_also_not_with_two_functions(town: Town) -> None:
    work = town.clockwork()
    ada = people.person_by_email(work.session, "ada@voorbeeldstad.example")
    assert ada is not None
    give_function(work, ada, "bestuurder")
    change = proposed(town, "revoke", "M-02")
    with pytest.raises(NotYours):
        town.work("ada").act_on(RegisterChange, change.id, "approve", {})


def test_not_even_by_hand_does_the_database_take_a_change_that_its_proposer_approved(town: Town) -> None:
    change = proposed(town, "revoke", "M-02")
    session = town.clockwork().session
    for values in ({"decided_by": change.proposer_id}, {"state": "in_force"}):
        with pytest.raises(IntegrityError):
            session.execute(update(RegisterChange).values(values))
        session.rollback()


def test_a_row_in_force_is_ended_and_replaced_and_never_altered(town: Town) -> None:
    (before,) = rows(town, "M-03")
    kept = {name: value for name, value in vars(before).items() if not name.startswith("_")}
    approved(town, proposed(town, "replace", "M-03", per_decision="900", valid_from="2026-04-01"))
    old, new = rows(town, "M-03")
    assert {name: getattr(old, name) for name in kept} == {**kept, "valid_until": date(2026, 3, 31)}
    assert (new.valid_from, new.valid_until, new.ceiling_per_decision) == (date(2026, 4, 1), None, 90_000)


def test_replaced_at_once_the_old_row_holds_up_to_that_moment(town: Town) -> None:
    approved(town, proposed(town, "replace", "M-03", per_decision="900"))
    old, new = rows(town, "M-03")
    assert (old.revoked_at, old.revoked_why, old.valid_until) == (NOW, REPLACED, None)
    register = kept_register(town.clockwork().session)
    moments = (NOW - timedelta(seconds=1), NOW)
    assert [[row.id for row in register.in_force(at) if row.number == "M-03"] for at in moments] == [[old.id], [new.id]]


def test_awb_10_8_a_revoked_row_says_why_and_takes_what_is_under_it_along(town: Town) -> None:
    approved(town, proposed(town, "revoke", "M-14", on="2026-03-10"))
    (row,) = rows(town, "M-14")
    assert (row.revoked_at, row.revoked_why) == (datetime(2026, 3, 9, 23, 0, tzinfo=UTC), "Besluit 7")
    register = kept_register(town.clockwork().session)
    held = [{row.number for row in register.in_force(NOW + timedelta(days=days))} for days in (6, 8)]
    assert ({"M-14", "M-14.1"} <= held[0], {"M-14", "M-14.1"} & held[1]) == (True, set())


def test_rows_under_a_replaced_row_hang_under_its_replacement(town: Town) -> None:
    approved(town, proposed(town, "replace", "M-14", per_decision="4000"))
    new, below = rows(town, "M-14")[-1], rows(town, "M-14.1")
    assert [row.given_under == new.id for row in below] == [False, True]
    assert below[0].revoked_why == REPLACED


def test_a_mandate_for_one_case_goes_along_when_the_row_above_is_replaced_as_far_as_it_covers_it(town: Town) -> None:
    fenna = town.work("fenna")
    case = open_case(fenna, NewCase("Straat 1", "Huur", "Bellen", TODAY))
    above = rows(town, "M-03")[0]
    with fenna.transaction() as session:
        for number, euros in (("small", 100), ("large", 2_000)):
            session.add(
                Mandate(
                    number=number, kind="volmacht", power="tailored_budget", legal_ground="x", body=above.body,
                    function="best_person", given_under=above.id, case_id=case.id, person_id=case.owner_id,
                    ceiling_per_decision=euros * 100, valid_from=TODAY, valid_until=date(2026, 6, 1),
                )
            )  # fmt: skip
    approved(town, proposed(town, "replace", "M-03", per_decision="1000", valid_from="2026-04-01"))
    new = rows(town, "M-03")[-1]
    small, large = rows(town, "small"), rows(town, "large")
    assert [(row.given_under, row.valid_from, row.valid_until) for row in small] == [
        (above.id, TODAY, date(2026, 3, 31)),
        (new.id, date(2026, 4, 1), date(2026, 6, 1)),
    ]
    assert [row.valid_until for row in large] == [date(2026, 3, 31)]
    assert "small" not in {row.number for row in kept_register(fenna.session).rows}, "it names a person: not published"


def test_every_mistake_is_told_in_one_go_in_a_line_of_its_own(town: Town) -> None:
    with pytest.raises(Blocked) as blocked:
        proposed(town, "add", "M-90", **{**NEW_ROW, "function": "tovenaar", "body": "Koning", "given_under": "M-99"})
    assert isinstance(blocked.value.reason, Mistaken)
    assert [each.field for each in blocked.value.reason.mistakes] == ["function", "body", "given_under"]
    assert len(blocked.value.reason.nl.splitlines()) == 3


def test_a_change_of_a_row_that_was_changed_meanwhile_is_not_approved(town: Town) -> None:
    first = proposed(town, "replace", "M-02", per_decision="300")
    second = proposed(town, "replace", "M-02", per_decision="400")
    approved(town, first)
    with pytest.raises(Blocked, match="M-02"):
        approved(town, second)
    assert [row.ceiling_per_decision for row in rows(town, "M-02")] == [25_000, 30_000]


def test_two_who_approve_at_the_same_moment_do_not_bring_one_number_in_twice(town: Town) -> None:
    changes = [proposed(town, "add", "M-90", **NEW_ROW, per_decision=str(euros)) for euros in (1, 2)]
    work = town.clockwork()
    other = add_person(work, NewPerson("Bo Bestuurder", "bo@voorbeeldstad.example"))
    give_function(work, other, "bestuurder")
    ready, wrong, done = threading.Barrier(2), [], []

    def approve(name: str, change: RegisterChange) -> None:
        with clock.standing_at(NOW):
            work = town.work(name)
            ready.wait()
            try:
                done.append(work.act_on(RegisterChange, change.id, "approve", {}).id)
            except Refused:
                pass
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=approve, args=pair) for pair in zip(("bea", "bo"), changes, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (wrong, len(done), len(rows(town, "M-90"))) == ([], 1, 1)
    approvals = select(Event.subject_id).where(Event.name == "approve")
    assert list(town.clockwork().session.scalars(approvals)) == done
    assert verify(town.clockwork().session) == []


def test_a_change_of_many_rows_takes_effect_whole_or_not(town: Town) -> None:
    ada = town.work("ada")
    register = kept_register(ada.session)
    good = read_change({"what": "replace", "number": "M-02", "per_decision": "300"}, register, TODAY)
    bad = RowChange(what="revoke", number="M-99", why="Besluit")
    with pytest.raises(Blocked, match="M-99"):
        propose_change(ada, [good, bad], "Besluit 7")
    assert town.clockwork().session.scalars(select(RegisterChange)).all() == []
