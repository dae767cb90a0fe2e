"""Looking at zaken of ours in which others changed something: each change is noticed once, and shown to the owner.

A case goes on by what its owner does, so a status that was set elsewhere moves no case by itself. What wijkteam told
itself comes back as a notification too: it is known by its type and its moment, and passed over.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from wijkteam.cases.model import HouseholdCase
from wijkteam.messages.sending import wait_after
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.terms.calendar import add_working_days
from wijkteam.zgw.leaving import statuses_of
from wijkteam.zgw.mapping import ZgwMapping
from wijkteam.zgw.model import Zaak, ZaakNews
from wijkteam.zgw.talking import CaseSystem, NotNow, Refused

log = structlog.get_logger()
LEASE = timedelta(minutes=5)
LONGEST_TITLE = 80
UNREADABLE = "zaak"
"""What is noted when the case system does not let us read a zaak of ours any more: that is news too."""


@dataclass
class Looked:
    """What one round did."""

    looked: int = 0
    news: int = 0
    later: int = 0
    passed: int = 0
    """Zaken that cannot be read there any more."""

    @property
    def done(self) -> bool:
        """Whether there was anything to do."""
        return bool(self.looked or self.later or self.passed)

    def __str__(self) -> str:
        """In one line."""
        return f"{self.looked} looked at, {self.news} changed elsewhere, {self.later} to be tried again"


@dataclass(frozen=True)
class _Claimed:
    case_id: str
    url: str
    looks: int
    ours: frozenset[tuple[str, datetime]]
    """Type and moment, to the second, of every status that is our own."""
    result: str | None
    """The type of our own result."""
    within: int
    """In how many working days its owner looks at what is found."""


def look_round(
    work: Work, mapping: ZgwMapping, system: CaseSystem, stopped: Callable[[], bool] = lambda: False
) -> Looked:
    """Look at every zaak of ours of which a notification came in."""
    done = Looked()
    while mapping.case is not None and not stopped() and not done.later:
        claimed = _claim(work, mapping)
        if claimed is None:
            break
        try:
            found = _others(mapping, system, claimed)
        except Refused as error:
            log.warning("zgw.not_seen", case=claimed.case_id, why=str(error))
            gone = {"resource": UNREADABLE, "url": claimed.url, "title": "", "at": None}
            done.news += _keep(work, claimed, [gone], anew=True)
            done.passed += 1
        except Exception as error:  # one that cannot be looked at must not hold up the others, and is tried again
            if not isinstance(error, NotNow):
                log.exception("zgw.not_looked", case=claimed.case_id)
            _settle(work, claimed, clock.now() + wait_after(min(claimed.looks, 10)))
            done.later += 1
        else:
            done.news += _keep(work, claimed, found)
            done.looked += 1
    return done


def _claim(work: Work, mapping: ZgwMapping) -> _Claimed | None:
    """The next zaak to look at, leased to this worker."""
    assert mapping.case is not None
    now = clock.now()
    with work.transaction() as session:
        zaak = session.scalars(
            select(Zaak)
            .where(Zaak.look_after <= now, Zaak.url.is_not(None))
            .order_by(Zaak.look_after, Zaak.case_id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        ).first()
        if zaak is None:
            return None
        zaak.look_after, zaak.looks = now + LEASE, zaak.looks + 1
        case = session.get_one(HouseholdCase, zaak.case_id, populate_existing=True)
        told = statuses_of(session, mapping.case, case)
        ours = frozenset((each["statustype"], _second(each["datumStatusGezet"])) for each in told)
        result = mapping.case.results.get(case.outcome or "")
        return _Claimed(case.id, str(zaak.url), zaak.looks, ours, result, mapping.case.look_within)


def _second(said: Any) -> datetime:
    """A moment to the second, as systems keep fractions in different ways. Raises ValueError for what is none."""
    found = datetime.fromisoformat(str(said))
    if found.tzinfo is None:
        raise ValueError(said)
    return found.replace(microsecond=0)


def _others(mapping: ZgwMapping, system: CaseSystem, claimed: _Claimed) -> list[dict[str, Any]]:
    """The statuses and the result that are not ours, as they are to be kept. Raises NotNow or Refused."""
    found: list[dict[str, Any]] = []
    for each in system.find(mapping.zaken, "statussen", zaak=claimed.url):
        at = _second(each.get("datumStatusGezet"))
        if (each.get("statustype"), at) not in claimed.ours:
            found.append(_news(system, "status", each, each.get("statustype"), at))
    for each in system.find(mapping.zaken, "resultaten", zaak=claimed.url):
        if each.get("resultaattype") != claimed.result:
            found.append(_news(system, "resultaat", each, each.get("resultaattype"), None))
    return found


def _news(system: CaseSystem, resource: str, thing: dict[str, Any], kind: Any, at: datetime | None) -> dict[str, Any]:
    return {
        "resource": resource,
        "url": str(thing.get("url", ""))[:500],
        "title": _title(system, str(kind)),
        "at": at,
    }


def _title(system: CaseSystem, kind: str) -> str:
    """The catalogue's own name of a type; empty where it cannot be read: what somebody typed is never taken."""
    try:
        return str(system.read(kind).get("omschrijving") or "")[:LONGEST_TITLE]
    except Refused:
        return ""


def _keep(work: Work, claimed: _Claimed, found: list[dict[str, Any]], anew: bool = False) -> int:
    """Write down what was not noticed before; returns how much that is.

    `anew`: what was noticed and seen before is news once more.
    """
    term = {"noticed_at": clock.now(), "look_by": add_working_days(clock.today(), claimed.within)}
    rows = [{**each, "case_id": claimed.case_id, **term} for each in found]
    with work.transaction() as session:
        add = postgres_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
        new = 0
        for row in rows:
            adding = add(ZaakNews).values(row)
            again = {**term, "seen_by": None, "seen_at": None}
            seen = ZaakNews.seen_at.is_not(None)
            added = (
                adding.on_conflict_do_update(index_elements=[ZaakNews.url], set_=again, where=seen)
                if anew
                else adding.on_conflict_do_nothing()
            )
            new += len(session.execute(added.returning(ZaakNews.id)).all())
        session.execute(_mine(claimed).values(look_after=None))
        return new


def _settle(work: Work, claimed: _Claimed, look_after: datetime | None) -> None:
    with work.transaction() as session:
        session.execute(_mine(claimed).values(look_after=look_after))


def _mine(claimed: _Claimed) -> Any:
    """The zaak, unless another worker took it over or a new notification came in since."""
    return update(Zaak).where(Zaak.case_id == claimed.case_id, Zaak.looks == claimed.looks)
