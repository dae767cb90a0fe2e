"""Reckoning when a legal term ends, step by step and in words: length, standing still, extension, and days off."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from wijkteam.terms import calendar, clock, statutory
from wijkteam.terms.duration import Duration, WrongTerm, add_to, read_duration
from wijkteam.terms.statutory import DayRule
from wijkteam.terms.term import Clock, Term, end_of_day
from wijkteam.terms.words import UNSAID, Words, counted, length, on_day, why_off

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Standstill:
    """Days on which a term stands still, the first and the last among them (Awb 4:15, 7:10(2))."""

    first: date
    last: date
    why: Words = UNSAID

    @classmethod
    def between(cls, noticed_on: date, resumed_on: date, why: Words = UNSAID) -> "Standstill | None":
        """From the day after a notice until the day on which its cause ended; None when no day lies between.

        Awb 4:15(1): the term stands still "met ingang van de dag na die waarop" the applicant was invited to
        complete the application, "tot de dag waarop" it was completed: that day counts again. Where the time given
        for it passed unused, the day after its last day counts again, as the day on which two weeks "zijn verstreken"
        is in Awb 4:17(3). The same is taken for the grounds of 4:15(2), which name no days: the cautious reading.
        """
        first, last = noticed_on + ONE_DAY, resumed_on - ONE_DAY
        return cls(first, last, why) if first <= last else None

    def days(self) -> Iterator[date]:
        """Each of them."""
        return (self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1))


@dataclass(frozen=True)
class Extension:
    """A further length of time, told to who waits for it before the term ended (Awb 4:14, 7:10(3), 9:11(2))."""

    by: str
    """ISO 8601, such as P6W."""
    told_on: date | None = None
    named: bool = False
    """Whether the municipality itself chose the day, so that no law sets it and no law moves it."""


@dataclass(frozen=True)
class Reckoning:
    """All that decides when a term ends. Raises WrongTerm when its length cannot be counted."""

    started_on: date
    """The day of the event; it does not count itself (such as Awb 6:8(1), 7:10(1))."""
    within: str
    clock: Clock = Clock.STATUTORY
    rule: DayRule = DayRule.ACT
    standstills: tuple[Standstill, ...] = ()
    extensions: tuple[Extension, ...] = ()
    started_at: time | None = None
    """The time of the event, for terms in hours; left out: the first moment of the day, the cautious end."""

    def __post_init__(self) -> None:
        Term(self.within, self.clock)
        if self.clock is not Clock.STATUTORY and self.extensions:
            raise WrongTerm(f"'{self.within}' on {self.clock} cannot be extended")
        for each in self.extensions:
            Term(each.by, Clock.STATUTORY)


@dataclass(frozen=True)
class Ending:
    """When a term ends, and why then."""

    at: datetime
    """The last moment, in UTC."""
    day: date
    """The last day on Dutch calendars."""
    plain: date
    """The last day as it would be if no law moved it."""
    steps: tuple[Words, ...]
    """How the end came about, each step a sentence."""

    @property
    def why(self) -> Words:
        """All steps together."""
        return Words(" ".join(each.nl for each in self.steps), " ".join(each.en for each in self.steps))


def reckon(given: Reckoning) -> Ending:
    """When the term ends, and why."""
    if given.clock is Clock.ELAPSED:
        return _in_plain_time(given)
    still = frozenset(day for each in given.standstills for day in each.days())
    plain = _plain(given, still)
    last = _moved(given, plain, still)
    steps = (*_counting(given), *_moving(given, plain, last, still), _conclusion(last))
    return Ending(end_of_day(last), last, plain, steps)


def _in_plain_time(given: Reckoning) -> Ending:
    began = datetime.combine(given.started_on, given.started_at or time.min, tzinfo=clock.NETHERLANDS)
    at = Term(given.within, Clock.ELAPSED).end(began)
    local = clock.local(at)
    start, end, long = on_day(given.started_on), on_day(local.date()), length(given.within)
    steps = (
        Words(
            f"Begon op {start.nl} om {began:%H:%M}; {long.nl} later is {end.nl} om {local:%H:%M}.",
            f"Began on {start.en} at {began:%H:%M}; {long.en} later is {end.en} at {local:%H:%M}.",
        ),
        Words("Een termijn in uren schuift niet op.", "A term in hours does not move."),
    )
    return Ending(at, local.date(), local.date(), steps)


def _plain(given: Reckoning, still: frozenset[date]) -> date:
    """The last day by counting alone: days on which the term stands still are no days of it."""
    if given.clock is Clock.WORKING_DAYS:
        return _count(given.started_on, read_duration(given.within).days, still, working=True)
    last = add_to(given.started_on, read_duration(given.within))
    for each in given.extensions:
        last = add_to(last, read_duration(each.by))
    return _count(given.started_on, (last - given.started_on).days, still) if still else last


def _count(day: date, days: int, still: frozenset[date], working: bool = False) -> date:
    while days > 0:
        day += ONE_DAY
        days -= day not in still and (not working or calendar.is_working_day(day))
    return day


def _moved(given: Reckoning, plain: date, still: frozenset[date]) -> date:
    parts = _parts(given)
    if given.clock is Clock.WORKING_DAYS or parts is None:
        return plain
    return statutory.last_day(given.started_on, plain, parts, given.rule, still)


def _parts(given: Reckoning) -> Duration | None:
    """The length by which a law judges whether the end moves; None where no law sets the day.

    A term and its extension are each expressed in a length of their own, and the last of them decides: the six weeks
    by which an objection is put off (Awb 7:10(3)) move, although twelve and six weeks together are more than twelve.
    """
    if not given.extensions:
        return read_duration(given.within)
    last = given.extensions[-1]
    return None if last.named else read_duration(last.by)


def _counting(given: Reckoning) -> Iterator[Words]:
    """The steps that count: begin and length, extensions, days that stand still."""
    without = replace(given, standstills=(), extensions=())
    start, long = on_day(given.started_on), length(given.within, given.clock is Clock.WORKING_DAYS)
    end = on_day(_plain(without, frozenset()))
    yield Words(
        f"Begon op {start.nl}; die dag telt niet mee. {long.nl}: tot en met {end.nl}.",
        f"Began on {start.en}; that day does not count. {long.en}: up to and including {end.en}.",
    )
    for number, each in enumerate(given.extensions, 1):
        yield _extending(replace(without, extensions=given.extensions[:number]), each)
    known = sorted(given.standstills, key=lambda each: (each.first, each.last))
    for number, still in enumerate(known):
        yield _standing_still(replace(given, standstills=()), known[:number], still)


def _extending(given: Reckoning, extension: Extension) -> Words:
    end, long = on_day(_plain(given, frozenset())), length(extension.by)
    told = on_day(extension.told_on) if extension.told_on else None
    told_nl, told_en = (f", gemeld op {told.nl}", f", told on {told.en}") if told else ("", "")
    return Words(
        f"Verlengd met {long.nl}{told_nl}: tot en met {end.nl}.",
        f"Extended by {long.en}{told_en}: up to and including {end.en}.",
    )


def _standing_still(given: Reckoning, before: list[Standstill], still: Standstill) -> Words:
    known = _days_of(before)
    earlier, later = _plain(given, known), _plain(given, known | _days_of([still]))
    first, last, end = on_day(still.first), on_day(still.last), on_day(later)
    why_nl, why_en = (f" ({still.why.nl})", f" ({still.why.en})") if still.why.nl else ("", "")
    if later == earlier:
        added = Words("dat telt hier niet", "which does not count here")
    else:
        more = counted(_days_within(still, known, given.started_on, later), "days")
        added = Words(f"{more.nl} erbij, tot en met {end.nl}", f"{more.en} more, up to and including {end.en}")
    return Words(
        f"Staat stil van {first.nl} tot en met {last.nl}{why_nl}: {added.nl}.",
        f"Stands still from {first.en} up to and including {last.en}{why_en}: {added.en}.",
    )


def _days_of(standstills: Iterable[Standstill]) -> frozenset[date]:
    return frozenset(day for each in standstills for day in each.days())


def _days_within(still: Standstill, known: frozenset[date], start: date, end: date) -> int:
    return sum(start < day <= end and day not in known for day in still.days())


def _moving(given: Reckoning, plain: date, last: date, still: frozenset[date]) -> Iterator[Words]:
    """The step about days off: that the end moved and why, or why it stays."""
    if given.clock is Clock.WORKING_DAYS:
        yield Words("Alleen werkdagen tellen.", "Only working days count.")
        return
    parts = _parts(given)
    if parts is None:
        yield Words("Die dag is zelf gekozen en schuift niet op.", "That day was chosen, and does not move.")
    elif given.rule is DayRule.NONE:
        yield Words("Geen wet schuift dit einde op.", "No law moves this end.")
    elif not statutory.moves(parts, given.rule):
        yield Words(
            "De Algemene termijnenwet geldt niet voor zo'n lange termijn (art. 4), dus het einde schuift niet op.",
            "The Algemene termijnenwet does not hold for a term this long (art. 4), so the end does not move.",
        )
    elif last == plain:
        yield Words("Dat is geen zaterdag, zondag of feestdag.", "That is no Saturday, Sunday or holiday.")
    else:
        yield _moved_from(given.rule, plain, statutory.first_open(plain, still) == last)


def _moved_from(rule: DayRule, plain: date, by_days_off: bool) -> Words:
    law = (
        Words("Algemene termijnenwet art. 1", "Algemene termijnenwet art. 1")
        if rule is DayRule.ACT
        else Words("Verordening 1182/71 art. 3 lid 4", "Regulation 1182/71 art. 3(4)")
    )
    day, off = on_day(plain), why_off(plain)
    if by_days_off:
        return Words(
            f"{day.nl.capitalize()} is {off.nl}: het einde schuift naar de eerste dag die dat niet is ({law.nl}).",
            f"{day.en} is {off.en}: the end moves to the first day that is none ({law.en}).",
        )
    second = "art. 2" if rule is DayRule.ACT else "1182/71 art. 3(5)"
    return Words(
        f"In de termijn horen twee dagen die geen zaterdag, zondag of feestdag zijn ({second}): het einde schuift op.",
        f"The term must hold two days that are no Saturday, Sunday or holiday ({second}): the end moves.",
    )


def _conclusion(last: date) -> Words:
    day = on_day(last)
    return Words(f"De laatste dag is {day.nl}.", f"The last day is {day.en}.")
