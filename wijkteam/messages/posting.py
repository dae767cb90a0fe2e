"""Handing mail to an SMTP server, and what its answers mean."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from types import TracebackType
from typing import Self

SECONDS_PER_ANSWER = 30.0
PERMANENT = 500


@dataclass(frozen=True)
class Relay:
    """The SMTP server to hand mail to. `security` is none, starttls or tls."""

    host: str
    port: int
    security: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        """Without the password."""
        return f"{self.host}:{self.port}"


class NotDelivered(Exception):
    """The server did not take the mail now; it may later."""


class NeverDelivered(NotDelivered):
    """The server said that it will never take this mail."""


class ServerAway(NotDelivered):
    """The server cannot be reached or does not let us in: nothing is wrong with the mail itself."""


class Postbox:
    """A connection to the server, made when the first mail goes and shut at the end."""

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        """Nothing is connected yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye."""
        self.shut()

    def shut(self) -> None:
        """Leave the server; the next mail connects anew."""
        server, self._server = self._server, None
        if server is not None:
            try:
                server.quit()
            except (smtplib.SMTPException, OSError):
                server.close()

    def post(self, mail: EmailMessage, sender: str, to: str) -> None:
        """Hand over one mail to one person. Raises NotDelivered, NeverDelivered or ServerAway."""
        try:
            self._connected().send_message(mail, sender, [to])
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(*error.recipients[to]) from error
        except smtplib.SMTPSenderRefused as error:
            self.shut()
            raise ServerAway(f"{self.relay} does not let {sender} send: {_said(error.smtp_error)}") from error
        except smtplib.SMTPDataError as error:
            raise _refused(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:
            raise NeverDelivered(f"the server cannot send to such an address: {error}") from error
        except (smtplib.SMTPException, OSError) as error:
            self.shut()
            raise ServerAway(f"{self.relay} broke off: {_line(error)}") from error

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            try:
                self._server = _open(self.relay)
            except smtplib.SMTPResponseException as error:
                raise ServerAway(f"{self.relay} does not let us in: {error.smtp_code}") from error
            except (smtplib.SMTPException, OSError) as error:
                raise ServerAway(f"{self.relay} cannot be reached: {_line(error)}") from error
        return self._server


def _open(relay: Relay) -> smtplib.SMTP:
    if relay.security == "tls":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(relay.host, relay.port, timeout=SECONDS_PER_ANSWER, context=context)
    else:
        server = smtplib.SMTP(relay.host, relay.port, timeout=SECONDS_PER_ANSWER)
    try:
        if relay.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if relay.user is not None:
            server.login(relay.user, relay.password or "")
    except BaseException:
        server.close()
        raise
    return server


def _refused(code: int, said: bytes | str) -> NotDelivered:
    kind = NeverDelivered if code >= PERMANENT else NotDelivered
    return kind(f"{code} {_said(said)}")


def _said(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:300]


def _line(error: Exception) -> str:
    return _said(str(error)) or type(error).__name__
