"""Reading subjects, the same for every kind: one, its story, a list; always through the wall, and logged."""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response, abort, jsonify, request
from sqlalchemy import false, or_, select, true, tuple_
from werkzeug.exceptions import BadRequest

from wijkteam.access.grounds import READ_ONLY
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.deadlines.queries import due_moments
from wijkteam.engine.running import Option
from wijkteam.escalation import queries as escalations
from wijkteam.events.model import Event
from wijkteam.events.queries import events_of
from wijkteam.mandate import queries as mandate
from wijkteam.storage.among import among
from wijkteam.web.acting import house, log, options, reading, work
from wijkteam.web.api.aside import CLOSED, hidden, in_full, note_reading
from wijkteam.web.api.kinds import NOBODYS_STEP, Kind, Under
from wijkteam.web.api.problems import camel
from wijkteam.web.api.shapes import columns, option, summary, told
from wijkteam.web.api.ways import WAYS, case_at_home
from wijkteam.web.household import works_here
from wijkteam.web.objections import readable_objections

MOST, USUAL = 100, 50
BY = ("mine", "team", "waiting")
ALL = "all"
"""Everything of a kind that the person may read: not of kinds that are read with a case, which come by case."""


def full_case(case_id: str | None) -> HouseholdCase | None:
    """The case when the person may read all of it."""
    case = cases.find_case(reading(), case_id) if case_id else None
    if case is None or house().grounds.full_ground(reading(), work().actor, case) is None:
        return None
    return case


def find(kind: Kind, subject_id: str, to_work: bool = False) -> tuple[Any, HouseholdCase | None]:
    """A subject that the person may read, and its case where they may read that too; else there is none (404)."""
    if kind.name in WAYS:
        return WAYS[kind.name].find(subject_id)
    closed = CLOSED.get(kind.collection)
    row = closed.find(subject_id) if closed is not None else reading().get(kind.model, subject_id)
    if row is None or row.state in kind.gone:
        abort(404)
    if kind.under is Under.AT_HOME:
        return row, case_at_home(row.household_id)
    if to_work and kind.in_parts and not reads_whole(row):
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
    if kind.name in WAYS:
        WAYS[kind.name].log(row)
    elif case is not None:
        log(case, what or kind.what, None if kind.under is Under.IS else row)
    else:
        note_reading(row)
    return find(kind, subject_id)


def reads_whole(row: Any) -> bool:
    """Whether the person may read all of a subject that some may only see where it stands."""
    return house().grounds.may_read_objection(reading(), work().actor, row)


def offered(kind: Kind, row: Any) -> list[Option]:
    """The steps of a subject that programs can take, open or not."""
    return [
        each
        for each in options(row)
        if (each.open or in_full(row))
        and each.transition.name not in kind.without
        and not NOBODYS_STEP.issuperset(each.transition.by)
    ]


def detail(kind: Kind, row: Any, case: HouseholdCase | None) -> dict[str, Any]:
    """All that may be told of one subject, and what can be done with it."""
    household = _homes([case]).get(case.id) if case is not None and kind.under is Under.IS else None
    shown = summary(kind, row, due_of(kind, row), household, columns(kind))
    shown |= dict.fromkeys(map(camel, hidden(row, columns(kind))))
    if "caseId" in shown and case is None:
        shown["caseId"] = None
    shown |= {camel(name): getattr(row, name) for name in kind.more}
    if kind.in_parts and not reads_whole(row):
        untold = {camel(name) for name in columns(kind) if name not in kind.listed}
        return {**shown, **dict.fromkeys(untold), "options": []}
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
    known = WAYS[kind.name].events(row) if kind.name in WAYS else happened(kind, row)
    return jsonify({"items": [told(each) for each in known]})


def happened(kind: Kind, row: Any) -> list[Event]:
    """What happened to a subject, oldest first, as far as this person may know."""
    if not in_full(row):
        return []
    closed = CLOSED.get(kind.collection)
    return closed.events(row.id) if closed is not None else events_of(reading(), kind.name, row.id)


def due_of(kind: Kind, row: Any) -> Mapping[str, datetime]:
    """Until when it may stand so, by its id; empty where no term runs, or this person is not told."""
    if not in_full(row):
        return {}
    closed = CLOSED.get(kind.collection)
    if closed is None:
        return due_moments(reading(), [row.id])
    due = closed.due(row.id)
    return {row.id: due} if due is not None else {}


def _homes(found: list[HouseholdCase]) -> dict[str, str]:
    homes = cases.households(reading(), {case.household_id for case in found})
    return {case.id: homes[case.household_id].who_or_where for case in found if case.household_id in homes}


def listing(kind: Kind) -> Response:
    """Subjects of a kind, the newest first: of one case, one's own, one's teams', or those that wait for one."""
    case_id, state = request.args.get("caseId"), request.args.get("state")
    rows: Any = select(kind.model).where(kind.model.state.not_in(kind.gone))
    if case_id is not None and is_of_case(kind):
        rows = rows.where(_of_case(kind, case_id))
    else:
        rows = rows.where(_of(kind, request.args.get("of", "mine")))
    if state is not None:
        rows = rows.where(kind.model.state == state)
    limit = _limit()
    after = _after(request.args.get("cursor"))
    if kind.collection in CLOSED:
        return _closed_listing(kind, CLOSED[kind.collection].every(), state, limit, after)
    if after is not None:
        rows = rows.where(tuple_(kind.model.opened_at, kind.model.id) < tuple_(*after))
    rows = rows.order_by(kind.model.opened_at.desc(), kind.model.id.desc()).limit(limit + 1)
    found = list(reading().scalars(rows))
    shown, more = found[:limit], len(found) > limit
    due = due_moments(reading(), [each.id for each in shown if in_full(each)])
    homes = _homes(shown) if kind.under is Under.IS else {}
    items = [summary(kind, each, due, homes.get(each.id)) for each in shown]
    if kind.under is Under.MAY:
        known = cases.cases(reading(), {each.case_id for each in shown if each.case_id})
        for item in items:
            if item["caseId"] not in known or full_case(item["caseId"]) is None:
                item["caseId"] = None
    return jsonify({"items": items, "nextCursor": _cursor(shown[-1]) if more else None})


def is_of_case(kind: Kind) -> bool:
    """Whether a list can be narrowed to one case."""
    return kind.under is Under.AT_HOME or "case_id" in columns(kind)


def _of_case(kind: Kind, case_id: str) -> Any:
    """The condition for what is of one case, which the person reads and which is logged; 404 without it."""
    case = full_case(case_id)
    if case is None or (kind.under is Under.AT_HOME and not works_here(case)):
        abort(404)
    home = case.household_id
    log(case, "casus")
    if kind.under is Under.AT_HOME:
        return kind.model.household_id == home  # type: ignore[attr-defined]
    return kind.model.case_id == case_id  # type: ignore[attr-defined]


def _closed_listing(
    kind: Kind, found: list[Any], state: str | None, limit: int, after: tuple[datetime, str] | None
) -> Response:
    """The same of a closed table: there `mine` is what one asked or drew up, and else everything is told."""
    mine = [getattr(kind.model, name).key for name in kind.mine]
    if request.args.get("of", "mine") == "mine":
        found = [each for each in found if work().actor.person_id in {getattr(each, name) for name in mine}]
    found = [each for each in found if state in (None, each.state)]
    found.sort(key=lambda each: (each.opened_at, each.id), reverse=True)
    rest = [each for each in found if after is None or (each.opened_at, each.id) < after]
    shown = rest[:limit]
    items = [summary(kind, each, due_of(kind, each)) for each in shown]
    return jsonify({"items": items, "nextCursor": _cursor(shown[-1]) if len(rest) > limit else None})


def ways_to_list(kind: Kind) -> tuple[str, ...]:
    """Whose subjects can be listed."""
    return BY if kind.under in (Under.IS, Under.READS_CASE) else (*BY, ALL)


def _of(kind: Kind, which: str) -> Any:
    """The condition for one's own, one's teams', or those that wait for one; 400 for anything else."""
    person, model = work().actor, kind.model
    if which == "mine":
        return or_(false(), *(getattr(model, name) == person.person_id for name in kind.mine))
    if which == "team":
        return among(model.team_id, person.team_ids) if "team_id" in columns(kind) else false()  # type: ignore[attr-defined]
    if which == "waiting":
        return among(model.id, _waiting(kind))
    if which == ALL and ALL in ways_to_list(kind):
        return true()
    raise BadRequest


def _waiting(kind: Kind) -> list[str]:
    person = work().actor
    if kind.collection == "escalations":
        return [each.id for each in escalations.waiting_for(reading(), person, house().ladder)]
    if kind.collection == "mandate-requests":
        return [each.id for each in reading().scalars(mandate.waiting_for(person, house().mandate_ladder))]
    if kind.collection == "objections":
        return [each.id for each in readable_objections()]
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
