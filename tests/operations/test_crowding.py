"""When too many ask at once, some are told to come back, nothing falls, and who was let in is helped as always."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from tests.conftest import Town
from tests.operations.test_going_on_serving import until
from wijkteam.web.app import create_app
from wijkteam.web.crowding import keep_the_door
from wijkteam.web.language import COOKIE


class Crowd:
    """Pages of which one takes until it is let go, behind a door, and people who each ask in a thread of their own."""

    def __init__(self, town: Town, at_once: int, waiting: int, patience: float = 300.0) -> None:
        self.app = create_app(town.house, "a key for tests", "Voorbeeldstad")
        pages: Callable[..., Iterable[bytes]] = self.app.wsgi_app
        self.inside, self.go = 0, threading.Event()

        def slowly(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
            if environ["PATH_INFO"] == "/inloggen":
                self.inside += 1
                self.go.wait(300)
            return pages(environ, start)

        self.app.wsgi_app = slowly  # type: ignore[method-assign]
        keep_the_door(self.app, at_once, waiting, patience)
        self.door: Any = self.app.wsgi_app
        self.answers: list[TestResponse] = []
        self.threads: list[threading.Thread] = []

    def ask(self, path: str = "/inloggen", **more: Any) -> TestResponse:
        return Client(self.app, use_cookies=False).open(path, buffered=True, **more)  # closed, as servers do

    def comes(self) -> None:
        thread = threading.Thread(target=lambda: self.answers.append(self.ask()))
        self.threads.append(thread)
        thread.start()

    def leaves(self) -> list[int]:
        self.go.set()
        for each in self.threads:
            each.join(300)
        return [each.status_code for each in self.answers]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_comes_when_it_is_full_is_told_to_come_back_and_the_rest_is_helped(town: Town, database_url: str) -> None:
    crowd = Crowd(town, at_once=1, waiting=1)
    crowd.comes()
    until(lambda: crowd.inside == 1)
    crowd.comes()
    until(lambda: crowd.door._waiting == 1)

    refused = crowd.ask(method="POST", data={"email": "fenna@voorbeeldstad.example"})
    assert refused.status_code == 503 and refused.headers["Retry-After"] == "10"
    page = refused.get_data(as_text=True)
    assert "Wat u net deed is niet bewaard" in page and "</html>" in page
    assert "csrf_token" not in page, "it is the same for everybody, and knows no session"
    assert "script-src 'none'" in refused.headers["Content-Security-Policy"]
    assert refused.headers["Cache-Control"] == "no-store" and "Set-Cookie" not in refused.headers
    english = crowd.ask(headers={"Cookie": f"{COOKIE}=en"}).get_data(as_text=True)
    assert 'lang="en"' in english and "It is too busy now" in english
    program = crowd.ask("/api/v1/my-work")
    assert program.status_code == 503 and program.mimetype == "application/problem+json"
    assert crowd.ask("/healthz").status_code == 200, "whether the process lives is answered all the same"
    assert crowd.ask("/readyz").status_code == 200

    assert crowd.leaves() == [200, 200], "who was inside and who waited"
    assert crowd.ask().status_code == 200, "and then there is room again"
    assert (crowd.door._free, crowd.door._waiting) == (1, 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_waits_without_end_and_a_failing_page_gives_its_place_back(town: Town, database_url: str) -> None:
    crowd = Crowd(town, at_once=1, waiting=5, patience=0.05)
    crowd.comes()
    until(lambda: crowd.inside == 1)
    assert crowd.ask().status_code == 503
    assert crowd.leaves() == [200]

    def fails(*_asked: Any) -> Iterable[bytes]:
        raise OSError("a page that fails")

    crowd.door._inside = fails
    with pytest.raises(OSError, match="a page that fails"):
        crowd.ask()
    assert (crowd.door._free, crowd.door._waiting) == (1, 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_comes_while_another_is_at_work_lets_it_go_on_alone_and_goes_next(
    town: Town, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wijkteam.web.crowding.BRIEFLY", 300.0)
    crowd = Crowd(town, at_once=4, waiting=5)
    crowd.comes()
    until(lambda: crowd.inside == 1)
    crowd.comes()
    crowd.comes()
    until(lambda: crowd.door._waiting == 2)
    assert crowd.inside == 1
    assert crowd.leaves() == [200, 200, 200]
    assert (crowd.door._free, crowd.door._waiting) == (4, 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_behind_one_that_takes_long_nobody_waits_longer_than_a_moment(town: Town, database_url: str) -> None:
    crowd = Crowd(town, at_once=3, waiting=5)
    crowd.comes()
    until(lambda: crowd.inside == 1)
    crowd.comes()
    crowd.comes()
    until(lambda: crowd.inside == 3)
    assert crowd.leaves() == [200, 200, 200]
    assert (crowd.door._free, crowd.door._waiting) == (3, 0)
