"""What can be done with a plan: writing goals, lines and agreements, and recording who agreed to it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from wijkteam.engine.fields import WrongFields
from wijkteam.plans.model import Agreement, Approach, Goal, PlanConsent, PlanLine
from wijkteam.plans.vocabulary import BEGUN
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work, stale
from wijkteam.tracks.queries import find_track
from wijkteam.tracks.service import NewTrack, begin_track


@dataclass(frozen=True)
class NewGoal:
    """A goal in the household's own words. Of a track that is there already, its words and its life domain hold."""

    case_id: str
    team_id: int
    words: str = ""
    life_domain: str = ""
    reached_when: str | None = None
    track_id: str | None = None


@dataclass(frozen=True)
class NewLine:
    """A strength or a worry, in one line."""

    case_id: str
    team_id: int
    kind: str
    line: str
    said_by: str
    life_domain: str | None = None


@dataclass(frozen=True)
class NewApproach:
    """What is tried, of the list of approaches, and in one line."""

    case_id: str
    team_id: int
    kind: str
    what: str | None = None


@dataclass(frozen=True)
class NewAgreement:
    """Who does what and when, for a goal; without a goal it keeps somebody safe."""

    case_id: str
    team_id: int
    what: str
    who: str
    by_day: date | str | None = None
    goal_id: str | None = None


@dataclass(frozen=True)
class NewConsent:
    """Who of the household said what of the plan (or of its safety agreements), on which day and in which way."""

    case_id: str
    team_id: int
    covers: str
    who: str
    answer: str
    how: str
    on_day: date | str
    own_words: str | None = None


@dataclass(frozen=True)
class TrackForGoal:
    """What a track needs besides what its goal says already."""

    next_step: str
    next_step_on: date | str
    worker: int | str | None = None


def _opened(work: Work, subject: Any, given: dict[str, Any]) -> Any:
    with work.transaction() as session:
        with session.no_autoflush:
            work.open(subject, given)
            session.add(subject)
        return subject


def set_goal(work: Work, new: NewGoal, goal_id: str | None = None) -> Goal:
    """Set a goal in the plan. Raises WrongFields or Refused; Blocked when the case has ended."""
    with work.transaction() as session:
        words, domain = new.words, new.life_domain
        if new.track_id is not None:
            track = find_track(session, new.track_id)
            if track is None or track.case_id != new.case_id:
                raise WrongFields.of("track_id", "Kies een spoor van deze casus.", "Choose a track of this case.")
            words, domain = words or track.goal, track.life_domain
        goal = Goal(id=goal_id or new_id(), case_id=new.case_id, team_id=new.team_id, track_id=new.track_id)
        given = {"words": words, "life_domain": domain, "reached_when": new.reached_when}
        opened: Goal = _opened(work, goal, given)
        return opened


def begin_track_for(
    work: Work, goal_id: str, new: TrackForGoal, track_id: str | None = None, seen: int | None = None
) -> Goal:
    """Begin a track for a goal: its life domain and its words are those of the goal, and are not asked again.

    Raises WrongFields or Refused; Stale when the goal is on another version than the one `seen`; LookupError when
    there is no such goal.
    """
    with work.transaction() as session:
        goal = session.get(Goal, goal_id, populate_existing=True)
        if goal is None:
            raise LookupError(goal_id)
        if seen is not None and goal.version != seen:
            raise stale()
        asked = NewTrack(
            goal.case_id, goal.team_id, goal.life_domain, goal.words, new.next_step, new.next_step_on, new.worker
        )
        track = begin_track(work, asked, track_id)
        session.flush()
        work.remembered[BEGUN, goal.id] = track.id
        work.fire(goal, "begin_track")
        return goal


def add_line(work: Work, new: NewLine, line_id: str | None = None) -> PlanLine:
    """Add a strength or a worry. Raises WrongFields or Refused."""
    line = PlanLine(id=line_id or new_id(), case_id=new.case_id, team_id=new.team_id)
    given = {"kind": new.kind, "line": new.line, "said_by": new.said_by, "life_domain": new.life_domain}
    opened: PlanLine = _opened(work, line, given)
    return opened


def try_approach(work: Work, new: NewApproach, approach_id: str | None = None) -> Approach:
    """Write down what is tried. Raises WrongFields or Refused; Blocked when the case has ended."""
    approach = Approach(id=approach_id or new_id(), case_id=new.case_id, team_id=new.team_id)
    opened: Approach = _opened(work, approach, {"kind": new.kind, "what": new.what})
    return opened


def agree_on(work: Work, new: NewAgreement, agreement_id: str | None = None) -> Agreement:
    """Agree on who does what and when. Raises WrongFields or Refused; also for a goal of another case."""
    with work.transaction() as session:
        goal = session.get(Goal, new.goal_id, populate_existing=True) if new.goal_id else None
        if new.goal_id and (goal is None or goal.case_id != new.case_id or goal.ended_at is not None):
            raise WrongFields.of("goal_id", "Kies een doel dat nog loopt.", "Choose a goal that is still open.")
        made = Agreement(
            id=agreement_id or new_id(), case_id=new.case_id, team_id=new.team_id, goal_id=new.goal_id or None
        )
        given = {
            "kind": "action" if new.goal_id else "safety",
            "what": new.what,
            "who": new.who,
            "by_day": new.by_day,
        }
        opened: Agreement = _opened(work, made, given)
        return opened


def record_consent(work: Work, new: NewConsent, consent_id: str | None = None) -> PlanConsent:
    """Record what somebody of the household said of the plan. Raises WrongFields or Refused."""
    consent = PlanConsent(id=consent_id or new_id(), case_id=new.case_id, team_id=new.team_id)
    names = ("covers", "who", "answer", "how", "on_day", "own_words")
    opened: PlanConsent = _opened(work, consent, {name: getattr(new, name) for name in names})
    return opened
