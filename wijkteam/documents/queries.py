"""What can be asked of documents."""

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


def content_of(session: Session, document_id: int) -> bytes:
    """What a document holds. Raises LookupError."""
    found = session.scalar(select(Document.content).where(Document.id == document_id))
    if found is None:
        raise LookupError(f"no document {document_id}")
    return found
