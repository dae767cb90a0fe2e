"""The commands about mail."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from tests.messages.conftest import Office, Postal
from wijkteam.cli import main
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.messages.model import Message, MessageState

Run = Callable[..., Result]


@pytest.fixture
def run(postal: Postal, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)
    monkeypatch.setenv("WIJKTEAM_SMTP_URL", f"smtp://127.0.0.1:{postal.post.relay.port}")
    monkeypatch.setenv("WIJKTEAM_MAIL_FROM", "wijkteam@voorbeeldstad.example")
    monkeypatch.setenv("WIJKTEAM_ADDRESS", "https://wijkteam.voorbeeldstad.example")
    monkeypatch.chdir(tmp_path)
    case = postal.case()
    escalate(postal.town.work("fenna"), NewEscalation(case.id, case.team_id, "Woning", "housing"))
    return lambda *arguments: CliRunner().invoke(main, arguments, catch_exceptions=False)


def test_send_once_sends_what_waits_and_list_shows_it(run: Run, postal: Postal, office: Office) -> None:
    listed = run("messages", "list", "--state", "sent")
    assert "0 sent" in listed.stderr and "1 notices in no mail yet" in listed.stderr
    assert run("messages", "send", "--once").stdout.startswith("1 sent, 0 to be tried again")
    assert len(office.arrived) == 1
    assert "\tteun@voorbeeldstad.example\tat once\t1 attempts\t" in run("messages", "list", "--state", "sent").stdout


def test_the_worker_sends_mail_too(run: Run, office: Office) -> None:
    done = run("worker", "--once")
    assert (
        done.stdout
        == "0 done, 0 had nothing left to do\nmail: 1 sent, 0 to be tried again, 0 dead, 0 no longer needed\n"
    )
    assert len(office.arrived) == 1


def test_without_a_server_nothing_is_sent_nothing_is_lost_and_it_says_so(
    run: Run, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "WIJKTEAM_SMTP_URL"
    with monkeypatch.context() as without:
        without.delenv(url)
        done = run("worker", "--once")
        assert done.exit_code == 0 and done.stderr.strip().splitlines()[-1].startswith("no mail is sent: ")
        sent = run("messages", "send", "--once")
        assert sent.exit_code == 2 and sent.stderr.startswith("no mail is sent: WIJKTEAM_SMTP_URL names no server")
    assert office.arrived == []
    assert run("messages", "send", "--once").stdout.startswith("1 sent")


def test_dead_messages_are_tried_again_by_number_or_all(run: Run, postal: Postal, office: Office) -> None:
    office.refuses["teun"] = "550 no such person"
    assert "1 dead" in run("messages", "send", "--once").stdout
    listed = run("messages", "list").stdout
    number = listed.split("\t")[0]
    assert "550 no such person" in listed
    office.refuses.clear()
    assert run("messages", "retry", number).stdout == "1 will go once more\n"
    wrong = run("messages", "retry", number)
    assert wrong.exit_code == 2 and wrong.stderr == f"message {number} is not dead, it is waiting\n"
    assert run("messages", "retry", "999").stderr == "there is no message 999\n"
    assert run("messages", "retry").exit_code == 2 and run("messages", "retry", number, "--all").exit_code == 2
    work = postal.town.clockwork()
    with work.transaction() as session:
        session.execute(update(Message).values(state=MessageState.DEAD))
    assert run("messages", "retry", "--all").stdout == "1 will go once more\n"
    assert run("messages", "send", "--once").stdout.startswith("1 sent")
