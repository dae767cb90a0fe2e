"""Steps that do more than move their subject along, and so have services of their own; the same as on the pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wijkteam.case_files.model import CaseFile
from wijkteam.case_files.service import remove_case_file
from wijkteam.engine.definition import FieldType
from wijkteam.plans.model import Goal
from wijkteam.plans.service import TrackForGoal, begin_track_for
from wijkteam.residents.model import Resident
from wijkteam.residents.service import GivenBsn, set_bsn
from wijkteam.web.acting import house, work

Given = Mapping[str, Any]


@dataclass(frozen=True)
class SpecialStep:
    """A step with a service of its own."""

    take: Callable[[str, Given, int], Any]
    """Takes the id of the subject, what was sent, and the version that the program has seen."""
    more: Mapping[str, FieldType] = field(default_factory=dict)
    """What is asked besides what the definition asks."""


def _remove_file(file_id: str, given: Given, seen: int) -> Any:
    remove_case_file(work(), file_id, given.get("why_not", ""), seen)


def _set_bsn(resident_id: str, given: Given, seen: int) -> Any:
    bsn = GivenBsn(*(given.get(name, "") for name in ("bsn", "bsn_ground", "bsn_purpose")))
    return set_bsn(work(), house().key_ring, resident_id, bsn, seen)


def _begin_track(goal_id: str, given: Given, seen: int) -> Any:
    asked = TrackForGoal(given.get("next_step", ""), given.get("next_step_on", ""), given.get("worker"))
    return begin_track_for(work(), goal_id, asked, seen=seen)


SPECIAL = {
    (CaseFile.workflow, "remove"): SpecialStep(_remove_file),
    (Resident.workflow, "set_bsn"): SpecialStep(_set_bsn, {"bsn": FieldType.LINE}),
    (Goal.workflow, "begin_track"): SpecialStep(
        _begin_track,
        {"next_step": FieldType.LINE, "next_step_on": FieldType.FUTURE_DATE, "worker": FieldType.PERSON},
    ),
}
"""By kind and step."""
