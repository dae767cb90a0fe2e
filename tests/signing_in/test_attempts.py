"""Limits on guessing: they count, also at once, and keep nobody out of an account of their own."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from wijkteam.assembly import House
from wijkteam.signing_in.attempts import (
    TooManyAttempts,
    Try,
    account_digest,
    begin_attempt,
    came_in,
    forget_attempts,
    network,
    was_right,
)
from wijkteam.signing_in.delays import RULES
from wijkteam.signing_in.model import SignInAttempt
from wijkteam.terms import clock

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OWNER = Try("account of the owner", "192.0.2.1", "browser of the owner")
GUESSER = Try("account of the owner", "198.51.100.7")


def misses(house: House, tried: Try, count: int) -> int:
    """How many of so many tries were let in; all of them miss."""
    work, let_in = house.work(), 0
    for _ in range(count):
        try:
            begin_attempt(work, tried)
            let_in += 1
        except TooManyAttempts:
            pass
    work.session.close()
    return let_in


def test_parallel_guesses_count_as_if_they_came_one_by_one(house: House) -> None:
    let_in: list[int] = []
    start = threading.Barrier(8)

    def guess() -> None:
        start.wait()
        let_in.append(misses(house, GUESSER, 4))

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(let_in) == RULES.free
    assert house.work().session.scalar(select(func.count(SignInAttempt.id))) == RULES.free


def test_a_guesser_elsewhere_keeps_the_owner_out_neither_with_their_browser_nor_at_their_address(house: House) -> None:
    with clock.standing_at(MONDAY):
        came_in(house.work(), OWNER)
    with clock.standing_at(MONDAY + timedelta(days=1)):
        assert misses(house, GUESSER, 30) == RULES.free
        with pytest.raises(TooManyAttempts) as told:
            begin_attempt(house.work(), GUESSER)
        assert 1 <= told.value.seconds <= 30
        begin_attempt(house.work(), Try(OWNER.account, "203.0.113.9", OWNER.device))
        begin_attempt(house.work(), Try(OWNER.account, OWNER.address))


def test_who_waits_is_let_in_again_and_waits_longer_after_the_next_miss(house: House) -> None:
    with clock.standing_at(MONDAY):
        assert misses(house, GUESSER, 9) == RULES.free
    with clock.standing_at(MONDAY + timedelta(seconds=29)):
        assert misses(house, GUESSER, 1) == 0
    with clock.standing_at(MONDAY + timedelta(seconds=30)):
        assert misses(house, GUESSER, 2) == 1
    with clock.standing_at(MONDAY + timedelta(seconds=89)):
        assert misses(house, GUESSER, 1) == 0
    with clock.standing_at(MONDAY + timedelta(seconds=90)):
        assert misses(house, GUESSER, 1) == 1


def test_signing_in_well_with_a_known_browser_takes_its_misses_away_and_elsewhere_it_does_not(house: House) -> None:
    with clock.standing_at(MONDAY):
        came_in(house.work(), OWNER)
    with clock.standing_at(MONDAY + timedelta(minutes=1)):
        assert misses(house, OWNER, RULES.free - 1) == 4
        number = begin_attempt(house.work(), OWNER)
        was_right(house.work(), number)
        came_in(house.work(), OWNER)
        assert misses(house, GUESSER, 4) == 4
        came_in(house.work(), Try(OWNER.account, "203.0.113.9"), "another browser")
    with clock.standing_at(MONDAY + timedelta(minutes=2)):
        assert misses(house, OWNER, 9) == RULES.free
        assert misses(house, GUESSER, 9) == 1


def test_one_address_misses_a_hundred_times_an_hour_over_all_accounts_and_then_waits(house: House) -> None:
    work = house.work()
    with clock.standing_at(MONDAY):
        came_in(work, Try("known", "198.51.100.7"), "my browser")
        for number in range(RULES.per_address):
            begin_attempt(work, Try(f"account {number}", "198.51.100.7"))
        with pytest.raises(TooManyAttempts):
            begin_attempt(work, Try("one more", "198.51.100.7"))
        begin_attempt(work, Try("one more", "198.51.100.8"))
        begin_attempt(work, Try("known", "198.51.100.7", "my browser"))  # colleagues at that address still get in
    with clock.standing_at(MONDAY + RULES.per_address_window):
        begin_attempt(work, Try("one more", "198.51.100.7"))


def test_old_tries_are_thrown_away_and_what_a_rule_looks_at_is_kept(house: House) -> None:
    work = house.work()
    with clock.standing_at(MONDAY):
        begin_attempt(work, GUESSER)
        came_in(work, OWNER)
    with clock.standing_at(MONDAY + RULES.known_for):
        assert forget_attempts(work) == 0
    with clock.standing_at(MONDAY + RULES.kept_for + timedelta(seconds=1)):
        assert forget_attempts(work) == 2


def test_nobody_can_tell_an_account_from_its_digest_without_the_key() -> None:
    assert account_digest(" Fenna@X.example", "key") == account_digest("fenna@x.example ", "key")
    assert account_digest("fenna@x.example", "key") != account_digest("fenna@x.example", "another key")
    assert len(account_digest("\ud800", "key")) == 64


def test_one_subscriber_of_ipv6_is_one_address() -> None:
    assert network("2001:db8:1:2:3::4") == network("2001:db8:1:2:ffff::1") != network("2001:db8:1:3::1")
    assert network("::ffff:192.0.2.1") == "192.0.2.1"
