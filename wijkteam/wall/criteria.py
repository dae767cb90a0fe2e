"""What each row asks of its reader, as SQL: the grounds of `wijkteam.access.grounds`, said once more.

`rows` is a mapped class or an alias of its table. Values of the reader are parameters (see `Reader`), so that each
statement is compiled once for everybody. By which grounds somebody reads a case that is neither theirs nor of their
team is looked up once (`other_grounds`). Subqueries correlate on one row each, for pages ask few rows by index.
"""

from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Integer,
    String,
    and_,
    bindparam,
    cast,
    exists,
    false,
    or_,
    true,
)
from sqlalchemy import column as column_named
from sqlalchemy import literal as constant
from sqlalchemy import table as table_named
from sqlalchemy.sql.elements import BindParameter

from wijkteam.cases.model import HouseholdCase
from wijkteam.escalation.model import Behind, Escalation, StructuralEscalation
from wijkteam.escalation.queries import ENDED as ESCALATION_ENDED
from wijkteam.events.model import Notice
from wijkteam.objections.model import Objection
from wijkteam.objections.queries import ENDED as OBJECTION_ENDED
from wijkteam.objections.queries import READY
from wijkteam.residents.model import Resident
from wijkteam.signals.model import ResidentSignal
from wijkteam.signals.queries import NOT_HELPED
from wijkteam.storage.among import among, list_named
from wijkteam.storage.columns import Table

Criterion = ColumnElement[bool]
PREFIX = "wall_"


def value(name: str, kind: Any = Integer) -> BindParameter[Any]:
    """A value of the reader, as a parameter."""
    return bindparam(PREFIX + name, type_=kind() if isinstance(kind, type) else kind)


def rows_of(model: type[Table], name: str) -> Any:
    """The columns of a table under a name of its own.

    They are plain columns: a criterion is copied for each statement, and to copy all that the schema knows of each
    column (its keys, its listeners) is what made a first page slow.
    """
    table: Any = model.__table__
    plain = table_named(table.name, *(column_named(column.name, column.type) for column in table.columns))
    return plain.alias(f"{PREFIX}{name}").c


def any_of(of: Any, *which: Criterion) -> Criterion:
    """There is a row of these columns for which all of it holds."""
    source: FromClause = next(iter(of)).table
    return exists().select_from(source).where(*which).correlate_except(source)


def _me(column: Any) -> Criterion:
    return column == value("me")  # type: ignore[no-any-return]


def _among(column: Any, name: str) -> Criterion:
    return among(column, list_named(PREFIX + name, Integer))


def _one_of(column: Any, name: str) -> Criterion:
    return among(column, list_named(PREFIX + name, String))


def _place(team: Any, rung: Any, name: str) -> Criterion:
    """Whether a place on a ladder (team/rung) is in a list of the reader."""
    place = cast(team, String).concat("/").concat(cast(rung, String))
    return _one_of(place, name)


def put_to_me(rows: Any, case: str = "") -> Criterion:
    """An open escalation lies or lay before me; with case="case_" in a way that gives its case too."""
    before = or_(
        rows.highest_rung >= value(f"{case}climb_from"),
        _place(rows.team_id, rows.highest_rung, f"{case}climb_places"),
        _place(rows.team_id, rows.rung, f"{case}answers"),
    )
    return and_(~among(rows.state, ESCALATION_ENDED), before)


def asked_of_me(rows: Any, case: str = "") -> Criterion:
    """An open request waits or waited for me; with case="case_" in a way that gives its case too."""
    decides = (rows.rung >= value(f"{case}mandate_from")) | _place(rows.team_id, rows.rung, f"{case}mandate_places")
    pays = value("pays_all", Boolean) | _among(rows.team_id, "pay_teams")
    return or_(and_(among(rows.state, ("asked", "asked_back")), decides), and_(rows.state == "payment_ordered", pays))


def _kept_from_me(rows: Any) -> Criterion:
    return constant(",").concat(rows.kept_from).concat(",").like(value("kept", String))


def _handles(rows: Any) -> Criterion:
    return value("handles_all", Boolean) | _among(rows.team_id, "handle_teams")


def works_on_objection(rows: Any) -> Criterion:
    """An open objection that I handle, or that is heard and waits for my decision, and that is not kept from me."""
    mine = _me(rows.handler_id) & _handles(rows)
    waits = (rows.state == READY) & value("judges", Boolean)
    return and_(~among(rows.state, OBJECTION_ENDED), ~_kept_from_me(rows), mine | waits)


def objection_in_full(rows: Any) -> Criterion:
    """An objection that I handle or decide on, and in whose decision I took no part."""
    judged: Criterion = (rows.state == READY) & value("judges", Boolean)
    mine = _me(rows.handler_id) | _me(rows.decided_by) | _handles(rows) | judged
    return ~_kept_from_me(rows) & mine


def case_in_full(rows: Any) -> Criterion:
    """A case that I may read with all that hangs under it."""
    return _case(rows)


def case(rows: Any) -> Criterion:
    """A case that I may read, also as a guest: such a one reads the case itself and its tracks, and nothing more."""
    return _case(rows, _one_of(rows.id, "shared"))


def _case(rows: Any, *besides: Criterion) -> Criterion:
    """What a case itself says of its readers; by which other grounds it is read was looked up (`other_grounds`)."""
    mine = (_me(rows.owner_id), _me(rows.new_owner_id), _me(rows.next_step_by))
    usual = or_(*mine, _among(rows.team_id, "teams"), _one_of(rows.id, "besides"), *besides)
    by_name = _one_of(rows.id, "named")
    return or_(and_(rows.protected_why.is_(None), usual), and_(rows.protected_why.is_not(None), by_name))


def of_case(rows: Any) -> Criterion:
    """What hangs under a case and is read with it."""
    found = rows_of(HouseholdCase, "case")
    return any_of(found, found.id == rows.case_id, case_in_full(found))


def of_shared_case(rows: Any) -> Criterion:
    """What hangs under a case and is read with it, also by a guest."""
    found = rows_of(HouseholdCase, "case")
    return any_of(found, found.id == rows.case_id, case(found))


def of_household(rows: Any) -> Criterion:
    """What belongs to a household, and is read by who reads a case of it in full."""
    found = rows_of(HouseholdCase, "at_home")
    return any_of(found, found.household_id == rows.household_id, case_in_full(found))


def same_person(rows: Any) -> Criterion:
    """That two rows are one person is read by who reads both households in full."""
    one, other = rows_of(Resident, "one"), rows_of(Resident, "other")
    return any_of(one, one.id == rows.resident_id, of_household(one)) & any_of(
        other, other.id == rows.other_id, of_household(other)
    )


def household(rows: Any) -> Criterion:
    """A household with a case that I may read, or that of an objection that I handle."""
    found, objection = rows_of(HouseholdCase, "home"), rows_of(Objection, "objecting")
    with_case = any_of(found, found.household_id == rows.id, case(found))
    return with_case | any_of(objection, objection.household_id == rows.id, objection_in_full(objection))


def _told(kind: str, subject_id: Any) -> Criterion:
    notice = rows_of(Notice, "told")
    return any_of(notice, notice.subject_id == subject_id, notice.subject_kind == kind, _me(notice.person_id))


def escalation(rows: Any) -> Criterion:
    """Put to me, of a case that I may read, or ended and I was told of it."""
    ended = among(rows.state, ESCALATION_ENDED) & _told("escalation", rows.id)
    return or_(put_to_me(rows), of_case(rows), ended)


def structural(rows: Any) -> Criterion:
    """Asked by me, before me on the ladder, told to me, or with an escalation or a case of mine behind it."""
    return or_(
        _me(rows.asked_by),
        value("on_ladder", Boolean),
        _told("structural_escalation", rows.id),
        _one_of(rows.id, "structurals"),
    )


def behind(rows: Any) -> Criterion:
    """That an escalation stands behind a structural one is read with that escalation."""
    one = rows_of(Escalation, "linked")
    return any_of(one, one.id == rows.escalation_id, escalation(one))


def backing(rows: Any) -> Criterion:
    """Given by me or to me, or for what I may read."""
    asked, link, one = rows_of(StructuralEscalation, "for"), rows_of(Behind, "through"), rows_of(Escalation, "backed")
    through = any_of(one, one.id == link.escalation_id, of_case(one))
    return or_(
        _me(rows.given_by),
        _me(rows.given_to),
        of_case(rows),
        any_of(asked, asked.id == rows.structural_id, structural(asked)),
        any_of(link, link.structural_id == rows.structural_id, through),
    )


def request(rows: Any) -> Criterion:
    """A mandate request that I made, decided or have to answer, or of a case that I may read."""
    return _me(rows.requester_id) | _me(rows.decided_by) | asked_of_me(rows) | of_case(rows)


def decision(rows: Any) -> Criterion:
    """A decision in a case that I may read, or that an objection that I handle is against."""
    objection = rows_of(Objection, "against")
    handled = any_of(objection, objection.decision_id == rows.id, objection_in_full(objection))
    return of_case(rows) | handled


def objection(rows: Any) -> Criterion:
    """In full, or (where it stands) with its case; how much of it a page shows is up to `may_read_objection`."""
    return objection_in_full(rows) | of_case(rows)


def mandate(rows: Any) -> Criterion:
    """The register is public (Awb 3:42); mandate for one case names people, and is read with the case or as mine."""
    return or_(rows.case_id.is_(None), _me(rows.person_id), of_case(rows))


def signal(rows: Any) -> Criterion:
    """A signal of a team of mine, that I handle or wrote down, or that did not help and that I answer on the ladder."""
    put = (rows.state == NOT_HELPED) & _place(rows.team_id, rows.rung, "answers")
    return or_(_among(rows.team_id, "all_teams"), _me(rows.handler_id), _me(rows.received_by), put)


def complaint(rows: Any) -> Criterion:
    """A complaint about conduct, for officers and who handles it or wrote it down; not for whom it is about."""
    mine = or_(value("complaints", Boolean), _me(rows.handler_id), _me(rows.received_by))
    return and_(or_(rows.about_id.is_(None), rows.about_id != value("me")), mine)


def data_request(rows: Any) -> Criterion:
    """A resident's request about their data that I wrote down, handle or was asked about; all for privacy officers."""
    return _me(rows.received_by) | _me(rows.handler_id) | _me(rows.asked_id) | handling(rows)


def handling(_rows: Any) -> Criterion:
    """How a request about data is handled: for privacy officers."""
    return value("oversees", Boolean)


def entry(rows: Any) -> Criterion:
    """What can be found, by who reads in full what it is of; people by everybody."""
    of = rows_of(ResidentSignal, "found_signal")
    return or_(
        rows.person_id.is_not(None),
        and_(rows.case_id.is_not(None), of_case(rows)),
        and_(rows.household_id.is_not(None), of_household(rows)),
        any_of(of, of.id == rows.signal_id, signal(of)),
    )


def mine(rows: Any) -> Criterion:
    """What is my own."""
    return _me(rows.person_id)


def mine_or_of_case(rows: Any) -> Criterion:
    """My own, or of a case that I may read."""
    return _me(rows.person_id) | of_case(rows)


def everybody(_rows: Any) -> Criterion:
    """What everyone who works here may read."""
    return true()


def nobody(_rows: Any) -> Criterion:
    """What no page reads in this way."""
    return false()
