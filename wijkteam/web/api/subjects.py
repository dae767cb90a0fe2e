"""Reading subjects, the same for every kind: one, its story, a list; always through the wall, and logged."""

import base64
import binascii
from datetime import datetime
from typing import Any

from flask import Response, abort, jsonify, request
from sqlalchemy import false, or_, select, tuple_
from werkzeug.exceptions import BadRequest

from wijkteam.access.grounds import READ_ONLY
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.deadlines.queries import due_moments
from wijkteam.engine.running import Option
from wijkteam.escalation import queries as escalations
from wijkteam.events.queries import events_of
from wijkteam.mandate import queries as mandate
from wijkteam.web.acting import house, log, options, reading, work
from wijkteam.web.api.kinds import NOBODYS_STEP, Kind, Under
from wijkteam.web.api.shapes import columns, option, summary, told

MOST, USUAL = 100, 50
BY = ("mine", "team", "waiting")


def full_case(case_id: str | None) -> HouseholdCase | None:
    """The case when the person may read all of it."""
    case = cases.find_case(reading(), case_id) if case_id else None
    if case is None or house().grounds.full_ground(reading(), work().actor, case) is None:
        return None
    return case


def find(kind: Kind, subject_id: str, to_work: bool = False) -> tuple[Any, HouseholdCase | None]:
    """A subject that the person may read, and its case where they may read that too; else there is none (404)."""
    row = reading().get(kind.model, subject_id)
    if row is None:
        abort(404)
    case = full_case(row.id if kind.under is Under.IS else getattr(row, "case_id", None))
    if kind.under in (Under.IS, Under.READS_CASE):
        ground = house().grounds.full_ground(reading(), work().actor, case) if case is not None else None
        if ground is None or (to_work and ground in READ_ONLY):
            abort(404)
    return row, case


def read(kind: Kind, subject_id: str, what: str = "") -> tuple[Any, HouseholdCase | None]:
    """The same, and written down in the log of readings."""
    row, case = find(kind, subject_id)
    if case is not None:
        log(case, what or kind.what, None if kind.under is Under.IS else row)
        return find(kind, subject_id)
    return row, case


def offered(kind: Kind, row: Any) -> list[Option]:
    """The steps of a subject that programs can take, open or not."""
    return [
        each
        for each in options(row)
        if each.transition.name not in kind.without and not NOBODYS_STEP.issuperset(each.transition.by)
    ]


def detail(kind: Kind, row: Any, case: HouseholdCase | None) -> dict[str, Any]:
    """All that may be told of one subject, and what can be done with it."""
    household = _homes([case]).get(case.id) if case is not None and kind.under is Under.IS else None
    shown = summary(kind, row, due_moments(reading(), [row.id]), household, columns(kind))
    if "caseId" in shown and case is None:
        shown["caseId"] = None
    workflow = house().engine.workflow(kind.name, row.workflow_version)
    shown["options"] = [option(kind, each, workflow) for each in offered(kind, row)]
    return shown


def answer(kind: Kind, row: Any, case: HouseholdCase | None, status: int = 200) -> Response:
    """One subject as an answer, with its version as the entity tag."""
    made = jsonify(detail(kind, row, case))
    made.status_code = status
    made.set_etag(str(row.version))
    return made


def one(kind: Kind, subject_id: str) -> Response:
    """One subject."""
    return answer(kind, *read(kind, subject_id))


def story(kind: Kind, subject_id: str) -> Response:
    """What happened to a subject, oldest first."""
    row, _case = read(kind, subject_id)
    return jsonify({"items": [told(each) for each in events_of(reading(), kind.name, row.id)]})


def _homes(found: list[HouseholdCase]) -> dict[str, str]:
    homes = cases.households(reading(), {case.household_id for case in found})
    return {case.id: homes[case.household_id].who_or_where for case in found if case.household_id in homes}


def listing(kind: Kind) -> Response:
    """Subjects of a kind, the newest first: of one case, one's own, one's teams', or those that wait for one."""
    case_id, state = request.args.get("caseId"), request.args.get("state")
    rows: Any = select(kind.model)
    if case_id is not None and "case_id" in inspectable(kind):
        case = full_case(case_id)
        if case is None:
            abort(404)
        log(case, "casus")
        rows = rows.where(kind.model.case_id == case_id)  # type: ignore[attr-defined]
    else:
        rows = rows.where(_of(kind, request.args.get("of", "mine")))
    if state is not None:
        rows = rows.where(kind.model.state == state)
    limit = _limit()
    after = _after(request.args.get("cursor"))
    if after is not None:
        rows = rows.where(tuple_(kind.model.opened_at, kind.model.id) < tuple_(*after))
    rows = rows.order_by(kind.model.opened_at.desc(), kind.model.id.desc()).limit(limit + 1)
    found = list(reading().scalars(rows))
    shown, more = found[:limit], len(found) > limit
    due = due_moments(reading(), [each.id for each in shown])
    homes = _homes(shown) if kind.under is Under.IS else {}
    items = [summary(kind, each, due, homes.get(each.id)) for each in shown]
    if kind.under is Under.MAY:
        known = cases.cases(reading(), {each.case_id for each in shown if each.case_id})
        for item in items:
            if item["caseId"] not in known or full_case(item["caseId"]) is None:
                item["caseId"] = None
    return jsonify({"items": items, "nextCursor": _cursor(shown[-1]) if more else None})


def inspectable(kind: Kind) -> tuple[str, ...]:
    """The columns by which a list can be narrowed."""
    return columns(kind)


def _of(kind: Kind, which: str) -> Any:
    """The condition for one's own, one's teams', or those that wait for one; 400 for anything else."""
    person, model = work().actor, kind.model
    if which == "mine":
        return or_(false(), *(getattr(model, name) == person.person_id for name in kind.mine))
    if which == "team":
        return model.team_id.in_(person.team_ids) if "team_id" in columns(kind) else false()  # type: ignore[attr-defined]
    if which == "waiting":
        return model.id.in_(_waiting(kind))
    raise BadRequest


def _waiting(kind: Kind) -> list[str]:
    person = work().actor
    if kind.collection == "escalations":
        return [each.id for each in escalations.waiting_for(reading(), person, house().ladder)]
    if kind.collection == "mandate-requests":
        return [each.id for each in reading().scalars(mandate.waiting_for(person, house().mandate_ladder))]
    return []


def _limit() -> int:
    asked = request.args.get("limit", str(USUAL))
    if not asked.isascii() or not asked.isdigit() or not 1 <= int(asked[:9]) <= MOST:
        raise BadRequest
    return int(asked[:9])


def _cursor(row: Any) -> str:
    return base64.urlsafe_b64encode(f"{row.opened_at.isoformat()}|{row.id}".encode()).decode()


def _after(cursor: str | None) -> tuple[datetime, str] | None:
    if cursor is None:
        return None
    try:
        at, _bar, number = base64.urlsafe_b64decode(cursor.encode("ascii")).decode("ascii").partition("|")
        moment = datetime.fromisoformat(at)
    except (ValueError, binascii.Error):
        raise BadRequest from None
    if moment.tzinfo is None or not number or "\x00" in number:
        raise BadRequest
    return moment, number
