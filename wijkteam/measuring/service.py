"""What can be done with measurements: taking one, and replacing one that was wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from wijkteam.engine.fields import WrongFields
from wijkteam.engine.vocabulary import Reason
from wijkteam.measuring.instrument import Instrument, Instruments
from wijkteam.measuring.model import Measurement, as_kept
from wijkteam.measuring.vocabulary import NEW_ONE
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work, stale


@dataclass(frozen=True)
class NewMeasurement:
    """Scores on an instrument; of the household as a whole where no resident is named."""

    case_id: str
    team_id: int
    instrument: str
    taken_on: date | str
    scores: Mapping[str, str | int] = field(default_factory=dict)
    """The code of a level by domain; what is left out or empty was skipped."""
    resident_id: str | None = None
    note: str | None = None
    replaces: str | None = None
    """The measurement whose place it takes: of the same case, instrument and person."""


def take_measurement(
    work: Work, instruments: Instruments, new: NewMeasurement, measurement_id: str | None = None
) -> Measurement:
    """Record a measurement. Raises WrongFields (a missing domain as `score-<domain>`), Refused or Stale."""
    instrument = instruments.in_force(new.instrument)
    if instrument is None:
        raise WrongFields.of("instrument", "Hiermee kan vandaag niet gemeten worden.", "It cannot be used today.")
    scores = read_scores(instrument, new.scores)
    if new.resident_id is None and "household" not in instrument.of:
        raise WrongFields.of("resident_id", "Zeg van wie deze meting is.", "Say whose measurement this is.")
    with work.transaction() as session:
        made = Measurement(
            id=measurement_id or new_id(),
            case_id=new.case_id,
            team_id=new.team_id,
            instrument=instrument.instrument,
            instrument_version=instrument.version,
            resident_id=new.resident_id or None,
            scores=as_kept(scores),
            replaces_id=new.replaces,
        )
        given = {"taken_on": new.taken_on, "scores": instrument.in_words(scores), "note": new.note}
        with session.no_autoflush:
            work.open(made, given)
            if new.replaces is not None:
                _end_old(work, made)
            session.add(made)
        return made


def _end_old(work: Work, made: Measurement) -> None:
    old = work.session.get(Measurement, made.replaces_id, populate_existing=True)
    same = ("case_id", "instrument", "resident_id")
    if old is None or any(getattr(old, name) != getattr(made, name) for name in same):
        raise WrongFields.of("replaces", "Kies een meting van dezelfde soort.", "Choose a measurement of this kind.")
    if old.ended_at is not None:
        raise stale()
    work.remembered[NEW_ONE, old.id] = made.id
    work.fire(old, "replace")


def read_scores(instrument: Instrument, given: Mapping[str, str | int]) -> dict[str, int]:
    """What was filled in, in the order of the instrument. Raises WrongFields with every domain that is wrong."""
    scores: dict[str, int] = {}
    mistakes: dict[str, Reason] = {}
    codes = {str(each.code): each.code for each in instrument.levels}
    for domain in instrument.domains:
        said = str(given.get(domain, "")).strip()
        if not said:
            if instrument.all_domains:
                mistakes[f"score-{domain}"] = Reason("Kies een niveau.", "Choose a level.")
        elif said not in codes:
            mistakes[f"score-{domain}"] = Reason("Dit niveau is er niet.", "There is no such level.")
        else:
            scores[domain] = codes[said]
    if any(domain not in instrument.domains for domain in given):
        mistakes["scores"] = Reason("Dit domein is er niet.", "There is no such domain.")
    if not scores and not mistakes:
        mistakes["scores"] = Reason("Vul ten minste één antwoord in.", "Fill in at least one answer.")
    if mistakes:
        raise WrongFields(mistakes)
    return scores
