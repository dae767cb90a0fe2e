"""What programs of the office are told is what the description says, whatever they send."""

from typing import Any

import pytest

from tests.api.test_description import described
from tests.api.test_office import proved
from tests.api.trying import answers_as_described
from tests.conftest import Town
from tests.escalation.town import asked, case_of, number
from wijkteam.web.api.deeds import Deed
from wijkteam.web.api.office.routes import DEEDS

ENDS_THE_TEST = ("my_token_revoke", "staff_close_account")
"""What would end the program that tries all this."""


def paths() -> set[str]:
    """Where the deeds of the office are, but for those that would end this test."""
    return {each.path for each in DEEDS if isinstance(each, Deed) and each.endpoint not in ENDS_THE_TEST}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_deed_of_the_office_answers_what_it_is_not_described_to(town: Town) -> None:
    escalation = asked(town, case_of(town)).id
    known: dict[str, Any] = {"personId": str(number(town, "fenna")), "escalationId": escalation, "number": "M-01"}
    who = proved(town, "ada")
    answers_as_described(described(town), who, known, examples=50, paths=paths())
