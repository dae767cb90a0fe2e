"""What can be asked of outgoing mail."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkteam.events.model import TO_MAIL, Notice
from wijkteam.messages.model import MailChoice, MailPreference, Message, MessageState
from wijkteam.people.model import Person


@dataclass(frozen=True)
class Listed:
    """One message with who it goes to, and how many notices it tells."""

    message: Message
    person: Person
    notices: int


def counts(session: Session) -> dict[MessageState, int]:
    """How many messages are in each state."""
    found = {
        state: count for state, count in session.execute(select(Message.state, func.count()).group_by(Message.state))
    }
    return {state: found.get(state, 0) for state in MessageState}


def not_gathered(session: Session) -> int:
    """How many notices are told in no mail yet and not read either."""
    return session.scalar(select(func.count()).select_from(Notice).where(TO_MAIL)) or 0


def messages_in(session: Session, state: MessageState, limit: int = 100) -> list[Listed]:
    """The newest messages in a state."""
    told = select(func.count()).select_from(Notice).where(Notice.message_id == Message.id).scalar_subquery()
    rows = session.execute(
        select(Message, Person, told)
        .join(Person, Person.id == Message.person_id)
        .where(Message.state == state)
        .order_by(Message.id.desc())
        .limit(limit)
    )
    return [Listed(message, person, count) for message, person, count in rows]


def find_message(session: Session, number: int) -> Message | None:
    """The message of that number; None when there is none."""
    return session.get(Message, number)


def mail_choice(session: Session, person_id: int) -> MailChoice:
    """How a person wants mail."""
    found = session.get(MailPreference, person_id)
    return MailChoice(found.choice) if found else MailChoice.AT_ONCE
