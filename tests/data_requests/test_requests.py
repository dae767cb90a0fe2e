"""A resident's request about their data is answered in time, told, and read only by who has a part in it."""

import csv
import io
from datetime import date, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from tests.conftest import Town
from tests.data_requests.asking import DAY, answered, asked, case_of_fenna, in_hand, step, told
from tests.escalation.town import number
from tests.signed_in import client
from wijkteam.access.grounds import Ground
from wijkteam.access.model import Reading
from wijkteam.cases.model import HouseholdCase
from wijkteam.data_requests.content import KINDS, example
from wijkteam.data_requests.model import DataRequest
from wijkteam.data_requests.service import letter_of
from wijkteam.data_requests.terms import answer_by
from wijkteam.documents.pdf import make_pdf
from wijkteam.engine.running import Blocked
from wijkteam.legal_terms.service import NewLegalTerm, start_legal_term
from wijkteam.terms import clock


def words(content: bytes) -> str:
    return " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


@pytest.mark.parametrize(
    ("received", "suspended", "extended", "last"),
    [
        (date(2026, 3, 2), 0, False, date(2026, 4, 2)),
        (date(2026, 1, 31), 0, False, date(2026, 3, 2)),  # 28 February is a Saturday
        (date(2026, 3, 2), 0, True, date(2026, 6, 2)),
        (date(2026, 3, 2), 9, False, date(2026, 4, 13)),  # a Saturday
        (date(2026, 3, 6), 0, False, date(2026, 4, 7)),  # Easter Monday
    ],
)
def test_the_term_is_a_month_and_two_more_once_and_never_ends_on_a_day_that_is_off(
    received: date, suspended: int, extended: bool, last: date
) -> None:
    request = DataRequest(received_on=received, suspended_days=suspended, extended=extended)
    assert answer_by(request) == last


def test_who_has_no_part_in_a_request_does_not_know_that_it_is_there(town: Town) -> None:
    request = asked(town)
    for name in ("fenna", "teun", "bea", "ada", "gijs"):
        browser = client(town, name)
        for path in (f"/avg-verzoeken/{request.id}", f"/avg-verzoeken/{request.id}/brief"):
            assert browser.get(path).status_code == 404
        assert browser.post(f"/avg-verzoeken/{request.id}/stap/withdraw").status_code == 404
        listed = browser.get("/avg-verzoeken")
        assert listed.status_code == (404 if name == "gijs" else 200)
        assert "Merel" not in listed.text and "Merel" not in browser.get("/").text
    assert "Merelwoord" in client(town, "sam.1").get("/avg-verzoeken").text
    assert "Merelwoord" in client(town, "pia").get("/").text, "it waits for a privacy officer"


def test_who_is_asked_reads_the_question_and_who_wrote_it_down_only_where_it_stands(town: Town) -> None:
    case = case_of_fenna(town)
    request = asked(town)
    in_hand(town, request)
    step(town, "pia", request, "link_case", case_number=case.id)
    question = {"question": "Spreeuwvraag", "answer_by": clock.today()}
    with pytest.raises(Blocked):
        step(town, "pia", request, "ask_input", asked=number(town, "sam.1"), **question)
    step(town, "pia", request, "ask_input", asked=number(town, "fenna"), **question)
    fenna, sam, pia = (client(town, name) for name in ("fenna", "sam.1", "pia"))
    path = f"/avg-verzoeken/{request.id}"
    assert "Spreeuwvraag" in fenna.get("/").text and "Spreeuwvraag" in fenna.get(path).text
    answer = {"contribution": "Spreeuwantwoord", "version": request.version + 4}
    assert fenna.post(f"{path}/stap/contribute", data=answer).status_code == 302
    for browser, reads in ((fenna, True), (pia, True), (sam, False)):
        page = browser.get(path)
        assert page.status_code == 200 and ("Spreeuw" in page.text) is reads
        assert ("Paspoort gezien" in page.text) is (browser is pia), "how it is handled is for privacy officers"
    rows = town.clockwork().session.scalars(select(Reading).where(Reading.subject_id == request.id)).all()
    assert {(each.case_id, each.ground) for each in rows} == {
        (case.id, Ground.MEMBER),
        (case.id, Ground.OFFICER),
        (case.id, Ground.TEAM),
    }


def test_a_request_about_a_protected_household_tells_nobody_which_it_is(town: Town) -> None:
    case = case_of_fenna(town)
    town.work("fenna").act_on(HouseholdCase, case.id, "protect", {"protected_why": "Collega"})
    request = asked(town, "rectification")
    in_hand(town, request)
    step(town, "pia", request, "link_case", case_number=case.id)
    pia = client(town, "pia").get(f"/avg-verzoeken/{request.id}").text
    assert case.id in pia and "Spechtstraat" not in pia and f"/casus/{case.id}/correcties" not in pia
    assert client(town, "pia").get(f"/casus/{case.id}/correcties").status_code == 404, "its owner asks for it"
    sam = client(town, "sam.1").get(f"/avg-verzoeken/{request.id}").text
    assert case.id not in sam and "Spechtstraat" not in sam


def test_at_the_page_of_a_case_a_request_is_written_down_about_its_household_by_who_reads_it(town: Town) -> None:
    case = case_of_fenna(town)
    given = {"kind": "access", "words": "Alles", "received_on": clock.today(), "case_id": case.id}
    for name, about in (("sam.1", case.household_id), ("olga", None)):
        answer = client(town, name).post("/avg-verzoeken", data=given)
        found = town.clockwork().session.get_one(DataRequest, answer.location.rsplit("/", 1)[1])
        assert found.household_id == about
    wrong = client(town, "sam.1").post("/avg-verzoeken", data={**given, "received_on": "2099-01-01"})
    assert wrong.status_code == 422 and ">Alles</textarea>" in wrong.text and "niet later zijn" in wrong.text
    assert client(town, "sam.1").post("/avg-verzoeken", data={"kind": "iets", "case_id": "x"}).status_code == 422


def test_the_letter_tells_the_answer_its_ground_and_where_to_complain_and_stays_the_same(town: Town) -> None:
    request = asked(town, "erasure")
    refusal = {"outcome": "refused", "answer": "Wij wissen niets.", "refusal_ground": "legal_duty_to_keep"}
    answered(town, request, **refusal)
    pia = client(town, "pia")
    first = pia.get(f"/avg-verzoeken/{request.id}/brief")
    told_in = words(first.data)
    for part in ("Merelnaam", "Wij wissen niets.", "AVG artikel 17 lid 3", "Autoriteit Persoonsgegevens", "rechtbank"):
        assert part in told_in
    assert "kenmerk " + request.id in told_in and "uiterlijk op" in told_in
    assert pia.get(f"/avg-verzoeken/{request.id}/brief").data == first.data
    assert client(town, "sam.1").get(f"/avg-verzoeken/{request.id}").text.count("/brief") == 0, "not told yet"
    step(town, "pia", request, "take_back", why_back="Fout")
    with pytest.raises(LookupError):
        letter_of(town.work("pia"), town.house.refusal_grounds, request.id)
    assert pia.get(f"/avg-verzoeken/{request.id}/brief").status_code == 404
    step(town, "pia", request, "decide", **{**refusal, "answer": "Wij wissen later."})
    assert "Wij wissen later." in words(pia.get(f"/avg-verzoeken/{request.id}/brief").data)
    told(town, request)
    assert "Wij wissen later." in client(town, "sam.1").get(f"/avg-verzoeken/{request.id}").text


def test_every_kind_of_request_has_words_for_its_letter(town: Town) -> None:
    kinds = town.house.engine.workflow("data_request").fields["kind"].choices
    assert kinds is not None and set(kinds) == set(KINDS)
    assert {kind for each in town.house.refusal_grounds.grounds for kind in each.kinds} == set(KINDS)
    assert "Wie we dit ook vertellen" in words(make_pdf("data_request_answer.typ", example()))


def test_the_register_tells_kinds_days_and_outcomes_and_no_word_of_anybody(town: Town) -> None:
    with clock.standing_at(DAY):
        in_time, late = asked(town), asked(town, "portability")
        answered(town, in_time)
        told(town, in_time)
    with clock.standing_at(DAY + timedelta(days=40)):
        pia = client(town, "pia")
        sent = pia.get("/avg-verzoeken/register.csv").text
        assert "Te laat" in pia.get(f"/avg-verzoeken/{late.id}").text
    rows = {each["number"]: each for each in csv.DictReader(io.StringIO(sent))}
    assert (rows[in_time.id]["outcome"], rows[in_time.id]["in_time"]) == ("granted", "yes")
    assert (rows[late.id]["answer_by"], rows[late.id]["in_time"]) == ("2026-04-02", "no")
    assert "Merel" not in sent
    assert client(town, "ada").get("/avg-verzoeken/register.csv").status_code == 404


def test_from_a_request_to_correct_the_privacy_officer_asks_for_the_correction(town: Town) -> None:
    case = case_of_fenna(town)
    path = f"/casus/{case.id}/correcties"
    pia = client(town, "pia")
    assert pia.get(path).status_code == 404, "nobody asked anything"
    request = asked(town, "rectification", household_id=case.household_id)
    in_hand(town, request)
    assert path in pia.get(f"/avg-verzoeken/{request.id}").text and pia.get(path).status_code == 200
    made = pia.post(path, data={"about_event": "1", "what_is_wrong": "Dit klopt niet"})
    assert made.status_code == 302 and pia.get(made.location).status_code == 200


def test_its_term_is_not_started_by_hand_in_a_case_as_well(town: Town) -> None:
    case = case_of_fenna(town)
    assert "gdpr_request" not in {row.code for row in town.house.legal_table.startable()}
    with pytest.raises(Blocked, match="runs by itself"):
        start_legal_term(town.work("fenna"), NewLegalTerm(case.id, case.team_id, "gdpr_request", clock.today()))
