"""What can be asked about documents of a case."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wijkteam.case_files.model import CaseFile
from wijkteam.storage.asking import written_once


def find_case_file(session: Session, file_id: str) -> CaseFile | None:
    """The document with that id, as it stands in the database now."""
    return session.get(CaseFile, file_id, populate_existing=True)


def files_of_case(session: Session, case_id: str) -> list[CaseFile]:
    """The documents of a case that are still there, newest first."""
    return list(session.scalars(*_of_case(case_id)))


@written_once
def _of_case(case_id: str) -> Select[CaseFile]:
    rows = select(CaseFile).where(CaseFile.case_id == case_id, CaseFile.removed_at.is_(None))
    return rows.order_by(CaseFile.opened_at.desc(), CaseFile.id)
