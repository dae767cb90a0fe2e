"""Signals about the same thing are seen together, and those without an answer first."""

from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from wijkteam.reckoning.likeness import Group, Signal, groups

DAY = date(2026, 3, 1)
PLACES = {"BU1": "WK1", "BU2": "WK1", "BU3": "WK2"}


def signal(number: int, words: str, buurt: str = "BU1", answered: bool = False, giver: int | None = None) -> Signal:
    who = number if giver is None else giver
    on = DAY + timedelta(days=number)
    return Signal(f"s{number:02}", frozenset(words.split()), who, buurt, PLACES[buurt], on, answered)


LIFT = [
    signal(1, "lift flat kapot week"),
    signal(2, "lift kapot rolstoel"),
    signal(3, "flat lift weer kapot", "BU2"),
]
OTHERS = [signal(4, "hond poep speelplaats"), signal(5, "licht straat uit", "BU3"), signal(6, "bus rijdt avond", "BU2")]


def members(found: tuple[Group, ...]) -> list[set[str]]:
    return [set(each.signals) for each in found]


def test_complaints_with_the_same_words_stand_together_with_what_they_share() -> None:
    found = groups([*LIFT, *OTHERS])
    assert members(found)[0] == {"s01", "s02", "s03"}
    assert {"lift", "kapot"} <= set(found[0].words)
    assert found[0].places == {"BU1": 2, "BU2": 1}
    assert len(found) == 4


def test_near_each_other_less_likeness_is_enough() -> None:
    texts = ("lift kapot flat zeven", "lift lawaai nacht zeven")
    near = groups([signal(1, texts[0]), signal(2, texts[1]), *OTHERS])
    far = groups([signal(1, texts[0]), signal(2, texts[1], "BU3"), *OTHERS])
    assert {"s01", "s02"} in members(near)
    assert {"s01", "s02"} not in members(far)


def test_a_chain_of_texts_does_not_end_in_one_group() -> None:
    chain = [signal(number, f"w{number} w{number + 1} w{number + 2}") for number in range(12)]
    assert max(len(each) for each in members(groups(chain))) <= 6


def test_a_word_that_nearly_all_have_connects_nothing() -> None:
    all_say = [signal(number, f"gemeente woord{number} ander{number}") for number in range(12)]
    assert all(len(each) == 1 for each in members(groups(all_say)))


def test_groups_without_an_answer_stand_first_and_in_them_the_unanswered_signals() -> None:
    answered = [signal(number, "boom tak valt", answered=True) for number in (1, 2, 3)]
    waiting = [signal(8, "lift kapot", answered=True), signal(9, "lift kapot")]
    first, second = groups([*answered, *waiting])
    assert first.signals == ("s09", "s08")
    assert (first.unanswered, first.oldest_unanswered) == (1, DAY + timedelta(days=9))
    assert second.oldest_unanswered is None


def test_a_group_of_few_residents_is_not_for_a_report_however_often_they_wrote() -> None:
    (often,) = groups([signal(number, "lift kapot", giver=1) for number in range(7)])
    (many,) = groups([signal(number, "lift kapot") for number in range(7)])
    assert not often.may_be_told
    assert many.may_be_told


def test_how_many_wait_is_told_neither_of_few_nor_of_all_but_a_few() -> None:
    unlike = [signal(40 + number, f"woord{number} ander{number}") for number in range(30)]

    def lifts(answered: int, waiting: int, waiter: int | None = None) -> Group:
        said = [signal(number, "lift kapot", answered=True) for number in range(answered)]
        unsaid = [signal(20 + number, "lift kapot", giver=waiter) for number in range(waiting)]
        return next(each for each in groups([*said, *unsaid, *unlike]) if "lift" in each.words)

    assert [lifts(*each).waiting_told for each in ((9, 0), (6, 5), (0, 7))] == [0, 5, 7]
    assert [lifts(*each).waiting_told for each in ((9, 1), (9, 4), (4, 9))] == [None, None, None]
    often = lifts(9, 9, waiter=77)
    assert (often.unanswered, often.waiting, often.waiting_told) == (9, 1, None)


WORDS = st.frozensets(st.sampled_from(("lift", "kapot", "flat", "hond", "boom", "licht", "bus")), max_size=5)


@given(st.lists(st.tuples(WORDS, st.sampled_from(sorted(PLACES)), st.booleans()), max_size=14), st.randoms())
def test_every_signal_stands_in_one_group_whatever_the_order(
    made: list[tuple[frozenset[str], str, bool]], chance: Random
) -> None:
    signals = [signal(number, " ".join(words), buurt, done) for number, (words, buurt, done) in enumerate(made)]
    found = groups(signals)
    assert sorted(each for group in found for each in group.signals) == [each.id for each in signals]
    mixed = list(signals)
    chance.shuffle(mixed)
    assert members(groups(mixed)) == members(found)
