"""What can be done about the case system: letting what it refused go once more."""

from sqlalchemy import update

from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.zgw.model import Zaak, ZaakIntake, ZaakState


def try_zaken_again(work: Work) -> int:
    """Let everything that was refused go once more, with all attempts before it; returns how many there were."""
    again = {"state": ZaakState.WAITING, "attempts": 0, "send_after": clock.now()}
    with work.transaction() as session:
        count = 0
        for model in (Zaak, ZaakIntake):
            dead = update(model).where(model.state == ZaakState.DEAD).values(**again)
            count += len(session.execute(dead.returning(model.state)).all())
        return count
