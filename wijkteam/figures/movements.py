"""What moves and what hangs together: months with their limits, barriers that come together, places, and signals.

Each joins summaries with a method of `wijkteam.reckoning`. What small groups would give away is left out here: a month
is told with its year, so that none follows from the others, and a place only where its table tells it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkteam.area_figures.model import AreaFigure
from wijkteam.figures.escalations import of_scope, per_month
from wijkteam.figures.model import EscalationFact
from wijkteam.figures.pieces import Month, Places, period_of
from wijkteam.figures.telling import Scope
from wijkteam.reckoning.control import Chart, chart
from wijkteam.reckoning.likeness import Group, groups
from wijkteam.reckoning.likeness import Signal as LikeSignal
from wijkteam.reckoning.snowball import Named, Snowball, snowball
from wijkteam.reckoning.spread import Buurt, WijkSpread, spreads
from wijkteam.reckoning.tipping import Area, Outlook, outlooks
from wijkteam.reports.periods import moments
from wijkteam.reports.withholding import TOTAL, Count, Counted, withheld_counts
from wijkteam.search.folding import stem, tokens
from wijkteam.signals.model import ResidentSignal
from wijkteam.terms import clock

HOUSEHOLDS = "households"
"""The published figure of how many households live in a buurt."""
LAST_MONTHS = 3
SHORTEST_STEM = 4
"""Shorter words say little of what a signal is about."""


def months_asked(session: Session, scope: Scope, whole_is_withheld: bool = False) -> Chart:
    """How many escalations were asked in each month of the period, with the limits of chance.

    `whole_is_withheld` says that how many were asked in all is told nowhere: then no months are that add up to it.
    """
    found = per_month(session, scope, "asked")
    months = [
        (year, month)
        for year in range(scope.first.year, scope.last.year + 1)
        for month in range(1, 13)
        if scope.first <= date(year, month, 1) <= scope.last
    ]
    counts = {(f"{year}-{month:02d}", "asked"): found.get((year, month), Count(0, 0)) for year, month in months}
    # each month is a part of the year, which is told too: one month alone is never kept back
    whole = Count(sum(each.value for each in counts.values()), sum(each.households for each in counts.values()))
    also = frozenset({(TOTAL, "asked")}) if whole_is_withheld else frozenset()
    hidden = withheld_counts(Counted({**counts, (TOTAL, "asked"): whole}), also)
    return chart([(key[0], None if key in hidden else count.value) for key, count in counts.items()])


def barriers_together(session: Session, scope: Scope, withheld: Collection[str]) -> Snowball:
    """Which barriers households of the period met together, and which came first."""
    fact = EscalationFact
    which = (period_of(fact.asked_on, scope), *of_scope(session, scope), fact.alone.is_(False))
    rows = session.execute(
        select(fact.household_id, fact.barrier, func.min(fact.asked_on))
        .where(*which)
        .group_by(fact.household_id, fact.barrier)
    )
    return snowball((Named(household, barrier, on) for household, barrier, on in rows), withheld)


def hidden_buurten(session: Session, counts: Mapping[str, int], withheld: Collection[str]) -> tuple[WijkSpread, ...]:
    """Wijken with a buurt that stands out while the wijk does not; none where it is not known how many live there."""
    places = Places.of(session)
    newest = select(func.max(AreaFigure.year)).where(AreaFigure.measure == HOUSEHOLDS).scalar_subquery()
    living = session.execute(
        select(AreaFigure.code, AreaFigure.value).where(AreaFigure.measure == HOUSEHOLDS, AreaFigure.year == newest)
    )
    known = {code: int(value) for code, value in living}
    return spreads(
        (
            Buurt(code, wijk, known[code], min(counts.get(code, 0), known[code]))
            for code, wijk in places.wijk_of.items()
            if known.get(code)
        ),
        withheld,
    )


def warnings_of_wijken(session: Session, scope: Scope, withheld: Collection[str]) -> tuple[Outlook, ...]:
    """Early warnings of wijken by the stated rules, over the two years up to the end of the period."""
    return outlooks(areas(session, scope), withheld)


def areas(session: Session, scope: Scope) -> list[Area]:
    """What the warnings are reckoned from: what each wijk asked by month."""
    fact, places = EscalationFact, Places.of(session)
    last = scope.last.year * 12 + scope.last.month - 1
    keys = fact.buurt_code, Month(fact.asked_on).label("month")
    which = fact.asked_on <= scope.last, fact.asked_on >= _month_before(scope.last, 23)
    counts: dict[str, list[int]] = {wijk: [0] * 24 for wijk in places.wijken}
    for buurt, when, number in session.execute(select(*keys, func.count()).where(*which).group_by(*keys)):
        wijk = places.wijk(buurt or "")
        if wijk in counts:
            counts[wijk][23 - (last - int(when))] += number
    which = fact.asked_on <= scope.last, fact.asked_on >= _month_before(scope.last, LAST_MONTHS - 1)
    lately: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    for buurt, household, fate in session.execute(select(fact.buurt_code, fact.household_id, fact.fate).where(*which)):
        wijk = places.wijk(buurt or "")
        if wijk in counts:
            lately[wijk].append((household, fate == "open"))
    return [
        Area(
            wijk,
            counts[wijk],
            len({household for household, _ in lately[wijk]}),
            len(lately[wijk]),
            sum(still for _, still in lately[wijk]),
        )
        for wijk in places.wijken
    ]


def _month_before(day: date, months: int) -> date:
    """The first day of the month so many months earlier."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


def signals_alike(session: Session, scope: Scope) -> list[Group]:
    """Residents' signals of the period that are about the same, those still without an answer first.

    Only groups of so many residents that they may be told of; nothing of a text but words that half of them share.
    """
    places, (start, end) = Places.of(session), moments(scope.first, scope.last)
    every = [
        LikeSignal(
            each.id,
            frozenset(stem(word) for word in tokens(each.words_in_dutch or each.words) if len(word) >= SHORTEST_STEM),
            each.contact or each.id,
            each.buurt_code,
            places.wijk(each.buurt_code or "") if each.buurt_code else None,
            clock.local(each.opened_at).date(),
            each.told_on is not None,
        )
        for each in session.scalars(
            select(ResidentSignal).where(ResidentSignal.opened_at >= start, ResidentSignal.opened_at < end)
        )
    ]
    return [each for each in groups(every) if each.may_be_told]
