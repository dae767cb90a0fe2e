"""Residents give a signal without account, follow it with a code, and read what was done, by whom, and what is next."""

import logging
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.conftest import Town
from tests.signed_in import client
from wijkteam.deadlines.worker import do_due_work
from wijkteam.events.model import Event
from wijkteam.events.verification import verify
from wijkteam.retention.erasing import erase
from wijkteam.signals.model import ConductComplaint, FollowCode, PublicTry, ResidentSignal
from wijkteam.terms import clock

MONDAY = datetime(2026, 3, 2, 9, tzinfo=clock.NETHERLANDS)
LAMP = "De lamp bij de speeltuin is stuk <script>alert(1)</script>"


class Resident:
    """Somebody at home, with a browser and no account."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.browser: FlaskClient = client(town, None)
        self.now = MONDAY
        self.code = ""

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)

    def opens(self, path: str) -> TestResponse:
        with clock.standing_at(self.now):
            return self.browser.get(path)

    def sends(self, path: str, **fields: str) -> TestResponse:
        with clock.standing_at(self.now):
            return self.browser.post(path, data=fields)

    def gives(self, language: str = "nl", kind: str = "complaint", words: str = LAMP, **more: str) -> TestResponse:
        mark = marked(self.opens(f"/signaal/{language}"))
        self.wait(seconds=20)
        answer = self.sends(f"/signaal/{language}", mark=mark, kind=kind, words=words, **more)
        found = re.search(r'class="code" dir="ltr">([^<]+)<', answer.text)
        self.code = found[1] if found else ""
        return answer

    def follows(self, language: str = "nl", code: str = "") -> TestResponse:
        return self.sends(f"/signaal/{language}/volgen", signaalcode=code or self.code)

    def does(self, transition: str, language: str = "nl", **fields: str) -> TestResponse:
        page = self.follows(language)
        version = re.search(r'name="version" value="(\d+)"', page.text)
        assert version is not None, page.text
        return self.sends(f"/signaal/{language}/volgen/{transition}", mark=marked(page), version=version[1], **fields)


def marked(page: TestResponse) -> str:
    found = re.search(r'name="mark" value="([^"]+)"', page.text)
    assert found is not None, page.text
    return found[1]


def says(page: TestResponse) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text)))


@pytest.fixture
def resident(town: Town) -> Iterator[Resident]:
    yield Resident(town)


def only(town: Town, model: type[ResidentSignal] | type[ConductComplaint]) -> ResidentSignal | ConductComplaint:
    with town.clockwork().transaction() as session:
        found: ResidentSignal | ConductComplaint = session.scalars(select(model)).one()
        return found


def acts(town: Town, who: str, at: datetime, transition: str, **fields: object) -> None:
    with clock.standing_at(at):
        model = ResidentSignal
        town.work(who).act_on(model, only(town, model).id, transition, fields)
    town.close()


def test_from_giving_to_judging_every_status_says_what_who_and_when(
    resident: Resident, town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    given = resident.gives()
    assert given.status_code == 200 and re.fullmatch(r"([2-9a-z]{4}-){4}[2-9a-z]{4}", resident.code)
    page = resident.follows(code=f" {resident.code.upper().replace('-', ' ')} ")
    assert "Eerst leest de teamleider uw bericht" in says(page) and "uiterlijk op 9 maart 2026" in says(page)
    assert "<script>" not in page.text and LAMP in unescape(page.text)

    acts(town, "teun", resident.now, "take_up")
    acts(
        town,
        "teun",
        resident.now,
        "promise",
        promised_action="De monteur vervangt de lamp",
        promised_by="de wijkbeheerder",
        promised_on="2026-03-06",
    )
    said = says(resident.follows())
    assert "De monteur vervangt de lamp. Dat doet de wijkbeheerder, uiterlijk op 6 maart 2026." in said
    assert "De teamleider ging ermee aan het werk." in said and "Teun" not in said, "a function, and no name"

    resident.now = datetime(2026, 3, 9, 9, tzinfo=clock.NETHERLANDS)
    late = says(resident.follows())
    assert "Dit had op 6 maart 2026 klaar moeten zijn. Dat is niet gelukt. De teamleider kreeg daarvan bericht." in late

    acts(town, "teun", resident.now, "done", what_was_done="Er is een nieuwe lamp.")
    acts(town, "teun", resident.now, "answer", answer="Op 8 maart plaatste de monteur een nieuwe lamp.")
    said = says(resident.does("add_words", more_words="Dank u."))
    assert "Op 8 maart plaatste de monteur een nieuwe lamp." in said and "Dank u." in said
    said = says(resident.does("judge", judgement="helped", judged_why="Het is weer licht."))
    assert "Dit is klaar" in said and "Op 9 maart 2026 is dit afgerond door de teamleider" in said
    signal = only(town, ResidentSignal)
    assert isinstance(signal, ResidentSignal) and signal.judgement == "helped" and signal.state == "told"

    with town.clockwork().transaction() as session:
        acted = {each.name: each.actor_id for each in session.scalars(select(Event))}
        assert acted["open"] is None and acted["add_words"] is None and acted["take_up"] is not None
        kept = session.scalars(select(FollowCode)).one()
        assert resident.code not in kept.digest and resident.code.replace("-", "") not in kept.digest
        assert not [each for each in session.scalars(select(Event)) if resident.code in str(each.payload)]
    assert verify(town.clockwork().session) == []
    assert resident.code not in caplog.text and "speeltuin" not in caplog.text, "nothing of a resident is logged"


def test_this_does_not_help_me_lies_on_the_ladder_and_climbs_when_nobody_answers(
    resident: Resident, town: Town
) -> None:
    resident.gives()
    said = says(resident.does("not_helped", why="Niemand belt."))
    assert "Uiterlijk op 4 maart 2026 zegt de teamleider wat er nu gebeurt." in said
    petra = client(town, "petra")
    signal = only(town, ResidentSignal)
    assert petra.get(f"/signalen/{signal.id}").status_code == 404, "it does not lie with the process director yet"
    resident.now = datetime(2026, 3, 5, 9, tzinfo=clock.NETHERLANDS)
    with clock.standing_at(resident.now):
        do_due_work(town.clockwork())
        town.close()
        assert petra.get(f"/signalen/{signal.id}").status_code == 200
        assert "Niemand belt." in petra.get(f"/signalen/{signal.id}").text
    said = says(resident.follows())
    assert "zegt de procesregisseur wat er nu gebeurt" in said
    assert "Er kwam op tijd geen antwoord. Daarom ligt het nu hoger, bij de procesregisseur." in said
    assert "Dit helpt mij niet" not in said, "it lies on the ladder already"
    said = says(resident.does("withdraw"))
    assert "U hebt dit ingetrokken op 5 maart 2026." in said


def test_a_form_that_is_not_filled_in_well_gets_a_clear_line_and_loses_nothing(resident: Resident) -> None:
    mark = marked(resident.opens("/signaal/en"))
    resident.wait(seconds=20)
    for fields, line in (
        ({"kind": "complaint", "words": " "}, "Please fill this in."),
        ({"kind": "nonsense", "words": "kept words"}, "Choose one of these."),
        ({"kind": "complaint", "words": "x" * 5001}, "It holds 5000 signs."),
        ({"kind": "complaint", "words": "kept words", "place": "BU00000000"}, "Choose one of these."),
        ({"kind": "complaint", "words": "kept words", "resident": "a\x07"}, "We cannot read this."),
        ({"kind": "complaint", "words": "kept words", "website": "http://spam"}, "Leave the last box empty"),
    ):
        answer = resident.sends("/signaal/en", mark=mark, **fields)
        assert answer.status_code == 422 and line in says(answer), fields
        assert fields["words"].strip() in answer.text
    for wrong in ("", "made up", mark[:-3] + "xyz"):
        answer = resident.sends("/signaal/en", mark=wrong, kind="complaint", words="kept words")
        assert answer.status_code == 422 and "open too long" in says(answer) and "kept words" in answer.text
    resident.wait(hours=13)
    assert "open too long" in says(resident.sends("/signaal/en", mark=mark, kind="complaint", words="kept words"))


def test_a_machine_is_too_quick_and_the_same_form_is_taken_in_once(resident: Resident, town: Town) -> None:
    mark = marked(resident.opens("/signaal"))
    fields = {"mark": mark, "kind": "suggestion", "words": "Een bankje"}
    assert "erg snel" in says(resident.sends("/signaal", **fields))
    resident.wait(seconds=5)
    assert resident.sends("/signaal", **fields).status_code == 200
    assert resident.sends("/signaal", **fields).status_code == 409
    only(town, ResidentSignal)


def test_another_site_cannot_send_a_form_of_ours(resident: Resident) -> None:
    mark = marked(resident.opens("/signaal"))
    resident.wait(seconds=20)
    with clock.standing_at(resident.now):
        answer = resident.browser.post(
            "/signaal",
            data={"mark": mark, "kind": "suggestion", "words": "Een bankje"},
            headers={"Sec-Fetch-Site": "cross-site"},
        )
    assert answer.status_code == 422


def test_every_wrong_code_gets_the_same_answer_and_guessing_has_to_wait(resident: Resident, town: Town) -> None:
    resident.gives()
    code = resident.code
    answers = [
        resident.follows(code=each)
        for each in ("x", "23456-78923", code[:-1] + ("2" if code[-1] != "2" else "3"), "é" * 500)
    ]
    assert {each.status_code for each in answers} == {422}
    assert len({each.text for each in answers}) == 1
    resident.follows(code="nog een")
    waiting = resident.follows(code=code)
    assert waiting.status_code == 429 and "over 1 minuten" in says(waiting), "also the right code waits then"
    resident.wait(minutes=2)
    assert resident.follows(code=code).status_code == 200
    with town.clockwork().transaction() as session:
        kept = session.scalars(select(PublicTry)).all()
        assert kept and all("127.0.0.1" not in each.place and len(each.place) == 64 for each in kept)


def test_what_stands_for_an_address_is_another_the_next_day_and_goes_after_a_day(
    resident: Resident, town: Town
) -> None:
    resident.follows(code="x")
    with town.clockwork().transaction() as session:
        first = session.scalars(select(PublicTry.place)).one()
    resident.wait(hours=25)
    resident.follows(code="x")
    with town.clockwork().transaction() as session:
        assert session.scalars(select(PublicTry.place)).one() != first


def test_one_address_gives_only_so_many_signals_an_hour(resident: Resident, town: Town) -> None:
    most = town.house.signal_table.limits.signals_per_hour
    assert [resident.gives().status_code for _ in range(most + 1)] == [200] * most + [429]
    resident.wait(hours=1)
    assert resident.gives().status_code == 200


def test_a_code_opens_its_own_signal_and_only_steps_of_a_resident(resident: Resident, town: Town) -> None:
    resident.gives()
    page = resident.follows()
    fields = {"mark": marked(page), "version": "1"}
    for step in ("take_up", "tell_back", "remind", "open", "nothing"):
        assert resident.sends(f"/signaal/nl/volgen/{step}", **fields).status_code == 404
    assert "Vul dit in." in says(resident.sends("/signaal/nl/volgen/add_words", **fields))
    assert resident.sends("/signaal/nl/volgen/judge", **fields, judgement="helped").status_code == 422
    form = marked(resident.opens("/signaal"))
    assert "Vul uw code opnieuw in" in says(resident.sends("/signaal/nl/volgen/withdraw", mark=form, version="1"))
    acts(town, "teun", resident.now, "take_up")
    stale = resident.sends("/signaal/nl/volgen/add_words", **fields, more_words="Nog iets")
    assert stale.status_code == 409 and "Nog iets" in stale.text and "intussen iets veranderd" in says(stale)
    resident.wait(minutes=61)
    assert "te lang open" in says(resident.sends("/signaal/nl/volgen/withdraw", **fields))


@pytest.mark.parametrize("path", ["", "/volgen", "/rechten"])
def test_no_page_for_residents_sets_a_cookie_or_needs_anything_of_elsewhere(resident: Resident, path: str) -> None:
    for language, direction in (("nl", "ltr"), ("en", "ltr"), ("tr", "ltr"), ("ar", "rtl"), ("pl", "ltr")):
        page = resident.opens(f"/signaal/{language}{path}" if language != "nl" else f"/signaal{path}")
        assert page.status_code == 200 and "Set-Cookie" not in page.headers
        assert f'<html lang="{language}" dir="{direction}">' in page.text
        assert page.headers["Cache-Control"] == "no-store"
        assert "script" not in page.text and not re.search(r'(src|href|action)="https?:', page.text)
    assert resident.opens(f"/signaal/xx{path}").status_code == 404


def test_a_page_asks_no_more_than_three_things_of_which_two_must_be_there(resident: Resident) -> None:
    page = resident.opens("/signaal/en").text
    shown = page.split("<details", 1)[0]
    asked = set(re.findall(r'<(?:input|textarea|select)[^>]* name="(\w+)"', shown)) - {"mark"}
    assert asked == {"kind", "words", "place"}
    assert set(re.findall(r'name="(\w+)"[^>]* required', page)) == {"kind", "words"}


def test_a_signal_goes_to_the_team_of_its_place_or_else_to_the_one_that_was_named(
    resident: Resident, town: Town
) -> None:
    from wijkteam.cases import queries as cases
    from wijkteam.people import queries as people

    session = town.clockwork().session
    wijken = people.wijken_of(session, 2)
    if wijken:
        buurt = cases.buurten(session, wijken[:1])[0]
        town.close()
        resident.gives(place=buurt.code)
        assert only(town, ResidentSignal).team_id == 2
    else:
        town.close()
        resident.gives()
        assert only(town, ResidentSignal).team_id == 1


def test_a_worry_is_shown_to_the_team_lead_by_the_next_working_day(resident: Resident, town: Town) -> None:
    assert "112" in says(resident.opens("/signaal")) and "0800-2000" in says(resident.opens("/signaal"))
    resident.gives(kind="worry")
    assert "uiterlijk op 3 maart 2026" in says(resident.follows())
    assert only(town, ResidentSignal).state == "worry"


def test_a_complaint_about_conduct_is_read_by_nobody_whom_it_is_about(resident: Resident, town: Town) -> None:
    resident.gives(kind="conduct", about_whom="Fenna")
    said = says(resident.follows())
    assert "We bevestigden meteen dat we hem hebben." in said and "de klachtencoördinator" in said.lower()
    complaint = only(town, ConductComplaint)
    link = f"/klachten/{complaint.id}"
    with clock.standing_at(resident.now):
        readers = {
            name
            for name in ("fenna", "teun", "kira", "mo", "ada", "pia")
            if client(town, name).get(link).status_code == 200
        }
    assert readers == {"kira"}
    fenna, mo = (town.work(name).actor.person_id for name in ("fenna", "mo"))
    town.close()
    with clock.standing_at(resident.now):
        kira = client(town, "kira")
        answer = kira.post(f"{link}/stap/assign", data={"version": "1", "handler": str(fenna), "about": str(fenna)})
        assert answer.status_code == 422
        kira.post(f"{link}/stap/assign", data={"version": "1", "handler": str(mo), "about": str(fenna)})
        assert client(town, "mo").get(link).status_code == 200 and client(town, "fenna").get(link).status_code == 404
        mo_browser = client(town, "mo")
        mo_browser.post(f"{link}/stap/waive_hearing", data={"version": "2", "hearing_waived": "not_wanted"})
        told = {"findings": "Wij spraken met Fenna.", "conclusion": "founded", "measures": "Excuses op 9 maart."}
        mo_browser.post(f"{link}/stap/find", data={"version": "3", **told})
    said = says(resident.follows())
    assert "U hebt gelijk" in said and "Excuses op 9 maart." in said and "0800-33 55 555" in said
    assert "Fenna" not in said.replace("Wij spraken met Fenna.", ""), "no name but where somebody wrote one"


def test_what_was_destroyed_can_be_followed_no_longer(resident: Resident, town: Town) -> None:
    resident.gives()
    resident.does("withdraw")
    signal = only(town, ResidentSignal)
    with town.clockwork().transaction() as session:
        # without a list of destruction, which always has a number: what is looked at here is the code
        erase(session, "resident_signal", signal.id, None, clock.now())  # type: ignore[arg-type]
    unknown = resident.follows()
    assert unknown.status_code == 422 and unknown.text == resident.follows(code="nonsense").text
    with town.clockwork().transaction() as session:
        found = session.get(ResidentSignal, signal.id)
        assert found is not None and "lamp" not in found.words


def test_names_are_shown_where_the_municipality_chose_so(resident: Resident, town: Town) -> None:
    from wijkteam.signals.following import Telling, follow

    resident.gives()
    acts(town, "teun", resident.now, "take_up")
    named = town.house.signal_table.model_copy(update={"shown": "name"})
    with clock.standing_at(resident.now):
        telling = Telling(town.house.languages["nl"], named, town.house.ladder)
        found = follow(town.clockwork(), telling, "resident_signal", only(town, ResidentSignal).id)
    assert "Teun Teamleider" in found.now
