"""When a term that a law sets ends: the Algemene termijnenwet (the Act), and the rule for terms in EU regulations.

Read for this: Algemene termijnenwet art. 1, 2, 3 and 4 under a, as quoted in published explanations (see the tests).
Not verified word for word: art. 4 under b and c, which concern no term of ours (rules coming into force, detention).
The Act holds for terms in an act of parliament or an order in council, not for those in a municipal ordinance.
"""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum

from wijkteam.terms import calendar, decrees
from wijkteam.terms.duration import Duration

ONE_DAY = timedelta(days=1)
MOST_DAYS = 90
MOST_MONTHS = 3
LEAST_OPEN_DAYS = 2
NONE_STILL: frozenset[date] = frozenset()


class DayRule(StrEnum):
    """What moves the end of a term."""

    ACT = "act"
    """Algemene termijnenwet."""
    EU = "eu"
    """Regulation (EEC, Euratom) 1182/71 art. 3, for terms in EU regulations such as the GDPR."""
    NONE = "none"
    """Nothing: the term ends on the day on which it ends."""


def is_off(day: date) -> bool:
    """Whether no legal term ends on this day: a Saturday, a Sunday, a recognised holiday, or a day on a par.

    Algemene termijnenwet art. 1(1) with art. 3: the holidays of 3(1), Good Friday by 3(2), and the days that Royal
    Decrees put on a par by 3(3).
    """
    return day.weekday() >= calendar.SATURDAY or calendar.is_holiday(day) or day in decrees.equated_days()


def is_excepted(duration: Duration) -> bool:
    """Whether the Act leaves a term of this length alone.

    Art. 4 under a: terms expressed in hours, in more than 90 days, in more than twelve weeks (which are 84 days, so
    that thirteen weeks are more than 90 days too), in more than three months, or in one or more years.
    """
    over_three_months = (duration.months, duration.days) > (MOST_MONTHS, 0)
    return duration.in_hours or duration.days > MOST_DAYS or over_three_months


def counts_at_least(duration: Duration, rule: DayRule) -> bool:
    """Whether at least two days of a term of this length must be days that are not off.

    Algemene termijnenwet art. 2: terms of at least three days. Regulation 1182/71 art. 3(5): of two days or more.
    """
    least = 3 if rule is DayRule.ACT else 2
    return duration.months > 0 or duration.days >= least


def moves(duration: Duration, rule: DayRule) -> bool:
    """Whether the end of a term of this length can move at all by that rule."""
    if rule is DayRule.ACT:
        return not is_excepted(duration)
    return rule is DayRule.EU and not duration.in_hours


def last_day(
    start: date,
    plain: date,
    duration: Duration,
    rule: DayRule = DayRule.ACT,
    still: Collection[date] = NONE_STILL,
) -> date:
    """The last day of a term that began by an event on `start` and would plainly end on `plain`.

    Art. 1(1): an end on a day that is off moves to the first day after it that is not. Art. 2: so far, where needed,
    that the term holds two such days. Regulation 1182/71 art. 3(4) and (5) say the same for terms in EU regulations.
    On days in `still` the term stands still: they are no days of the term. Art. 1(2), on terms that are counted back
    from a moment, concerns none of our terms.
    """
    if not moves(duration, rule):
        return plain
    last = first_open(plain, still)
    if counts_at_least(duration, rule):
        open_day = start
        for _ in range(LEAST_OPEN_DAYS):
            open_day = first_open(open_day + ONE_DAY, still)
        last = max(last, open_day)
    return last


def first_open(day: date, still: Collection[date] = NONE_STILL) -> date:
    """The day itself, or the first one after it that is neither off nor standing still."""
    while is_off(day) or day in still:
        day += ONE_DAY
    return day
