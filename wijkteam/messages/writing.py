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
from wijkteam.terms.words import ENGLISH_MONTHS, MONTHS, Language

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
    language: Language = "nl"


def write(letter: Letter, sender: Sender, engine: Engine) -> EmailMessage:
    """The mail in plain words of its reader's language. Raises UnusableAddress."""
    told = [_told(each, sender, engine, letter.language) for each in letter.notices[:MOST_TOLD]]
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


def _what(notice: Notice, engine: Engine, language: Language) -> str:
    kind, step = engine.workflow(notice.subject_kind).title, step_title(engine, notice.subject_kind, notice.about)
    return f"{kind.en}: {step.en}" if language == "en" else f"{kind.nl}: {step.nl}"


def _subject(letter: Letter, engine: Engine) -> str:
    count, english = len(letter.notices), letter.language == "en"
    if letter.digest_day is not None:
        day = _day(letter.digest_day, letter.language)
        if english:
            return f"Your news of {day}: {count} {'message' if count == 1 else 'messages'}"
        return f"Uw nieuws van {day}: {count} {'bericht' if count == 1 else 'berichten'}"
    if count == 1:
        return _what(letter.notices[0], engine, letter.language)
    return f"{count} things ask something of you" if english else f"{count} dingen vragen iets van u"


def _day(day: date, language: Language) -> str:
    months = ENGLISH_MONTHS if language == "en" else MONTHS
    return f"{day.day} {months[day.month - 1]}"


def _told(notice: Notice, sender: Sender, engine: Engine, language: Language) -> list[str]:
    at = clock.local(notice.sent_at)
    link = f"{sender.address}/naar/{notice.subject_kind}/{notice.subject_id}"
    return [f"- {_what(notice, engine, language)} ({_day(at.date(), language)}, {at:%H:%M})", f"  {link}", ""]


def _lines(letter: Letter, sender: Sender, told: Iterable[list[str]]) -> list[str]:
    count, words = len(letter.notices), WORDS[letter.language]
    opening = "digest" if letter.digest_day is not None else "one" if count == 1 else "several"
    rest = count - MOST_TOLD
    return [
        words[opening],
        "",
        *(line for each in told for line in each),
        *([words["more"].format(rest=rest, address=sender.address), ""] if rest > 0 else []),
        words["sign_in"],
        "",
        words["how_often"].format(address=sender.address),
        words["no_answer"],
        "",
        f"wijkteam, {sender.municipality}",
    ]


WORDS: dict[Language, dict[str, str]] = {
    "nl": {
        "digest": "Dit is er gebeurd. U hebt het nog niet gelezen.",
        "one": "Dit vraagt iets van u.",
        "several": "Dit vraagt iets van u, het oudste eerst.",
        "more": "En nog {rest} meer. U ziet alles bij Mijn werk: {address}/",
        "sign_in": "U logt eerst in. Daarna ziet u de pagina. In deze mail staan geen gegevens van bewoners.",
        "how_often": "Hoe vaak u mail krijgt, kiest u zelf: {address}/mijn-berichten",
        "no_answer": "U kunt deze mail niet beantwoorden.",
    },
    "en": {
        "digest": "This has happened. You have not read it yet.",
        "one": "This asks something of you.",
        "several": "This asks something of you, the oldest first.",
        "more": "And {rest} more. You see everything at My work: {address}/",
        "sign_in": "You sign in first. Then you see the page. This mail holds no data of residents.",
        "how_often": "How often you get mail, you choose yourself: {address}/mijn-berichten",
        "no_answer": "You cannot answer this mail.",
    },
}
"""What every mail says, in the language of who reads it."""
