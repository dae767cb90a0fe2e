"""Who gives an address gets the code and hears of every change by mail, in their own language; a mail tells no more."""

import re
from collections.abc import Iterator
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage

import pytest

from tests.conftest import Town
from tests.messages.conftest import Here, Office
from tests.signals.test_public_pages import MONDAY, Resident, acts, only, says
from wijkteam.messages.posting import Relay
from wijkteam.messages.sending import Post, Sent, do_post_round
from wijkteam.messages.writing import Sender
from wijkteam.resident_mail.journal import address_in
from wijkteam.resident_mail.sending import mailing_to_residents
from wijkteam.retention.erasing import erase
from wijkteam.signals.model import ResidentSignal
from wijkteam.terms import clock

CONTACT = "Bel 06-00000000 of mail jan.fictief@example.org, liefst laat"
ADDRESS = "https://wijkteam.voorbeeldstad.example"
CODE = re.compile(r"^([2-9a-z]{4}-){4}[2-9a-z]{4}$", re.MULTILINE)


class Letterbox:
    """Where mail arrives, as far as the server is there."""

    def __init__(self, town: Town, server: Here, office: Office) -> None:
        self.town, self.server, self.office, self.away = town, server, office, False

    @property
    def mails(self) -> list[EmailMessage]:
        return self.office.to("jan.fictief")

    def round(self, at: datetime) -> Sent:
        relay = Relay("127.0.0.1", 1 if self.away else self.server.here, "none")
        post = Post(relay, Sender(Address("wijkteam", addr_spec="wijkteam@voorbeeldstad.example"), ADDRESS, "Vb"))
        with clock.standing_at(at):
            besides = mailing_to_residents(self.town.house.languages)
            sent = do_post_round(self.town.clockwork(), post, besides=besides)
        self.town.close()
        return sent


@pytest.fixture
def box(town: Town) -> Iterator[Letterbox]:
    office = Office()
    server = Here(office, hostname="127.0.0.1", port=0)
    server.start()
    yield Letterbox(town, server, office)
    server.stop(no_assert=True)


@pytest.mark.parametrize("language", ["nl", "ar"])
def test_the_code_comes_by_mail_and_every_change_is_told_without_what_it_is(
    town: Town, box: Letterbox, language: str
) -> None:
    resident = Resident(town)
    resident.gives(language, contact=CONTACT)
    box.away = True
    assert box.round(resident.now).server_away is not None
    box.away = False
    box.round(resident.now)
    assert box.mails == [], "another worker may still be sending it"
    resident.wait(minutes=15)
    box.round(resident.now)
    (first,) = box.mails
    texts, told = town.house.languages[language].mail, first.get_content().replace("\r\n", "\n")
    found = CODE.search(told)
    assert first["Subject"] == texts["code_subject"] and found is not None
    assert f"{ADDRESS}/signaal/{language}/volgen" in told and found[0] not in told.replace(f"\n{found[0]}\n", "")
    assert found[0] != resident.code and "lamp" not in told.lower() and "fictief" not in told
    for code in (found[0], resident.code):
        assert resident.follows(language, code).status_code == 200, "both codes follow it"
    acts(town, "teun", resident.now, "take_up")
    acts(
        town,
        "teun",
        resident.now,
        "promise",
        promised_action="Nieuwe lamp",
        promised_by="Wim",
        promised_on="2026-03-13",
    )
    resident.does("add_words", language, more_words="Het is nu donker")
    for _ in range(2):
        box.round(resident.now)
    assert [each["Subject"] for each in box.mails[1:]] == [texts["change_subject"]], "once, though two things changed"
    told = box.mails[1].get_content().replace("\r\n", "\n")
    assert not CODE.search(told) and "lamp" not in told.lower()
    acts(town, "teun", resident.now, "done", what_was_done="Vervangen")
    given = only(town, ResidentSignal).id
    town.close()
    with town.clockwork().transaction() as session:
        erase(session, "resident_signal", given, None, resident.now)  # type: ignore[arg-type]
    box.round(resident.now)
    assert len(box.mails) == 2, "nothing is mailed about what was destroyed"


def test_no_mail_goes_without_an_address_and_none_too_late(town: Town, box: Letterbox) -> None:
    resident = Resident(town)
    resident.gives(contact="06-00000000")
    resident.wait(minutes=5)
    resident.gives(contact=CONTACT)
    resident.wait(days=8)
    box.round(resident.now)
    assert box.mails == []


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        ("a@b.nl", "a@b.nl"),
        ("<a.b+c@mail.example.org>", "a.b+c@mail.example.org"),
        ("a@b", None),
        ("", None),
        ("a@b.nl\nBcc: c@d.nl", "a@b.nl"),
        ("@b.nl", None),
    ],
)
def test_the_first_address_in_what_was_typed_is_used(contact: str, address: str | None) -> None:
    assert address_in(contact) == address


def test_where_mail_goes_the_page_says_so_before_anything_is_sent(town: Town) -> None:
    resident = Resident(town)
    said = town.house.languages["nl"].pages["contact_help"]
    with clock.standing_at(MONDAY):
        assert said not in says(resident.opens("/signaal/nl")), "no mail server is set here"
        resident.browser.application.extensions["sends_mail"] = True
        assert said in says(resident.opens("/signaal/nl"))
