"""What can be done with documents of a case: adding one and removing one."""

import hashlib
from dataclasses import dataclass

from wijkteam.case_files.model import CaseFile
from wijkteam.documents.checking import LARGEST, checked_file
from wijkteam.documents.service import NewDocument, keep_document, remove_documents
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work

PURPOSE = "case_file"


@dataclass(frozen=True)
class NewCaseFile:
    """A file as it was sent (its name and type are what the sender says), and why it belongs in the case."""

    case_id: str
    name: str
    declared: str
    content: bytes
    why: str


def add_case_file(work: Work, new: NewCaseFile, file_id: str | None = None, largest: int = LARGEST) -> CaseFile:
    """Keep a file with a case; its name and SHA-256 stand on the chain of events. At most `largest` bytes.

    Raises WrongFields for a file that cannot be kept, and what `Engine.open` raises.
    """
    checked = checked_file(new.name, new.declared, new.content, largest)
    with work.transaction() as session:
        kept = CaseFile(id=file_id or new_id(), case_id=new.case_id)
        digest = hashlib.sha256(checked.content).hexdigest()
        with session.no_autoflush:
            work.open(kept, {"file_name": checked.name, "digest": digest, "why": new.why})
            session.add(kept)
        keep_document(
            work,
            NewDocument(CaseFile.workflow, kept.id, PURPOSE, checked.name, checked.media_type, checked.content),
        )
        return kept


def remove_case_file(work: Work, file_id: str, why: str, expected_version: int | None = None) -> None:
    """Take a file away: its content is gone for good, that it was there and why it went stays.

    Raises LookupError, WrongFields or Refused.
    """
    with work.transaction():
        work.act_on(CaseFile, file_id, "remove", {"why_not": why}, expected_version)
        remove_documents(work, CaseFile.workflow, file_id)
