"""The figures once more: plain and slow, over the events alone, with nothing of the rooms that the product uses.

Only where a household lives and in which wijk a buurt lies stands in no event.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.cases.model import Buurt, Household
from wijkteam.events.queries import all_events, changed, recorded

HERE = ZoneInfo("Europe/Amsterdam")


@dataclass
class Life:
    """One subject: its events, oldest first, and what its columns hold after the last."""

    id: str
    events: list[Any] = field(default_factory=list)
    holds: dict[str, Any] = field(default_factory=dict)

    @property
    def began(self) -> datetime:
        return self.events[0].at


def moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def on(at: datetime) -> date:
    return at.astimezone(HERE).date()


class Log:
    """Everything that happened."""

    def __init__(self, session: Session) -> None:
        self.lives: dict[str, dict[str, Life]] = defaultdict(dict)
        for event in sorted(all_events(session), key=lambda each: (each.subject_id, each.sequence)):
            life = self.lives[event.subject_kind].setdefault(event.subject_id, Life(event.subject_id))
            life.events.append(event)
            life.holds.update(changed(event))
        self.buurt = dict(session.execute(select(Household.id, Household.buurt_code)).all())
        self.wijk_of = dict(session.execute(select(Buurt.code, Buurt.wijk_code)).all())

    def all(self, kind: str) -> list[Life]:
        return list(self.lives[kind].values())

    def household(self, life: Life) -> int:
        case = life if "household_id" in life.holds else self.lives["household_case"][life.holds["case_id"]]
        return case.holds["household_id"]

    def wijk(self, life: Life) -> str:
        return self.wijk_of.get(self.buurt[self.household(life)], "unknown")


@dataclass(frozen=True)
class Asked:
    """One escalation as a person would tell it."""

    household: int
    wijk: str
    buurt: str
    barrier: str
    highest: int
    asked_on: date
    fate: str
    in_time: bool
    silent: bool
    lowered: bool
    waits: datetime | None
    waited: int
    answered_on: date | None
    ended_on: date | None


def escalations(log: Log) -> list[Asked]:
    return [_asked(log, life) for life in log.all("escalation")]


def _asked(log: Log, life: Life) -> Asked:
    first = life.events[0]
    holds = dict(changed(first))
    state, rung, since, waited = first.state_to, holds["rung"], first.at, 0
    silent = lowered = late = False
    in_time: bool | None = None
    answered: datetime | None = None
    for event in life.events[1:]:
        changes = changed(event)
        clock = event.actor_id is None
        if "answered_at" in changes and answered is None:
            answered = event.at
            past = state == "asked" and event.at > moment(holds["respond_by"])
            in_time = not (late or past)
        if clock and state == "asked" and "respond_by" in changes and answered is None:
            late = True
        now_on = changes.get("rung", rung)
        silent |= clock and now_on > rung
        lowered |= now_on < rung
        rung = now_on
        waited_before, waits_now = state in ("asked", "asked_back"), event.state_to in ("asked", "asked_back")
        if waited_before and not waits_now:
            waited += int((event.at - since).total_seconds())
        if waits_now and not waited_before:
            since = event.at
        state = event.state_to
        holds.update(changes)
    ended = moment(holds.get("ended_at"))
    waits = state in ("asked", "asked_back")
    household = log.household(life)
    buurt = log.buurt[household]
    return Asked(
        household,
        log.wijk(life),
        buurt or "unknown buurt",
        holds["barrier"],
        holds["highest_rung"],
        on(first.at),
        "withdrawn" if state == "withdrawn" else "open" if waits else "answered",
        bool(in_time),
        silent,
        lowered,
        since if waits else None,
        waited,
        on(answered) if answered else None,
        on(ended) if ended else None,
    )


def counts_of(found: list[Asked], first: date, last: date) -> dict[str, tuple[int, int]]:
    """How many, and of how many households, by column."""
    asked = [each for each in found if first <= each.asked_on <= last]
    columns = {
        "asked": asked,
        "open": [each for each in asked if each.fate == "open"],
        "answered": [each for each in asked if each.fate == "answered"],
        "withdrawn": [each for each in asked if each.fate == "withdrawn"],
        "in_time": [each for each in asked if each.fate == "answered" and each.in_time],
        "silent": [each for each in asked if each.silent],
        "lowered": [each for each in asked if each.lowered],
        "now": [each for each in found if each.waits],
    }
    return {name: (len(which), len({each.household for each in which})) for name, which in columns.items()}


def repeated(found: list[Asked], first: date, last: date, barrier: str | None = None) -> int:
    asked = [e for e in found if first <= e.asked_on <= last and barrier in (None, e.barrier)]
    homes = [each.household for each in asked]
    return len({each for each in homes if homes.count(each) > 1})


def days_waited(found: list[Asked], first: date, last: date, barrier: str, now: datetime) -> int:
    """Whole days that escalations with a barrier waited together."""
    asked = [each for each in found if first <= each.asked_on <= last and each.barrier == barrier]
    seconds = sum(each.waited for each in asked)
    seconds += sum(int((now - each.waits).total_seconds()) for each in asked if each.waits)
    return seconds // 86_400


def waits(found: list[Asked], first: date, last: date, today: date) -> list[tuple[int, bool]]:
    return sorted(
        (((each.answered_on or each.ended_on or today) - each.asked_on).days, each.answered_on is not None)
        for each in found
        if first <= each.asked_on <= last
    )


@dataclass(frozen=True)
class Ended:
    """One case with what came of it."""

    id: str
    household: int
    wijk: str
    buurt: str
    outcome: str | None
    barrier: str | None
    outcome_on: date | None
    closed_on: date | None
    returned_on: date | None


def cases(log: Log) -> list[Ended]:
    told = []
    for life in log.all("household_case"):
        outcome_on = None
        for event in life.events:
            changes = changed(event)
            if "outcome" in changes:
                outcome_on = on(event.at) if changes["outcome"] else None
        closed = moment(life.holds.get("closed_at"))
        later = [
            other.began
            for other in log.all("household_case")
            if closed and other.id != life.id and other.began >= closed and log.household(other) == log.household(life)
        ]
        told.append(
            Ended(
                life.id,
                log.household(life),
                log.wijk(life),
                log.buurt[log.household(life)] or "unknown buurt",
                life.holds.get("outcome"),
                life.holds.get("outcome_barrier"),
                outcome_on,
                on(closed) if closed else None,
                on(min(later)) if later else None,
            )
        )
    return told


def returns(found: list[Ended], first: date, last: date, today: date) -> dict[str, int]:
    told = {"all": 0, "returned": 0, "stayed_away": 0, "too_early": 0}
    for each in found:
        if each.closed_on and first <= each.closed_on <= last:
            year = each.closed_on + timedelta(days=365)
            told["all"] += 1
            if each.returned_on and each.returned_on <= year:
                told["returned"] += 1
            elif not each.returned_on and today <= year:
                told["too_early"] += 1
            else:
                told["stayed_away"] += 1
    return told


def promises(log: Log, today: date) -> dict[str, tuple[date, date, int, str, int, int | None]]:
    """By breakthrough: first and last promised day, times moved, state, days late, and households behind it."""
    told = {}
    for life in log.all("breakthrough"):
        days = [changed(event)["promised_on"] for event in life.events if "promised_on" in changed(event)]
        first, last = date.fromisoformat(days[0]), date.fromisoformat(days[-1])
        ended = moment(life.holds.get("ended_at"))
        late = ((on(ended) if ended else today) - first).days
        asked = log.lives["structural_escalation"].get(life.holds.get("structural_id") or "")
        homes = None
        if asked is not None:
            behind = str(recorded(asked.events[0]).get("behind", "")).split()
            homes = len({log.household(log.lives["escalation"][each]) for each in behind})
        told[life.id] = (first, last, len(days) - 1, life.events[-1].state_to, max(0, late), homes)
    return told


def approaches(log: Log, first: date, last: date) -> list[tuple[str, str, str, str]]:
    """Kind, state, result and ingredient of what was tried and ended."""
    ended = [life for life in log.all("approach") if life.holds.get("ended_at")]
    return [
        (life.holds["kind"], life.events[-1].state_to, life.holds["result"], life.holds.get("ingredient") or "unsaid")
        for life in ended
        if first <= on(moment(life.holds["ended_at"]) or datetime.now(UTC)) <= last
    ]


def goals(log: Log, first: date, last: date) -> list[tuple[str, str, str]]:
    """Life domain, result and the resident's own answer of what ended."""
    ended = [life for life in log.all("goal") if life.holds.get("ended_at")]
    return [
        (life.holds["life_domain"], life.events[-1].state_to, life.holds.get("own_answer") or "unsaid")
        for life in ended
        if first <= on(moment(life.holds["ended_at"]) or datetime.now(UTC)) <= last
    ]


def changes(log: Log, case_ids: set[str]) -> tuple[dict[str, list[str]], set[str]]:
    """How each domain changed in these cases, and which of them were measured twice."""
    series: dict[Any, list[Any]] = defaultdict(list)
    for life in log.all("measurement"):
        if not life.holds.get("ended_at") and life.holds["case_id"] in case_ids:
            key = life.holds["case_id"], life.holds["instrument"], life.holds.get("resident_id")
            series[key].append((life.holds["taken_on"], life.began, life.id, life.holds["scores"]))
    told: dict[str, list[str]] = defaultdict(list)
    twice = set()
    for (case_id, *_), taken in series.items():
        if len(taken) > 1:
            pairs = [dict(part.split(":") for part in each[3].split()) for each in sorted(taken)]
            for domain in pairs[0].keys() & pairs[-1].keys():
                twice.add(case_id)
                was, became = int(pairs[0][domain]), int(pairs[-1][domain])
                told[domain].append("better" if became > was else "worse" if became < was else "same")
    return told, twice
