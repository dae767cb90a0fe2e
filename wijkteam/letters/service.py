"""What can be done with letters: writing one of a decision, and making its PDF; the rest are steps of its workflow."""

import json

import structlog
from sqlalchemy import select

from wijkteam.cases.model import HouseholdCase
from wijkteam.documents.model import Document
from wijkteam.documents.pdf import WrongTemplate, make_pdf
from wijkteam.documents.queries import documents_of
from wijkteam.documents.service import NewDocument, keep_document
from wijkteam.events.chain import canonical
from wijkteam.letters import queries
from wijkteam.letters.content import PRIVATE_ACT, Occasion, content_of, template_of
from wijkteam.letters.model import Letter
from wijkteam.mandate.model import Decision, Mandate
from wijkteam.storage.settings import WrongSettings
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work

log = structlog.get_logger()


def write_letter(work: Work, decision: Decision, occasion: Occasion) -> Letter:
    """Write the letter of a decision as it stands now, in the caller's transaction; its PDF is made at once if it can.

    A template that cannot be used never stands in the way of the decision: the PDF is then made later.
    """
    with work.transaction() as session:
        case = session.get(HouseholdCase, decision.case_id)
        row = session.get(Mandate, decision.mandate_id)
        assert case is not None and row is not None
        number = new_id()
        template = template_of(row.kind, occasion)
        letter = Letter(
            id=number,
            case_id=case.id,
            team_id=case.team_id,
            decision_id=decision.id,
            written_by=decision.decided_by,
            template=template,
            content=canonical(content_of(session, decision, case, occasion, number)),
            can_be_contested=template != PRIVATE_ACT,
        )
        return begin_letter(work, letter)


def begin_letter(work: Work, letter: Letter) -> Letter:
    """Begin the life of a letter that was written, in the caller's transaction."""
    with work.transaction() as session:
        with session.no_autoflush:
            work.open(letter, {})
            session.add(letter)
        session.flush()
        try_to_make(work, letter)
        return letter


def try_to_make(work: Work, letter: Letter) -> bool:
    """Make the PDF where it is not there yet; False, and a line in the log, when that cannot be done now."""
    try:
        pdf_of(work, letter.id)
    except (WrongTemplate, WrongSettings) as wrong:
        log.warning("letter.not_made", letter=letter.id, why=str(wrong))
        return False
    return True


def pdf_of(work: Work, letter_id: str) -> Document:
    """The PDF of a letter, made now if it is not there yet; never made anew, so that it stays as it was sent.

    Raises LookupError when there is no such letter, WrongTemplate or WrongSettings when it cannot be made.
    """
    with work.transaction() as session:
        letter = session.get(Letter, letter_id)
        if letter is None:
            raise LookupError(letter_id)
        made = documents_of(session, "letter", letter_id)
        if made:
            return made[0]
        content = make_pdf(f"{letter.template}.typ", json.loads(letter.content))
        work.lock(letter)
        made = documents_of(session, "letter", letter_id)
        if made:
            return made[0]
        name = f"brief-{letter.id}.pdf"
        return keep_document(work, NewDocument("letter", letter.id, "letter", name, "application/pdf", content))


def make_missing(work: Work) -> tuple[int, list[str]]:
    """Write the letters of decisions that have none, and make every PDF that is not there yet.

    Returns how many PDFs were made, and a line for each that could not be.
    """
    for decision_id in _decisions_without(work):
        with work.transaction() as session:
            decision = session.get(Decision, decision_id)
            if decision is not None:
                write_letter(work, decision, Occasion())
    done, wrong = 0, []
    for letter_id in queries.without_pdf(work.session):
        try:
            pdf_of(work, letter_id)
            done += 1
        except WrongTemplate as error:
            wrong.append(f"{letter_id}: {error}")
    return done, wrong


def _decisions_without(work: Work) -> list[int]:
    """Decisions in a case from before there were letters."""
    written = select(Letter.id).where(Letter.decision_id == Decision.id)
    rows = select(Decision.id).where(Decision.case_id.is_not(None), ~written.exists()).order_by(Decision.id)
    return list(work.session.scalars(rows))
