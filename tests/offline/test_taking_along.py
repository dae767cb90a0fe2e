"""What goes along on a device, for whom, and under which key."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select, update

from tests.conftest import Town
from tests.offline.conftest import a_case
from tests.signed_in import client, sign_in_quietly
from wijkteam.access.model import Reading
from wijkteam.cases.model import HouseholdCase
from wijkteam.offline.model import OfflineKey
from wijkteam.signing_in.model import SignInSession
from wijkteam.terms import clock
from wijkteam.tracks.service import NewTrack, begin_track
from wijkteam.web.app import create_app
from wijkteam.web.safety import Safety


def switched_on(town: Town, name: str) -> FlaskClient:
    browser = client(town, name)
    assert browser.post("/offline/aan").status_code == 302
    return browser


def taken(browser: FlaskClient, have: str = "") -> dict[str, str | None]:
    pages = browser.post("/offline/pakket", data={"have": have}).json["pages"]
    return {path: page["html"] for path, page in pages.items()}


def read_offline(town: Town) -> list[tuple[str, str]]:
    rows = select(Reading.case_id, Reading.ground).where(Reading.what == "offline meegenomen").order_by(Reading.id)
    return [(case, ground) for case, ground in town.clockwork().session.execute(rows)]


def test_only_open_unprotected_cases_in_which_somebody_is_named_go_along_and_each_is_logged(town: Town) -> None:
    own, protected, closed, of_the_team = (a_case(town, f"Deur {number}") for number in range(4))
    fenna = town.work("fenna")
    fenna.act_on(HouseholdCase, protected, "protect", {"protected_why": "Een collega."})
    fenna.act_on(HouseholdCase, closed, "stop_early", {"outcome": "achieved", "outcome_reason": "Klaar."})
    mine = switched_on(town, "fenna")
    pages = taken(mine)
    assert {path for path in pages if path.startswith("/casus/")} == {
        "/casus/openen",
        f"/casus/{own}",
        f"/casus/{of_the_team}",
    }
    assert sorted(read_offline(town)) == sorted([(own, "member"), (of_the_team, "member")])
    told = "".join(page or "" for page in pages.values())
    assert "Deur 1" not in told and "Deur 2" not in told and "csrf_token" not in told
    theirs = switched_on(town, "kim.1")
    assert not [path for path in taken(theirs) if path.startswith("/casus/") and "openen" not in path], (
        "the team's cases are no one's own"
    )
    team = town.work("kim.1").session.get_one(HouseholdCase, own).team_id
    worker = str(town.work("kim.1").actor.person_id)
    begin_track(fenna, NewTrack(own, team, "finance", "Geen schulden.", "Bellen", clock.today().isoformat(), worker))
    assert f"/casus/{own}" in taken(theirs)


def test_what_a_device_has_already_is_neither_sent_nor_logged_again_and_what_changed_is(town: Town) -> None:
    case = a_case(town)
    fenna = switched_on(town, "fenna")
    pages = fenna.post("/offline/pakket").json["pages"]
    have = "\n".join(f"{path} {page['digest']}" for path, page in pages.items())
    assert set(taken(fenna, have).values()) == {None} and len(read_offline(town)) == 1
    town.work("teun").act_on(HouseholdCase, case, "add_note", {"note": "De school belde."})
    again = taken(fenna, have)
    assert [path for path, page in again.items() if page] == [f"/casus/{case}"]
    assert "De school belde." in (again[f"/casus/{case}"] or "") and len(read_offline(town)) == 2


def test_a_key_is_of_one_person_on_one_device_and_stands_sealed_in_the_database(town: Town) -> None:
    browser = switched_on(town, "fenna")
    mine = browser.post("/offline/sleutel").json
    assert (
        browser.post("/offline/aan").status_code == 302 and browser.post("/offline/sleutel").json["key"] == mine["key"]
    )
    sign_in_quietly(browser, town, "teun")
    assert browser.post("/offline/sleutel").status_code == browser.post("/offline/pakket").status_code == 404
    assert browser.get("/offline/stand").json["key"] is None
    assert browser.get("/").headers["X-Offline-Key"] == "none"
    browser.post("/offline/aan")
    theirs = browser.post("/offline/sleutel").json
    assert theirs["key"] != mine["key"] and theirs["id"] != mine["id"]
    assert switched_on(town, "fenna").post("/offline/sleutel").json["key"] not in (mine["key"], theirs["key"])
    rows = list(town.clockwork().session.scalars(select(OfflineKey)))
    assert len(rows) == 3 and not [row for row in rows if mine["key"].encode() in row.sealed]
    answer = browser.post("/offline/uit")
    assert "Clear-Site-Data" not in answer.headers, "fenna has the same device"
    sign_in_quietly(browser, town, "fenna")
    assert browser.get("/").headers["X-Offline-Key"] == mine["id"]
    assert browser.post("/offline/uit").headers["Clear-Site-Data"] == '"storage"'
    assert "X-Offline-Key" not in browser.get("/").headers
    assert client(town, "fenna").post("/offline/uit-overal").status_code == 302
    assert list(town.clockwork().session.scalars(select(OfflineKey))) == []


def test_with_another_key_ring_there_is_a_new_key_and_no_error(town: Town) -> None:
    browser = switched_on(town, "fenna")
    mine = browser.post("/offline/sleutel").json
    assert town.house.key_ring.path is not None
    town.house.key_ring.path.unlink()
    town.house.key_ring.begin()
    renewed = browser.post("/offline/sleutel").json
    assert renewed["id"] != mine["id"] and browser.get("/offline/stand").json["key"] == renewed["id"]


def test_what_a_browser_asks_by_itself_keeps_no_session_alive(town: Town) -> None:
    browser = switched_on(town, "fenna")
    work = town.clockwork()

    def is_seen_after(ask: Callable[[], object]) -> bool:
        before = clock.now() - timedelta(minutes=20)
        with work.transaction() as session:
            session.execute(update(SignInSession).values(seen_at=before))
        ask()
        work.session.rollback()
        return max(work.session.scalars(select(SignInSession.seen_at))) > before + timedelta(minutes=1)

    assert not is_seen_after(lambda: browser.get("/offline/stand"))
    assert not is_seen_after(lambda: browser.post("/offline/sleutel"))
    assert not is_seen_after(lambda: browser.post("/offline/pakket"))
    assert not is_seen_after(lambda: browser.post("/offline/verzenden/openen"))
    assert is_seen_after(lambda: browser.get("/"))


def test_where_the_settings_say_no_and_for_guests_there_is_nothing_and_pages_run_no_script(town: Town) -> None:
    gijs = client(town, "gijs")
    for method, path in (("GET", "/offline"), ("POST", "/offline/aan"), ("POST", "/offline/pakket")):
        assert gijs.open(path, method=method).status_code == 404
    assert gijs.get("/offline/stand").json["key"] is None, "there is no key; the token is to sign out with"
    app = create_app(town.house, "a key for tests", "Voorbeeldstad", safety=Safety(offline=False))
    app.config["WTF_CSRF_ENABLED"] = False
    fenna = app.test_client()
    sign_in_quietly(fenna, town, "fenna")
    fenna.set_cookie("device", "x" * 43)
    for method, path in (
        ("GET", "/offline"),
        ("POST", "/offline/aan"),
        ("GET", "/offline.js"),
        ("GET", "/offline/dicht"),
    ):
        assert fenna.open(path, method=method).status_code == 404, path
    page = fenna.get("/")
    assert "script-src 'none'" in page.headers["Content-Security-Policy"] and "<script" not in page.text
    assert page.headers["X-Offline-Key"] == "none", "what a device took along before goes"
    off = client(town, "fenna").get("/")
    assert "script-src 'none'" in off.headers["Content-Security-Policy"] and "<script" not in off.text
