"""Settings of signing in: bounded, and wrong ones named in one line."""

from datetime import timedelta

import pytest

from wijkteam.serving import safety_of
from wijkteam.storage.settings import WrongSettings, read_settings


def test_left_out_a_session_lasts_half_an_hour_of_no_use_and_ten_hours_in_all() -> None:
    safe = safety_of(read_settings({}))
    assert (safe.limits.idle, safe.limits.longest, safe.proxies) == (timedelta(minutes=30), timedelta(hours=10), 0)


@pytest.mark.parametrize(
    ("name", "good", "wrong"),
    [
        ("WIJKTEAM_PROXIES", "1", ("-1", "6", "een", "1.0", "²")),
        ("WIJKTEAM_IDLE_MINUTES", "15", ("4", "121", "0x10", "99999")),
        ("WIJKTEAM_SESSION_HOURS", "8", ("0", "25", "tien")),
    ],
)
def test_a_setting_out_of_bounds_is_named(name: str, good: str, wrong: tuple[str, ...]) -> None:
    read_settings({name: good})
    for text in wrong:
        with pytest.raises(WrongSettings, match=name):
            read_settings({name: text})
