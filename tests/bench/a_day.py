"""A day at work, as locust runs it: what people do on their pages, in which proportion. A file for locust alone.

Each person acts every ten seconds or so. Of a hundred acts 43 open my work, 30 open a case, 8 look somebody up, 5 look
at the open cases of the team, and 14 open a case of their own and take a step in it, to and fro between two states.
Who is signed in, and whose cases they are, stands in a file that the bench wrote. Where more come than stand in it,
some are the same person in another browser: of two who take the same step one hears that somebody was first (409).
"""

import json
import os
import random
import re
from datetime import date, timedelta
from itertools import count, cycle
from pathlib import Path
from typing import Any

from locust import HttpUser, between, constant, task

ACTS = json.loads(Path(os.environ["WIJKTEAM_BENCH_PEOPLE"]).read_text(encoding="utf-8"))
SECONDS = float(os.environ.get("WIJKTEAM_BENCH_PAUSE", "10"))
PEOPLE, COMING = cycle(ACTS), count(1)
VERSION = re.compile(r'name="version" value="(\d+)"')
GONE_ON, SOMEBODY_WAS_FIRST, TOO_BUSY = 302, 409, 503


class Professional(HttpUser):  # type: ignore[misc]
    """Somebody of a team, with a browser that stays open."""

    wait_time = between(0.5 * SECONDS, 1.5 * SECONDS) if SECONDS else constant(0)

    def on_start(self) -> None:
        """Take the next person of the file."""
        self.me: dict[str, Any] = next(PEOPLE)
        if next(COMING) > len(ACTS):
            RIGHT.add(SOMEBODY_WAS_FIRST)
        self.client.headers.update(self.me["headers"])

    def _get(self, path: str, name: str) -> str:
        with self.client.get(path, name=name, catch_response=True, allow_redirects=False) as answer:
            _judge(answer, {200})
            return str(answer.text)

    @task(43)
    def my_work(self) -> None:
        """What asks something of me."""
        self._get("/", "my work")

    @task(30)
    def case(self) -> None:
        """A case of one's own."""
        self._get(f"/casus/{random.choice(self.me['cases'])}", "case")

    @task(8)
    def look_up(self) -> None:
        """Somebody or some place, by a part of its name."""
        self._get(f"/zoeken?q=Straat+{random.randrange(1, 900)}", "search")

    @task(5)
    def team(self) -> None:
        """The open cases of my teams."""
        self._get("/casussen", "team")

    @task(14)
    def step(self) -> None:
        """Open a case, look, and take the step to and fro; the version is the one that the page showed."""
        case = random.choice(self.me["cases"])
        page = self._get(f"/casus/{case}", "case")
        version = VERSION.search(page)
        if version is None:
            return
        leaves = "/stap/lose_contact" in page
        asked = "contact_tried" if leaves else "contact_regained"
        form = {
            "csrf_token": self.me["csrf_token"],
            "version": version[1],
            asked: "Gebeld.",
            "next_step": "Langsgaan",
            "next_step_on": str(date.today() + timedelta(days=2)),
        }
        path = f"/casus/{case}/stap/{'lose_contact' if leaves else 'regain_contact'}"
        with self.client.post(path, form, name="step", catch_response=True, allow_redirects=False) as answer:
            _judge(answer, RIGHT)


RIGHT = {GONE_ON}
"""What a step may be answered with."""


def _judge(answer: Any, right: set[int]) -> None:
    """Good, told to come back (named so), or wrong."""
    if answer.status_code in right:
        answer.success()
    elif answer.status_code == TOO_BUSY and answer.headers.get("Retry-After"):
        answer.failure("told to come back")
    else:
        answer.failure(f"{answer.status_code}")
