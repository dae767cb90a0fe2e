"""The connection breaks while a step is kept: nobody is told that it was not, and sending it again never doubles it."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from tests.conftest import Town
from tests.signed_in import client
from wijkteam.assembly import house_on
from wijkteam.cases.service import NewCase, open_case
from wijkteam.events.model import Event
from wijkteam.events.verification import verify
from wijkteam.storage.database import connect
from wijkteam.terms import clock


@dataclass
class Road:
    """The road to a database, that can be cut at the very moment at which a step is to be kept."""

    there: str
    here: Path
    cut: str | None = None
    """When set: cut it once, after the step was asked to be kept ("kept") or just before ("lost")."""
    served: list[socket.socket] = field(default_factory=list)

    def open(self) -> None:
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(str(self.here / ".s.PGSQL.5432"))
        listening.listen()
        self.served.append(listening)
        threading.Thread(target=self._serve, args=(listening,), daemon=True).start()

    def close(self) -> None:
        for each in self.served:
            each.close()

    def _serve(self, listening: socket.socket) -> None:
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self.there)
            self.served += [client, server]
            threading.Thread(target=self._ask, args=(client, server), daemon=True).start()
            threading.Thread(target=self._answer, args=(server, client), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket) -> None:
        wrote = False
        try:
            while sent := client.recv(65536):
                wrote = (wrote or b"INSERT INTO event" in sent) and b"ROLLBACK" not in sent
                if wrote and self.cut is not None and b"COMMIT" in sent:
                    kept, self.cut = self.cut == "kept", None
                    client.shutdown(socket.SHUT_RDWR)
                    if kept:
                        server.sendall(sent)
                    else:
                        server.shutdown(socket.SHUT_RDWR)
                    return
                wrote = wrote and b"COMMIT" not in sent
                server.sendall(sent)
        except OSError:
            return

    @staticmethod
    def _answer(server: socket.socket, client: socket.socket) -> None:
        try:
            while told := server.recv(65536):
                client.sendall(told)
        except OSError:
            return


@pytest.fixture
def road(database_url: str, quick_folder: Path, tmp_path: Path) -> Iterator[Road]:
    address = make_url(database_url)
    here = quick_folder / "road"
    here.mkdir()
    found = Road(f"{address.query['host']}/.s.PGSQL.5432", here)
    found.open()
    yield found
    found.close()
    (here / ".s.PGSQL.5432").unlink()
    here.rmdir()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_step_whose_answer_is_lost_is_sent_again_and_there_once(town: Town, road: Road, database_url: str) -> None:
    case = open_case(town.work("fenna"), NewCase("Bedacht, Kade 1", "huur", "bel", clock.today()))
    address = f"/casus/{case.id}/stap/add_note"
    database = connect(str(make_url(database_url).update_query_dict({"host": str(road.here)})))
    browser = client(town, "fenna")
    browser.application.extensions["house"] = house_on(town.house, database)

    def notes() -> int:
        work = town.clockwork()
        assert not verify(work.session, lambda _done: None)
        return work.session.scalar(select(func.count()).where(Event.name == "add_note")) or 0

    for number, cut in enumerate(("lost", "kept"), 1):
        form = {"note": f"eens en niet vaker {number}", "version": "", "sending": f"number {number}"}
        road.cut = cut
        answer = browser.post(address, data=form)
        assert answer.status_code == 503 and "Wij weten niet of het gelukt is" in answer.text, cut
        assert "het wordt nooit dubbel bewaard" in answer.text
        for _again in range(2):
            assert browser.post(address, data=form).location == f"/casus/{case.id}", cut
        assert notes() == number, cut

    assert browser.post(address, data={**form, "note": "teruggegaan, en iets anders geschreven"}).status_code == 302
    assert notes() == 3, "other words are another step, also from the same page"
    road.cut = "kept"
    answer = browser.post(address, data={"note": "zonder nummer", "version": ""})
    assert "voor u het nog eens doet" in answer.text
    database.dispose()


def test_every_form_of_a_step_carries_a_number_of_its_own(town: Town) -> None:
    case = open_case(town.work("fenna"), NewCase("Bedacht, Kade 1", "huur", "bel", clock.today()))
    browser = client(town, "fenna")
    page = browser.get(f"/casus/{case.id}").text
    numbers = [each.split('"')[0] for each in page.split('name="sending" value="')[1:]]
    assert len(numbers) > 3 and len(set(numbers)) == len(numbers)
    form = {"who_or_where": "Bedacht, Haven 2", "what_is_going_on": "huur", "next_step": "bel", "sending": "number"}
    form["next_step_on"] = clock.today().isoformat()
    opened = [browser.post("/casus/openen", data=form).location for _ in range(2)]
    assert opened[0] is not None and opened[0].split("?")[0] == str(opened[1]).split("?")[0], "one case, found twice"
