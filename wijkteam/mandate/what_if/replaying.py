"""Replaying past requests under another register: what would not have been asked. Pure."""

import dataclasses
from bisect import insort
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from wijkteam.mandate.verdict import Question
from wijkteam.mandate.what_if.covering import Covered, Register
from wijkteam.mandate.what_if.past import GRANTING, NO_TIME, Answer, History, PastRequest, Round, Wait, wait
from wijkteam.terms import clock


class Fate(StrEnum):
    """What approval did with a request, over the rounds that would have fallen away: exactly one of these."""

    AS_ASKED = "as_asked"
    """Granted at once, as it was asked: approval changed nothing."""
    CHANGED = "changed"
    """Granted at once, with another amount or with conditions."""
    REFUSED_THEN_GRANTED = "refused_then_granted"
    """Refused at least once, asked again, and granted in the end."""
    REFUSED = "refused_for_good"
    """Refused, and never granted since."""
    WITHDRAWN = "withdrawn"
    """Taken back by the asker before any answer, and not asked again."""
    OPEN = "open"
    """Still with the approver, and never refused."""


REFUSED_EVER = frozenset({Fate.REFUSED, Fate.REFUSED_THEN_GRANTED})


def fate(rounds: tuple[Round, ...]) -> Fate:
    """What approval did over these rounds, of which there is at least one."""
    refused = any(each.answer is Answer.REFUSED for each in rounds)
    last = rounds[-1].answer
    if last in GRANTING:
        if refused:
            return Fate.REFUSED_THEN_GRANTED
        return Fate.CHANGED if last is Answer.CHANGED else Fate.AS_ASKED
    if refused:
        return Fate.REFUSED
    return Fate.OPEN if last is Answer.OPEN else Fate.WITHDRAWN


@dataclass(frozen=True)
class Judged:
    """A request that the asker could have decided under the other register, and not under today's."""

    request: PastRequest
    rounds: tuple[Round, ...]
    """Those that would have fallen away: from the first that was covered on, as far as today's did not cover them."""
    covered: Covered
    fate: Fate
    spared: Wait
    """With colleagues who must agree, what is left after they did; nothing where that is not known."""
    unknown_wait: bool = False
    """Whether colleagues would have had to agree of whom the past does not tell how long that takes."""

    @property
    def amount(self) -> int | None:
        """What was asked when it was first covered, in cents."""
        return self.rounds[0].amount

    @property
    def lowered_by(self) -> int:
        """By how many cents the answers lowered the amounts, all together."""
        return sum(each.lowered_by for each in self.rounds)

    @property
    def steps(self) -> int:
        """Steps of others that would not have been needed, apart from those of colleagues who must agree."""
        return max(0, sum(each.steps for each in self.rounds) - self.covered.colleagues)


@dataclass(frozen=True)
class Replay:
    """A history under another register."""

    history: History
    register: Register
    in_front: tuple[Judged, ...]
    """What would have been decided in the front line."""
    still_asked: tuple[PastRequest, ...]
    """What the other register does not cover."""
    allowed_already: tuple[PastRequest, ...]
    """What the asker could have decided under today's register too, and asked all the same."""
    unplaced: tuple[PastRequest, ...]
    """What a ceiling may or may not cover: the amount is not known."""
    whole_wait: timedelta
    """All waiting in the history."""

    @property
    def spared(self) -> timedelta:
        """All waiting that would have been spared."""
        return sum((each.spared.for_answers for each in self.in_front), NO_TIME)


@dataclass
class _Spending:
    """What was spent on households, as it would have gone."""

    decided: dict[tuple[int, str], list[tuple[datetime, int, str]]] = field(default_factory=dict)
    replaced: set[str] = field(default_factory=set)
    """Requests that would have been decided in the front line, so that their later decision falls away."""

    @classmethod
    def of(cls, history: History) -> "_Spending":
        spending = cls()
        for each in history.decisions:
            if each.household_id is not None and each.amount:
                entry = (each.at, each.amount, each.request_id or "")
                insort(spending.decided.setdefault((each.household_id, each.power), []), entry)
        return spending

    def before(self, request: PastRequest, at: datetime) -> int:
        """What was spent on the request's household in the Dutch calendar year, before a moment; in cents."""
        if request.household_id is None:
            return 0
        year = clock.local(at).year
        return sum(
            amount
            for moment, amount, identity in self.decided.get((request.household_id, request.power), ())
            if moment < at and clock.local(moment).year == year and identity not in self.replaced
        )

    def replace(self, request: PastRequest, at: datetime, amount: int | None) -> None:
        """Let a request be decided in the front line at a moment, instead of whenever it was."""
        if request.household_id is not None:
            self.replaced.add(request.id)
            insort(self.decided.setdefault((request.household_id, request.power), []), (at, amount or 0, ""))


class Replaying:
    """A history with today's register, to be replayed under any number of others."""

    def __init__(self, history: History, today: Register) -> None:
        """`today` is the register as it is kept; a row counts on the days on which it holds or held."""
        self.history = history
        self.today = today
        self._asked = _in_order(history)
        self._allowed = self._covered(today)
        waits = (wait(each.rounds, history.seen_until).for_answers for each in history.requests)
        self._whole_wait = sum(waits, NO_TIME)

    def under(self, other: Register) -> Replay:
        """What would have gone otherwise under another register.

        Each question is judged on the day on which it was asked. From the first round on that the other register
        covers, all rounds of a request fall away: whoever may decide does not ask. Today's register is replayed in
        the same way: rounds that it covers as well were asked without need, and nothing is gained in them.
        """
        covered = self._covered(other)
        in_front: list[Judged] = []
        still_asked: list[PastRequest] = []
        allowed_already: list[PastRequest] = []
        unplaced: list[PastRequest] = []
        for request in self.history.requests:
            nowhere = len(request.rounds), Covered("")
            until, _ = self._allowed.sure.get(request.id, nowhere)
            start, ground = covered.sure.get(request.id, nowhere)
            if start < until:
                in_front.append(_judged(request, request.rounds[start:until], ground, self.history.seen_until))
            elif until == 0:
                allowed_already.append(request)
            elif request.id in covered.unsure and start == len(request.rounds):
                unplaced.append(request)
            else:
                still_asked.append(request)
        return Replay(
            self.history,
            other,
            tuple(in_front),
            tuple(still_asked),
            tuple(allowed_already),
            tuple(unplaced),
            self._whole_wait,
        )

    def _covered(self, register: Register) -> "_Covering":
        """What the asker decides counts at once as spent on the household, instead of what was decided later.

        Under a ceiling for a year only what is decided in the replay itself counts.
        """
        found, spending = _Covering(), _Spending.of(self.history)
        used: Counter[tuple[int, int | None, int]] = Counter()
        for each in self._asked:
            request, question = each.request, each.question
            if request.id in found.sure:
                continue
            asked_at = request.rounds[each.number].asked_at
            if request.household_id is not None:
                question = dataclasses.replace(question, spent_on_household=spending.before(request, asked_at))
            year = clock.local(asked_at).year
            if register.by_year:
                under = {row_id: used[row_id, request.team_id, year] for row_id in register.by_year}
                question = dataclasses.replace(question, spent_under=under)
            ground = register.covers(request.asker, question, asked_at)
            if ground is not None and ground.unsure:
                found.unsure.add(request.id)
            elif ground is not None:
                found.sure[request.id] = each.number, ground
                spending.replace(request, asked_at, question.amount)
                for row_id in ground.counted:
                    used[row_id, request.team_id, year] += question.amount or 0
        return found


def replay(history: History, today: Register, other: Register) -> Replay:
    """What would have gone otherwise under one other register."""
    return Replaying(history, today).under(other)


@dataclass
class _Covering:
    """From which round on a register covers requests, and on which ground; and of which nobody can say."""

    sure: dict[str, tuple[int, Covered]] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Asked:
    """One round, as a question to a register; what was spent on its household is still to be filled in."""

    request: PastRequest
    number: int
    question: Question


def _in_order(history: History) -> list[_Asked]:
    """Every round of every request, in the order in which they were asked."""
    every = [
        (asked.asked_at, request.id, number, request)
        for request in history.requests
        for number, asked in enumerate(request.rounds)
    ]
    every.sort(key=lambda each: each[:3])
    return [
        _Asked(
            request,
            number,
            Question(request.power, request.rounds[number].amount, request.team_id),
        )
        for at, _, number, request in every
    ]


def _judged(request: PastRequest, rounds: tuple[Round, ...], covered: Covered, seen_until: datetime) -> Judged:
    spared, unknown = wait(rounds, seen_until), False
    if covered.colleagues:
        agreed = rounds[0].agreed_at
        unknown = len(agreed) < covered.colleagues
        if unknown:
            spared = Wait(NO_TIME, NO_TIME)
        else:
            left = agreed[covered.colleagues - 1] - rounds[0].asked_at
            spared = Wait(spared.for_answers - left, spared.first_to_last - left)
    return Judged(request, rounds, covered, fate(rounds), spared, unknown)
