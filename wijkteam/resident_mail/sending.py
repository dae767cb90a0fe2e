"""Sending mail to residents: each at least once, with any number of workers, also when one is killed.

Others may read somebody's mail: at home, at work, or because the address was mistyped. So a mail holds nothing of what
was written, by whom, or even what it is about. The first one holds the code, for whoever has no paper at hand; the page
says so beside the field for the address, before anything is sent.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from wijkteam.messages.posting import NeverDelivered, NotDelivered, Postbox, ServerAway
from wijkteam.messages.writing import Sender, UnusableAddress, usable_address
from wijkteam.resident_mail.journal import address_in
from wijkteam.resident_mail.model import ResidentMail
from wijkteam.signals.codes import keep_mailed_code
from wijkteam.signals.languages import Language
from wijkteam.signals.service import MODELS
from wijkteam.storage.work import Work
from wijkteam.terms import clock

log = structlog.get_logger()
LEASE = timedelta(minutes=10)
LONGEST_WAIT = timedelta(hours=4)
TOO_LATE = timedelta(days=7)
"""After this the page has told more than the mail would."""
MOST_ATTEMPTS = 24
GIVEN = 1
"""The version of a signal that was just given."""


@dataclass(frozen=True)
class _Claimed:
    number: int
    attempts: int
    kind: str
    subject_id: str
    tells_code: bool
    to: str | None
    language: str


def mailing_to_residents(
    languages: Mapping[str, Language],
) -> Callable[[Work, Postbox, Sender, Callable[[], bool]], tuple[int, str | None]]:
    """What a round of sending mail does besides: returns how many went, and why it was broken off, or None."""

    def send(work: Work, box: Postbox, sender: Sender, stopped: Callable[[], bool]) -> tuple[int, str | None]:
        sent = 0
        while not stopped():
            claimed = _claim(work)
            if claimed is None:
                break
            try:
                if claimed.to is not None:
                    box.post(_write(work, claimed, sender, languages), sender.mail_from.addr_spec, claimed.to)
                    sent += 1
            except ServerAway as error:
                log.warning("resident_mail.not_delivered", mail=claimed.number, why=str(error))
                return sent, str(error)
            except (NotDelivered, UnusableAddress) as error:
                log.warning("resident_mail.not_delivered", mail=claimed.number, why=type(error).__name__)
                if claimed.attempts < MOST_ATTEMPTS and not isinstance(error, NeverDelivered | UnusableAddress):
                    continue
            _end(work, claimed.number)
        return sent, None

    return send


def _claim(work: Work) -> _Claimed | None:
    """The next that waits, leased to this worker; of several about one signal the newest says enough."""
    with work.transaction() as session:
        now, mail = clock.now(), ResidentMail
        waiting = select(mail).where(mail.ended_at.is_(None), mail.send_after <= now)
        ordered = waiting.order_by(mail.send_after, mail.id).limit(1).with_for_update(skip_locked=True)
        found = session.scalars(ordered).first()
        if found is None:
            return None
        found.attempts += 1
        found.send_after = now + max(LEASE, min(LEASE * found.attempts, LONGEST_WAIT))
        subject: Any = session.get(MODELS[found.subject_kind], found.subject_id, populate_existing=True)
        needed = subject is not None and now - found.asked_at < TOO_LATE
        newer = _tells_less(session, found)
        to = address_in(subject.contact) if subject is not None and needed and not newer else None
        language = (subject.language if subject is not None else None) or "nl"
        kind, tells_code = found.subject_kind, found.version == GIVEN
        return _Claimed(found.id, found.attempts, kind, found.subject_id, tells_code, to, language)


def _tells_less(session: Session, mail: ResidentMail) -> bool:
    """Whether a later change of the same signal waits too, and this is not the mail with the code."""
    one = ResidentMail
    same = one.subject_kind == mail.subject_kind, one.subject_id == mail.subject_id, one.ended_at.is_(None)
    later = select(one.id).where(*same, one.version > mail.version)
    return mail.version != GIVEN and session.scalar(later.limit(1)) is not None


def _write(work: Work, claimed: _Claimed, sender: Sender, languages: Mapping[str, Language]) -> EmailMessage:
    language = languages.get(claimed.language) or languages["nl"]
    words = {name: text.replace("{municipality}", sender.municipality) for name, text in language.mail.items()}
    link = f"{sender.address}/signaal/{language.language}/volgen"
    mail = EmailMessage()
    mail["From"] = sender.mail_from
    mail["To"] = usable_address(claimed.to or "")
    mail["Date"] = clock.now()
    mail["Message-ID"] = make_msgid(domain=sender.mail_from.domain)
    mail["Content-Language"] = language.language
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if claimed.tells_code:
        mail["Subject"] = words["code_subject"]
        with work.transaction() as session:
            code = keep_mailed_code(session, claimed.kind, claimed.subject_id)
        lines = [words["code_text"], "", code, "", words["where"], link, "", words["code_care"], "", words["not_you"]]
    else:
        mail["Subject"] = words["change_subject"]
        lines = [words["change_text"], "", words["where"], link, "", words["not_you"]]
    mail.set_content("\n".join([*lines, "", words["no_answer"], "", sender.municipality]))
    return mail


def _end(work: Work, number: int) -> None:
    with work.transaction() as session:
        session.execute(update(ResidentMail).where(ResidentMail.id == number).values(ended_at=clock.now()))


def forget_mail(session: Session, kind: str, subject_ids: Collection[str]) -> None:
    """Nothing is mailed about these any more, and that anything was mailed is not known either."""
    rows = delete(ResidentMail).where(ResidentMail.subject_kind == kind, ResidentMail.subject_id.in_(subject_ids))
    session.execute(rows.execution_options(synchronize_session=False))
