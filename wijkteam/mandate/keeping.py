"""What can be done with the register: proposing a change of it, and, when it was approved, carrying it out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.engine.running import Blocked
from wijkteam.engine.vocabulary import Reason
from wijkteam.mandate import queries
from wijkteam.mandate.change_checks import Known, Mistake, lines, mistakes
from wijkteam.mandate.changes import Plan, PlannedRow, RowChange, as_text, from_text, plan
from wijkteam.mandate.kept import ONE_DAY, REPLACED, KeptRegister
from wijkteam.mandate.model import Mandate, Power, RegisterChange
from wijkteam.mandate.register_file import MandateEntry
from wijkteam.mandate.register_queries import kept_register
from wijkteam.people import queries as people
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work
from wijkteam.terms import clock


@dataclass(frozen=True)
class Mistaken(Reason):
    """Why a change of the register cannot be: a line for each of the mistakes in it."""

    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True)
class Names:
    """The names that rows may use and that others than the register keep."""

    bodies: frozenset[str]
    reserved: frozenset[str]
    wijken: Callable[[Session], frozenset[str]]

    def known(self, session: Session) -> Known:
        """All names that rows may use."""
        return Known(
            powers=frozenset(queries.powers(session)),
            functions=frozenset(people.functions(session)),
            bodies=self.bodies,
            reserved=self.reserved,
            teams=frozenset(team.name for team in people.teams(session)),
            wijken=self.wijken(session),
        )


def propose_change(work: Work, changes: Sequence[RowChange], why: str, change_id: str | None = None) -> RegisterChange:
    """Propose to change rows; nothing takes effect before another person approves.

    Raises Blocked, its reason Mistaken, with every mistake; WrongFields when `why` is empty; NotYours for who may
    not propose.
    """
    with work.transaction() as session:
        change = RegisterChange(id=change_id or new_id(), proposer_id=work.actor.person_id, proposed=as_text(changes))
        with session.no_autoflush:
            work.open(change, {"why": why})
            session.add(change)
        return change


def carry_out(session: Session, change: RegisterChange, known: Known) -> None:
    """Put an approved change in force: end, revoke and add rows, in the caller's transaction.

    Two changes never do so at the same time, so that each sees what the other did. Raises Blocked with every
    mistake when the register has become such that it no longer fits.
    """
    session.execute(select(Power.code).order_by(Power.code).with_for_update(key_share=True))
    changes, register = from_text(change.proposed), kept_register(session)
    planned = plan(changes, register, clock.now())
    found = mistakes(changes, register, known, planned)
    if found:
        raise Blocked(as_reason(found))
    _Carrying(session, register, planned).do()


def as_reason(found: Sequence[Mistake]) -> Mistaken:
    """Mistakes as one reason, a line each."""
    return Mistaken("\n".join(lines(found)), "\n".join(lines(found, "en")), tuple(found))


def fill_register(work: Work, entries: Iterable[MandateEntry], since: date | None = None) -> None:
    """Put the first rows in a new register, from this day on; numbers that are there already are left alone.

    Only for founding a municipality: whoever keeps one that runs proposes changes.
    """
    with work.transaction() as session:
        there = kept_register(session)
        first = since or clock.today()
        new = [
            entry if entry.valid_from and since is None else entry.model_copy(update={"valid_from": first})
            for entry in entries
            if not there.numbered(entry.number)
        ]
        planned = Plan(clock.now(), added=[PlannedRow(entry, None) for entry in new])
        _Carrying(session, there, planned).do()


class _Carrying:
    """Writing one plan to the table."""

    def __init__(self, session: Session, register: KeptRegister, planned: Plan) -> None:
        self.session = session
        self.register = register
        self.planned = planned
        self.teams = {team.name: team.id for team in people.teams(session)}
        self.written: dict[int, Mandate] = {}
        self.rows_after = {row.id: planned.row_after(row) for row in register.rows}

    def do(self) -> None:
        """All of it."""
        for row_id in {*self.planned.ended, *self.planned.revoked}:
            row = self.session.get_one(Mandate, row_id, populate_existing=True)
            row.valid_until = self.planned.ended.get(row_id, row.valid_until)
            if row_id in self.planned.revoked:
                row.revoked_at, row.revoked_why = self.planned.revoked[row_id]
        for added in self.planned.added:
            self._write(added)
        self.session.flush()

    def _write(self, added: PlannedRow) -> Mandate:
        """The row in the table; the one above it first, so that it can be named."""
        if id(added) in self.written:
            return self.written[id(added)]
        entry = added.entry
        row = Mandate(
            **entry.columns(),
            team_id=self.teams[entry.team] if entry.team else None,
            given_under=self._above(entry.given_under, added.first_day) if entry.given_under else None,
        )
        self.session.add(row)
        self.session.flush()
        self.written[id(added)] = row
        if added.instead_of is not None:
            self._carry_case_mandates(added, row)
        return row

    def _above(self, number: str, day: date) -> int:
        for added in self.planned.added:
            if added.entry.number == number and added.first_day <= day <= added.last_day:
                return self._write(added).id
        return next(
            row.id
            for row in self.rows_after.values()
            if row.number == number and row.holds_on(day) and row.first_day <= row.last_day
        )

    def _carry_case_mandates(self, added: PlannedRow, row: Mandate) -> None:
        """Mandates for one case go along with the row that they were given under, as far as it still covers them."""
        old = added.instead_of
        assert old is not None
        under = select(Mandate).where(Mandate.given_under == old.id, Mandate.case_id.is_not(None))
        for given in self.session.scalars(under):
            if given.revoked_at is not None or (given.valid_until or added.first_day) < added.first_day:
                continue
            if _covers(row, given):
                self.session.add(_copy_under(given, row))
            self._end(given, added.first_day)

    def _end(self, given: Mandate, day: date) -> None:
        if given.valid_from >= day or day == self.planned.today:
            given.revoked_at, given.revoked_why = self.planned.at, REPLACED
        else:
            given.valid_until = day - ONE_DAY


def _covers(row: Mandate, given: Mandate) -> bool:
    """Whether a row is at least as wide as a mandate for one case that was given under it."""
    limits = ("ceiling_per_decision", "ceiling_per_household")
    return row.power == given.power and all(
        (most := getattr(row, name)) is None or ((own := getattr(given, name)) is not None and own <= most)
        for name in limits
    )


def _copy_under(given: Mandate, row: Mandate) -> Mandate:
    """The same mandate for the same case, under another row, from that row's first day on."""
    same = {column.key: getattr(given, column.key) for column in Mandate.__table__.columns if column.key != "id"}
    until = min((day for day in (given.valid_until, row.valid_until) if day), default=None)
    changed = {
        "given_under": row.id,
        "valid_from": max(given.valid_from, row.valid_from),
        "valid_until": until,
        "body": row.body,
        "legal_ground": row.legal_ground,
        "civil_servant_only": row.civil_servant_only,
    }
    return Mandate(**{**same, **changed})
