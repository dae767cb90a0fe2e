"""What becomes of a decision is told too: when it ends and why, and its letter where the mapping says so."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.letters.test_letters import letter_of
from tests.objections.test_kept_from import decided, object_to
from tests.zgw.conftest import Elsewhere
from wijkteam.cases.model import HouseholdCase
from wijkteam.letters.model import Letter
from wijkteam.storage.settings import WrongSettings
from wijkteam.terms import clock
from wijkteam.zgw.model import Zaak, ZaakDecision, ZaakDocument, ZaakState
from wijkteam.zgw.publishing import Published


def decide(elsewhere: Elsewhere, case: HouseholdCase) -> None:
    given = {"power": "mini_budget", "amount": "120,00", "motivation": "Boodschappen."}
    elsewhere.town.work("fenna").act_on(HouseholdCase, case.id, "decide", given)


def send(elsewhere: Elsewhere, letter: Letter) -> None:
    fields = {"sent_on": clock.today(), "sent_how": "post"}
    elsewhere.town.work("fenna").act_on(Letter, letter.id, "send", fields)


@pytest.mark.parametrize("became", ["withdrawn", "revised"])
def test_a_decision_that_an_objection_undoes_is_withdrawn_there_from_that_day(
    elsewhere: Elsewhere, became: str
) -> None:
    case = elsewhere.case()
    decide(elsewhere, case)
    assert elsewhere.round().told == 1
    (besluit,) = elsewhere.system.all("besluiten")
    assert besluit.get("vervaldatum") is None and "vervalreden" not in besluit
    objection = object_to(elsewhere.town, case)
    assert elsewhere.round() == Published(), "an objection that was not decided on changes nothing"
    decided(elsewhere.town, objection, became)
    assert (elsewhere.round().told, elsewhere.round()) == (1, Published())
    (besluit,) = elsewhere.system.all("besluiten")
    ended = (besluit["vervaldatum"], besluit["vervalreden"])
    assert ended == (clock.today().isoformat(), "ingetrokken_overheid")
    (known,) = elsewhere.town.clockwork().session.scalars(select(ZaakDecision))
    assert known.undone == became


def test_a_decision_that_stands_after_an_objection_stays_as_it_was(elsewhere: Elsewhere) -> None:
    case = elsewhere.case()
    decide(elsewhere, case)
    elsewhere.round()
    decided(elsewhere.town, object_to(elsewhere.town, case), "stands")
    assert elsewhere.round() == Published()
    assert "vervalreden" not in elsewhere.system.all("besluiten")[0]


def test_a_letter_leaves_once_it_was_sent_and_hangs_under_its_zaak_and_besluit(elsewhere: Elsewhere) -> None:
    elsewhere.with_letters()
    case = elsewhere.case()
    decide(elsewhere, case)
    assert elsewhere.round().told == 1 and elsewhere.system.all("enkelvoudiginformatieobjecten") == []
    letter = letter_of(elsewhere.town, case)
    send(elsewhere, letter)
    elsewhere.system.loses_answers = 1
    assert elsewhere.round().later == 1
    with clock.standing_at(clock.now() + timedelta(hours=1)):
        assert (elsewhere.round().told, elsewhere.round()) == (1, Published())
    (document,) = elsewhere.system.all("enkelvoudiginformatieobjecten")
    content = elsewhere.system.files[document["url"]]
    assert content.startswith(b"%PDF-") and document["bestandsomvang"] == len(content)
    assert document["integriteit"]["waarde"] == hashlib.sha256(content).hexdigest()
    assert document["vertrouwelijkheidaanduiding"] == "vertrouwelijk" and document["indicatieGebruiksrecht"] is False
    (besluit,) = elsewhere.system.all("besluiten")
    (zaak,) = elsewhere.system.all("zaken")
    assert [each["zaak"] for each in elsewhere.system.all("zaakinformatieobjecten")] == [zaak["url"]]
    assert [each["besluit"] for each in elsewhere.system.all("besluitinformatieobjecten")] == [besluit["url"]]
    assert besluit["verzenddatum"] == document["verzenddatum"] == clock.today().isoformat()
    assert elsewhere.town.clockwork().session.scalars(select(ZaakDocument)).one().letter_id == letter.id


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_the_mapping_no_document_leaves_and_with_it_only_under_a_confidentiality_that_fits(
    elsewhere: Elsewhere,
) -> None:
    case = elsewhere.case()
    decide(elsewhere, case)
    send(elsewhere, letter_of(elsewhere.town, case))
    elsewhere.round()
    assert elsewhere.system.files == {}
    elsewhere.with_letters()
    for other, said in (
        ({"confidentiality": "zaakvertrouwelijk"}, "vertrouwelijk or higher"),
        ({"confidentiality": "vertrouwelijk", "documenten": None}, "documenten"),
        ({"case": {**elsewhere.document["case"], "documents": {"note": "https://x.example/"}}}, "decision_letter"),
    ):
        elsewhere.document.update(other)
        elsewhere.write()
        with pytest.raises(WrongSettings, match=said):
            _ = elsewhere.mapping


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_letter_that_is_damaged_is_not_sent_and_keeps_no_other_case_waiting(elsewhere: Elsewhere) -> None:
    elsewhere.with_letters()
    case = elsewhere.case()
    decide(elsewhere, case)
    send(elsewhere, letter_of(elsewhere.town, case))
    with elsewhere.town.house.database.begin() as connection:
        connection.exec_driver_sql("UPDATE document SET digest = 'x' WHERE subject_kind = 'letter'")
    assert elsewhere.round().later == 1
    found = elsewhere.town.clockwork().session.scalars(select(Zaak)).one()
    assert (found.state, found.last_error) == (ZaakState.WAITING, "DamagedDocument")
    assert elsewhere.system.files == {}
