"""The text of a mail: what kind of thing, what happened, and a link. Nothing of a case, nobody's name but the reader's.

What it says has to be read by people who may look over a shoulder, and by the provider of their mail: so it holds no
personal data of residents and no content of cases; for those one signs in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage

from wijkteam.engine.running import Engine
from wijkteam.engine.titles import step_title
from wijkteam.events.model import Notice
from wijkteam.terms import clock
from wijkteam.terms.words import MONTHS

MOST_TOLD = 25
"""How many things one mail names; of the rest it says how many there are."""


class UnusableAddress(ValueError):
    """This is no address that mail can be sent to."""


@dataclass(frozen=True)
class Sender:
    """Who mail comes from, and where its links lead."""

    mail_from: Address
    address: str
    """The public address of the system, without a slash at its end."""
    municipality: str


@dataclass(frozen=True)
class Letter:
    """What one mail is about."""

    mail_id: str
    to: str
    created_at: datetime
    digest_day: date | None
    notices: tuple[Notice, ...]


def write(letter: Letter, sender: Sender, engine: Engine) -> EmailMessage:
    """The mail in plain Dutch. Raises UnusableAddress."""
    told = [_told(each, sender, engine) for each in letter.notices[:MOST_TOLD]]
    mail = EmailMessage()
    mail["From"] = sender.mail_from
    mail["To"] = usable_address(letter.to)
    mail["Subject"] = _subject(letter, engine)
    mail["Date"] = letter.created_at
    mail["Message-ID"] = letter.mail_id
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content("\n".join(_lines(letter, sender, told)))
    return mail


def usable_address(text: str) -> Address:
    """An address that mail can be sent to. Raises UnusableAddress."""
    try:
        return Address(addr_spec=text)
    except (ValueError, IndexError) as error:
        raise UnusableAddress(f"'{text}' is not an address that mail can be sent to") from error


def _what(notice: Notice, engine: Engine) -> str:
    kind = engine.workflow(notice.subject_kind).title.nl
    return f"{kind}: {step_title(engine, notice.subject_kind, notice.about).nl}"


def _subject(letter: Letter, engine: Engine) -> str:
    count = len(letter.notices)
    if letter.digest_day is not None:
        return f"Uw nieuws van {_day(letter.digest_day)}: {count} {'bericht' if count == 1 else 'berichten'}"
    return f"{_what(letter.notices[0], engine)}" if count == 1 else f"{count} dingen vragen iets van u"


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"


def _told(notice: Notice, sender: Sender, engine: Engine) -> list[str]:
    at = clock.local(notice.sent_at)
    link = f"{sender.address}/naar/{notice.subject_kind}/{notice.subject_id}"
    return [f"- {_what(notice, engine)} ({_day(at.date())}, {at:%H:%M})", f"  {link}", ""]


def _lines(letter: Letter, sender: Sender, told: Iterable[list[str]]) -> list[str]:
    count = len(letter.notices)
    if letter.digest_day is not None:
        opening = "Dit is er gebeurd. U hebt het nog niet gelezen."
    else:
        opening = "Dit vraagt iets van u." if count == 1 else "Dit vraagt iets van u, het oudste eerst."
    rest = count - MOST_TOLD
    return [
        opening,
        "",
        *(line for each in told for line in each),
        *([f"En nog {rest} meer. U ziet alles bij Mijn werk: {sender.address}/", ""] if rest > 0 else []),
        "U logt eerst in. Daarna ziet u de pagina. In deze mail staan geen gegevens van bewoners.",
        "",
        f"Hoe vaak u mail krijgt, kiest u zelf: {sender.address}/mijn-berichten",
        "U kunt deze mail niet beantwoorden.",
        "",
        f"wijkteam, {sender.municipality}",
    ]
