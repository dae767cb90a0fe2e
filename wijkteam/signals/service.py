"""What can be done with residents' signals: recording one, and every step until telling back."""

from dataclasses import dataclass

from wijkteam.engine.fields import WrongFields
from wijkteam.engine.vocabulary import Reason
from wijkteam.signals.model import ResidentSignal
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work


@dataclass(frozen=True)
class NewSignal:
    """What a resident said; who said it may stay unknown."""

    kind: str
    words: str
    resident: str | None = None
    contact: str | None = None
    buurt_code: str | None = None
    team_id: int | None = None


def record_signal(work: Work, new: NewSignal, signal_id: str | None = None) -> ResidentSignal:
    """Record a signal for the person's own team or another. Raises WrongFields or Refused."""
    with work.transaction() as session:
        teams = sorted(work.actor.team_ids)
        team_id = new.team_id or (teams[0] if teams else None)
        if team_id is None:
            raise WrongFields({"team": Reason("Kies een team.", "Choose a team.")})
        signal = ResidentSignal(
            id=signal_id or new_id(),
            team_id=team_id,
            received_by=work.actor.person_id,
            buurt_code=new.buurt_code or None,
        )
        with session.no_autoflush:
            work.open(
                signal,
                {"kind": new.kind, "words": new.words, "resident": new.resident, "contact": new.contact},
            )
            session.add(signal)
        return signal
