"""The cases that somebody reads by another ground than having them or being of their team, looked up once a request.

They are few, and what a page asks would otherwise look for them at every row of every table: an escalation put to me,
a request that I decide on, a track that I work on, a glass that I broke, what is shared with me, where I am named.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Date, Select, literal, select, union_all
from sqlalchemy.orm import Session

from wijkteam.access.lasting import IN_FORCE
from wijkteam.access.model import BreakGlass, GuestAccess, NamedReader
from wijkteam.cases.model import HouseholdCase
from wijkteam.escalation.model import Behind, Escalation
from wijkteam.mandate.model import MandateRequest
from wijkteam.objections.model import Objection
from wijkteam.storage.columns import Moment
from wijkteam.storage.lookups import straight
from wijkteam.tracks.model import Track
from wijkteam.wall.criteria import PREFIX, asked_of_me, put_to_me, value, works_on_objection

LOOKED_UP = BESIDES, SHARED, NAMED, STRUCTURALS = "besides", "shared", "named", "structurals"
"""Cases read in full by another ground; cases read as a guest; protected cases in which one is named; structural
escalations with an escalation of one's own behind them, or of a case that one owns. A person may stand behind one by an
escalation that they may no longer read themselves."""
_ME = value("me")
_BY_LADDER: Select[Any, Any] = select(literal(BESIDES), Escalation.case_id).where(
    Escalation.ended_at.is_(None), put_to_me(Escalation, "case_")
)
_BY_MANDATE: Select[Any, Any] = select(literal(BESIDES), MandateRequest.case_id).where(
    asked_of_me(MandateRequest, "case_")
)
_BY_OBJECTION: Select[Any, Any] = select(literal(BESIDES), Objection.case_id).where(works_on_objection(Objection))
_OWN: tuple[Select[Any, Any], ...] = (
    select(literal(BESIDES), Track.case_id).where(Track.worker_id == _ME, Track.ended_at.is_(None)),
    select(literal(BESIDES), BreakGlass.case_id).where(
        BreakGlass.person_id == _ME, BreakGlass.state == IN_FORCE, BreakGlass.until > value("now", Moment())
    ),
    select(literal(SHARED), GuestAccess.case_id).where(
        GuestAccess.person_id == _ME,
        GuestAccess.state == IN_FORCE,
        GuestAccess.first_day <= value("today", Date),
        GuestAccess.last_day >= value("today", Date),
    ),
    select(literal(NAMED), NamedReader.case_id).where(NamedReader.person_id == _ME),
    select(literal(STRUCTURALS), Behind.structural_id)
    .join(Escalation, Escalation.id == Behind.escalation_id)
    .join(HouseholdCase, HouseholdCase.id == Escalation.case_id)
    .where((Escalation.asked_by == _ME) | (HouseholdCase.owner_id == _ME)),
)


def other_grounds(session: Session, values: Mapping[str, Any], never: int) -> dict[str, list[str]]:
    """The ids of what is read so, by the name of the ground, for the reader with these values.

    `session` is one that sees everything; `never` is the rung that no ladder has.
    """
    by_ladder = values["case_climb_from"] < never or bool(values["case_climb_places"] or values["case_answers"])
    decides = values["case_mandate_from"] < never or bool(values["case_mandate_places"])
    by_mandate = decides or values["pays_all"] or bool(values["pay_teams"])
    by_objection = values["handles_all"] or values["judges"] or bool(values["handle_teams"])
    asked = _question(by_ladder, by_mandate, by_objection)
    found: dict[str, set[str]] = {name: set() for name in LOOKED_UP}
    rows: Any = straight(session)(asked, {PREFIX + name: given for name, given in values.items()})
    for ground, of in rows:
        if of is not None:
            found[ground].add(of)
    return {ground: sorted(ids) for ground, ids in found.items()}


@cache
def _question(by_ladder: bool, by_mandate: bool, by_objection: bool) -> CompoundSelect[Any, Any]:
    """Only what can find anything for this reader: looking through all open escalations costs."""
    asked = ((_BY_LADDER, by_ladder), (_BY_MANDATE, by_mandate), (_BY_OBJECTION, by_objection))
    return union_all(*_OWN, *(each for each, wanted in asked if wanted))
