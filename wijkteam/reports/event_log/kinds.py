"""Which things the event log tells of, which codes of them it shows, and how they hang together: here and nowhere else.

What is not named here does not go out: no text that anybody wrote, no place, no amount, no life domain, no name.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, exists, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from wijkteam.cases.model import HouseholdCase
from wijkteam.escalation.model import Behind, Breakthrough, Escalation, StructuralEscalation
from wijkteam.events.model import Erasure
from wijkteam.mandate.model import MandateRequest
from wijkteam.plans.model import Goal
from wijkteam.signals.model import ResidentSignal
from wijkteam.storage.subject import SubjectColumns
from wijkteam.tracks.model import Track

HOUSEHOLD = "household"
"""The one kind of object that has no events of its own: it shows which cases are of the same people."""
CASE = HouseholdCase.workflow


@dataclass(frozen=True)
class Related:
    """A column that leads to an object of another kind, and in what way."""

    column: InstrumentedAttribute[Any]
    kind: str
    qualifier: str


@dataclass(frozen=True)
class Kind:
    """A kind of subject in the log; `attributes` are columns that hold codes or numbers, by their name outside."""

    model: type[SubjectColumns]
    attributes: dict[str, InstrumentedAttribute[Any]] = field(default_factory=dict)
    related: tuple[Related, ...] = ()

    @property
    def name(self) -> str:
        """Its name, which is that of its workflow."""
        return self.model.workflow

    @property
    def case_id(self) -> InstrumentedAttribute[Any] | None:
        """The case that it belongs to; None where it belongs to none."""
        for each in self.related:
            if each.kind == CASE:
                return each.column
        return None

    def goes_out(self) -> ColumnElement[bool]:
        """Which of its rows are in the log.

        Not what was destroyed on a signed list, nor anything of a case that only named readers may read (it would tell
        of them to others), nor cases of an import that was undone, nor requests that were imported from elsewhere.
        """
        model: Any = self.model
        shown: ColumnElement[bool] = ~_destroyed(self.name, model.id)
        if self.model is HouseholdCase:
            return shown & HouseholdCase.protected_why.is_(None) & HouseholdCase.undone_at.is_(None)
        if self.case_id is not None:
            case = aliased(HouseholdCase)
            kept_in = exists(select(case.id).where(case.id == self.case_id, case.protected_why.is_not(None)))
            shown &= self.case_id.is_(None) | ~(kept_in | _destroyed(CASE, self.case_id))
        return shown & (MandateRequest.source.is_(None) if self.model is MandateRequest else true())


def _destroyed(kind: str, subject_id: Any) -> ColumnElement[bool]:
    gone = aliased(Erasure)
    return exists(select(gone.id).where(gone.subject_kind == kind, gone.subject_id == subject_id, gone.sequence == 0))


def _within(column: InstrumentedAttribute[Any]) -> Related:
    return Related(column, CASE, "within")


KINDS: dict[str, Kind] = {
    each.name: each
    for each in (
        Kind(HouseholdCase, {}, (Related(HouseholdCase.household_id, HOUSEHOLD, "of"),)),
        Kind(
            Escalation,
            {"barrier": Escalation.barrier, "highest_rung": Escalation.highest_rung},
            (_within(Escalation.case_id),),
        ),
        Kind(
            MandateRequest,
            {"power": MandateRequest.power, "rung": MandateRequest.rung},
            (_within(MandateRequest.case_id),),
        ),
        Kind(Track, {}, (_within(Track.case_id),)),
        Kind(Goal, {}, (_within(Goal.case_id), Related(Goal.track_id, Track.workflow, "worked on in"))),
        Kind(ResidentSignal, {"sort": ResidentSignal.kind, "rung": ResidentSignal.rung}),
        Kind(
            StructuralEscalation,
            {"barrier": StructuralEscalation.barrier, "rung": StructuralEscalation.rung},
        ),
        Kind(
            Breakthrough,
            {"barrier": Breakthrough.barrier},
            (Related(Breakthrough.structural_id, StructuralEscalation.workflow, "answers"),),
        ),
    )
}
"""By the name of their workflow."""

WHOLE_NUMBERS = frozenset({"highest_rung", "rung"})
"""Attributes that hold a whole number; the others hold a code."""

BEHIND = "has behind it"
"""How a structural escalation is related to the escalations that it was raised for (`structural_behind`)."""
LINKS = Behind
