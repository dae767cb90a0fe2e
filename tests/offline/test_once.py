"""What a device sends is done once: in one transaction with what it does, also when sent twice at the same moment."""

import threading
import uuid
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.conftest import Town
from tests.offline.conftest import a_case, steps, tomorrow
from tests.signed_in import client
from wijkteam.cases.model import HouseholdCase
from wijkteam.escalation.queries import escalations_of_case
from wijkteam.events.queries import events_of, recorded
from wijkteam.offline.model import OfflineKey, SentOnce
from wijkteam.offline.service import (
    REMEMBERED_FOR,
    UNUSED_FOR,
    AlreadySent,
    OtherContents,
    Outcome,
    Sending,
    contents_digest,
    do_once,
    forget_unused,
)
from wijkteam.terms import clock
from wijkteam.web.once import digest_secret
from wijkteam.web.showing import moment as in_words

NUMBER = str(uuid.UUID(int=1, version=4))


def sends(who: FlaskClient, case: str, deed: str = "add_note", number: str = NUMBER, **fields: str) -> tuple[int, dict]:
    given = {"version": "1", "note": "Niemand thuis.", **fields}
    headers = {"Idempotency-Key": number, "X-Written-At": given.pop("at", "")}
    answer = who.post(f"/offline/verzenden/{case}/{deed}", data=given, headers=headers)
    return answer.status_code, answer.get_json(silent=True) or {}


def test_a_second_time_the_same_is_answered_and_nothing_is_done(town: Town) -> None:
    case, fenna = a_case(town), client(town, "fenna")
    first = sends(fenna, case)
    assert first == (200, {"outcome": "done", "case": case, "version": 2}) == sends(fenna, case)
    assert steps(town, case) == ["open", "add_note"]
    status, answer = sends(fenna, case, note="Iets heel anders.")
    assert (status, answer["outcome"]) == (422, "wrong") and "Iets heel anders." in answer["html"]
    assert steps(town, case) == ["open", "add_note"]
    assert sends(client(town, "teun"), case, version="2") == (200, {"outcome": "done", "case": case, "version": 3})


def test_who_has_only_a_copy_of_the_database_cannot_try_what_was_sent(town: Town) -> None:
    case, fenna = a_case(town), client(town, "fenna")
    assert sends(fenna, case)[0] == 200
    kept = town.clockwork().session.scalars(select(SentOnce)).one()
    fields = {"note": "Niemand thuis."}
    app = fenna.application
    with app.test_request_context():
        assert kept.digest == contents_digest(digest_secret(), case, fields), "what is known again"
        app.secret_key = "another house"
        assert kept.digest != contents_digest(digest_secret(), case, fields)


def test_what_a_page_sent_with_a_number_is_known_when_the_queue_sends_it_again(town: Town) -> None:
    case, fenna = a_case(town), client(town, "fenna")
    form = {"version": "1", "note": "Niemand thuis."}
    for _ in range(2):
        answer = fenna.post(f"/casus/{case}/stap/add_note", data=form, headers={"Idempotency-Key": NUMBER})
        assert answer.location == f"/casus/{case}"
    assert sends(fenna, case)[1]["version"] == 2 and steps(town, case) == ["open", "add_note"]
    opening = {"who_or_where": "De deur", "what_is_going_on": "x", "next_step": "y", "next_step_on": tomorrow()}
    headers = {"Idempotency-Key": str(uuid.UUID(int=2, version=4))}
    page = fenna.post("/casus/openen", data=opening, headers=headers)
    again = fenna.post("/offline/verzenden/openen", data=opening, headers=headers)
    assert page.location == f"/casus/{again.json['case']}"
    asked = {"question": "Een woning", "barrier": "housing"}
    headers = {"Idempotency-Key": str(uuid.UUID(int=3, version=4))}
    for way in (f"/casus/{case}/opschalen", f"/offline/verzenden/{case}/escalate"):
        fenna.post(way, data=asked, headers=headers)
    assert len(escalations_of_case(town.clockwork().session, case)) == 1


def test_the_same_sent_by_several_at_the_same_moment_is_done_once(town: Town) -> None:
    case = a_case(town)
    found: list[Outcome] = []
    start = threading.Barrier(4)

    def send() -> None:
        work = town.work("fenna")
        start.wait()
        try:
            found.append(
                do_once(work, Sending(NUMBER, "d"), lambda: work.act_on(HouseholdCase, case, "add_note", {"note": "x"}))
            )
        except AlreadySent as sent:
            found.append(sent.outcome)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found == [Outcome(case, 2)] * 4
    assert steps(town, case) == ["open", "add_note"]


def test_what_cannot_be_done_leaves_its_number_free_and_what_was_typed_comes_back(town: Town) -> None:
    case, fenna = a_case(town), client(town, "fenna")
    assert sends(fenna, case, note=" ")[0] == 422
    assert sends(fenna, case, deed="regain_contact", contact_regained="Gebeld.")[0] == 422
    assert sends(fenna, case, version="7")[0] == 409
    work = town.work("fenna")
    with pytest.raises(ZeroDivisionError):
        do_once(work, Sending(NUMBER, "d"), lambda: 1 / 0)
    assert work.session.query(SentOnce).all() == [] and steps(town, case) == ["open"]
    assert sends(fenna, case)[0] == 200
    with pytest.raises(OtherContents):
        do_once(work, Sending(NUMBER, "d"), lambda: None)


def test_a_stale_step_comes_back_beside_all_that_happened_since(town: Town) -> None:
    case, fenna = a_case(town), client(town, "fenna")
    for note in ("De school belde.", "De huisarts ook."):
        town.work("teun").act_on(HouseholdCase, case, "add_note", {"note": note})
    status, answer = sends(
        fenna, case, "change_next_step", next_step="School bellen", next_step_on=tomorrow(), note="Mijn <idee>."
    )
    assert (status, answer["outcome"]) == (409, "stale")
    for told in ("De school belde.", "De huisarts ook.", "School bellen", "Mijn &lt;idee&gt;.", 'value="3"'):
        assert told in answer["html"], told
    assert "Dreigende uithuiszetting" not in answer["html"], "what was known already is not told as new"
    assert "csrf_token" not in answer["html"]


def test_what_was_written_long_before_it_arrived_says_when(town: Town) -> None:
    case, fenna = a_case(town), client(town, "fenna")
    written = clock.now() - timedelta(hours=3)
    assert sends(fenna, case, at=written.isoformat())[0] == 200
    sends(fenna, case, version="2", number=str(uuid.UUID(int=2)), at=(clock.now() + timedelta(days=9)).isoformat())
    sends(fenna, case, version="3", number=str(uuid.UUID(int=3)), at="gisteren")
    notes = [recorded(each)["note"] for each in events_of(town.clockwork().session, "household_case", case)[1:]]
    assert notes[0] == (f"Niemand thuis.\n(Geschreven op {in_words(written)}, zonder verbinding.)")
    assert notes[1:] == ["Niemand thuis.", "Niemand thuis."], "what a device says of the time is believed within reason"


def test_nonsense_is_one_clear_no_and_nothing_else(town: Town) -> None:
    case, fenna = a_case(town), client(town, "fenna")
    for number in ("", "x", "1" * 36, NUMBER.upper() + "0", "ü"):
        assert sends(fenna, case, number=number)[0] == 400, number
    assert sends(fenna, case, deed="close")[0] == sends(fenna, "z" * 12)[0] == 404
    assert sends(client(town, "bea"), case)[0] == sends(client(town, "gijs"), case)[0] == 404
    assert fenna.post(f"/offline/verzenden/{case}/add_note", data={"note": "x"}).status_code == 400
    assert sends(fenna, case, note="x" * 200_000)[0] in (413, 422)
    assert steps(town, case) == ["open"]


def test_what_was_sent_is_known_longer_than_any_device_keeps_its_key(town: Town) -> None:
    case, work = a_case(town), town.work("fenna")
    now = clock.now()
    assert REMEMBERED_FOR > UNUSED_FOR
    with work.transaction() as session:
        for number, days in enumerate((0, 89, 91, 101)):
            at = now - timedelta(days=days)
            session.add(
                SentOnce(person_id=work.actor.person_id, sending=str(number), digest="", case_id=case, sent_at=at)
            )
            session.add(
                OfflineKey(
                    id=str(number),
                    person_id=work.actor.person_id,
                    device_digest=str(number),
                    sealed=b"",
                    made_at=at,
                    used_at=at,
                )
            )
    assert forget_unused(town.clockwork()) == 3
    session = town.clockwork().session
    assert {row.id for row in session.query(OfflineKey)} == {"0", "1"}
    assert {row.sending for row in session.query(SentOnce)} == {"0", "1", "2"}
