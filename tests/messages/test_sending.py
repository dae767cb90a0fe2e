"""Mail by a real SMTP server: what it says, and what happens when the server does not take it."""

import time as real_time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.messages.conftest import MONDAY, Here, Office, Postal
from tests.signed_in import client
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.messages import queries
from wijkteam.messages.model import Message, MessageState
from wijkteam.messages.posting import Relay
from wijkteam.messages.sending import LONGEST_WAIT, MOST_ATTEMPTS, wait_after
from wijkteam.messages.service import WrongMessage, drop, try_again, try_all_again
from wijkteam.people.model import Person
from wijkteam.terms import clock


@pytest.fixture
def asked(postal: Postal) -> Iterator[str]:
    """A question that Teun is to be mailed about; the clock stands still on Monday."""
    with clock.standing_at(MONDAY):
        case = postal.case("Geheimstraat 7")
        question = NewEscalation(case.id, case.team_id, "Mevrouw Vertrouwelijk heeft een woning nodig", "housing")
        yield escalate(postal.town.work("fenna"), question).id


def only_message(postal: Postal) -> Message:
    (message,) = postal.town.clockwork().session.scalars(select(Message))
    return message


def test_mail_is_in_the_language_that_its_reader_chose_last(postal: Postal, office: Office, asked: str) -> None:
    for language in ("nl", "en"):
        client(postal.town, "teun").post(f"/taal/{language}")
    postal.round()
    (mail,) = office.arrived
    text = mail.get_content()
    assert str(mail["Subject"]) == "Escalation: Escalate" and asked in text
    assert "This asks something of you." in text and "2 March, 10:00" in text and "U logt" not in text


def test_a_mail_says_what_happened_and_where_to_look_and_nothing_of_the_case(
    postal: Postal, office: Office, asked: str
) -> None:
    postal.round()
    (mail,) = office.arrived
    text = mail.get_content()
    assert str(mail["Subject"]) == "Opschaling: Opschalen"
    assert f"https://wijkteam.voorbeeldstad.example/naar/escalation/{asked}" in text.splitlines()[3]
    assert "Dit vraagt iets van u." in text and "2 maart, 10:00" in text
    whole = mail.as_string()
    assert not any(secret in whole for secret in ("Geheim", "Schulden", "Vertrouwelijk", "Bellen", "Fenna"))
    assert str(mail["From"]) == "Wijkteam <wijkteam@voorbeeldstad.example>"
    assert str(mail["Auto-Submitted"]) == "auto-generated" and str(mail["Date"]).startswith("Mon, 02 Mar 2026")
    assert str(mail["Message-ID"]).endswith("@voorbeeldstad.example>") and mail.get_content_type() == "text/plain"
    assert max(len(line) for line in text.splitlines()) < 998


def test_a_refusal_for_now_is_tried_again_later_and_later_with_the_same_message_id(
    postal: Postal, office: Office, asked: str
) -> None:
    office.refuses["teun"] = "451 try again later"
    assert (postal.round().later, postal.round().later) == (1, 0)
    message = only_message(postal)
    assert message.state == MessageState.WAITING and message.last_error == "451 try again later"
    office.refuses.clear()
    with clock.standing_at(message.send_after - timedelta(seconds=1)):
        assert postal.round().sent == 0
    with clock.standing_at(message.send_after):
        assert postal.round().sent == 1
    assert [str(each["Message-ID"]) for each in office.arrived] == [message.mail_id]
    assert only_message(postal).attempts == 2


def test_waits_double_up_to_four_hours_and_are_not_all_alike() -> None:
    for attempts in range(1, MOST_ATTEMPTS + 1):
        middle = min(timedelta(minutes=2 ** (attempts - 1)), LONGEST_WAIT)
        waits = {wait_after(attempts) for _ in range(20)}
        assert len(waits) > 1 and all(middle * 0.75 <= each <= middle * 1.25 for each in waits)
    assert sum((wait_after(each) for each in range(1, MOST_ATTEMPTS)), timedelta()) > timedelta(days=2)


def test_a_refusal_for_good_is_dead_at_once(postal: Postal, office: Office, asked: str) -> None:
    office.refuses["teun"] = "550 no such person"
    assert postal.round().dead == 1
    assert only_message(postal).last_error == "550 no such person"


def test_a_mail_that_the_server_dislikes_after_reading_it_is_dead_or_tried_again(
    postal: Postal, office: Office, asked: str
) -> None:
    office.after_data = lambda: "452 disk full"
    assert postal.round().later == 1
    office.after_data = lambda: "554 looks like spam"
    with clock.standing_at(MONDAY + timedelta(hours=1)):
        assert postal.round().dead == 1


def test_after_the_last_attempt_it_is_dead(postal: Postal, office: Office, asked: str) -> None:
    office.refuses["teun"] = "451 later"
    for number in range(1, MOST_ATTEMPTS + 1):
        with clock.standing_at(MONDAY + number * timedelta(hours=6)):
            sent = postal.round()
            assert (sent.later, sent.dead) == ((0, 1) if number == MOST_ATTEMPTS else (1, 0))
    assert only_message(postal).state == MessageState.DEAD


def test_one_that_is_refused_does_not_keep_others_from_going(postal: Postal, office: Office, asked: str) -> None:
    office.refuses["teun"] = "550 no such person"
    work = postal.town.work("fenna")
    case = postal.case("Straat 2")
    escalate(work, NewEscalation(case.id, case.team_id, "Gevaar", "housing", safety_at_stake=True))
    sent = postal.round()
    assert sent.dead == 1 and sent.sent == len(office.arrived) == 1


def test_a_server_that_is_away_is_waited_for_and_is_asked_once_a_round(
    postal: Postal, server: Here, asked: str
) -> None:
    server.stop(no_assert=True)
    sent = postal.round()
    assert sent.server_away is not None and "cannot be reached" in sent.server_away and sent.later == 1
    assert only_message(postal).state == MessageState.WAITING


def test_a_server_that_breaks_off_half_way_is_tried_again(postal: Postal, office: Office, asked: str) -> None:
    office.after_data = lambda: "421 shutting down"
    assert postal.round().later == 1
    office.after_data = lambda: "250 OK"
    with clock.standing_at(MONDAY + timedelta(hours=1)):
        assert postal.round().sent == 1


def test_a_worker_killed_after_the_server_took_it_sends_it_again_under_the_same_message_id(
    postal: Postal, office: Office, asked: str
) -> None:
    postal.round()
    mail_id = only_message(postal).mail_id
    work = postal.town.clockwork()
    with work.transaction() as session:
        lease = MONDAY + postal.post.lease
        session.execute(update(Message).values(state=MessageState.WAITING, send_after=lease))
    assert postal.round().sent == 0, "as long as the lease lasts nobody else takes it"
    with clock.standing_at(lease):
        assert postal.round().sent == 1
    assert [str(each["Message-ID"]) for each in office.arrived] == [mail_id] * 2


def test_an_address_that_tries_to_add_headers_or_people_gets_no_mail(
    postal: Postal, office: Office, asked: str
) -> None:
    for bad in ("teun@voorbeeldstad.example\r\nBcc: spy@x.example", "teun@x.example, spy@x.example", "teun", ""):
        work = postal.town.clockwork()
        teun = (
            postal.town.work("fenna").session.scalars(select(Person.id).where(Person.name == "Teun Teamleider")).one()
        )
        with work.transaction() as session:
            session.execute(update(Person).where(Person.id == teun).values(email=bad))
            session.execute(update(Message).values(state=MessageState.WAITING, send_after=MONDAY))
        sent = postal.round()
        assert (sent.dead, sent.sent) == (1, 0), bad
    assert office.arrived == []


def test_a_sender_that_the_server_does_not_know_kills_no_mail(postal: Postal, office: Office, asked: str) -> None:
    async def refuse(*_arguments: object) -> str:
        return "553 not you"

    office.handle_MAIL = refuse  # type: ignore[attr-defined]
    sent = postal.round()
    assert sent.later == 1 and sent.server_away is not None and "does not let" in sent.server_away


def test_a_password_is_given_and_never_shown(postal: Postal, asked: str) -> None:
    relay = Relay("127.0.0.1", postal.post.relay.port, "none", "wijkteam", "geheim-woord")
    postal.post = replace(postal.post, relay=relay)
    sent = postal.round()
    assert sent.later == 1, "this server knows no passwords"
    assert "geheim-woord" not in f"{sent} {sent.server_away} {relay!r} {only_message(postal).last_error}"


def test_encryption_that_was_asked_for_is_not_done_without(postal: Postal, office: Office, asked: str) -> None:
    for hours, security in enumerate(("starttls", "tls"), 1):
        postal.post = replace(postal.post, relay=Relay("127.0.0.1", postal.post.relay.port, security))
        with clock.standing_at(MONDAY + timedelta(hours=hours)):
            assert postal.round().server_away is not None
    assert office.arrived == []


def kill_message(session: Session) -> int:
    session.execute(update(Message).values(state=MessageState.DEAD, attempts=24, last_error="550 no"))
    session.commit()
    return session.scalars(select(Message.id)).one()


def test_a_dead_message_goes_once_more_or_is_dropped_with_a_reason(postal: Postal, office: Office, asked: str) -> None:
    postal.round()
    office.arrived.clear()
    ada = postal.town.work("ada")
    number = kill_message(ada.session)
    try_again(ada, number)
    assert postal.round().sent == 1 and len(office.arrived) == 1
    with pytest.raises(WrongMessage, match="is not dead, it is sent"):
        try_again(ada, number)
    kill_message(ada.session)
    assert try_all_again(ada) == 1
    kill_message(ada.session)
    with pytest.raises(WrongMessage, match="say why"):
        drop(ada, number, "  ")
    drop(ada, number, "Is met pensioen.")
    (dropped,) = queries.messages_in(ada.session, MessageState.DROPPED)
    assert (dropped.message.end_reason, dropped.message.ended_by) == ("Is met pensioen.", ada.actor.person_id)
    assert dropped.notices == 1
    with pytest.raises(WrongMessage, match="no message 999"):
        drop(ada, 999, "x")


def test_a_slow_server_does_not_hold_the_database(postal: Postal, office: Office, asked: str) -> None:
    """While the server takes its time somebody else writes; on SQLite a held transaction would make that wait."""
    waited: list[float] = []

    def write_meanwhile() -> str:
        start = real_time.perf_counter()
        with clock.standing_at(MONDAY):
            postal.case("Straat 3")
        waited.append(real_time.perf_counter() - start)
        return "250 OK"

    office.after_data = write_meanwhile
    assert postal.round().sent == 1 and waited[0] < 5
