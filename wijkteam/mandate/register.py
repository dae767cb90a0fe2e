"""The register at one moment: which rows stand, with the limits of those above them, found without searching. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from wijkteam.mandate.row import SIGNING, RegisterRow, chain_text
from wijkteam.people.acting import ActingPerson
from wijkteam.terms import clock

NO_LIMIT = 10**15
EARLIEST, LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
Key = tuple[str, str, int | None, str | None]
"""Power, function, team, wijk."""


@dataclass(frozen=True)
class Standing:
    """A row that holds, with the tightest limits along its chain (Awb 10:9: never wider than what the giver holds)."""

    chain: tuple[RegisterRow, ...]
    """The row itself first, and last the row that the body itself gave."""
    per_decision: int | None
    per_household: int | None
    per_year: tuple[tuple[int, int], ...]
    """Numbers of rows in the chain with a ceiling for a year, and that ceiling; each counts what is under it."""
    in_total: tuple[tuple[int, int], ...]
    """The same for rows for one case (Awb 10:5), whose amount is for all decisions together."""
    durations: tuple[str, ...]
    second_pair_above: int | None
    quorums: tuple[tuple[int, str | None], ...]
    """How many colleagues have to agree, and within how long."""
    reserved: Mapping[str, RegisterRow | None]
    """What is kept above this row: code, and the row that keeps it; None where the body itself does."""
    civil_servant_only: bool
    team_id: int | None
    wijk_code: str | None
    row: RegisterRow = field(init=False)
    """The row itself."""
    width: tuple[int, int] = field(init=False)
    """For sorting from narrow to wide."""

    def __post_init__(self) -> None:
        row = self.chain[0]
        object.__setattr__(self, "row", row)
        object.__setattr__(self, "width", (NO_LIMIT if self.per_decision is None else self.per_decision, -row.id))

    def text(self) -> str:
        """The row with its chain in words, to be kept with a decision (Awb 10:2)."""
        return chain_text(self.chain)


class Staff(Protocol):
    """Who can be reached today."""

    def reachable(self, function: str, team_id: int | None) -> Sequence[ActingPerson]:
        """Those who hold the function in this team or everywhere, or stand in for who does, and are not away."""


class PresentStaff:
    """Staff known in full beforehand."""

    def __init__(self, people: Iterable[ActingPerson] = (), away: Collection[int] = ()) -> None:
        self._found: dict[tuple[str, int | None], dict[int, ActingPerson]] = {}
        for person in sorted(people, key=lambda each: each.person_id):
            if person.person_id not in away:
                for holding in person.holdings:
                    place = self._found.setdefault((holding.function, holding.team_id), {})
                    place[person.person_id] = person

    def reachable(self, function: str, team_id: int | None) -> Sequence[ActingPerson]:
        """See `Staff`."""
        everywhere = self._found.get((function, None), {})
        if team_id is None:
            return list(everywhere.values())
        return list({**self._found.get((function, team_id), {}), **everywhere}.values())


class Register:
    """A snapshot of rows at a moment; a question to it is a few look-ups, however many rows there are."""

    def __init__(self, rows: Iterable[RegisterRow], moment: datetime, staff: Staff | None = None) -> None:
        self.rows = {row.id: row for row in rows}
        self.moment = moment
        self.day = clock.local(moment).date()
        self.staff: Staff = staff or PresentStaff()
        self._standing: dict[int, Standing | None] = {}
        self._held: dict[Key, list[Standing]] = {}
        self._for_case: dict[tuple[str, str], list[Standing]] = {}
        self._functions: dict[str, dict[str, None]] = {}
        self._signing: set[tuple[str, str]] = set()
        self._bodies: dict[str, str] = {}
        self._children: dict[int, list[int]] = {}
        self._numbered: dict[tuple[str, str], list[int]] = {}
        for row in self.rows.values():
            self._add(row)
        for held in (*self._held.values(), *self._for_case.values()):
            held.sort(key=lambda each: each.width, reverse=True)
        self._from, self._until = self._same_between()

    def _add(self, row: RegisterRow) -> None:
        self._numbered.setdefault((row.power, row.number), []).append(row.id)
        if row.given_under is not None:
            self._children.setdefault(row.given_under, []).append(row.id)
        standing = self.standing(row.id)
        if standing is None:
            return
        self._bodies.setdefault(row.power, row.body)
        if row.kind == SIGNING:
            self._signing.add((row.power, row.function))
        elif row.case_id is not None:
            self._for_case.setdefault((row.power, row.case_id), []).append(standing)
        else:
            key = (row.power, row.function, standing.team_id, standing.wijk_code)
            self._held.setdefault(key, []).append(standing)
            self._functions.setdefault(row.power, {})[row.function] = None

    def at(self, moment: datetime) -> "Register":
        """The same rows at another moment; the same snapshot as long as no row begins or ends in between."""
        if not self._from <= moment < self._until:
            return Register(self.rows.values(), moment, self.staff)
        other = copy(self)
        other.moment, other.day = moment, clock.local(moment).date()
        return other

    def _same_between(self) -> tuple[datetime, datetime]:
        before, after = EARLIEST, LATEST
        for row in self.rows.values():
            turns = [_start_of(row.valid_from), row.revoked_at]
            if row.valid_until is not None and row.valid_until < date.max:
                turns.append(_start_of(row.valid_until + timedelta(days=1)))
            for turn in turns:
                if turn is None:
                    continue
                if turn <= self.moment:
                    before = max(before, turn)
                else:
                    after = min(after, turn)
        return before, after

    def standing(self, row_id: int) -> Standing | None:
        """The row with its limits when it and all above it hold at this moment; else None.

        A row holds by the one above it only while that one holds (Awb 10:8), may be passed on, and to this function
        (Awb 10:9), and is about the same power of the same body; a circle of rows holds nothing.
        """
        path: dict[int, RegisterRow] = {}
        current: int | None = row_id
        while current is not None and current not in self._standing:
            row = self.rows.get(current)
            if row is None or row.id in path:
                break
            path[row.id] = row
            current = row.given_under
        known = self._standing.get(current) if current is not None else None
        rooted = current is None
        for row in reversed(path.values()):
            known = self._stand(row, known, rooted)
            self._standing[row.id] = known
            rooted = False
        return self._standing.get(row_id)

    def _stand(self, row: RegisterRow, above: Standing | None, rooted: bool) -> Standing | None:
        if not row.stands_at(self.moment, self.day):
            return None
        if rooted:
            return _under(row, None)
        return _under(row, above) if above is not None and _may_be_given(row, above) else None

    def held_in(self, power: str, function: str, team_id: int | None, wijk_code: str | None) -> list[Standing]:
        """General rows of a function for a power in this team and wijk, in no order."""
        found: list[Standing] = []
        for team in (None,) if team_id is None else (None, team_id):
            for wijk in (None,) if wijk_code is None else (None, wijk_code):
                found += self._held.get((power, function, team, wijk), ())
        return found

    def held_for_case(self, power: str, case_id: str | None) -> Sequence[Standing]:
        """Rows for this one case, widest first."""
        return self._for_case.get((power, case_id), ()) if case_id is not None else ()

    def functions_with(self, power: str) -> Collection[str]:
        """The functions that hold a general row for the power."""
        return self._functions.get(power, {})

    def may_sign(self, power: str, function: str) -> bool:
        """Whether the function may sign what the body itself decides (Awb 10:11)."""
        return (power, function) in self._signing

    def body_with(self, power: str) -> str | None:
        """The body that a power belongs to, as a row says that stands; it stays competent itself (Awb 10:7)."""
        return self._bodies.get(power)

    def counted_under(self, row_id: int) -> frozenset[int]:
        """The rows whose decisions use up the ceiling of this one: its own, and those given under it.

        A row that took the place of another under the same number goes on where that one stopped.
        """
        row = self.rows[row_id]
        waiting = list(self._numbered[row.power, row.number])
        found: set[int] = set()
        while waiting:
            each = waiting.pop()
            if each not in found:
                found.add(each)
                waiting += self._children.get(each, ())
        return frozenset(found)

    def all_standing(self) -> list[Standing]:
        """Every row that holds at this moment, by number."""
        found = [self.standing(row.id) for row in sorted(self.rows.values(), key=lambda each: (each.number, each.id))]
        return [each for each in found if each is not None]


def _start_of(day: date) -> datetime:
    """When a Dutch day begins; the ends of the calendar lie beyond every moment."""
    try:
        return datetime.combine(day, time(), tzinfo=clock.NETHERLANDS).astimezone(UTC)
    except OverflowError:
        return EARLIEST if day.year == date.min.year else LATEST


def _may_be_given(row: RegisterRow, above: Standing) -> bool:
    giver = above.row
    return (
        giver.may_pass_on
        and giver.pass_on_to in (None, row.function)
        and (giver.power, giver.body) == (row.power, row.body)
        and (giver.kind == row.kind or (row.kind == SIGNING and giver.kind != SIGNING))
        and giver.case_id in (None, row.case_id)
        and (above.team_id is None or row.team_id in (None, above.team_id))
        and (above.wijk_code is None or row.wijk_code in (None, above.wijk_code))
    )


def _under(row: RegisterRow, above: Standing | None) -> Standing:
    """The row's own limits, tightened by those of the row above."""
    own_quorum = ((row.colleagues_needed, row.quorum_within),) if row.colleagues_needed else ()
    own_year = ((row.id, row.ceiling_per_year),) if row.ceiling_per_year is not None else ()
    own_total = ((row.id, row.ceiling_per_decision),) if row.case_id and row.ceiling_per_decision is not None else ()
    own_duration = (row.longest_duration,) if row.longest_duration else ()
    keeper = above.row if above else None
    return Standing(
        chain=(row, *(above.chain if above else ())),
        per_decision=_tightest(row.ceiling_per_decision, above.per_decision if above else None),
        per_household=_tightest(row.ceiling_per_household, above.per_household if above else None),
        per_year=own_year + (above.per_year if above else ()),
        in_total=own_total + (above.in_total if above else ()),
        durations=own_duration + (above.durations if above else ()),
        second_pair_above=_tightest(row.second_pair_above, above.second_pair_above if above else None),
        quorums=own_quorum + (above.quorums if above else ()),
        reserved={**dict.fromkeys(row.reserved_codes(), keeper), **(above.reserved if above else {})},
        civil_servant_only=row.civil_servant_only or (above is not None and above.civil_servant_only),
        team_id=row.team_id if above is None or above.team_id is None else above.team_id,
        wijk_code=row.wijk_code if above is None or above.wijk_code is None else above.wijk_code,
    )


def _tightest(one: int | None, other: int | None) -> int | None:
    limits = [each for each in (one, other) if each is not None]
    return min(limits) if limits else None
