"""The tables of the plan: goals, lines (strengths and worries), agreements, what was tried, and who agreed to it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import Table
from wijkteam.storage.subject import SubjectColumns


class Goal(SubjectColumns, Table):
    """What a household wants to reach in one life domain, in its own words, and what came of it in the end."""

    __tablename__ = "goal"
    workflow = "goal"

    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    life_domain: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text)
    reached_when: Mapped[str | None] = mapped_column(Text)
    """What shows that it is reached."""
    track_id: Mapped[str | None] = mapped_column(ForeignKey("track.id"))
    """The track in which somebody works on it, where there is one."""
    because: Mapped[str | None] = mapped_column(Text)
    """Because of what it was reached, or was not."""
    own_answer: Mapped[str | None] = mapped_column(String(20))
    """How the resident finds that it went: good, fair or bad."""
    own_words: Mapped[str | None] = mapped_column(Text)
    """The same in the resident's words."""
    ended_at: Mapped[datetime | None]


class PlanLine(SubjectColumns, Table):
    """One short line of what goes well (a strength) or what does not (a worry), with who said it."""

    __tablename__ = "plan_line"
    workflow = "plan_line"

    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    kind: Mapped[str] = mapped_column(String(20))
    """strength or worry."""
    line: Mapped[str] = mapped_column(Text)
    said_by: Mapped[str] = mapped_column(String(20))
    """household, network or professional."""
    life_domain: Mapped[str | None] = mapped_column(String(40))
    why: Mapped[str | None] = mapped_column(Text)
    """Why it no longer holds."""
    ended_at: Mapped[datetime | None]


class Agreement(SubjectColumns, Table):
    """Who does what and when: for a goal, or to keep somebody safe."""

    __tablename__ = "agreement"
    workflow = "agreement"

    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    goal_id: Mapped[str | None] = mapped_column(ForeignKey("goal.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    """action or safety."""
    what: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(Text)
    """In words: it can be the household itself, a neighbour, or somebody who works here."""
    by_day: Mapped[date | None]
    how_it_went: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None]


class Approach(SubjectColumns, Table):
    """What was tried in a household, whether it helped, what made the difference, and whether it was gone on with."""

    __tablename__ = "approach"
    workflow = "approach"

    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    kind: Mapped[str] = mapped_column(String(40))
    """Which approach, of the list of approaches."""
    what: Mapped[str | None] = mapped_column(Text)
    result: Mapped[str | None] = mapped_column(String(20))
    """helped, partly or not_helped; None while it is being tried."""
    ingredient: Mapped[str | None] = mapped_column(String(40))
    """What made the difference, of the list of working ingredients."""
    why: Mapped[str | None] = mapped_column(Text)
    """What was learnt."""
    ended_at: Mapped[datetime | None]


class PlanConsent(SubjectColumns, Table):
    """What somebody of the household said of the plan on a day: agreed or not, and how that is known.

    This is agreement with the plan, and no consent to the use of personal data (AVG art. 6(1)(a)).
    """

    __tablename__ = "plan_consent"
    workflow = "plan_consent"

    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    covers: Mapped[str] = mapped_column(String(20))
    """plan or safety: the whole plan, or the safety agreements."""
    who: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(String(20))
    """agreed, partly or not_agreed."""
    how: Mapped[str] = mapped_column(String(20))
    """signed, said or written."""
    on_day: Mapped[date]
    own_words: Mapped[str | None] = mapped_column(Text)
    why: Mapped[str | None] = mapped_column(Text)
    """Why it was taken back."""
    ended_at: Mapped[datetime | None]
