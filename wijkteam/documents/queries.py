"""What can be asked of documents."""

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.documents.model import Document


def documents_of(session: Session, subject_kind: str, subject_id: str) -> list[Document]:
    """The documents of a subject, oldest first, without their content."""
    asked = select(Document).where(Document.subject_kind == subject_kind, Document.subject_id == subject_id)
    return list(session.scalars(asked.order_by(Document.id)))


def document_of(session: Session, subject_kind: str, subject_id: str, document_id: int) -> Document | None:
    """One document of that subject; None when it belongs to another one or to none."""
    found = session.get(Document, document_id)
    if found is None or (found.subject_kind, found.subject_id) != (subject_kind, subject_id):
        return None
    return found


class DamagedDocument(Exception):
    """The content of a document is no longer what was added."""

    def __init__(self, document_id: int) -> None:
        """Which document; the words say what to do."""
        super().__init__(f"document {document_id} is damaged: put it back from a backup")
        self.document_id = document_id


def content_of(session: Session, document_id: int) -> bytes:
    """What a document holds. Raises LookupError, and DamagedDocument when it is not what was added."""
    found = session.execute(select(Document.content, Document.digest).where(Document.id == document_id)).one_or_none()
    if found is None:
        raise LookupError(f"no document {document_id}")
    content: bytes = found.content
    if hashlib.sha256(content).hexdigest() != found.digest:
        raise DamagedDocument(document_id)
    return content
