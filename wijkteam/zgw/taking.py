"""Taking in: a zaak elsewhere becomes a resident's signal here, once, for a person to take up.

A case begins with a person who keeps it moving and a next step, so no zaak becomes a case by itself: it comes in at the
front door as a signal, with the words that the mapping takes over and the number by which the case system knows it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import exists, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from wijkteam.engine.fields import WrongFields
from wijkteam.messages.sending import wait_after
from wijkteam.signals.service import GivenSignal, take_in_from_elsewhere
from wijkteam.signals.table import SignalTable
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.zgw.mapping import IntakeMapping, ZgwMapping
from wijkteam.zgw.model import Zaak, ZaakIntake, ZaakState
from wijkteam.zgw.talking import CaseSystem, NotNow, Refused

log = structlog.get_logger()
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 24


@dataclass
class TakenIn:
    """What one round did."""

    taken: int = 0
    passed: int = 0
    later: int = 0
    dead: int = 0

    @property
    def done(self) -> bool:
        """Whether there was anything to do."""
        return bool(self.taken or self.passed or self.later or self.dead)

    def __str__(self) -> str:
        """In one line."""
        return f"{self.taken} taken in, {self.passed} not for us, {self.later} to be tried again, {self.dead} dead"


def note_zaak(work: Work, mapping: ZgwMapping, url: str) -> bool:
    """Note a zaak that is to be looked at; False when it is one of another system, or was noted before."""
    ours = url.startswith(mapping.zaken) and url.isascii() and url.isprintable()
    if mapping.intake is None or len(url) > 500 or not ours:
        return False
    now = clock.now()
    row = {"url": url, "state": ZaakState.WAITING, "send_after": now, "attempts": 0, "arrived_at": now}
    with work.transaction() as session:
        if session.scalar(select(exists().where(Zaak.url == url))):
            return False
        add = postgres_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
        added = add(ZaakIntake).values(row).on_conflict_do_nothing().returning(ZaakIntake.id)
        return bool(session.execute(added).all())


def take_round(
    work: Work,
    mapping: ZgwMapping,
    system: CaseSystem,
    table: SignalTable,
    stopped: Callable[[], bool] = lambda: False,
) -> TakenIn:
    """Look at every zaak that was noted, and make a signal of those that are for us."""
    done = TakenIn()
    while mapping.intake is not None and not stopped() and not done.later:
        claimed = _claim(work)
        if claimed is None:
            break
        _take(work, mapping, mapping.intake, system, table, claimed, done)
    return done


@dataclass(frozen=True)
class _Claimed:
    id: int
    url: str
    attempts: int


def _claim(work: Work) -> _Claimed | None:
    now = clock.now()
    with work.transaction() as session:
        row = session.scalars(
            select(ZaakIntake)
            .where(ZaakIntake.state == ZaakState.WAITING, ZaakIntake.send_after <= now)
            .order_by(ZaakIntake.send_after, ZaakIntake.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if row is None:
            return None
        row.attempts += 1
        row.send_after = now + LEASE
        return _Claimed(row.id, row.url, row.attempts)


def _take(
    work: Work,
    mapping: ZgwMapping,
    intake: IntakeMapping,
    system: CaseSystem,
    table: SignalTable,
    claimed: _Claimed,
    done: TakenIn,
) -> None:
    try:
        zaak = system.read(claimed.url)
        if _is_for_us(mapping, intake, zaak):
            done.taken += _make_signal(work, intake, table, claimed, zaak)
        else:
            _settle(work, claimed, state=ZaakState.PASSED)
            done.passed += 1
    except (Refused, WrongFields) as error:
        _settle(work, claimed, state=ZaakState.DEAD, last_error=str(error)[:200])
        done.dead += 1
    except NotNow as error:
        _put_off(work, claimed, str(error), done)
    except Exception as error:  # one that cannot be taken in must not hold up the others, and is tried again
        log.exception("zgw.not_taken", intake=claimed.id)
        _put_off(work, claimed, type(error).__name__, done)


def _put_off(work: Work, claimed: _Claimed, said: str, done: TakenIn) -> None:
    if claimed.attempts >= MOST_ATTEMPTS:
        _settle(work, claimed, state=ZaakState.DEAD, last_error=said[:200])
        done.dead += 1
        return
    _settle(work, claimed, send_after=clock.now() + wait_after(claimed.attempts), last_error=said[:200])
    done.later += 1


def _is_for_us(mapping: ZgwMapping, intake: IntakeMapping, zaak: dict[str, Any]) -> bool:
    """Of a type that is taken in, still open, and not made by ourselves."""
    own = str(zaak.get("identificatie", "")).startswith(mapping.number_prefix)
    return zaak.get("zaaktype") in intake.types and not zaak.get("einddatum") and not own


def _make_signal(
    work: Work, intake: IntakeMapping, table: SignalTable, claimed: _Claimed, zaak: dict[str, Any]
) -> bool:
    """The signal and that it was made, in one transaction; False when another worker was first."""
    number = str(zaak.get("identificatie", ""))[:40]
    said = [str(zaak.get(name) or "").replace("\x00", "").strip() for name in intake.words]
    words = "\n".join(each for each in said if each) or f"Zaak {number}"
    given = GivenSignal(kind=intake.kind, words=words, contact=f"Zaak {number}")
    with work.transaction() as session:
        mine = (ZaakIntake.id == claimed.id) & (ZaakIntake.state == ZaakState.WAITING)
        taken = update(ZaakIntake).where(mine, ZaakIntake.attempts == claimed.attempts)
        taken = taken.values(state=ZaakState.DONE, number=number, taken_at=clock.now(), last_error=None)
        if not session.execute(taken.returning(ZaakIntake.id)).all():
            return False
        signal = take_in_from_elsewhere(work, given, table, intake.team)
        session.flush()
        session.execute(update(ZaakIntake).where(ZaakIntake.id == claimed.id).values(signal_id=signal.id))
        return True


def _settle(work: Work, claimed: _Claimed, **values: Any) -> None:
    mine = (ZaakIntake.id == claimed.id) & (ZaakIntake.attempts == claimed.attempts)
    with work.transaction() as session:
        session.execute(update(ZaakIntake).where(mine).values(**values))
