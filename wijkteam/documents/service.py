"""What can be done with documents: keeping one, and removing those of a subject."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import delete

from wijkteam.documents.model import Document
from wijkteam.storage.work import Work
from wijkteam.terms import clock


@dataclass(frozen=True)
class NewDocument:
    """A file to keep with a subject."""

    subject_kind: str
    subject_id: str
    purpose: str
    """attachment, letter or case_file."""
    name: str
    media_type: str
    content: bytes


def keep_document(work: Work, new: NewDocument) -> Document:
    """Keep a file with its subject, in the caller's transaction."""
    with work.transaction() as session:
        document = Document(
            **vars(new),
            size=len(new.content),
            digest=hashlib.sha256(new.content).hexdigest(),
            added_by=work.actor.person_id,
            added_at=clock.now(),
        )
        session.add(document)
        session.flush()
        return document


def remove_documents(work: Work, subject_kind: str, subject_id: str) -> None:
    """Delete the files of a subject for good, in the caller's transaction."""
    mine = (Document.subject_kind == subject_kind) & (Document.subject_id == subject_id)
    with work.transaction() as session:
        session.execute(delete(Document).where(mine))
