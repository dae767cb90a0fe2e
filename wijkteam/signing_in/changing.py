"""Taking second factors away: by the person, as long as enough is left, or all of them by an administrator."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from wijkteam.people.model import Person
from wijkteam.people.service import WrongPerson
from wijkteam.signing_in.held import LONGEST_NAME, held_factors, write_down
from wijkteam.signing_in.model import Passkey, PasskeyChallenge, RecoveryCode, TotpSecret
from wijkteam.signing_in.policy import SignInPolicy, needed, would_do
from wijkteam.signing_in.sessions import end_sessions
from wijkteam.storage.work import Work

LAST_ONE = "Dit is de laatste die u nodig hebt om in te loggen. Voeg eerst een andere toe."


class WrongFactor(WrongPerson):
    """What was asked about somebody's second factors cannot be done."""


def remove_totp(work: Work, person_id: int, production: bool, policy: SignInPolicy | None = None) -> None:
    """Take the app's secret away. Raises WrongFactor when it is the last that this person needs."""
    with work.transaction() as session:
        _one_at_a_time(session, person_id)
        held = held_factors(session, person_id)
        if not would_do(held, "totp", 0, needed(session, person_id, production, policy), policy):
            raise WrongFactor("this is the last factor that the person needs", LAST_ONE)
        session.execute(delete(TotpSecret).where(TotpSecret.person_id == person_id))
        write_down(work, person_id, "totp_removed")
        _without_factors_no_codes(session, person_id)


def remove_passkey(
    work: Work, person_id: int, passkey_id: int, production: bool, policy: SignInPolicy | None = None
) -> None:
    """Take one passkey away. Raises WrongFactor when there is no such, or it is the last that this person needs."""
    with work.transaction() as session:
        _one_at_a_time(session, person_id)
        key, held = _own(session, person_id, passkey_id), held_factors(session, person_id)
        if not would_do(held, "", 1, needed(session, person_id, production, policy), policy):
            raise WrongFactor("this is the last factor that the person needs", LAST_ONE)
        write_down(work, person_id, "passkey_removed", key.name)
        session.delete(key)
        session.flush()
        _without_factors_no_codes(session, person_id)


def rename_passkey(work: Work, person_id: int, passkey_id: int, name: str) -> None:
    """Give a passkey another name. Raises WrongFactor."""
    with work.transaction() as session:
        _own(session, person_id, passkey_id).name = passkey_name(name)


def passkey_name(name: str) -> str:
    """A name as it may be given to a passkey. Raises WrongFactor."""
    clean = " ".join(name.split())
    if not clean or len(clean) > LONGEST_NAME or not clean.isprintable():
        raise WrongFactor(
            f"a passkey needs a name of at most {LONGEST_NAME} signs",
            f"Geef de passkey een naam van hoogstens {LONGEST_NAME} tekens.",
        )
    return clean


def reset_factors(work: Work, person_id: int, done_by: int | None) -> None:
    """Take all second factors of somebody away and end all their sessions, for who lost them.

    It is written down, and shown to that person at the next sign-in. Raises WrongFactor when there is no such person,
    or when somebody would do it to themselves: who can still sign in changes their own factors, one by one.
    """
    with work.transaction() as session:
        _one_at_a_time(session, person_id)
        if done_by == person_id:
            raise WrongFactor(
                "nobody resets their own factors", "Uw eigen tweede stap wijzigt u bij ‘Mijn tweede stap’."
            )
        for table in (TotpSecret, Passkey, RecoveryCode, PasskeyChallenge):
            session.execute(delete(table).where(table.person_id == person_id))
        write_down(work, person_id, "reset", done_by=done_by)
        end_sessions(work, "factors_reset", person_id)


def _one_at_a_time(session: Session, person_id: int) -> None:
    """Of two who take a last factor away at once, the second sees what the first left."""
    locked = select(Person.id).where(Person.id == person_id).with_for_update()
    if session.scalar(locked) is None:
        raise WrongFactor(f"there is no person {person_id}", "Deze persoon kennen we niet.")


def _own(session: Session, person_id: int, passkey_id: int) -> Passkey:
    key = session.scalar(select(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == person_id))
    if key is None:
        raise WrongFactor(f"there is no passkey {passkey_id}", "Deze passkey kennen we niet.")
    return key


def _without_factors_no_codes(session: Session, person_id: int) -> None:
    session.expire_all()
    if not held_factors(session, person_id).kinds:
        session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
