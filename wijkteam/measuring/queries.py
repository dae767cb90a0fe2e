"""What can be asked about measurements: those of a case, and what changed between the first and the latest."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wijkteam.engine.definition import Text
from wijkteam.measuring.instrument import Instrument, Instruments
from wijkteam.measuring.model import Measurement
from wijkteam.storage.asking import written_once


def measurements_of_case(session: Session, case_id: str) -> list[Measurement]:
    """All measurements of a case, also those that were replaced, by the day on which they were taken."""
    return list(session.scalars(*_of_case(case_id)))


@written_once
def _of_case(case_id: str) -> Select[Measurement]:
    rows = select(Measurement).where(Measurement.case_id == case_id)
    return rows.order_by(Measurement.taken_on, Measurement.opened_at, Measurement.id)


def find_measurement(session: Session, case_id: str, measurement_id: str) -> Measurement | None:
    """One measurement of that case; None when it belongs to another one or to none."""
    found = session.get(Measurement, measurement_id, populate_existing=True)
    return found if found is not None and found.case_id == case_id else None


def latest(session: Session, case_id: str, instrument: str, resident_id: str | None) -> Measurement | None:
    """The last measurement that stands of that kind."""
    found = [
        each
        for each in measurements_of_case(session, case_id)
        if each.ended_at is None and (each.instrument, each.resident_id) == (instrument, resident_id)
    ]
    return found[-1] if found else None


@dataclass(frozen=True)
class Change:
    """One domain, first against latest; None where it was skipped, or not asked by that version."""

    domain: str
    title: Text
    first: int | None
    latest: int | None

    @property
    def direction(self) -> str:
        """Better, worse, same; or unknown where one of the two is missing."""
        if self.first is None or self.latest is None:
            return "unknown"
        return "better" if self.latest > self.first else "worse" if self.latest < self.first else "same"


@dataclass(frozen=True)
class Series:
    """The measurements with one instrument of one household or resident, in order, and their change by domain."""

    instrument: Instrument
    """As it was called at the latest one."""
    resident_id: str | None
    taken: list[Measurement]
    replaced: list[Measurement]

    @property
    def first(self) -> Measurement:
        """The start measurement."""
        return self.taken[0]

    @property
    def latest(self) -> Measurement:
        """The end measurement, as far as it goes."""
        return self.taken[-1]

    @property
    def changes(self) -> list[Change]:
        """By domain of the instrument."""
        first, last = self.first.levels, self.latest.levels
        return [
            Change(domain, title, first.get(domain), last.get(domain))
            for domain, title in self.instrument.domains.items()
        ]


def series_of(instruments: Instruments, found: Iterable[Measurement]) -> list[Series]:
    """Measurements by instrument and by whom they are of; those of an instrument that is gone are left out."""
    grouped: dict[tuple[str, str | None], list[Measurement]] = defaultdict(list)
    for each in found:
        grouped[each.instrument, each.resident_id].append(each)
    told = []
    for (name, resident_id), members in grouped.items():
        taken = [each for each in members if each.ended_at is None]
        instrument = instruments.find(name, taken[-1].instrument_version) if taken else None
        if instrument is not None:
            told.append(Series(instrument, resident_id, taken, [each for each in members if each.ended_at is not None]))
    return sorted(told, key=lambda each: (-len(each.instrument.domains), each.instrument.instrument))
