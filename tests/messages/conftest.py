"""A real SMTP server in this process, and a house that mails by it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.conftest import Town
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.messages.posting import Relay
from wijkteam.messages.sending import Post, Sent, do_post_round
from wijkteam.messages.writing import Sender
from wijkteam.terms import clock

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Office:
    """What the server took, and how it answers: by recipient, and for whatever it has read."""

    arrived: list[EmailMessage] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    after_data: Callable[[], str] = lambda: "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: Any) -> str:
        for part, answer in self.refuses.items():
            if part in address:
                return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.after_data()
        if answer.startswith("250"):
            content = envelope.original_content or b""
            mail = message_from_bytes(content, policy=policy.default)
            assert isinstance(mail, EmailMessage) and envelope.rcpt_tos == [str(mail["To"])]
            self.arrived.append(mail)
        return answer

    def to(self, first_name: str) -> list[EmailMessage]:
        """What arrived for one person."""
        return [each for each in self.arrived if str(each["To"]).startswith(f"{first_name}@")]


@dataclass
class Postal:
    """The town with its mail server."""

    town: Town
    office: Office
    post: Post

    def round(self) -> Sent:
        """One round of the worker's mail."""
        return do_post_round(self.town.clockwork(), self.post)

    def case(self, street: str = "Geheimstraat 7") -> HouseholdCase:
        """A case of Fenna's."""
        return open_case(self.town.work("fenna"), NewCase(street, "Schulden", "Bellen", clock.today()))


class Here(Controller):
    """A server on a free port of this machine."""

    @property
    def here(self) -> int:
        """The port that it was given."""
        assert self.server is not None
        return int(self.server.sockets[0].getsockname()[1])

    def _trigger_server(self) -> None:
        self.port = self.here
        super()._trigger_server()


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def server(office: Office) -> Iterator[Here]:
    found = Here(office, hostname="127.0.0.1", port=0)
    found.start()
    yield found
    if found.loop.is_running():
        found.stop(no_assert=True)


@pytest.fixture
def postal(town: Town, office: Office, server: Here) -> Postal:
    sender = Sender(
        Address("Wijkteam", addr_spec="wijkteam@voorbeeldstad.example"),
        "https://wijkteam.voorbeeldstad.example",
        "Voorbeeldstad",
    )
    return Postal(town, office, Post(Relay("127.0.0.1", server.here, "none"), sender, time(7, 30)))
