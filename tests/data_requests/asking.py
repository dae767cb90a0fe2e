"""Requests about data as the tests ask them: written down by Sam, handled by Pia."""

from datetime import UTC, datetime
from typing import Any

from tests.conftest import Town
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.data_requests.model import DataRequest
from wijkteam.data_requests.service import NewDataRequest, record_data_request
from wijkteam.terms import clock

DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def asked(town: Town, kind: str = "access", by: str = "sam.1", household_id: int | None = None) -> DataRequest:
    """A resident's request with words that nothing else holds."""
    new = NewDataRequest(kind, "Merelwoord: wat weten jullie?", clock.today(), "Merelnaam", None, household_id)
    return record_data_request(town.work(by), new)


def step(town: Town, name: str, request: DataRequest, transition: str, **given: Any) -> DataRequest:
    """One step of it."""
    return town.work(name).act_on(DataRequest, request.id, transition, given)


def in_hand(town: Town, request: DataRequest) -> None:
    """Taken up by the privacy officer, who is sure who asks."""
    step(town, "pia", request, "take_up")
    step(town, "pia", request, "is_sure", identity_how="Paspoort gezien")


def answered(town: Town, request: DataRequest, **given: Any) -> None:
    """Granted, unless said otherwise."""
    in_hand(town, request)
    said = {"outcome": "granted", "answer": "Hier is alles.", "what_was_done": "Dossier gemaakt"}
    step(town, "pia", request, "decide", **{**said, **given})


def told(town: Town, request: DataRequest) -> None:
    """The resident was told today."""
    step(town, "pia", request, "tell", told_how="written", told_on=clock.today())


def case_of_fenna(town: Town, who: str = "Spechtstraat 1") -> HouseholdCase:
    """A case of Fenna's."""
    return open_case(town.work("fenna"), NewCase(who, "Huur", "Bellen", clock.today()))
