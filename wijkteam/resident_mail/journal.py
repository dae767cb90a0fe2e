"""Asking for mail to a resident, in the transaction of the step that it tells of."""

import re
from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from wijkteam.engine.running import Step
from wijkteam.engine.vocabulary import Vocabulary
from wijkteam.resident_mail.model import ResidentMail
from wijkteam.signals.acting import ActingResident
from wijkteam.signals.service import MODELS
from wijkteam.storage.rows import add_row

OPEN = "open"
ADDRESS = re.compile(r"[^\s@<>,;:()]{1,64}@[^\s@<>,;:()]{1,180}\.[^\s@<>,;:().]{2,24}")


def address_in(contact: str | None) -> str | None:
    """The first mail address in how somebody said they can be reached; None where there is none."""
    found = ADDRESS.search(contact or "")
    return found.group() if found is not None else None


class ResidentMailJournal:
    """Leaves a mail to be sent for every step that the resident reads of on the page and did not take themselves."""

    def __init__(self, told: Mapping[str, Collection[str]]) -> None:
        """`told` are the steps that residents read of, by kind of subject."""
        self.told = told

    def record(self, step: Step, vocabulary: Vocabulary) -> None:
        """Add it in the caller's transaction, for who has a code and gave an address."""
        subject, kind = step.subject, step.subject.workflow_name()
        if kind not in MODELS or not subject.followed or step.name not in self.told.get(kind, ()):
            return
        if address_in(subject.contact) is None or (step.name != OPEN and isinstance(step.actor, ActingResident)):
            return
        session: Session = step.situation.work.session
        waits = {"subject_kind": kind, "subject_id": subject.id, "version": subject.version}
        add_row(session, ResidentMail, {**waits, "asked_at": step.at, "send_after": step.at, "attempts": 0})
