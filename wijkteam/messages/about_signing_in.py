"""Mail about signing in: a link to set a password, or news that something changed.

The secret in a link is made at the moment of sending and is kept nowhere: what waits in the database opens nothing.
Killed in between, a mail may come a second time; its link then takes the place of the earlier one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import make_msgid

import structlog
from sqlalchemy import select, update

from wijkteam.messages.posting import NeverDelivered, NotDelivered, Postbox, ServerAway
from wijkteam.messages.writing import Sender, UnusableAddress, usable_address
from wijkteam.people.model import Person
from wijkteam.signing_in.accounts import ACCOUNT_LINKED, INVITATION, PASSWORD_CHANGED, RESET, WITH_A_LINK, make_link
from wijkteam.signing_in.model import SignInMail
from wijkteam.storage.work import Work
from wijkteam.terms import clock

log = structlog.get_logger()
LEASE = timedelta(minutes=10)
TOO_LATE = timedelta(hours=24)
"""After this nobody waits for such a mail any more."""
MOST_ATTEMPTS = 12
WORDS: dict[str, tuple[str, tuple[str, ...]]] = {
    INVITATION: (
        "Kies uw wachtwoord voor wijkteam",
        ("U kunt gaan werken met wijkteam.", "Kies eerst een wachtwoord. Dat kan 24 uur lang, één keer:"),
    ),
    RESET: (
        "Kies een nieuw wachtwoord voor wijkteam",
        (
            "Iemand vroeg een nieuw wachtwoord voor u aan.",
            "Was u dat niet? Dan hoeft u niets te doen: uw wachtwoord blijft hetzelfde.",
            "Was u het wel? Kies een nieuw wachtwoord. Dat kan 24 uur lang, één keer:",
        ),
    ),
    PASSWORD_CHANGED: (
        "Uw wachtwoord voor wijkteam is veranderd",
        (
            "Uw wachtwoord is veranderd. Op andere apparaten bent u uitgelogd.",
            "Hebt u dit niet zelf gedaan? Bel dan meteen uw beheerder.",
        ),
    ),
    ACCOUNT_LINKED: (
        "Een werkaccount is gekoppeld aan wijkteam",
        (
            "U kunt nu ook inloggen met een account van uw organisatie. Dat is voor het eerst gekoppeld.",
            "Hebt u dit niet zelf gedaan? Bel dan meteen uw beheerder.",
        ),
    ),
    "factor_added": (
        "Uw tweede stap voor wijkteam is uitgebreid",
        (
            "Er is een app met codes of een passkey toegevoegd waarmee u kunt inloggen.",
            "Hebt u dit niet zelf gedaan? Bel dan meteen uw beheerder.",
        ),
    ),
    "factor_removed": (
        "Uw tweede stap voor wijkteam is gewijzigd",
        (
            "Er is een app met codes of een passkey weggehaald waarmee u kon inloggen.",
            "Hebt u dit niet zelf gedaan? Bel dan meteen uw beheerder.",
        ),
    ),
    "recovery_code_used": (
        "Er is ingelogd met een herstelcode",
        (
            "Een van uw herstelcodes voor wijkteam is gebruikt.",
            "Hebt u dit niet zelf gedaan? Bel dan meteen uw beheerder.",
        ),
    ),
    "factors_reset": (
        "Uw tweede stap voor wijkteam is weggehaald",
        (
            "Een beheerder heeft uw tweede stap weggehaald. U bent overal uitgelogd.",
            "Vroeg u hier niet om? Bel dan meteen uw beheerder.",
        ),
    ),
}
"""What each kind of mail says: its subject and its lines. Other kinds can be added here."""


@dataclass(frozen=True)
class _Claimed:
    number: int
    attempts: int
    kind: str
    person_id: int
    to: str
    needed: bool


def send_sign_in_mail(
    work: Work, box: Postbox, sender: Sender, stopped: Callable[[], bool] = lambda: False
) -> tuple[int, str | None]:
    """Send what waits about signing in; returns how many went, and why it was broken off (None when it was not)."""
    sent = 0
    while not stopped():
        claimed = _claim(work)
        if claimed is None:
            break
        try:
            if claimed.needed:
                box.post(_write(work, claimed, sender), sender.mail_from.addr_spec, claimed.to)
                sent += 1
        except ServerAway as error:
            log.warning("sign_in_mail.not_delivered", mail=claimed.number, why=str(error))
            return sent, str(error)
        except (NotDelivered, UnusableAddress) as error:
            log.warning("sign_in_mail.not_delivered", mail=claimed.number, why=str(error))
            if claimed.attempts < MOST_ATTEMPTS and not isinstance(error, NeverDelivered | UnusableAddress):
                continue
        _end(work, claimed.number)
    return sent, None


def _claim(work: Work) -> _Claimed | None:
    with work.transaction() as session:
        now = clock.now()
        waiting = select(SignInMail).where(SignInMail.ended_at.is_(None), SignInMail.send_after <= now)
        ordered = waiting.order_by(SignInMail.send_after, SignInMail.id).limit(1)
        found = session.scalars(ordered.with_for_update(skip_locked=True)).first()
        if found is None:
            return None
        found.attempts += 1
        found.send_after = now + LEASE
        person = session.get(Person, found.person_id) if found.person_id is not None else None
        needed = person is not None and person.active and now - found.asked_at < TOO_LATE and found.kind in WORDS
        to = person.email if person is not None else ""
        return _Claimed(found.id, found.attempts, found.kind, found.person_id or 0, to, needed)


def _write(work: Work, claimed: _Claimed, sender: Sender) -> EmailMessage:
    subject, lines = WORDS[claimed.kind]
    link = []
    if claimed.kind in WITH_A_LINK:
        link = [f"{sender.address}/wachtwoord/{make_link(work, claimed.person_id, claimed.kind)}", ""]
    mail = EmailMessage()
    mail["From"] = sender.mail_from
    mail["To"] = usable_address(claimed.to)
    mail["Subject"] = subject
    mail["Date"] = clock.now()
    mail["Message-ID"] = make_msgid(domain=sender.mail_from.domain)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    end = ["U kunt deze mail niet beantwoorden.", "", f"wijkteam, {sender.municipality}"]
    mail.set_content("\n".join([*lines, "", *link, *end]))
    return mail


def _end(work: Work, number: int) -> None:
    with work.transaction() as session:
        session.execute(update(SignInMail).where(SignInMail.id == number).values(ended_at=clock.now()))
