"""The escalations behind a figure, for whom may see them: asked with a session that sees what its person may read."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.cases.model import Household, HouseholdCase
from wijkteam.escalation.model import Escalation
from wijkteam.figures.pieces import NOWHERE, Places
from wijkteam.figures.telling import Scope
from wijkteam.reports.periods import moments


def escalations_behind(session: Session, scope: Scope, most: int) -> list[tuple[Escalation, Household]]:
    """What was asked in the scope, newest first, with the household; at most so many."""
    start, end = moments(scope.first, scope.last)
    rows = (
        select(Escalation, Household)
        .join(HouseholdCase, HouseholdCase.id == Escalation.case_id)
        .join(Household, Household.id == HouseholdCase.household_id)
        .where(Escalation.opened_at >= start, Escalation.opened_at < end)
        .order_by(Escalation.opened_at.desc(), Escalation.id)
    )
    if scope.barrier is not None:
        rows = rows.where(Escalation.barrier == scope.barrier)
    if scope.wijk is not None:
        wijk_of = Places.of(session).wijk_of
        inside = [code for code, wijk in wijk_of.items() if wijk == scope.wijk]
        nowhere = Household.buurt_code.is_(None) | Household.buurt_code.not_in(list(wijk_of))
        rows = rows.where(nowhere if scope.wijk == NOWHERE else Household.buurt_code.in_(inside))
    return [(escalation, household) for escalation, household in session.execute(rows.limit(most))]
