"""From steps to summaries, one step at a time: the same for a step that is taken now and for one of years ago. Pure.

What a step changed is told by the names of the columns that it set (`changes`), never by the name of the step: so a
municipality's own steps are summed up too.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from wijkteam.terms import clock

WAITS = frozenset({"asked", "asked_back"})
"""States of an escalation in which its question still waits for an answer."""
ASKED = "asked"
"""The state in which the rung has the ball, and its term runs."""
ANSWERED, WITHDRAWN = "answered", "withdrawn"
LOOKED_BACK_AT = (
    *("state", "fate", "rung", "respond_by", "answered_at", "ended_at", "waiting_since"),
    *("waited", "passed_up", "silent", "lowered", "missed"),
)
"""What of an escalation's summary is asked to sum up its next step."""
Values = dict[str, Any]


class Told(NamedTuple):
    """One step: to which state it led, when, whether the clock took it, and which columns it set to what.

    Moments and days in `changes` are ISO 8601 or already what they mean.
    """

    state_to: str
    by_clock: bool
    at: datetime
    changes: Mapping[str, Any]


def moment(value: Any) -> datetime | None:
    """A moment as a payload or a row tells it."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def day(at: datetime | None) -> date | None:
    """The day of a moment on Dutch calendars."""
    return None if at is None else clock.local(at).date()


def fate_of(state: str, ended: bool) -> str:
    """What became of an escalation so far: open until it is answered, then answered; in the end resolved or withdrawn.

    One that was answered and asked again is open again.
    """
    if state == WITHDRAWN:
        return "withdrawn"
    if ended:
        return "resolved"
    return "answered" if state == ANSWERED else "open"


def escalation_asked(told: Told) -> Values:
    """The summary of an escalation that was just asked, but for whose it is."""
    said = told.changes
    values: Values = {
        "case_id": said["case_id"],
        "kind": said["kind"],
        "barrier": said["barrier"],
        "state": told.state_to,
        "rung": said["rung"],
        "highest_rung": said["highest_rung"],
        "respond_by": moment(said.get("respond_by")),
        "asked_at": told.at,
        "asked_on": day(told.at),
        "waiting_since": told.at if told.state_to in WAITS else None,
        "structural": False,
        **dict.fromkeys(("answered_at", "answered_on", "ended_at", "ended_on", "in_time")),
        **dict.fromkeys(("waited", "passed_up", "silent", "lowered", "missed"), 0),
    }
    values["fate"] = fate_of(told.state_to, False)
    return values


def escalation_moved(before: Mapping[str, Any], told: Told) -> Values:
    """What a later step changes in the summary of an escalation; `before` is that summary until now."""
    said = told.changes
    values: Values = {}
    if said.get("answered_at") and before["answered_at"] is None:
        late = told.at > before["respond_by"] if before["state"] == ASKED and before["respond_by"] else False
        values |= {"answered_at": told.at, "answered_on": day(told.at), "in_time": not late and before["missed"] == 0}
    values |= _on_the_ladder(before, told)
    if "respond_by" in said:
        values["respond_by"] = moment(said["respond_by"])
    if "barrier" in said:
        values["barrier"] = said["barrier"]
    if told.state_to != before["state"]:
        values["state"] = told.state_to
        values |= _waiting(before, told)
    if "ended_at" in said:
        ended = moment(said["ended_at"])
        values |= {"ended_at": ended, "ended_on": day(ended)}
    fate = fate_of(told.state_to, values.get("ended_at", before["ended_at"]) is not None)
    return values if fate == before["fate"] else {**values, "fate": fate}


def _on_the_ladder(before: Mapping[str, Any], told: Told) -> Values:
    said = told.changes
    values: Values = {}
    rung = said.get("rung", before["rung"])
    if rung > before["rung"]:
        moved = "silent" if told.by_clock else "passed_up"
        values[moved] = before[moved] + 1
    elif rung < before["rung"]:
        values["lowered"] = before["lowered"] + 1
    if rung != before["rung"]:
        values["rung"] = rung
    if "highest_rung" in said:
        values["highest_rung"] = said["highest_rung"]
    if told.by_clock and before["state"] == ASKED and "respond_by" in said and before["answered_at"] is None:
        values["missed"] = before["missed"] + 1
    return values


def _waiting(before: Mapping[str, Any], told: Told) -> Values:
    since = before["waiting_since"]
    if told.state_to in WAITS:
        return {} if since is not None else {"waiting_since": told.at}
    if since is None:
        return {}
    return {"waiting_since": None, "waited": before["waited"] + int((told.at - since).total_seconds())}


def case_opened(told: Told) -> Values:
    """The summary of a case that was just opened, but for its buurt."""
    values: Values = {"household_id": told.changes["household_id"], "opened_at": told.at, "opened_on": day(told.at)}
    nothing = (
        "closed_at",
        "closed_on",
        "outcome",
        "outcome_barrier",
        "outcome_on",
        "returned_at",
        "returned_on",
        "measured",
    )
    return values | dict.fromkeys(nothing)


def case_moved(told: Told) -> Values:
    """What a later step changes in the summary of a case; most change nothing."""
    said = told.changes
    values: Values = {}
    if "outcome" in said:
        values |= {"outcome": said["outcome"], "outcome_on": day(told.at) if said["outcome"] else None}
    if "outcome_barrier" in said:
        values["outcome_barrier"] = said["outcome_barrier"]
    if "closed_at" in said:
        closed = moment(said["closed_at"])
        values |= {"closed_at": closed, "closed_on": day(closed)}
    return values


def never_was(told: Sequence[Told]) -> bool:
    """Whether a case came by an import that was undone: figures do not know it."""
    return any(each.changes.get("undone_at") for each in told)


def goal_ended(values: Mapping[str, Any], state: str) -> Values | None:
    """The summary of a goal with these values; None while it has not ended."""
    ended = moment(values.get("ended_at"))
    if ended is None:
        return None
    return {
        "case_id": values["case_id"],
        "life_domain": values["life_domain"],
        "result": state,
        "own_answer": values.get("own_answer"),
        "ended_on": day(ended),
    }


def levels_changed(first: Mapping[str, int], latest: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """First and latest level by domain, of the domains that were measured both times."""
    return {domain: (level, latest[domain]) for domain, level in first.items() if domain in latest}
