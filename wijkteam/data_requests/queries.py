"""What can be asked about residents' requests about their data."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.data_requests.model import DataRequest
from wijkteam.people.acting import ActingPerson
from wijkteam.storage.among import among

OFFICER = "privacy_officer"
GUEST = "guest"
RECEIVED, IN_HAND, INPUT_ASKED, TO_BE_TOLD = "received", "in_hand", "input_asked", "to_be_told"
TOLD, NOT_TOLD, WITHDRAWN = "told", "not_told", "withdrawn"
ENDED = (TOLD, NOT_TOLD, WITHDRAWN)
ERASURE, RECTIFICATION = "erasure", "rectification"


def find_request(session: Session, request_id: str) -> DataRequest | None:
    """The request with that id, as it stands in the database now."""
    return session.get(DataRequest, request_id, populate_existing=True)


def handles(person: ActingPerson) -> bool:
    """Whether a person reads and handles every request: the privacy officers."""
    return OFFICER in person.functions


def is_staff(person: ActingPerson) -> bool:
    """Whether a request can come in with this person: everybody who works here, and no guest."""
    return bool(person.functions - {GUEST})


def may_read(request: DataRequest, person: ActingPerson) -> bool:
    """Whether a person may read a request: privacy officers, who wrote it down, its handler, who was asked something.

    Not all of it: see `handles` for its handling, and `is_asked` for the question. The same is said in SQL in
    `wijkteam.wall` and as a policy of PostgreSQL.
    """
    return handles(person) or person.person_id in (request.received_by, request.handler_id, request.asked_id)


def is_asked(request: DataRequest, person: ActingPerson) -> bool:
    """Whether this person was asked for what they know, and so reads the question and their own answer."""
    return request.asked_id == person.person_id


def requests_among(session: Session, only_open: bool = False) -> list[DataRequest]:
    """The requests that this session finds, by when they came in."""
    rows = rows_open() if only_open else select(DataRequest)
    return list(session.scalars(rows.order_by(DataRequest.received_on, DataRequest.id)))


def rows_open() -> Select[Any]:
    """The question for the requests that have not ended."""
    return select(DataRequest).where(~among(DataRequest.state, ENDED))


def of_household(session: Session, household_id: int) -> list[DataRequest]:
    """All requests about a household, by when they came in."""
    rows = select(DataRequest).where(DataRequest.household_id == household_id)
    return list(session.scalars(rows.order_by(DataRequest.received_on, DataRequest.id)))


def linked_cases(session: Session, person: ActingPerson, request: DataRequest) -> list[HouseholdCase]:
    """The cases of the household of a request, the newest first, for privacy officers; for others there is none.

    Asked with a session that sees everything: a privacy officer handles requests without reading the cases.
    """
    if not handles(person) or request.household_id is None:
        return []
    found = cases.cases_of_household(session, request.household_id)
    return [each for each in found if each.protected_why != cases.DESTROYED]


def households_asked_about(session: Session) -> frozenset[int]:
    """The households about whose data something is asked that is not answered yet, but for erasing it."""
    rows = select(DataRequest.household_id).where(DataRequest.state.not_in(ENDED), DataRequest.kind != ERASURE)
    return frozenset(number for number in session.scalars(rows.distinct()) if number is not None)


def wait_for(found: Collection[DataRequest], person: ActingPerson) -> list[DataRequest]:
    """Those of these requests that ask something of this person now."""

    def waits(each: DataRequest) -> bool:
        if each.state in ENDED:
            return False
        if each.state == INPUT_ASKED:
            return each.asked_id == person.person_id
        if each.state == RECEIVED or each.handler_id is None:
            return handles(person)
        return each.handler_id == person.person_id

    return [each for each in found if waits(each)]
