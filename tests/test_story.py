"""The whole story, through the services: a case, a mandate request, an escalation, and their answers."""

from datetime import timedelta

import pytest

from tests.conftest import Town
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.deadlines.worker import do_due_work
from wijkteam.engine.running import Blocked, NoMandate, NotYours, Stale
from wijkteam.escalation.model import Escalation
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.events.verification import verify
from wijkteam.mandate.model import MandateRequest
from wijkteam.mandate.service import AskedDecision, request_mandate
from wijkteam.terms import clock


def new_case() -> NewCase:
    """A case with the three things that are needed."""
    return NewCase("Voorbeeldstraat 1", "Dreigende uithuiszetting.", "Langsgaan", clock.today())


def test_a_best_person_works_a_case_from_front_door_to_answered_escalation(town: Town) -> None:
    fenna = town.work("fenna")
    case = open_case(fenna, new_case())
    fenna.act_on(HouseholdCase, case.id, "found_safe", {"safety": "Kinderen slapen bij oma."})
    fenna.act_on(
        HouseholdCase, case.id, "decide", {"power": "mini_budget", "amount": "120,00", "motivation": "Boodschappen."}
    )
    with pytest.raises(NoMandate) as refused:
        fenna.act_on(
            HouseholdCase, case.id, "decide", {"power": "tailored_budget", "amount": "2000", "motivation": "Huur."}
        )
    assert "Teun Teamleider" in str(refused.value.nearest)
    asked = AskedDecision("tailored_budget", 200_000, "Huurachterstand", case.id, case.household_id, case.team_id)
    request = request_mandate(fenna, asked)
    assert request.state == "asked"
    with pytest.raises(NotYours):
        fenna.act_on(MandateRequest, request.id, "approve", {})
    teun = town.work("teun")
    teun.act_on(MandateRequest, request.id, "approve", {"answer": "Doen."})
    raised = escalate(fenna, NewEscalation(case.id, case.team_id, "Woning nodig, van de corporatie", "housing"))
    assert raised.rung == 1
    with pytest.raises(Blocked):
        fenna.act_on(HouseholdCase, case.id, "stop_early", {"outcome": "partly", "outcome_reason": "x"})
    fenna.act_on(MandateRequest, request.id, "carry_out", {})
    moment = clock.now() + timedelta(days=10)
    with clock.standing_at(moment):
        worked = do_due_work(town.clockwork())
        assert worked.fired >= 1
        petra = town.work("petra")
        fields = {"answer": "Ik bel.", "next_step": "Woning zoeken", "next_step_on": clock.today()}
        answered = petra.act_on(Escalation, raised.id, "answer", fields)
        assert (answered.state, answered.rung) == ("answered", 2)
        with pytest.raises(Stale):
            town.work("fenna").act_on(Escalation, raised.id, "resolve", {"result": "ja"}, expected_version=1)
        town.work("fenna").act_on(Escalation, raised.id, "resolve", {"result": "Woning gevonden."})
    assert verify(town.clockwork().session) == []
