"""Every decision in a case has its letter, with reasons, in whose name, and what to do when somebody disagrees."""

import io
import json
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pypdf import PdfReader
from pytest import MonkeyPatch
from sqlalchemy import func, select

from tests.access.test_who_may_read import client, without_token
from tests.conftest import Town
from wijkteam.access.model import Reading
from wijkteam.cases.model import Household, HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.documents.model import Document
from wijkteam.engine.running import Blocked
from wijkteam.events.verification import verify
from wijkteam.letters import queries
from wijkteam.letters.content import ground_in_words, signature
from wijkteam.letters.model import Letter
from wijkteam.letters.service import make_missing, pdf_of
from wijkteam.mandate.model import Decision, Mandate, MandateRequest
from wijkteam.mandate.service import AskedDecision, request_mandate
from wijkteam.terms import calendar, clock, decrees
from wijkteam.terms.contesting import last_day_to_contest

URGENT = {"power": "urgent_wmo_provision", "motivation": "U kunt nu niet zelf koken.", "amount": 30_000}
MINI = {"power": "mini_budget", "motivation": "U hebt eten nodig.", "amount": 5_000}
BROKEN = "= Kop\n#verkeerd"


def case_with(town: Town, fields: dict[str, object]) -> HouseholdCase:
    fenna = town.work("fenna")
    case = open_case(fenna, NewCase("Voorbeeldstraat 1", "Gevallen", "Bellen", clock.today()))
    fenna.act_on(HouseholdCase, case.id, "decide", fields)
    return case


def letter_of(town: Town, case: HouseholdCase) -> Letter:
    [letter] = queries.letters_of_case(town.clockwork().session, case.id).values()
    return letter


def words_of(town: Town, letter: Letter) -> str:
    document = pdf_of(town.clockwork(), letter.id)
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(document.content)).pages).split())


def change_row(town: Town, number: str, **values: object) -> Mandate:
    work = town.clockwork()
    with work.transaction() as session:
        row = session.scalars(select(Mandate).where(Mandate.number == number)).one()
        for name, value in values.items():
            setattr(row, name, value)
    return row


def test_every_decision_in_a_case_has_its_letter_in_the_same_transaction(town: Town) -> None:
    case = case_with(town, URGENT)
    session = town.clockwork().session
    [decision] = session.scalars(select(Decision))
    letter = letter_of(town, case)
    assert (letter.decision_id, letter.opened_at, letter.state) == (decision.id, decision.decided_at, "to_send")
    [document] = session.scalars(select(Document))
    assert (document.purpose, document.media_type, document.subject_id) == ("letter", "application/pdf", letter.id)
    assert verify(session) == []


def test_what_a_colleague_approves_has_its_letter_too(town: Town) -> None:
    fenna = town.work("fenna")
    case = open_case(fenna, NewCase("Voorbeeldstraat 1", "Gevallen", "Bellen", clock.today()))
    asked = AskedDecision("wmo_provision", 90_000, "Een traplift.", case.id, case.household_id, case.team_id)
    request = request_mandate(fenna, asked)
    town.work("teun").act_on(MandateRequest, request.id, "decide", {})
    letter = letter_of(town, case)
    told = words_of(town, letter)
    assert "Een traplift." in told and "Teun Teamleider Teamleider" in told and "€ 900,00" in told


def test_a_decision_under_mandate_for_this_case_has_its_letter_by_who_decided_and_says_until_when(town: Town) -> None:
    fenna = town.work("fenna")
    case = open_case(fenna, NewCase("Voorbeeldstraat 1", "Gevallen", "Bellen", clock.today()))
    until = clock.today() + timedelta(days=90)
    asked = AskedDecision(
        "wmo_provision", 90_000, "Een traplift.", case.id, case.household_id, case.team_id, until=until
    )
    request = request_mandate(fenna, asked)
    town.work("teun").act_on(MandateRequest, request.id, "approve", {})
    assert queries.letters_of_case(town.clockwork().session, case.id) == {}, "mandate is no decision yet"
    town.work("fenna").act_on(MandateRequest, request.id, "carry_out", {})
    told = words_of(town, letter_of(town, case))
    assert "Namens het college" in told and "Fenna Fictief Frontlijnprofessional" in told
    assert f"{until.day} " in told and str(until.year) in told


def test_awb_3_46_and_3_47_the_letter_tells_its_reasons_and_its_legal_ground(town: Town) -> None:
    told = words_of(town, letter_of(town, case_with(town, URGENT)))
    assert "U kunt nu niet zelf koken." in told
    assert "artikel 2.3.3 van de Wet maatschappelijke ondersteuning 2015" in told


def test_awb_10_10_the_signature_names_the_body_on_whose_behalf_is_decided(town: Town) -> None:
    told = words_of(town, letter_of(town, case_with(town, URGENT)))
    assert (
        "Namens het college van burgemeester en wethouders van Voorbeeldstad, Fenna Fictief Frontlijnprofessional"
        in told
    )


def test_awb_10_10_with_sub_mandate_the_original_body_is_named_and_not_the_chain(town: Town) -> None:
    giver = change_row(town, "M-06", power="urgent_wmo_provision", body="burgemeester", may_pass_on=True)
    change_row(town, "M-08", given_under=giver.id, body="burgemeester")
    told = words_of(town, letter_of(town, case_with(town, URGENT)))
    assert "Namens de burgemeester van Voorbeeldstad, Fenna Fictief" in told
    assert "eamleider" not in told


def test_awb_10_11_who_may_only_sign_shows_that_the_body_decided(town: Town) -> None:
    case_with(town, URGENT)
    row = change_row(town, "M-08", kind="ondertekening")
    session = town.clockwork().session
    [decision] = session.scalars(select(Decision))
    told = signature(session, row, decision, "Voorbeeldstad")
    assert "Het college van burgemeester en wethouders van Voorbeeldstad heeft dit besloten." in told["opening"]
    assert told["opening"][-1] == "Namens deze ondertekend door:" and told["signer"][0] == "Fenna Fictief"


def test_awb_3_45_a_decision_says_how_and_until_when_to_object(town: Town) -> None:
    letter = letter_of(town, case_with(town, URGENT))
    told = words_of(town, letter)
    last = last_day_to_contest(clock.today())
    assert json.loads(letter.content)["objection"]["last_day"] == last.isoformat()
    assert "U kunt ook bezwaar maken. Dat is gratis." in told and "U hebt zes weken." in told
    assert f"uiterlijk op {last.day} " in told and str(last.year) in told


def test_awb_1_3_what_is_no_decision_under_public_law_promises_no_objection(town: Town) -> None:
    for kind in ("volmacht", "machtiging"):
        change_row(town, "M-01", kind=kind)
        letter = letter_of(town, case_with(town, MINI))
        told = words_of(town, letter)
        assert not letter.can_be_contested
        assert "Bezwaar maken kan niet." in told and "klacht" in told and "U hebt zes weken" not in told


@given(made_known=st.dates(date(2020, 1, 1), date(2040, 1, 1)))
@example(made_known=date(2024, 11, 13))
def test_awb_6_8_the_last_day_is_six_weeks_on_and_never_a_day_on_which_nobody_works(made_known: date) -> None:
    last = last_day_to_contest(made_known)
    assert last >= made_known + timedelta(days=42)
    assert ends_a_term(last)
    days_over = [made_known + timedelta(days=each) for each in range(42, (last - made_known).days)]
    assert not any(ends_a_term(each) for each in days_over)


def ends_a_term(day: date) -> bool:
    """A working day that no decree puts on a par with a holiday (Algemene termijnenwet, article 3)."""
    return calendar.is_working_day(day) and day not in decrees.equated_days()


@pytest.mark.parametrize(
    ("ground", "words"),
    [
        ("Wmo 2015 art. 2.3.5", "artikel 2.3.5 van de Wet maatschappelijke ondersteuning 2015"),
        ("Participatiewet, artikel 35", "artikel 35 van de Participatiewet"),
        ("Nadere regels maatwerk", "Nadere regels maatwerk"),
    ],
)
def test_a_legal_ground_is_told_in_plain_words(ground: str, words: str) -> None:
    assert ground_in_words(ground) == words


def test_a_broken_template_never_stands_in_the_way_of_deciding(
    town: Town, tmp_path: Path, monkeypatch: MonkeyPatch
) -> None:
    (tmp_path / "decision.typ").write_text(BROKEN)
    monkeypatch.setenv("WIJKTEAM_TEMPLATES", str(tmp_path))
    case = case_with(town, URGENT)
    letter = letter_of(town, case)
    browser = client(town, "fenna")
    assert "Brief nog niet klaar" in browser.get(f"/casus/{case.id}").text
    assert browser.get(f"/brieven/{letter.id}/pdf").status_code == 503
    with pytest.raises(Blocked, match="not ready"):
        fields = {"sent_on": clock.today(), "sent_how": "post"}
        town.work("fenna").act_on(Letter, letter.id, "send", fields)
    done, wrong = make_missing(town.clockwork())
    assert done == 0 and "decision.typ:2:1: unknown variable: verkeerd" in wrong[0]
    (tmp_path / "decision.typ").unlink()
    assert make_missing(town.clockwork()) == (1, [])
    assert browser.get(f"/brieven/{letter.id}/pdf").mimetype == "application/pdf"


def test_a_wrong_folder_of_templates_never_stands_in_the_way_of_deciding(town: Town, monkeypatch: MonkeyPatch) -> None:
    work = town.work("fenna")
    case = open_case(work, NewCase("Voorbeeldstraat 1", "Gevallen", "Bellen", clock.today()))
    monkeypatch.setenv("WIJKTEAM_TEMPLATES", "/nergens")
    work.act_on(HouseholdCase, case.id, "decide", URGENT)
    assert letter_of(town, case).state == "to_send"


def test_what_a_letter_says_stands_from_the_moment_of_deciding(
    town: Town, tmp_path: Path, monkeypatch: MonkeyPatch
) -> None:
    (tmp_path / "decision.typ").write_text(BROKEN)
    monkeypatch.setenv("WIJKTEAM_TEMPLATES", str(tmp_path))
    case = case_with(town, URGENT)
    work = town.clockwork()
    with work.transaction() as session:
        session.get(Household, case.household_id).who_or_where = "Andere straat 9"
    change_row(town, "M-08", body="raad", legal_ground="Iets anders")
    monkeypatch.delenv("WIJKTEAM_TEMPLATES")
    told = words_of(town, letter_of(town, case))
    assert "Voorbeeldstraat 1" in told and "Andere straat" not in told and "raad" not in told


def test_a_pdf_is_made_once_also_when_several_ask_for_it_at_once(
    town: Town, tmp_path: Path, monkeypatch: MonkeyPatch
) -> None:
    (tmp_path / "decision.typ").write_text(BROKEN)
    monkeypatch.setenv("WIJKTEAM_TEMPLATES", str(tmp_path))
    letter = letter_of(town, case_with(town, URGENT))
    monkeypatch.delenv("WIJKTEAM_TEMPLATES")
    works = [town.clockwork() for _ in range(4)]
    ready, found = threading.Barrier(4), []

    def ask(number: int) -> None:
        ready.wait()
        found.append(pdf_of(works[number], letter.id).id)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and len(set(found)) == 1
    assert town.clockwork().session.scalar(select(func.count(Document.id))) == 1


def test_a_corrected_letter_is_a_new_one_and_the_old_one_stays_as_it_was(town: Town) -> None:
    case = case_with(town, URGENT)
    old = letter_of(town, case)
    digest = pdf_of(town.clockwork(), old.id).digest
    fields = {"why": "Verkeerd huisnummer", "addressee": "Voorbeeldstraat 11"}
    town.work("fenna").act_on(Letter, old.id, "replace", fields)
    new = letter_of(town, case)
    assert new.replaces_id == old.id and new.state == "to_send"
    told = words_of(town, new)
    assert "Voorbeeldstraat 11" in told and old.id in told and "komt in de plaats van" in told
    assert pdf_of(town.clockwork(), old.id).digest == digest
    assert verify(town.clockwork().session) == []


def test_a_letter_is_read_on_the_ground_of_its_case_and_every_reading_is_logged(town: Town) -> None:
    case = case_with(town, URGENT)
    letter = letter_of(town, case)
    browser = client(town, "fenna")
    assert f"/brieven/{letter.id}" in browser.get(f"/casus/{case.id}").text
    assert letter.id in browser.get(f"/brieven/{letter.id}").text
    answer = browser.get(f"/brieven/{letter.id}/pdf")
    assert answer.data.startswith(b"%PDF") and answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'inline; filename="brief-{letter.id}.pdf"'
    logged = town.clockwork().session.scalars(select(Reading.what).order_by(Reading.id)).all()
    assert logged == ["casus", "brief", "brief (pdf)"]


def test_without_a_ground_a_letter_does_not_exist(town: Town) -> None:
    letter = letter_of(town, case_with(town, URGENT))
    browser = client(town, "olga")
    for path in ("", "/pdf"):
        known, unknown = browser.get(f"/brieven/{letter.id}{path}"), browser.get(f"/brieven/zzzzzzzzzzzz{path}")
        assert known.status_code == unknown.status_code == 404
        assert without_token(known) == without_token(unknown)
    sent = {"sent_on": clock.today().isoformat(), "sent_how": "post"}
    assert browser.post(f"/brieven/{letter.id}/stap/send", data=sent).status_code == 404


def test_a_letter_that_waits_is_in_the_work_of_the_owner_until_it_was_sent(town: Town) -> None:
    letter = letter_of(town, case_with(town, URGENT))
    browser = client(town, "fenna")
    assert f"/brieven/{letter.id}" in browser.get("/").text
    sent = {"sent_on": clock.today().isoformat(), "sent_how": "post", "version": str(letter.version)}
    assert browser.post(f"/brieven/{letter.id}/stap/send", data=sent).status_code == 302
    assert f"/brieven/{letter.id}" not in browser.get("/").text
    page = browser.get(f"/brieven/{letter.id}").text
    assert "Bezwaar</dt>" not in page and "kan tot en met" in page


def test_decisions_from_before_there_were_letters_get_one_when_asked(town: Town) -> None:
    case = case_with(town, URGENT)
    work = town.clockwork()
    with work.transaction() as session:
        row = session.scalars(select(Decision)).one()
        kept = {name: getattr(row, name) for name in [each.name for each in row.__table__.columns] if name != "id"}
        old = Decision(**{**kept, "what": "Een besluit van vroeger.", "decided_at": row.decided_at - timedelta(days=9)})
        session.add(old)
    assert make_missing(town.clockwork()) == (0, [])
    session = town.clockwork().session
    [letter] = queries.letters_of(session, old.id)
    assert "Een besluit van vroeger." in words_of(town, letter)
    assert len(queries.letters_of_case(session, case.id)) == 2
    assert verify(session) == []
