"""Passkeys (WebAuthn): a browser signs a question with a key that never leaves it, for this address only."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from wijkteam.people.model import Person
from wijkteam.signing_in.changing import passkey_name
from wijkteam.signing_in.held import held_factors, write_down
from wijkteam.signing_in.model import Passkey, PasskeyChallenge
from wijkteam.storage.work import Work
from wijkteam.terms import clock

LASTS = timedelta(minutes=5)
MOST_KEYS = 10
LARGEST = 20_000
"""Bytes of an answer; a real one is far under it."""
log = structlog.get_logger()


class PasskeyRefused(Exception):
    """This answer is not taken; the text says what to do, in Dutch and in English."""

    def __init__(self, nl: str, en: str) -> None:
        super().__init__(en)
        self.nl = nl
        self.en = en


@dataclass(frozen=True)
class RelyingParty:
    """For which address keys are made: the name of the host, and the whole origin."""

    host: str
    origin: str
    name: str


@dataclass(frozen=True)
class Question:
    """What a browser is asked to sign; `id` is kept in its own cookie."""

    id: str
    options: str
    """The options as the browser takes them (JSON)."""


def ask_to_register(work: Work, person_id: int, here: RelyingParty) -> Question:
    """Ask a browser to make a key for this person that can be found without a name, and asks for finger or PIN."""
    with work.transaction() as session:
        person = session.get_one(Person, person_id)
        options = generate_registration_options(
            rp_id=here.host,
            rp_name=here.name,
            user_id=_handle(person_id, here),
            user_name=person.email,
            user_display_name=person.name,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                require_resident_key=True,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=_descriptors(session, person_id),
            timeout=int(LASTS.total_seconds() * 1000),
        )
        return Question(_keep(session, options.challenge, "register", person_id), options_to_json(options))


def register(work: Work, person_id: int, question: str, answer: str, name: str, here: RelyingParty) -> Passkey:
    """Keep a new key under a name. Raises PasskeyRefused, or WrongFactor for the name."""
    named, given = passkey_name(name), _parsed(answer)
    challenge = _take(work, question, "register", person_id)
    try:
        made = verify_registration_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=here.host,
            expected_origin=here.origin,
            require_user_verification=True,
        )
    except Exception as error:  # the library lets many kinds of error through for what a stranger made up
        log.warning("passkey.refused", person=person_id, why=type(error).__name__)
        raise PasskeyRefused(
            "Deze passkey kan niet worden toegevoegd. Probeer het opnieuw.",
            "This passkey cannot be added. Please try again.",
        ) from error
    credential = bytes_to_base64url(made.credential_id)
    with work.transaction() as session:
        session.scalar(select(Person.id).where(Person.id == person_id).with_for_update())
        if session.scalar(select(Passkey.id).where(Passkey.credential_id == credential)) is not None:
            raise PasskeyRefused("Deze passkey staat er al.", "This passkey is here already.")
        if len(held_factors(session, person_id).passkeys) >= MOST_KEYS:
            raise PasskeyRefused(
                f"U hebt al {MOST_KEYS} passkeys. Haal er eerst een weg.",
                f"You have {MOST_KEYS} passkeys already. Take one away first.",
            )
        key = Passkey(
            person_id=person_id,
            credential_id=credential,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            name=named,
            transports="+".join(_transports(given)),
            added_at=clock.now(),
        )
        session.add(key)
        write_down(work, person_id, "passkey_added", named)
        session.flush()
        return key


def ask_to_prove(work: Work, person_id: int | None, here: RelyingParty) -> Question:
    """Ask a browser to sign with a key of this person, or (None) with any key that it knows for this address."""
    with work.transaction() as session:
        options = generate_authentication_options(
            rp_id=here.host,
            allow_credentials=_descriptors(session, person_id) if person_id is not None else None,
            user_verification=UserVerificationRequirement.REQUIRED,
            timeout=int(LASTS.total_seconds() * 1000),
        )
        return Question(_keep(session, options.challenge, "prove", person_id), options_to_json(options))


def prove_passkey(work: Work, person_id: int | None, question: str, answer: str, here: RelyingParty) -> int:
    """The number of the person whose key signed the question. Raises PasskeyRefused.

    The device has checked who holds it (finger, face or PIN), so that this proves two things at once. A key that
    counts back was copied: it is refused, and that is written down.
    """
    given = _parsed(answer)
    challenge = _take(work, question, "prove", person_id)
    identifier = given.get("id") if isinstance(given.get("id"), str) else ""
    key = work.session.scalar(
        select(Passkey)
        .join(Person, Person.id == Passkey.person_id)
        .where(Passkey.credential_id == identifier, Person.active)
    )
    if key is None or person_id not in (None, key.person_id):
        raise PasskeyRefused("Deze passkey kennen we niet.", "We do not know this passkey.")
    try:
        proved = verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=here.host,
            expected_origin=here.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=0,  # that it never counts back is kept below, also for two at once
            require_user_verification=True,
        )
    except Exception as error:  # the library lets many kinds of error through for what a stranger made up
        log.warning("passkey.refused", person=key.person_id, why=type(error).__name__)
        raise PasskeyRefused(
            "Dit is niet gelukt. Probeer het opnieuw.", "This did not work. Please try again."
        ) from error
    _count_up(work, key.id, key.person_id, key.name, proved.new_sign_count)
    return key.person_id


def _count_up(work: Work, key_id: int, person_id: int, name: str, count: int) -> None:
    """Keys that do not count say zero for ever; others only go up (WebAuthn level 3, 7.2 step 22)."""
    upwards = Passkey.sign_count < count if count else Passkey.sign_count == 0
    with work.transaction() as session:
        counted = session.execute(
            update(Passkey)
            .where(Passkey.id == key_id, upwards)
            .values(sign_count=count, used_at=clock.now())
            .returning(Passkey.id)
            .execution_options(synchronize_session=False)
        )
        refused = counted.first() is None
        if refused:
            log.warning("passkey.counts_back", person=person_id)
            write_down(work, person_id, "passkey_counts_back", name)
    if refused:
        raise PasskeyRefused(
            "Deze passkey is misschien gekopieerd. Gebruik een andere en haal deze weg.",
            "This passkey may have been copied. Use another one and take this one away.",
        )


def _keep(session: Session, challenge: bytes, purpose: str, person_id: int | None) -> str:
    now, name = clock.now(), secrets.token_urlsafe(32)
    session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.made_at < now - LASTS))
    session.add(
        PasskeyChallenge(
            id=name,
            challenge=bytes_to_base64url(challenge),
            purpose=purpose,
            person_id=person_id,
            made_at=now,
        )
    )
    return name


def _take(work: Work, question: str, purpose: str, person_id: int | None) -> bytes:
    """The challenge, which is gone from here on: right or wrong, it is answered once."""
    with work.transaction() as session:
        taken = session.execute(
            delete(PasskeyChallenge)
            .where(PasskeyChallenge.id == question)
            .returning(
                PasskeyChallenge.challenge,
                PasskeyChallenge.purpose,
                PasskeyChallenge.person_id,
                PasskeyChallenge.made_at,
            )
        ).first()
    fits = taken is not None and (taken.purpose, taken.person_id) == (purpose, person_id)
    if taken is None or not fits or clock.now() - taken.made_at >= LASTS:
        raise PasskeyRefused("Dit duurde te lang. Probeer het opnieuw.", "This took too long. Please try again.")
    return base64url_to_bytes(taken.challenge)


def _parsed(answer: str) -> dict[str, Any]:
    try:
        found = json.loads(answer) if len(answer) <= LARGEST else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise PasskeyRefused(
            "Uw browser gaf geen bruikbaar antwoord. Probeer het opnieuw.",
            "Your browser gave no answer that we can use. Please try again.",
        )
    return found


def _descriptors(session: Session, person_id: int) -> list[PublicKeyCredentialDescriptor]:
    known = {each.value for each in AuthenticatorTransport}
    return [
        PublicKeyCredentialDescriptor(
            base64url_to_bytes(key.credential_id),
            transports=[AuthenticatorTransport(each) for each in key.transports.split("+") if each in known] or None,
        )
        for key in held_factors(session, person_id).passkeys
    ]


def _transports(given: dict[str, Any]) -> list[str]:
    response = given.get("response")
    said = response.get("transports") if isinstance(response, dict) else None
    known = {each.value for each in AuthenticatorTransport}
    return sorted({each for each in said if isinstance(each, str) and each in known}) if isinstance(said, list) else []


def _handle(person_id: int, here: RelyingParty) -> bytes:
    """The person as the key knows them: always the same, and no name or address (WebAuthn level 3, 14.6.1)."""
    return hashlib.sha256(f"{here.origin} person {person_id}".encode()).digest()
