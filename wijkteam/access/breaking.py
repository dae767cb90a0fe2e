"""Breaking the glass. Every try is kept, also one that opens nothing."""

from dataclasses import dataclass

from wijkteam.access.breaking_queries import sought_case
from wijkteam.access.model import BreakGlass, GlassTry
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.outcomes import Blocked
from wijkteam.people.model import Person
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work
from wijkteam.terms import clock

LONGEST_SOUGHT = 300
OPENED = "opened"


@dataclass(frozen=True)
class Sought:
    """The household or the number of the case, exactly; why it has to be read now; and a length of the table."""

    who_or_where: str
    reason: str
    length: str


def break_glass(work: Work, sought: Sought, glass_id: str | None = None) -> BreakGlass:
    """Read one case without any other ground, for a while.

    Raises WrongFields and NotYours before anything is looked for. Raises Blocked after the try was kept: with one and
    the same answer whether there is no such household, there are two, or the case is extra protected.
    """
    text = " ".join(sought.who_or_where.split())
    if not text or len(text) > LONGEST_SOUGHT:
        raise WrongFields.of("who_or_where", "Vul in wie of waar, precies.", "Fill in who or where, exactly.")
    refused: Blocked | None = None
    with work.transaction() as session:
        # one try of a person at a time: two at once would both find a try left, and break the glass twice
        session.get(Person, work.actor.person_id, with_for_update=True)
        case = sought_case(session, text)
        glass = BreakGlass(id=glass_id or new_id(), case_id=case.id if case else None, person_id=work.actor.person_id)
        with session.no_autoflush:
            try:
                work.open(glass, {"reason": sought.reason, "length": sought.length})
            except Blocked as blocked:
                refused = blocked
            else:
                session.add(glass)
                session.flush()
            session.add(
                GlassTry(
                    person_id=work.actor.person_id,
                    at=clock.now(),
                    sought=text,
                    outcome=OPENED if refused is None else str(refused.stopped_by),
                    glass_id=glass.id if refused is None else None,
                )
            )
    if refused is not None:
        raise refused
    return glass
