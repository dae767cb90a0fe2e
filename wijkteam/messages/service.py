"""What can be done with mail: choosing how one wants it, and dealing with what could not be delivered."""

from sqlalchemy import select

from wijkteam.messages.model import MailChoice, MailPreference, Message, MessageState
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.terms.words import Language


class WrongMessage(Exception):
    """This cannot be done with this message."""


def choose_mail(work: Work, choice: MailChoice) -> None:
    """Keep how the acting person wants mail from now on."""
    with work.transaction() as session:
        session.merge(MailPreference(person_id=work.actor.person_id, choice=choice, changed_at=clock.now()))


def choose_language(work: Work, language: Language) -> None:
    """Keep in which language the acting person wants mail from now on: the one that they read the pages in."""
    with work.transaction() as session:
        kept = session.get(MailPreference, work.actor.person_id, with_for_update=True)
        if kept is None:
            kept = MailPreference(person_id=work.actor.person_id, choice=MailChoice.AT_ONCE)
            session.add(kept)
        kept.language, kept.changed_at = language, clock.now()


def try_again(work: Work, number: int) -> None:
    """Let a dead message go once more, with all attempts before it. Raises WrongMessage."""
    with work.transaction():
        message = _dead(work, number)
        message.state = MessageState.WAITING
        message.attempts = 0
        message.send_after = clock.now()


def try_all_again(work: Work) -> int:
    """Let every dead message go once more; returns how many there were."""
    with work.transaction() as session:
        numbers = list(session.scalars(select(Message.id).where(Message.state == MessageState.DEAD)))
        for number in numbers:
            try_again(work, number)
        return len(numbers)


def drop(work: Work, number: int, reason: str) -> None:
    """Let a dead message rest, as the acting person, with the reason why. Raises WrongMessage."""
    if not reason.strip():
        raise WrongMessage("say why it need not go any more")
    with work.transaction():
        message = _dead(work, number)
        message.state = MessageState.DROPPED
        message.ended_by = work.actor.person_id
        message.end_reason = reason.strip()


def _dead(work: Work, number: int) -> Message:
    message = work.session.get(Message, number, with_for_update=True, populate_existing=True)
    if message is None:
        raise WrongMessage(f"there is no message {number}")
    if message.state != MessageState.DEAD:
        raise WrongMessage(f"message {number} is not dead, it is {message.state}")
    return message
