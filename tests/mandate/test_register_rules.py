"""What a change of the register may do, whatever is asked: nothing with hindsight, and never wider than above."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mandate.registers import KNOWN, entry, register
from wijkteam.mandate.change_checks import mistakes, wider
from wijkteam.mandate.changes import RowChange, as_text, from_text, plan
from wijkteam.mandate.kept import LAST_DAY, KeptRegister, KeptRow, RowState
from wijkteam.mandate.register_file import MandateEntry
from wijkteam.terms import clock

Said = dict[str, Any]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
TOP = entry("M-1", may_pass_on=True, per_decision=500)
QUORUM = {"colleagues_needed": 3, "quorum_within": "PT24H"}
BELOW = entry("M-1.1", given_under="M-1", per_decision=100)


def told(kept: KeptRegister, *changes: RowChange) -> list[str]:
    found = mistakes(changes, kept, KNOWN, plan(changes, kept, NOW))
    return [f"{each.number}.{each.field}" for each in found]


def add(new: MandateEntry) -> RowChange:
    return RowChange(what="add", number=new.number, entry=new)


def put_instead(new: MandateEntry, on: date | None = None) -> RowChange:
    return RowChange(what="replace", number=new.number, entry=new.model_copy(update={"valid_from": on}))


def revoke(number: str, on: date | None = None) -> RowChange:
    return RowChange(what="revoke", number=number, on=on, why="Besluit")


def after(kept: KeptRegister, *changes: RowChange) -> KeptRegister:
    """The register as it becomes."""
    planned = plan(changes, kept, NOW)
    rows = [planned.row_after(row) for row in kept.rows]
    for number, added in enumerate(planned.added, 1_000):
        above = next(
            (
                each.id
                for each in rows
                if each.number == added.entry.given_under and each.first_day <= added.first_day <= each.last_day
            ),
            None,
        )
        rows.append(KeptRow(number, added.entry, above))
    return KeptRegister(rows)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"per_decision": 501}, "per_decision"),
        ({"per_decision": None}, "per_decision"),
        ({"power": "mini_budget"}, "power"),
        ({"kind": "volmacht"}, "kind"),
        ({"body": "burgemeester"}, "body"),
    ],
)
def test_awb_10_9_a_sub_mandate_is_never_wider_than_the_row_above(said: dict[str, Any], field: str) -> None:
    new = entry("M-1.2", given_under="M-1", **{"per_decision": 500, **said})
    assert told(register(TOP), add(new)) == [f"M-1.2.{field}"]


@pytest.mark.parametrize(
    ("above", "below", "field"),
    [
        ({"per_household": 900}, {}, "per_household"),
        ({"per_year": 900}, {"per_year": 901}, "per_year"),
        ({"longest_duration": "P3M"}, {"longest_duration": "P4M"}, "longest_duration"),
        ({"longest_duration": "P3M"}, {}, "longest_duration"),
        ({"second_pair_above": 100}, {"second_pair_above": 101}, "second_pair_above"),
        ({"colleagues_needed": 3}, {"colleagues_needed": 2}, "colleagues_needed"),
        (
            {"colleagues_needed": 3, "quorum_within": "PT24H"},
            {"colleagues_needed": 3, "quorum_within": "P2D"},
            "quorum_within",
        ),
        ({"reserved": ["precedent"]}, {"reserved": ["politically_sensitive"]}, "reserved"),
        ({"civil_servant_only": True}, {}, "civil_servant_only"),
        ({"team": "Wijkteam 1"}, {}, "team"),
        ({"wijk": "WK000001"}, {}, "wijk"),
        ({"may_pass_on": False}, {}, "given_under"),
        ({"pass_on_to": "manager"}, {}, "given_under"),
    ],
)
def test_awb_10_9_no_condition_of_the_row_above_is_lost(
    above: dict[str, Any], below: dict[str, Any], field: str
) -> None:
    top = entry("M-1", **{"may_pass_on": True, **above})
    assert [each.field for each in wider(entry("M-1.1", given_under="M-1", **below), top)] == [field]
    assert (
        list(
            wider(
                top.model_copy(update={"number": "M-1.1"}),
                entry("M-1", **{**above, "may_pass_on": True, "pass_on_to": None}),
            )
        )
        == []
    )


def test_a_sub_mandate_does_not_outlast_the_row_above() -> None:
    top = TOP.model_copy(update={"valid_until": date(2026, 12, 31)})
    assert told(register(top), add(entry("M-1.1", given_under="M-1", per_decision=1))) == ["M-1.1.valid_until"]
    assert (
        told(register(top), add(entry("M-1.1", given_under="M-1", per_decision=1, valid_until=top.valid_until))) == []
    )


def test_rows_never_stand_in_a_circle() -> None:
    one = entry("M-1", may_pass_on=True)
    two = entry("M-2", may_pass_on=True, given_under="M-1")
    circle = put_instead(one.model_copy(update={"given_under": "M-2"}))
    assert "M-1.given_under" in told(register(one, two), circle)


def test_a_row_above_that_gets_narrower_takes_what_is_wider_under_it_along_as_a_mistake() -> None:
    narrower = put_instead(TOP.model_copy(update={"per_decision": Decimal(50)}))
    assert told(register(TOP, BELOW), narrower) == ["M-1.1.per_decision"]
    together = put_instead(BELOW.model_copy(update={"per_decision": Decimal(50)}))
    assert told(register(TOP, BELOW), narrower, together) == []


def test_a_row_that_is_replaced_takes_the_rows_under_it_along() -> None:
    lowest = entry("M-1.1.1", given_under="M-1.1", per_decision=10)
    kept = register(TOP, BELOW.model_copy(update={"may_pass_on": True}), lowest)
    changed = after(kept, put_instead(TOP.model_copy(update={"per_decision": Decimal(900)}), TODAY + timedelta(days=5)))
    later = NOW + timedelta(days=6)
    assert [row.number for row in changed.in_force(later)] == ["M-1", "M-1.1", "M-1.1.1"]
    assert [row.number for row in changed.in_force(NOW)] == ["M-1", "M-1.1", "M-1.1.1"]
    assert len({row.id for row in changed.in_force(later)} & {row.id for row in changed.in_force(NOW)}) == 0


def test_a_row_and_the_one_above_it_change_on_one_day() -> None:
    above = put_instead(TOP.model_copy(update={"per_decision": Decimal(900)}), TODAY + timedelta(days=5))
    below = put_instead(BELOW, TODAY + timedelta(days=6))
    assert told(register(TOP, BELOW), above, below) == ["M-1.1.valid_from"]


def test_awb_10_8_revoking_reaches_everything_under_a_row_from_that_moment_and_nothing_before() -> None:
    day = TODAY + timedelta(days=10)
    changed = after(register(TOP, BELOW), revoke("M-1", day))
    start = datetime(2026, 3, 11, 23, 0, tzinfo=UTC)  # midnight on Dutch clocks
    assert len(changed.in_force(start - timedelta(seconds=1))) == 2
    assert changed.in_force(start) == []
    below = changed.numbered("M-1.1")[0]
    assert (changed.standing(below, start), below.revoked_at) == (RowState.NOTHING_ABOVE, None)


def test_revoking_a_row_takes_its_successor_that_was_to_come_along() -> None:
    next_year = date(2027, 1, 1)
    kept = register(
        TOP.model_copy(update={"valid_until": date(2026, 12, 31)}), TOP.model_copy(update={"valid_from": next_year})
    )
    changed = after(kept, revoke("M-1"))
    assert changed.in_force(datetime(2027, 2, 1, tzinfo=UTC)) == []


@pytest.mark.parametrize(
    "change", [put_instead(TOP, TODAY - timedelta(days=1)), revoke("M-1", TODAY - timedelta(days=1))]
)
def test_nothing_that_holds_is_changed_with_hindsight(change: RowChange) -> None:
    assert [each.split(".")[-1] for each in told(register(TOP), change)] in (["valid_from"], ["on"])


def test_a_number_is_in_use_once_at_a_time() -> None:
    until = TOP.model_copy(update={"valid_until": date(2026, 6, 30)})
    assert told(register(until), add(TOP.model_copy(update={"valid_from": date(2026, 6, 30)}))) == ["M-1.number"]
    assert told(register(until), add(TOP.model_copy(update={"valid_from": date(2026, 7, 1)}))) == []


def test_a_row_that_was_changed_meanwhile_is_not_replaced() -> None:
    change = RowChange(what="replace", number="M-1", entry=TOP.model_copy(update={"valid_from": None}), row=77)
    assert told(register(TOP), change) == ["M-1.number"]


def test_a_row_stands_once_in_a_change_and_a_change_is_about_something() -> None:
    assert "M-1.number" in told(register(TOP), revoke("M-1"), put_instead(TOP))
    assert told(register(TOP)) == ["."]


@st.composite
def rows_with_changes(draw: st.DrawFn) -> tuple[KeptRegister, list[RowChange]]:
    """A tree of rows that fit, and a few changes of any kind, on any day."""
    rows: list[MandateEntry] = []
    for index in range(draw(st.integers(1, 5))):
        above = draw(st.sampled_from([None, *rows])) if rows else None
        most = above.per_decision if above is not None else Decimal(1000)
        until = above.valid_until if above is not None else draw(st.none() | st.just(date(2026, 3, 20)))
        euros = Decimal(draw(st.integers(1, int(most or 1))))
        rows.append(
            entry(
                f"M-{index}",
                may_pass_on=True,
                per_decision=euros,
                given_under=above.number if above else None,
                valid_until=until,
            )
        )
    changes = []
    for index in draw(st.lists(st.integers(0, 6), unique=True, max_size=4)):
        day = draw(st.none() | st.dates(date(2026, 2, 27), date(2026, 3, 20)))
        old = next((row for row in rows if row.number == f"M-{index}"), None)
        if old is None or draw(st.integers(0, 9)) == 0:
            above_it = draw(st.sampled_from([None, "M-0"])) if index else None
            changes.append(add(entry(f"M-{index}", per_decision=5, valid_from=day, given_under=above_it)))
        elif draw(st.booleans()):
            changes.append(revoke(old.number, day))
        else:
            euros = Decimal(draw(st.integers(1, 1200)))
            changes.append(put_instead(old.model_copy(update={"per_decision": euros}), day))
    return register(*rows), changes


@given(drawn=rows_with_changes(), days=st.integers(-40, 40))
@settings(max_examples=150)
def test_whatever_is_accepted_leaves_the_past_alone_and_nothing_wider_than_above(
    drawn: tuple[KeptRegister, list[RowChange]], days: int
) -> None:
    kept, changes = drawn
    if told(kept, *changes):
        return
    changed = after(kept, *changes)
    moment = NOW + timedelta(days=days)
    if days < 0:
        assert [row.id for row in changed.in_force(moment) if row.id < 1_000] == [
            row.id for row in kept.in_force(moment)
        ]
    for row in kept.rows:
        now = changed.by_id[row.id]
        ended = replace(
            now,
            entry=now.entry.model_copy(update={"valid_until": row.entry.valid_until}),
            revoked_at=None,
            revoked_why=None,
        )
        assert ended == row, "a row is ended or revoked and for the rest never altered"
    day = clock.local(moment).date()
    held = [row for row in changed.rows if row.holds_on(day)]
    assert len({row.number for row in held}) == len(held), "a number is in use once"
    for row in changed.in_force(moment):
        for above in changed.chain(row)[1:2]:
            assert list(wider(row.entry, above.entry)) == []
    assert all(row.last_day == LAST_DAY or row.last_day >= TODAY - timedelta(days=1) for row in changed.rows)


@given(drawn=rows_with_changes())
@settings(max_examples=30)
def test_a_change_is_kept_word_for_word(drawn: tuple[KeptRegister, list[RowChange]]) -> None:
    assert from_text(as_text(drawn[1])) == drawn[1]
