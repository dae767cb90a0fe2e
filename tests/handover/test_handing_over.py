"""Handing over everything at once: each piece by its own step, all or nothing, after a look at what would happen."""

import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from tests.access.matrix.dossiers import two_teams
from tests.conftest import Town
from tests.escalation.town import number
from tests.search.test_finding import opened
from tests.signed_in import client
from wijkteam.cases.model import HouseholdCase
from wijkteam.events.model import Mail, Notice
from wijkteam.events.verification import verify
from wijkteam.mandate.model import MandateRequest
from wijkteam.mandate.service import AskedDecision, request_mandate
from wijkteam.messages.gathering import gather_urgent
from wijkteam.signals.model import ResidentSignal
from wijkteam.signals.service import NewSignal, record_signal
from wijkteam.terms import clock
from wijkteam.tracks.model import Track
from wijkteam.tracks.service import NewTrack, begin_track


def everything_of_fenna(town: Town) -> dict[str, Any]:
    """A case that is unsafe, a protected one, a next step and a track in a case of Kim's, a request, and a signal."""
    fenna = town.work("fenna")
    day = clock.today().isoformat()
    unsafe = opened(town, "Kade 3")
    fenna.act_on(
        HouseholdCase, unsafe.id, "found_unsafe", {"safety": "Dreiging", "next_step": "Bellen", "next_step_on": day}
    )
    secret = opened(town, "Plein 4")
    town.work("fenna").act_on(HouseholdCase, secret.id, "protect", {"protected_why": "Een collega."})
    kims = opened(town, "Hof 5", by="kim.1")
    step = {"next_step": "Langsgaan", "next_step_on": day, "next_step_by": number(town, "fenna")}
    town.work("kim.1").act_on(HouseholdCase, kims.id, "change_next_step", step)
    new = NewTrack(kims.id, kims.team_id, "finance", "Rust", "Post", clock.today(), number(town, "fenna"))
    track = begin_track(town.work("kim.1"), new)
    asked = AskedDecision("tailored_budget", 180_000, "Bedden", unsafe.id, unsafe.household_id, unsafe.team_id)
    request = request_mandate(town.work("fenna"), asked)
    signal = record_signal(town.work("fenna"), NewSignal("complaint", "De lamp is stuk"))
    town.work("fenna").act_on(ResidentSignal, signal.id, "take_up", {})
    return {
        "unsafe": unsafe.id,
        "secret": secret.id,
        "kims": kims.id,
        "track": track.id,
        "request": request.id,
        "signal": signal.id,
    }


def path(town: Town) -> str:
    return f"/overdragen/{number(town, 'fenna')}"


def hidden_fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))


def text_of(browser: FlaskClient, where: str, given: dict[str, str]) -> str:
    return browser.post(where, data=given).get_data(as_text=True)


def test_a_team_lead_hands_over_all_of_it_in_one_go_after_seeing_what_would_happen(town: Town) -> None:
    made = everything_of_fenna(town)
    teun, noa, kim = client(town, "teun"), number(town, "noa.1"), number(town, "kim.1")
    page = teun.get(path(town)).get_data(as_text=True)
    assert "Kade 3" in page and "Hof 5" in page and "Plein 4" not in page, "he does not read the protected one"
    town.close()
    before = _versions(town, made)
    given = {"to_all": str(noa), "sentence_all": "Fenna is ziek.", f"to-signal-{made['signal']}": str(kim)}
    look = text_of(teun, path(town), given)
    assert "5 regels gaan over" in look and _versions(town, made) == before, "looking changes nothing"
    mails_before = len(town.clockwork().session.scalars(select(Notice.id)).all())
    done = text_of(teun, path(town), hidden_fields(look))
    assert "4 regels aan Noa" in done and "1 regel aan Kim" in done
    town.close()
    session = town.clockwork().session
    case = session.get_one(HouseholdCase, made["unsafe"])
    assert (case.owner_id, case.next_step_by, case.state) == (noa, noa, "unsafe")
    assert session.get_one(HouseholdCase, made["kims"]).next_step_by == noa
    assert session.get_one(Track, made["track"]).worker_id == noa
    assert session.get_one(MandateRequest, made["request"]).requester_id == noa
    assert session.get_one(ResidentSignal, made["signal"]).handler_id == kim
    assert session.get_one(HouseholdCase, made["secret"]).owner_id == number(town, "fenna")
    new = session.scalars(select(Notice).where(Notice.id > mails_before, Notice.person_id == noa)).all()
    assert new and {each.mail for each in new} == {Mail.NOW}
    gather_urgent(town.clockwork(), "voorbeeldstad.example")
    told = town.clockwork().session.scalars(select(Notice.message_id).where(Notice.id.in_([each.id for each in new])))
    assert len(set(told)) == 1, "whoever gets it all is told in one mail"
    assert verify(town.clockwork().session) == []


def _versions(town: Town, made: dict[str, Any]) -> list[int]:
    session = town.clockwork().session
    models = {"track": Track, "request": MandateRequest, "signal": ResidentSignal}
    found = [session.get_one(models.get(name, HouseholdCase), number).version for name, number in made.items()]
    town.close()
    return found


def test_a_protected_case_goes_only_to_who_reads_it_already_and_it_is_said_why_it_stays(town: Town) -> None:
    made = everything_of_fenna(town)
    fenna, noa = client(town, "fenna"), str(number(town, "noa.1"))
    look = text_of(fenna, path(town), {"to_all": noa})
    assert "Dit kan niet" in look and "Deze persoon leest deze afgeschermde casus niet." in look
    assert f"to-case-{made['secret']}" not in hidden_fields(look), "what cannot go along is left out"
    everything = {**hidden_fields(look), f"to-case-{made['secret']}": noa}
    refused = fenna.post(path(town), data=everything)
    assert refused.status_code == 409 and "Er is niets overgedragen" in refused.get_data(as_text=True)
    assert town.clockwork().session.get_one(HouseholdCase, made["unsafe"]).owner_id == number(town, "fenna")
    town.close()
    town.work("fenna").act_on(HouseholdCase, made["secret"], "name_reader", {"reader": int(noa)})
    assert "Dit kan niet" not in text_of(fenna, path(town), {"to_all": noa})


def test_what_changed_meanwhile_is_not_handed_over_unseen(town: Town) -> None:
    made = everything_of_fenna(town)
    fenna, noa = client(town, "fenna"), str(number(town, "noa.1"))
    look = hidden_fields(text_of(fenna, path(town), {"to_all": noa}))
    town.work("teun").act_on(HouseholdCase, made["unsafe"], "add_note", {"note": "Gezien."})
    refused = fenna.post(path(town), data=look)
    assert refused.status_code == 409 and "Iemand anders heeft dit intussen veranderd." in refused.get_data(
        as_text=True
    )
    assert town.clockwork().session.get_one(Track, made["track"]).worker_id == number(town, "fenna")


def test_only_the_person_and_who_leads_their_team_hand_it_over(town: Town) -> None:
    two_teams(town)
    everything_of_fenna(town)
    for name, status in (
        ("fenna", 200),
        ("teun", 200),
        ("kim.1", 404),
        ("teamleider.2", 404),
        ("ada", 404),
        ("bea", 404),
    ):
        assert client(town, name).get(path(town)).status_code == status, name
        assert client(town, name).post(path(town), data={"to_all": "1"}).status_code in (404, 422), name
        town.close()
    assert client(town, "fenna").get("/overdragen").status_code == 302
    wrong = client(town, "fenna").post(path(town), data={"to_all": str(number(town, "sam.2"))})
    assert wrong.status_code == 422, "not to somebody of another team"


def test_who_asked_before_it_was_handed_over_never_decides_on_it(town: Town) -> None:
    case = opened(town, "Kade 3")
    asked = AskedDecision("tailored_budget", 180_000, "Bedden", case.id, case.household_id, case.team_id)
    own = request_mandate(town.work("teun"), asked)
    town.work("teun").act_on(MandateRequest, own.id, "hand_over", {"new_requester": number(town, "kim.1")})
    work = town.work("teun")
    options = {each.transition.name: each for each in work.options(work.session.get_one(MandateRequest, own.id))}
    assert not any(options[name].open for name in ("approve", "amend", "decide", "agree", "refuse") if name in options)
