"""Signing in with a work account at a real provider: who gets in, as whom, with which functions."""

from collections.abc import Callable

import requests

from tests.single_sign_on.conftest import Place
from tests.single_sign_on.real_provider import RealProvider

Account = Callable[..., str]


def test_who_is_known_by_a_verified_address_gets_in(place: Place, real: RealProvider, account: Account) -> None:
    browser, answer = place.sign_in(real, account("fenna"), target="/mijn-berichten")
    assert place.is_in(browser)
