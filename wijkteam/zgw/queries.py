"""What can be asked of zaakgericht werken."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session

from wijkteam.cases.model import HouseholdCase
from wijkteam.people.acting import ActingPerson
from wijkteam.storage.among import among
from wijkteam.terms import clock
from wijkteam.zgw.model import Zaak, ZaakIntake, ZaakNews, ZaakNotice, ZaakState

LEADS = "team_lead"
"""The function to whom it is put what the owner of a case did not look at in time."""


@dataclass(frozen=True)
class Standing:
    """How it stands with the case system: counts by state, and what it refuses, by number and reason."""

    told: dict[str, int]
    came_in: dict[str, int]
    refused: Sequence[Zaak]
    not_taken: Sequence[ZaakIntake]
    not_looked_at: int
    """How often somebody else changed something that nobody looked at in time."""
    notified: dict[str, int]
    """Cases of which the notification system was told, by state."""


def zaak_of(session: Session, case_id: str) -> Zaak | None:
    """The case as the case system knows it; None where it does not."""
    return session.get(Zaak, case_id, populate_existing=True)


def zaak_news(session: Session, case_id: str) -> Sequence[ZaakNews]:
    """What others changed in the zaak of a case, the newest first."""
    rows = select(ZaakNews).where(ZaakNews.case_id == case_id)
    return session.scalars(rows.order_by(ZaakNews.noticed_at.desc(), ZaakNews.id.desc())).all()


def late_news(session: Session, person: ActingPerson, today: date) -> Sequence[tuple[HouseholdCase, ZaakNews]]:
    """What the owners in the teams that this person leads did not look at in time, the oldest first, one a case."""
    first: dict[str, tuple[HouseholdCase, ZaakNews]] = {}
    for case, news in session.execute(rows_late(person.person_id, led_by(person), today).order_by(ZaakNews.id)):
        first.setdefault(case.id, (case, news))
    return list(first.values())


def led_by(person: ActingPerson) -> frozenset[int]:
    """The teams that this person leads."""
    return frozenset(each.team_id for each in person.holdings if each.function == LEADS and each.team_id is not None)


def rows_late(me: int, led: Collection[int], today: date) -> Select[HouseholdCase, ZaakNews]:
    """The question for what others did not look at in time in the teams that I lead, with the case."""
    rows = select(HouseholdCase, ZaakNews).join(ZaakNews, ZaakNews.case_id == HouseholdCase.id)
    of_others = among(HouseholdCase.team_id, led) & (HouseholdCase.owner_id != me)
    return rows.where(of_others, ZaakNews.seen_at.is_(None), _is_late(today))


def _is_late(today: date) -> ColumnElement[bool]:
    return func.coalesce(ZaakNews.look_by < today, true())


def unseen_news(session: Session, owner_id: int) -> Sequence[tuple[HouseholdCase, ZaakNews]]:
    """What others changed in the zaken of this owner's cases and was not seen yet, the oldest first, one a case."""
    first: dict[str, tuple[HouseholdCase, ZaakNews]] = {}
    for case, news in session.execute(rows_unseen(owner_id).order_by(ZaakNews.id)):
        first.setdefault(case.id, (case, news))
    return list(first.values())


def rows_unseen(owner_id: int) -> Select[HouseholdCase, ZaakNews]:
    """The question for what others changed in the zaken of this owner's cases and was not seen yet, with the case."""
    rows = select(HouseholdCase, ZaakNews).join(ZaakNews, ZaakNews.case_id == HouseholdCase.id)
    return rows.where(HouseholdCase.owner_id == owner_id, ZaakNews.seen_at.is_(None))


def zaken_standing(session: Session, most: int = 50) -> Standing:
    """How it stands with the case system, for administrators."""
    told = session.execute(select(Zaak.state, func.count()).group_by(Zaak.state))
    came_in = session.execute(select(ZaakIntake.state, func.count()).group_by(ZaakIntake.state))
    notified = session.execute(select(ZaakNotice.state, func.count()).group_by(ZaakNotice.state))
    dead = select(Zaak).where(Zaak.state == ZaakState.DEAD).order_by(Zaak.send_after.desc(), Zaak.case_id)
    late = select(func.count(ZaakNews.id)).where(ZaakNews.seen_at.is_(None), _is_late(clock.today()))
    not_taken = select(ZaakIntake).where(ZaakIntake.state == ZaakState.DEAD).order_by(ZaakIntake.id.desc())
    return Standing(
        told={state: count for state, count in told},
        came_in={state: count for state, count in came_in},
        refused=session.scalars(dead.limit(most)).all(),
        not_looked_at=session.scalar(late) or 0,
        not_taken=session.scalars(not_taken.limit(most)).all(),
        notified={state: count for state, count in notified},
    )
