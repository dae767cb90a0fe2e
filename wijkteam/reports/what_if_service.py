"""Asking what if: which past, under which registers, and all that is told about it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from sqlalchemy.orm import Session

from wijkteam.engine.nearest import one_of
from wijkteam.mandate import queries as mandate
from wijkteam.mandate.what_if import reading
from wijkteam.mandate.what_if.cost import ApprovalCost
from wijkteam.mandate.what_if.covering import Register, askers_functions, with_ceiling
from wijkteam.mandate.what_if.curve import Choice, Curve, choose, curves
from wijkteam.mandate.what_if.past import History
from wijkteam.mandate.what_if.replaying import Replaying
from wijkteam.people import queries as people
from wijkteam.reports.periods import DAYS_SHOWN, days_of_year, years_told
from wijkteam.reports.what_if import Line, Opened, Scenario, counted, gain, group, price, refusers, rest
from wijkteam.reports.what_if_steps import Told, no_curve, told_pages
from wijkteam.reports.what_if_withholding import SHOWN, shown_in
from wijkteam.terms import clock

OWN = "own"
"""The municipality's own requests, as a source."""
Progress = Callable[[int], None]


class NoSuchPast(Exception):
    """What was asked about cannot be found; the message is one line."""


@dataclass(frozen=True)
class Wish:
    """What is asked: about which past, and under which registers."""

    source: str = OWN
    first: date | None = None
    """None: a year before the last day; of an imported log its first day."""
    last: date | None = None
    """None: today; of an imported log its last day."""
    power: str | None = None
    """None: all."""
    function: str | None = None
    """Whose ceilings are changed; None: whoever asked."""
    ceilings: tuple[int, ...] = ()
    """In cents, per decision."""
    register: Register | None = None
    """A whole other register, instead of ceilings."""
    spare: Fraction = Fraction(4, 5)
    let_through: Fraction = Fraction(1, 20)


@dataclass(frozen=True)
class WhatIf:
    """Everything there is to tell: gain and price beside each other, and the curve to choose from."""

    wish: Wish
    history: History
    scenarios: tuple[Scenario, ...]
    gain: tuple[Line, ...]
    price: tuple[Line, ...]
    rest: tuple[Line, ...]
    refusers: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    """Per scenario whose refusals would not have been; only of imported logs."""
    curves: tuple[Curve, ...]
    choices: tuple[Choice, ...]
    """For each curve the smallest ceiling that does what is wished."""
    cost: ApprovalCost
    asleep: tuple[str, ...]
    """Numbers of rows of the other register that held on no day of the period."""
    withholds: bool

    @property
    def own(self) -> bool:
        """Whether these are the municipality's own requests."""
        return self.history.source is None

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every figure."""
        return (*self.gain, *self.price, *self.rest)

    def line(self, code: str) -> Line:
        """A figure by its code. Raises KeyError."""
        found = {each.code: each for each in self.lines}
        return found[code]

    def group_of(self, code: str) -> str | None:
        """Which requests are behind a figure: its own, or those of the figure that it says more about."""
        opens = ""
        for each in self.lines:
            opens = each.opens or opens
            if code in (each.code, each.opens):
                return each.opens or opens
        return None

    def cases(self, code: str, number: int = 0) -> list[Opened]:
        """The requests behind a figure in a scenario. Raises KeyError for a group that there is not."""
        return group(self.scenarios[number].replay, code)


def what_if(session: Session, wish: Wish, cost: ApprovalCost, progress: Progress = lambda done: None) -> WhatIf:
    """Replay a past as wished. Raises NoSuchPast for a source, power or function that there is not.

    Of the municipality's own requests ceilings are rounded and the period is a calendar year: see `what_if_steps`.
    """
    told = _told(session, wish, progress)
    own = told.history.source is None
    wish = replace(wish, ceilings=told.ceilings)
    scenarios = tuple(Scenario(*pair) for pair in zip(told.replays, told.shown, strict=True))
    figures = counted(scenarios)
    replaying = Replaying(told.history, _today(session))
    found = curves(replaying, [wish.function] if wish.function else ())
    if own:
        found = tuple(told.curve(each) for each in found) if len(found) == 1 else ()
    titles = people.functions(session)
    return WhatIf(
        wish,
        told.history,
        scenarios,
        tuple(gain(figures, cost)),
        tuple(price(figures)),
        tuple(rest(figures)),
        () if own else tuple((each.title, tuple(refusers(each.replay, titles))) for each in scenarios),
        found,
        tuple(choose(each, wish.spare, wish.let_through) for each in found),
        cost,
        tuple(wish.register.asleep(told.history.first, told.history.last)) if wish.register else (),
        own,
    )


def cases_behind(session: Session, wish: Wish, code: str) -> tuple[list[Opened], bool]:
    """The requests behind a figure in the one scenario of a wish, and whether their number may be told.

    Raises NoSuchPast, and KeyError for a group that there is not.
    """
    told = _told(session, wish)
    return group(told.replays[0], code), told.shown[0](code)


def _told(session: Session, wish: Wish, progress: Progress = lambda done: None) -> Told:
    """What is told under each register of a wish.

    A whole other register, or the ceilings of one function alone, can be asked on the command line only, by who has
    the database at hand: then figures of a few households are kept back within what is asked, and no further.
    """
    today = _today(session)
    if wish.source == OWN and wish.register is None and wish.function is None:
        first, last = year_told(wish)
        history = read_past(session, replace(wish, first=first, last=last), progress)
        return told_pages(history, today, wish.ceilings)
    history = read_past(session, wish, progress)
    replaying = Replaying(history, today)
    registers = [wish.register] if wish.register else _ceilings(wish, history, today)
    replays = [replaying.under(each) for each in registers]
    shown = shown_in(replays) if history.source is None else [SHOWN] * len(replays)
    return Told(history, tuple(sorted(set(wish.ceilings))), replays, shown, no_curve)


def year_told(wish: Wish) -> tuple[date, date]:
    """The calendar year of the last day of a wish, or else of its first or of today; as far as its months ended."""
    today = clock.today()
    day = wish.last or wish.first or today
    return days_of_year(years_told(day, day, today)[-1], today)


def _today(session: Session) -> Register:
    return Register("", tuple(mandate.register(session)))


def _ceilings(wish: Wish, history: History, today: Register) -> list[Register]:
    pairs = [pair for pair in askers_functions(history) if wish.function in (None, pair[1])]
    return [with_ceiling(today, pairs, ceiling) for ceiling in sorted(set(wish.ceilings))]


def read_part(text: str) -> Fraction:
    """A percentage from 0 to 100 as people write it, as a part of one. Raises ValueError."""
    try:
        found = Decimal(text.strip().removesuffix("%").strip().replace(",", "."))
    except InvalidOperation:
        raise ValueError(text) from None
    if not found.is_finite() or not 0 <= found <= 100:
        raise ValueError(text)
    return Fraction(found) / 100


def sources(session: Session) -> tuple[str, ...]:
    """Where past requests come from: the municipality's own, and imported logs by name."""
    return (OWN, *reading.sources(session))


def read_past(session: Session, wish: Wish, progress: Progress = lambda done: None) -> History:
    """The past that a wish is about. Raises NoSuchPast."""
    _known(wish.source, sources(session), "source")
    source = None if wish.source == OWN else wish.source
    first, last = period(session, wish)
    history = reading.read_history(session, source, first, last, progress)
    if wish.power is not None:
        _known(wish.power, mandate.powers(session), "power")
        history = replace(history, requests=tuple(each for each in history.requests if each.power == wish.power))
    if wish.function is not None:
        _known(wish.function, people.functions(session), "function")
    return history


def period(session: Session, wish: Wish) -> tuple[date, date]:
    """The first and the last day that a wish is about."""
    today = clock.today()
    days = reading.asked_between(session, wish.source) if wish.source != OWN else None
    last = wish.last or (days[1] if days else today)
    return wish.first or (days[0] if days and days[0] <= last else last - timedelta(days=DAYS_SHOWN)), last


def _known(name: str, known: Collection[str] | Mapping[str, str], kind: str) -> None:
    if name not in known:
        raise NoSuchPast(f"there is no {kind} '{name}'; {one_of(name, list(known))}")
