"""What can be done about the case system: letting what it refused go once more, seeing its news, forgetting a zaak."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from wijkteam.letters.model import Letter
from wijkteam.mandate.model import Decision
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.zgw.model import (
    Zaak,
    ZaakDecision,
    ZaakDocument,
    ZaakIntake,
    ZaakNews,
    ZaakNotice,
    ZaakState,
)


def try_zaken_again(work: Work) -> int:
    """Let everything that was refused go once more, with all attempts before it; returns how many there were."""
    again = {"state": ZaakState.WAITING, "attempts": 0, "send_after": clock.now()}
    with work.transaction() as session:
        count = 0
        for model in (Zaak, ZaakIntake, ZaakNotice):
            dead = update(model).where(model.state == ZaakState.DEAD).values(**again)
            count += len(session.execute(dead.returning(model.state)).all())
        return count


def see_news(work: Work, case_id: str, shown: datetime | None = None) -> int:
    """Note that the actor saw what somebody else changed in the zaak of a case; returns how much there was to see.

    `shown` is the moment of the last that was on the page: what came in since nobody saw. Left out: all of it.
    """
    unseen = update(ZaakNews).where(ZaakNews.case_id == case_id, ZaakNews.seen_at.is_(None))
    if shown is not None:
        unseen = unseen.where(ZaakNews.noticed_at <= shown)
    seen = unseen.values(seen_by=work.actor.person_id, seen_at=clock.now())
    with work.transaction() as session:
        return len(session.execute(seen.returning(ZaakNews.id)).all())


def forget_zaak(session: Session, case_id: str) -> None:
    """Forget under which addresses a case is known elsewhere, and what was changed there, as it is destroyed."""
    decisions = select(Decision.id).where(Decision.case_id == case_id)
    letters = select(Letter.id).where(Letter.case_id == case_id)
    session.execute(delete(ZaakDecision).where(ZaakDecision.decision_id.in_(decisions)))
    session.execute(delete(ZaakDocument).where(ZaakDocument.letter_id.in_(letters)))
    for model in (ZaakNews, ZaakNotice, Zaak):
        session.execute(delete(model).where(model.case_id == case_id))
