"""What can be asked of zaakgericht werken."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkteam.zgw.model import Zaak, ZaakIntake, ZaakState


@dataclass(frozen=True)
class Standing:
    """How it stands with the case system: counts by state, and what it refuses, by number and reason."""

    told: dict[str, int]
    came_in: dict[str, int]
    refused: Sequence[Zaak]
    not_taken: Sequence[ZaakIntake]


def zaak_of(session: Session, case_id: str) -> Zaak | None:
    """The case as the case system knows it; None where it does not."""
    return session.get(Zaak, case_id, populate_existing=True)


def zaken_standing(session: Session, most: int = 50) -> Standing:
    """How it stands with the case system, for administrators."""
    told = session.execute(select(Zaak.state, func.count()).group_by(Zaak.state))
    came_in = session.execute(select(ZaakIntake.state, func.count()).group_by(ZaakIntake.state))
    dead = select(Zaak).where(Zaak.state == ZaakState.DEAD).order_by(Zaak.send_after.desc(), Zaak.case_id)
    not_taken = select(ZaakIntake).where(ZaakIntake.state == ZaakState.DEAD).order_by(ZaakIntake.id.desc())
    return Standing(
        told={state: count for state, count in told},
        came_in={state: count for state, count in came_in},
        refused=session.scalars(dead.limit(most)).all(),
        not_taken=session.scalars(not_taken.limit(most)).all(),
    )
