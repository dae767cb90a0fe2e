"""Settings of mail: what may be said, and one clear line about what may not."""

from datetime import time

import pytest

from wijkteam.storage.settings import MailSettings, WrongSettings, read_settings

GOOD = {
    "WIJKTEAM_SMTP_URL": "smtp+starttls://wijkteam:ge%40heim@mail.gemeente.example",
    "WIJKTEAM_MAIL_FROM": "Wijkteam Voorbeeld <wijkteam@gemeente.example>",
    "WIJKTEAM_ADDRESS": "https://wijkteam.gemeente.example/",
}


def mail(**changed: str) -> MailSettings | None:
    return read_settings({**GOOD, **{f"WIJKTEAM_{name}": value for name, value in changed.items()}}).mail


def test_without_a_server_no_mail_is_sent_and_nothing_else_is_needed() -> None:
    assert read_settings({}).mail is None


def test_what_is_left_out_gets_its_usual_value() -> None:
    found = mail()
    assert found is not None
    assert (found.host, found.port, found.security) == ("mail.gemeente.example", 587, "starttls")
    assert (found.user, found.password) == ("wijkteam", "ge@heim") and "heim" not in repr(found)
    assert str(found.mail_from) == "Wijkteam Voorbeeld <wijkteam@gemeente.example>"
    assert (found.address, found.digest_at) == ("https://wijkteam.gemeente.example", time(7, 30))


@pytest.mark.parametrize(
    ("url", "security", "port"),
    [
        ("smtp://mail.example", "none", 25),
        ("smtp://u:p@127.0.0.1:2525", "none", 2525),
        ("smtps://u:p@mail.example", "tls", 465),
        ("smtps://[::1]:4650/", "tls", 4650),
    ],
)
def test_the_scheme_says_how_the_connection_is_secured(url: str, security: str, port: int) -> None:
    found = mail(SMTP_URL=url)
    assert found is not None and (found.security, found.port) == (security, port)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SMTP_URL", "mail.example", "write smtp://, smtp\\+starttls:// or smtps://"),
        ("SMTP_URL", "http://mail.example", "write smtp://"),
        ("SMTP_URL", "smtp://mail.example:poort", "write smtp://"),
        ("SMTP_URL", "smtp://mail.example:99999", "write smtp://"),
        ("SMTP_URL", "smtp://mail.example?starttls=yes", "write smtp://"),
        ("SMTP_URL", "smtp://", "write smtp://"),
        ("SMTP_URL", "smtp://[::1", "write smtp://"),
        ("SMTP_URL", "smtp://u:geheim@mail.example", "would show the password"),
        ("MAIL_FROM", "", "WIJKTEAM_MAIL_FROM"),
        ("MAIL_FROM", "Wijkteam", "WIJKTEAM_MAIL_FROM"),
        ("MAIL_FROM", "wijkteam@", "WIJKTEAM_MAIL_FROM"),
        ("MAIL_FROM", "a@x.example\nBcc: b@x.example", "WIJKTEAM_MAIL_FROM"),
        ("MAIL_FROM", "Wijkteam\r\nBcc: b@x.example <a@x.example>", "WIJKTEAM_MAIL_FROM"),
        ("ADDRESS", "", "WIJKTEAM_ADDRESS"),
        ("ADDRESS", "wijkteam.gemeente.example", "WIJKTEAM_ADDRESS"),
        ("ADDRESS", "javascript:alert(1)", "WIJKTEAM_ADDRESS"),
        ("ADDRESS", "https://x.example/?a=b", "WIJKTEAM_ADDRESS"),
        ("ADDRESS", "https://x.example/ Klik hier", "WIJKTEAM_ADDRESS"),
        ("ADDRESS", "https://[::1", "WIJKTEAM_ADDRESS"),
        ("DIGEST_AT", "half acht", "write a time of day such as 07:30"),
        ("DIGEST_AT", "25:00", "write a time of day"),
    ],
)
def test_a_wrong_value_is_named_in_one_line_without_a_password(name: str, value: str, said: str) -> None:
    with pytest.raises(WrongSettings, match=said) as found:
        mail(**{name: value})
    assert "geheim" not in str(found.value) and "\n" not in str(found.value).replace(value, "")
