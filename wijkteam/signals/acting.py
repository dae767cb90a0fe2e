"""A resident as an actor of the engine: nobody who works here, and known by one code for one signal."""

from dataclasses import dataclass

from wijkteam.engine.definition import Text
from wijkteam.engine.running import Engine
from wijkteam.engine.vocabulary import Reason, Role, Situation

RESIDENT = "resident"
"""The role, as definitions name it. A step with this role is taken by nobody else without a person's number:
an event of it without an actor is the resident's (`is_residents`)."""


@dataclass(frozen=True)
class ActingResident:
    """Whoever gave a signal on the page, or holds the code to follow it. There is no account and no person's number."""

    subject_id: str
    person_id: None = None
    is_clock: bool = False
    functions: frozenset[str] = frozenset()
    team_ids: frozenset[int] = frozenset()

    def holds(self, function: str, team_id: int | None = None) -> bool:
        """A resident holds no function."""
        return False


def resident_role() -> Role:
    """The role of the resident whose signal it is."""
    return Role(is_resident, lambda situation: Reason("de bewoner", "the resident"), Text(nl="bewoner", en="resident"))


def is_residents(engine: Engine, workflow: str, name: str) -> bool:
    """Whether a step of that name, taken by nobody who works here, was the resident's and not the clock's.

    No definition lets both take the same step (a test), so that the chain itself says who acted.
    """
    for each in engine.versions(workflow):
        deed = each.opening if each.opening.name == name else each.transition(name)
        if deed is not None:
            return RESIDENT in deed.by
    return False


def is_resident(situation: Situation) -> bool:
    """Whether the resident acts whose signal this is."""
    actor = situation.actor
    return isinstance(actor, ActingResident) and actor.subject_id == situation.subject.id
