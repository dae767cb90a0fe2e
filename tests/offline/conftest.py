"""A served wijkteam of which the connection can be cut at every step, and a person with a device."""

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import BaseWSGIServer, make_server

from tests.conftest import Town
from tests.plumbing.answering import Quiet
from tests.web.conftest import free_port
from wijkteam.cases.service import NewCase, open_case
from wijkteam.demo.town import PASSWORD
from wijkteam.events.queries import events_of
from wijkteam.terms import clock
from wijkteam.web.app import create_app

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


class Line:
    """The connection to a served wijkteam: whole, gone, or broken off at a chosen request."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.breaks_before: Callable[[str], bool] = lambda path: False
        self.breaks_after: Callable[[str], bool] = lambda path: False
        self.refuses: Callable[[str], str] = lambda path: ""
        self.handled: list[str] = []
        self._server: BaseWSGIServer | None = None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        way = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        if self.breaks_before(way):
            self._break(environ)
        if status := self.refuses(way):
            start_response(status, [("Content-Type", "text/html")])
            return [b"No."]
        answer = self.app(environ, start_response)
        self.handled.append(way)
        if self.breaks_after(way):
            b"".join(answer)
            answer.close()
            self._break(environ)
        return answer

    @staticmethod
    def _break(environ: dict[str, Any]) -> None:
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        raise ConnectionAbortedError("cut")

    def connect(self) -> None:
        self.breaks_before = self.breaks_after = lambda path: False
        self.refuses = lambda path: ""
        if self._server is None:
            self._server = make_server("127.0.0.1", self.port, self, threaded=True, request_handler=Quiet)
            threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def cut(self) -> None:
        """Stop the server itself."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


@pytest.fixture
def line(town: Town) -> Iterator[Line]:
    made = Line(create_app(town.house, "a key for tests", "Voorbeeldstad"))
    made.connect()
    yield made
    made.cut()


class Device:
    """A browser on a device, in one hand after the other."""

    def __init__(self, context: BrowserContext, line: Line) -> None:
        self.context = context
        self.line = line
        self.page: Page = context.new_page()

    def visits(self, path: str) -> None:
        self.page.goto(self.line.address + path)

    def signs_in(self, name: str) -> None:
        self.visits("/inloggen")
        self.page.get_by_label("E-mailadres").fill(f"{name}@voorbeeldstad.example")
        self.page.get_by_label("Wachtwoord").fill(PASSWORD)
        self.presses("Inloggen")

    def presses(self, title: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=title, exact=True).first.click()

    def signs_out(self) -> None:
        self.presses("Uitloggen")

    def takes_along(self) -> None:
        """Switches it on, and waits until everything is there."""
        self.visits("/offline")
        self.presses("Aanzetten op dit apparaat")
        expect(self.page.locator("[data-offline-ready]")).to_contain_text("bijgewerkt om", timeout=30_000)

    def catches_up(self) -> None:
        """As when the browser notices that there is a connection again."""
        self.page.evaluate(
            """() => new Promise((done) => {
                const line = new MessageChannel();
                line.port1.onmessage = (event) => done(event.data);
                navigator.serviceWorker.ready.then((it) => it.active.postMessage("catch up", [line.port2]));
            })"""
        )

    def writes(self, case: str, step: str, **fields: str) -> None:
        """Fills in a form on a page of a case and sends it."""
        if not self.page.url.endswith(f"/casus/{case}"):
            self.visits(f"/casus/{case}")
        self.page.locator(f"#{step} > summary").click()
        self._fills_in(step, fields)
        with self.page.expect_navigation():
            self.page.locator(f"#{step} form button").click()

    def notes(self, case: str, note: str) -> None:
        """Writes a contact down on the page of a case, and how it was."""
        if not self.page.url.endswith(f"/casus/{case}"):
            self.visits(f"/casus/{case}")
        self.page.get_by_label("Wat is er gezegd of gebeurd?").fill(note)
        with self.page.expect_navigation():
            self.presses("Telefoon")

    def _fills_in(self, step: str, fields: dict[str, str]) -> None:
        for name, value in fields.items():
            found = self.page.locator(f"#{step} [name={name}]")
            if found.evaluate("it => it.tagName") == "SELECT":
                found.select_option(value)
            else:
                found.fill(value)

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def did_nothing_for(self, minutes: int) -> None:
        """As if nobody touched this device for so long."""
        self._changes("key", "key", "used", f"it.used - {minutes} * 60_000")

    def changes_mark(self, mark: str, part: str, value: int) -> None:
        self._changes("marks", mark, part, str(value))

    def forgets_what_waits(self) -> None:
        """So that what another test left behind, where it failed, is of no trouble to the next."""
        self.page.evaluate(
            """() => new Promise((done) => {
                const asked = indexedDB.open("wijkteam");
                asked.onsuccess = () => {
                    const cleared = asked.result.transaction("queue", "readwrite").objectStore("queue").clear();
                    cleared.onsuccess = () => (asked.result.close(), done());
                };
            })"""
        )

    def _changes(self, room: str, name: str, part: str, value: str) -> None:
        self.page.evaluate(
            f"""() => new Promise((done) => {{
                const asked = indexedDB.open("wijkteam");
                asked.onsuccess = () => {{
                    const store = asked.result.transaction("{room}", "readwrite").objectStore("{room}");
                    const found = store.get("{name}");
                    found.onsuccess = () => {{
                        const it = found.result;
                        store.put({{...it, {part}: {value}}}, "{name}").onsuccess = () => {{
                            asked.result.close();
                            done();
                        }};
                    }};
                }};
            }})"""
        )

    def holds(self) -> dict[str, Any]:
        """Everything that is kept in the browser, as somebody who has the device would find it."""
        found: dict[str, Any] = self.page.evaluate(
            """async () => {
                const store = await new Promise((done) => {
                    const asked = indexedDB.open("wijkteam");
                    asked.onsuccess = () => done(asked.result);
                });
                const rooms = {};
                const told = (it) => it instanceof CryptoKey ? `key ${it.extractable}`
                    : it instanceof ArrayBuffer ? new TextDecoder("latin1").decode(it)
                    : ArrayBuffer.isView(it) ? [...it].join()
                    : it && typeof it === "object"
                        ? Object.fromEntries(Object.entries(it).map(([name, each]) => [name, told(each)])) : it;
                for (const room of store.objectStoreNames) {
                    rooms[room] = await new Promise((done) => {
                        const asked = store.transaction(room).objectStore(room).getAll();
                        asked.onsuccess = () => done(asked.result.map(told));
                    });
                }
                store.close();
                const cached = {};
                for (const name of await caches.keys()) {
                    const cache = await caches.open(name);
                    for (const each of await cache.keys()) {
                        cached[new URL(each.url).pathname] = await (await cache.match(each)).text();
                    }
                }
                return {...rooms, cached};
            }"""
        )
        return found


@pytest.fixture
def device(browser: Browser, line: Line) -> Iterator[Device]:
    context = browser.new_context(viewport=PHONE)
    context.set_default_timeout(30_000)
    yield Device(context, line)
    context.close()


def a_case(town: Town, where: str = "Voorbeeldstraat 12") -> str:
    """An open case of Fenna."""
    opened = open_case(town.work("fenna"), NewCase(where, "Dreigende uithuiszetting.", "Langsgaan", clock.today()))
    return opened.id


def steps(town: Town, case: str) -> list[str]:
    """What happened in a case, in order."""
    return [each.name for each in events_of(town.clockwork().session, "household_case", case)]


def tomorrow() -> str:
    return (clock.today() + timedelta(days=1)).isoformat()
