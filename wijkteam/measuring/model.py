"""The table of measurements."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import Table
from wijkteam.storage.subject import SubjectColumns


class Measurement(SubjectColumns, Table):
    """The scores of one day on one version of an instrument; never altered, only replaced by another one."""

    __tablename__ = "measurement"
    workflow = "measurement"

    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    instrument: Mapped[str] = mapped_column(String(40))
    instrument_version: Mapped[int]
    resident_id: Mapped[str | None] = mapped_column(ForeignKey("resident.id"))
    """Who was measured; None for the household as a whole."""
    measured_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    taken_on: Mapped[date]
    scores: Mapped[str] = mapped_column(Text)
    """Code of the domain and of the level, such as `finance:2 housing:4`."""
    note: Mapped[str | None] = mapped_column(Text)
    replaces_id: Mapped[str | None] = mapped_column(ForeignKey("measurement.id"))
    """The measurement whose place it took."""
    ended_at: Mapped[datetime | None]

    @property
    def levels(self) -> dict[str, int]:
        """The level by domain; a domain that was skipped is not there."""
        return scores_of(self.scores)


def scores_of(text: str) -> dict[str, int]:
    """Scores as they are kept, by domain; what is no score is left out."""
    pairs = (each.partition(":") for each in text.split())
    return {domain: int(level) for domain, _, level in pairs if level.isdecimal()}


def as_kept(scores: dict[str, int]) -> str:
    """The same the other way round."""
    return " ".join(f"{domain}:{level}" for domain, level in scores.items())
