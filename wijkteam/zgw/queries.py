"""What can be asked of zaakgericht werken."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from wijkteam.cases.model import HouseholdCase
from wijkteam.zgw.model import Zaak, ZaakIntake, ZaakNews, ZaakNotice, ZaakState


@dataclass(frozen=True)
class Standing:
    """How it stands with the case system: counts by state, and what it refuses, by number and reason."""

    told: dict[str, int]
    came_in: dict[str, int]
    refused: Sequence[Zaak]
    not_taken: Sequence[ZaakIntake]
    notified: dict[str, int]
    """Cases of which the notification system was told, by state."""


def zaak_of(session: Session, case_id: str) -> Zaak | None:
    """The case as the case system knows it; None where it does not."""
    return session.get(Zaak, case_id, populate_existing=True)


def zaak_news(session: Session, case_id: str) -> Sequence[ZaakNews]:
    """What others changed in the zaak of a case, the newest first."""
    rows = select(ZaakNews).where(ZaakNews.case_id == case_id)
    return session.scalars(rows.order_by(ZaakNews.noticed_at.desc(), ZaakNews.id.desc())).all()


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
    not_taken = select(ZaakIntake).where(ZaakIntake.state == ZaakState.DEAD).order_by(ZaakIntake.id.desc())
    return Standing(
        told={state: count for state, count in told},
        came_in={state: count for state, count in came_in},
        refused=session.scalars(dead.limit(most)).all(),
        not_taken=session.scalars(not_taken.limit(most)).all(),
        notified={state: count for state, count in notified},
    )
