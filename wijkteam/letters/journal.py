"""No decision without its letter: written in the transaction of the step that decides."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.engine.outcomes import Step
from wijkteam.engine.vocabulary import Vocabulary
from wijkteam.letters.content import Occasion
from wijkteam.letters.model import Letter
from wijkteam.letters.service import write_letter
from wijkteam.mandate.model import Decision
from wijkteam.terms import clock


class LetterJournal:
    """Writes the letter of every decision that a step took in a case."""

    def record(self, step: Step, vocabulary: Vocabulary) -> None:
        """Do so in the caller's transaction; steps without a mandate take no decision.

        What was decided outside a case, in an imported log for example, has nobody to write to.
        """
        if step.authority is None or step.authority.mandate_id is None:
            return
        subject = step.subject
        case_id = getattr(subject, "case_id", subject.id)
        if case_id is None:
            return
        work = step.situation.work
        session: Session = work.session
        written = select(Letter.id).where(Letter.decision_id == Decision.id)
        taken = select(Decision).where(
            Decision.case_id == case_id,
            Decision.decided_by == step.actor.person_id,
            Decision.decided_at == step.at,
            Decision.mandate_id == step.authority.mandate_id,
            ~written.exists(),
        )
        occasion = Occasion(step.fields, _objection(subject))
        with clock.standing_at(step.at):
            for decision in session.scalars(taken.order_by(Decision.id)).all():
                write_letter(work.acting_as(step.actor), decision, occasion)


def _objection(subject: Any) -> Any:
    return subject if subject.workflow_name() == "objection" else None
