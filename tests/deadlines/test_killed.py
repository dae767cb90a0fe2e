"""Workers are killed with SIGKILL hundreds of times, at any moment: nothing is lost, and nothing is done twice."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.bench.draining import prepare
from tests.messages.conftest import Here, Office
from wijkteam.deadlines.model import Deadline
from wijkteam.events.model import Event, Mail, Notice
from wijkteam.events.verification import verify
from wijkteam.messages.model import Message, MessageState
from wijkteam.terms import clock

ROOT = Path(__file__).resolve().parents[2]
DUE = {"sqlite": 700, "postgresql": 1_000}
KILLS = {"sqlite": 100, "postgresql": 180}
ALIVE = {"sqlite": 1, "postgresql": 2}
LAST = {"sqlite": 1, "postgresql": 4}
"""How many workers finish what is left."""
LONGEST_LIFE = 0.045
"""Seconds of work, on a machine that is busy with other things too."""
LONGEST_WAIT = 1.0


class SlowOffice(Office):
    """Takes a mail, and only a moment later says so: in between a worker can be killed."""

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(0.004)
        return answer


@dataclass
class Nursery:
    """The process that forks workers."""

    process: subprocess.Popen[str]

    def say(self, line: str) -> str:
        """Give it a line, and hear the answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.hear()

    def hear(self) -> str:
        """Its next line."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the nursery has ended"
        return line.strip()

    def kill(self, number: str) -> None:
        """End a worker without warning."""
        os.kill(int(number), signal.SIGKILL)
        assert self.say(f"wait {number}") == str(int(signal.SIGKILL)), "it had ended by itself"


@pytest.fixture
def slow() -> Iterator[tuple[SlowOffice, int]]:
    office = SlowOffice()
    server = Here(office, hostname="127.0.0.1", port=0)
    server.start()
    yield office, server.here
    server.stop(no_assert=True)


@pytest.fixture
def nursery(database_url: str, slow: tuple[SlowOffice, int]) -> Iterator[Nursery]:
    prepare(database_url, DUE[kind_of(database_url)]).dispose()
    command = [sys.executable, "-W", "ignore", "-m", "tests.deadlines.nursery", database_url, str(slow[1])]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True)
    found = Nursery(process)
    assert found.hear() == "ready"
    yield found
    assert process.stdin is not None
    process.stdin.close()
    process.wait(20)


def kind_of(url: str) -> str:
    return "sqlite" if url.startswith("sqlite") else "postgresql"


def test_killed_hundreds_of_times_nothing_is_lost_and_nothing_is_done_twice(
    nursery: Nursery, slow: tuple[SlowOffice, int], database: Any
) -> None:
    kind = database.dialect.name
    chance = random.Random(7)
    alive = [nursery.say("on") for _ in range(ALIVE[kind])]
    for _ in range(KILLS[kind]):
        number = alive.pop(0)
        let_live(number, chance.uniform(0, LONGEST_LIFE))
        nursery.kill(number)
        alive.append(nursery.say("on"))
    for number in alive:
        nursery.kill(number)
    with Session(database) as session:
        left = session.scalar(select(func.count()).where(Deadline.ended_at.is_(None), Deadline.due_at < clock.now()))
    print(f"{kind}: {KILLS[kind]} kills, {left} of {DUE[kind]} deadlines left, {len(slow[0].arrived)} mails arrived")
    time.sleep(1.1)  # longer than a lease, so that what was in hand is free again
    last = [nursery.say("off") for _ in range(LAST[kind])]
    assert [nursery.say(f"wait {number}") for number in last] == ["0"] * len(last)
    with Session(database) as session:
        each_deadline_fired_once(session, DUE[kind])
        each_step_told_once_and_each_notice_in_a_message(session)
        each_message_arrived(session, slow[0])


def let_live(number: str, seconds: float) -> None:
    """Wait until a worker has worked for so long, or has waited for others for a long time."""
    until = time.perf_counter() + LONGEST_WAIT
    while time.perf_counter() < until and seconds_worked(number) < seconds:
        time.sleep(0.0005)


def seconds_worked(number: str) -> float:
    """How long a process had a processor."""
    return int(Path(f"/proc/{number}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


def each_deadline_fired_once(session: Session, due: int) -> None:
    assert session.scalar(select(func.count()).where(Deadline.fired)) == due
    by_clock = Counter(session.scalars(select(Event.subject_id).where(Event.actor_id.is_(None))))
    assert len(by_clock) == due and set(by_clock.values()) == {1}
    open_now = Counter(session.scalars(select(Deadline.subject_id).where(Deadline.ended_at.is_(None))))
    assert len(open_now) == due and set(open_now.values()) == {1}
    assert verify(session) == []


def each_step_told_once_and_each_notice_in_a_message(session: Session) -> None:
    told = Counter(session.execute(select(Notice.person_id, Notice.subject_id, Notice.about)).all())
    assert set(told.values()) == {1}
    stepped = set(session.scalars(select(Event.subject_id).where(Event.actor_id.is_(None))))
    assert stepped <= {subject for _, subject, _ in told}
    urgent = select(Notice.id).where(Notice.mail == Mail.NOW, Notice.message_id.is_(None))
    assert session.scalars(urgent).all() == []
    wrong_person = select(Notice.id).join(Message).where(Message.person_id != Notice.person_id)
    assert session.scalars(wrong_person).all() == []


def each_message_arrived(session: Session, office: Office) -> None:
    messages = session.scalars(select(Message)).all()
    assert {each.state for each in messages} == {MessageState.SENT}
    arrived = Counter(str(each["Message-ID"]) for each in office.arrived)
    assert set(arrived) == {each.mail_id for each in messages}
    assert all(arrived[each.mail_id] <= each.attempts for each in messages)
    doubled = sum(arrived.values()) - len(arrived)
    print(f"{len(messages)} messages, {doubled} arrived more than once, each under its own Message-ID")
