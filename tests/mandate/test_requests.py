"""What comes of a mandate request: mandate for one case, bounded and dated; decisions; several at once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.conftest import Town
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.ladder import Ladder, Rung, RungTerm
from wijkteam.engine.running import NoMandate, NotOpen, NotYours
from wijkteam.mandate import answering
from wijkteam.mandate import deciding_queries as deciding
from wijkteam.mandate.deciding import asked_decision
from wijkteam.mandate.model import Decision, Mandate, MandateRequest
from wijkteam.mandate.service import AskedDecision, NewMandate, add_mandate, may_decide, request_mandate
from wijkteam.mandate.together import Ticked, answer_together
from wijkteam.people import queries as people
from wijkteam.people import service as people_service
from wijkteam.people.model import HeldFunction
from wijkteam.people.service import NewPerson
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.terms.term import Clock

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def a_case(work: Work, where: str = "Voorbeeldstraat 1") -> HouseholdCase:
    return open_case(work, NewCase(where, "Huur", "Langsgaan", clock.today()))


def wanting(case: HouseholdCase, euros: int, power: str = "tailored_budget") -> AskedDecision:
    return AskedDecision(power, euros * 100, "Nodig", case.id, case.household_id, case.team_id)


def approved(town: Town, case: HouseholdCase, euros: int, **fields: object) -> MandateRequest:
    request = request_mandate(town.work("fenna"), wanting(case, euros))
    return town.work("teun").act_on(MandateRequest, request.id, "approve", fields)


def decides(town: Town, case: HouseholdCase, euros: int) -> None:
    """Fenna decides on the page of a case, without a request."""
    fields = {"power": "tailored_budget", "amount": euros * 100, "motivation": "Nodig"}
    town.work("fenna").act_on(HouseholdCase, case.id, "decide", fields)


def test_given_mandate_is_a_row_for_this_person_and_case_under_the_row_of_the_giver(town: Town) -> None:
    case = a_case(town.work("fenna"))
    request = approved(town, case, 1_800)
    session = town.clockwork().session
    row = session.get(Mandate, request.mandate_id)
    assert (row.case_id, row.person_id, row.power) == (case.id, request.requester_id, "tailored_budget")
    assert (row.ceiling_per_decision, row.valid_until) == (180_000, request.valid_until)
    giver = session.get(Mandate, row.given_under)
    assert (giver.number, giver.function) == ("M-03", "team_lead")
    done = town.work("fenna").act_on(MandateRequest, request.id, "carry_out", {})
    found = select(Decision).where(Decision.request_id == done.id)
    decision = town.clockwork().session.scalars(found).one()
    assert (decision.mandate_id, decision.decided_by, decision.amount) == (row.id, request.requester_id, 180_000)


def test_given_mandate_is_for_this_case_only(town: Town) -> None:
    case, other = a_case(town.work("fenna")), a_case(town.work("fenna"), "Voorbeeldstraat 2")
    approved(town, case, 1_800)
    with pytest.raises(NoMandate):
        decides(town, other, 1_800)


def test_given_mandate_is_for_this_person_only(town: Town) -> None:
    case = a_case(town.work("fenna"))
    approved(town, case, 1_800)
    sam = town.work("sam.1")
    assert not may_decide(sam, sam.actor, wanting(case, 1_800)).allowed


def test_all_decisions_under_given_mandate_together_stay_within_its_amount(town: Town) -> None:
    case = a_case(town.work("fenna"))
    approved(town, case, 1_800)
    decides(town, case, 1_000)
    with pytest.raises(NoMandate):
        decides(town, case, 801)
    decides(town, case, 800)
    with pytest.raises(NoMandate):
        decides(town, case, 1_000)


def test_given_mandate_holds_up_to_and_including_its_day(town: Town) -> None:
    with clock.standing_at(MONDAY):
        case = a_case(town.work("fenna"))
        request = approved(town, case, 1_800, valid_until=date(2026, 3, 10))
    fenna = town.work("fenna")
    with clock.standing_at(MONDAY + timedelta(days=9)):
        with pytest.raises(NoMandate) as refused:
            fenna.act_on(MandateRequest, request.id, "carry_out", {})
        assert "10-03-2026" in refused.value.reason.nl
    with clock.standing_at(MONDAY + timedelta(days=8)):
        assert fenna.act_on(MandateRequest, request.id, "carry_out", {}).state == "carried_out"


def test_nobody_gives_mandate_for_longer_than_they_hold_it(town: Town) -> None:
    soon = clock.today() + timedelta(days=20)
    row = {"valid_until": soon, "may_pass_on": True, "ceiling_per_decision": 300_000}
    add_mandate(town.clockwork(), NewMandate("M-90", "tailored_budget", "team_lead", **row))
    case = a_case(town.work("fenna"))
    with pytest.raises(WrongFields):
        approved(town, case, 2_800, valid_until=soon + timedelta(days=1))
    assert approved(town, case, 2_800).valid_until == soon


def test_nobody_gives_what_they_may_not_pass_on_but_may_decide_it_themselves(town: Town) -> None:
    add_mandate(town.clockwork(), NewMandate("M-91", "tailored_budget", "team_lead", ceiling_per_decision=300_000))
    case = a_case(town.work("fenna"))
    request = request_mandate(town.work("fenna"), wanting(case, 2_800))
    teun = town.work("teun")
    with pytest.raises(NoMandate) as refused:
        teun.act_on(MandateRequest, request.id, "approve", {})
    assert "10:9" in refused.value.reason.nl and "Zelf besluiten" in refused.value.reason.nl
    assert teun.act_on(MandateRequest, request.id, "decide", {}).state == "decided"


def test_who_works_for_another_employer_gets_mandate_after_consent_only(town: Town) -> None:
    work = town.clockwork()
    team = people.teams(work.session)[0]
    wim = people_service.add_person(
        work, NewPerson("Wim Welzijn", "wim@voorbeeldstad.example", civil_servant=False, employer="Welzijn")
    )
    people_service.give_function(work, wim, "best_person", team, date(2020, 1, 1))
    case = a_case(town.work("fenna"))
    request = request_mandate(town.work("wim"), wanting(case, 1_800))
    teun = town.work("teun")
    with pytest.raises(NoMandate) as refused:
        teun.act_on(MandateRequest, request.id, "approve", {})
    assert "10:4" in refused.value.reason.nl and "Zelf besluiten" in refused.value.reason.nl
    with work.transaction() as session:
        held = session.scalars(select(HeldFunction).where(HeldFunction.person_id == wim.id)).one()
        held.consented_on = held.employer_consented_on = date(2020, 1, 1)
    assert teun.act_on(MandateRequest, request.id, "approve", {}).state == "approved"


def test_revoking_holds_from_that_moment_and_touches_no_decision_before(town: Town) -> None:
    case = a_case(town.work("fenna"))
    request = approved(town, case, 1_800)
    decides(town, case, 1_000)
    town.work("teun").act_on(MandateRequest, request.id, "revoke", {"answer": "Het fonds betaalt de rest."})
    with pytest.raises(NoMandate):
        decides(town, case, 800)
    session = town.clockwork().session
    decision = session.scalars(select(Decision)).one()
    assert session.get(Mandate, decision.mandate_id).revoked_at > decision.decided_at


def test_asking_again_ends_what_was_given_before(town: Town) -> None:
    case = a_case(town.work("fenna"))
    first = approved(town, case, 1_800)
    row = first.mandate_id
    town.work("fenna").act_on(MandateRequest, first.id, "ask_again", {})
    assert town.clockwork().session.get(Mandate, row).revoked_at is not None
    again = town.work("teun").act_on(MandateRequest, first.id, "approve", {})
    assert again.mandate_id != row


def test_an_approver_is_not_their_own_second_pair_of_eyes(town: Town) -> None:
    row = {"second_pair_above": 100_000, "may_pass_on": True, "ceiling_per_decision": 300_000}
    add_mandate(town.clockwork(), NewMandate("M-92", "tailored_budget", "team_lead", **row))
    case = a_case(town.work("fenna"))
    request = request_mandate(town.work("fenna"), wanting(case, 2_800))
    teun = town.work("teun")
    teun.act_on(MandateRequest, request.id, "agree", {})
    with pytest.raises(NoMandate):
        teun.act_on(MandateRequest, request.id, "approve", {})
    town.work("sam.1").act_on(MandateRequest, request.id, "agree", {})
    assert teun.act_on(MandateRequest, request.id, "approve", {}).state == "approved"
    assert town.work("fenna").act_on(MandateRequest, request.id, "carry_out", {}).state == "carried_out"


def asked(town: Town, *euros: int) -> list[MandateRequest]:
    case = a_case(town.work("fenna"))
    return [request_mandate(town.work("fenna"), wanting(case, each)) for each in euros]


def test_of_several_at_once_each_is_done_or_refused_for_itself(town: Town) -> None:
    one, too_much, other, stale = asked(town, 300, 2_600, 400, 500)
    town.work("sam.1").act_on(MandateRequest, stale.id, "agree", {})
    ticked = [Ticked(each.id, version) for each, version in ((one, 2), (too_much, 2), (other, 2), (stale, 2))]
    outcomes = answer_together(town.work("teun"), ticked, "approve", {"answer": "Akkoord."})
    assert [each.refusal is None for each in outcomes] == [True, False, True, False]
    assert "€ 2.500,00" in outcomes[1].refusal.nl
    session = town.clockwork().session
    assert [session.get(MandateRequest, each.request_id).state for each in outcomes] == [
        "approved",
        "asked",
        "approved",
        "asked",
    ]


def test_several_at_once_are_about_the_same_power(town: Town) -> None:
    (one,) = asked(town, 300)
    case = a_case(town.work("fenna"), "Voorbeeldstraat 9")
    other = request_mandate(town.work("fenna"), wanting(case, 300, "wmo_provision"))
    for ticked in ([Ticked(one.id, 2), Ticked(other.id, 2)], []):
        with pytest.raises(WrongFields):
            answer_together(town.work("teun"), ticked, "approve", {})
    with pytest.raises(WrongFields):
        answer_together(town.work("teun"), [Ticked(one.id, 2)], "refuse", {})
    assert town.clockwork().session.get(MandateRequest, one.id).state == "asked"


def test_nobody_answers_their_own_requests_among_several(town: Town) -> None:
    teun = town.work("teun")
    case = a_case(town.work("fenna"))
    own = request_mandate(teun, wanting(case, 300))
    (outcome,) = answer_together(teun, [Ticked(own.id, 2)], "approve", {})
    assert outcome.refusal is not None
    for step in ("approve", "decide", "refuse", "agree"):
        with pytest.raises(NotYours):
            teun.act_on(MandateRequest, own.id, step, {"answer": "x"} if step == "refuse" else {})


def test_who_decided_the_request_is_asked_nothing_twice(town: Town) -> None:
    case = a_case(town.work("fenna"))
    request = approved(town, case, 300)
    with pytest.raises(NotOpen):
        town.work("teun").act_on(MandateRequest, request.id, "decide", {})


def test_comparable_requests_are_those_around_the_amount_or_else_the_nearest(town: Town) -> None:
    case = a_case(town.work("fenna"))
    for euros in (90, 100, 110, 120, 130, 900):
        approved(town, case, euros)
    refused, amended, new = asked(town, 105, 115, 100)
    teun = town.work("teun")
    teun.act_on(MandateRequest, refused.id, "refuse", {"answer": "Nee."})
    teun.act_on(MandateRequest, amended.id, "amend", {"decided_amount": 8_000, "conditions": "Minder."})
    found = deciding.comparable(town.clockwork().session, new)
    assert sorted(each.amount for each in found.found) == [9_000, 10_000, 10_500, 11_000, 11_500, 12_000, 13_000]
    assert (found.as_asked, found.amended, found.refused, found.median_amount) == (5, 1, 1, 10_500)
    assert found.all_around and len(found.examples) == 5
    (dear,) = asked(town, 2_000)
    nearest = deciding.comparable(town.clockwork().session, dear)
    assert not nearest.all_around and nearest.found[0].amount == 90_000 and len(nearest.found) == 5


def test_what_is_left_counts_what_the_household_had_this_year(town: Town) -> None:
    case = a_case(town.work("fenna"))
    decides(town, case, 200)
    (request,) = asked(town, 300)
    fenna = town.work("fenna")
    (room,) = deciding.room(fenna, fenna.actor, asked_decision(request_mandate(fenna, wanting(case, 700)), 700))
    assert (room.number, room.household.ceiling, room.household.spent, room.household.left) == (
        "M-02",
        75_000,
        20_000,
        55_000,
    )
    (other,) = deciding.room(fenna, fenna.actor, asked_decision(request, request.amount))
    assert other.household.spent == 0, "another household"


TRIES = st.lists(st.tuples(st.integers(0, 30), st.booleans(), st.integers(1, 2_500)), min_size=1, max_size=6)


@settings(max_examples=12)
@given(euros=st.integers(1, 5_000), share=st.floats(0.1, 1), lasts=st.integers(0, 90), tries=TRIES)
def test_under_given_mandate_is_decided_what_it_is_for_and_nothing_else(
    town: Town, euros: int, share: float, lasts: int, tries: list[tuple[int, bool, int]]
) -> None:
    """Of a power that the requester holds no mandate for: for this case, up to this amount in all, until this day."""
    with clock.standing_at(MONDAY):
        case, other = a_case(town.work("fenna")), a_case(town.work("fenna"), "Voorbeeldstraat 2")
        request = request_mandate(town.work("fenna"), wanting(case, euros, "wmo_provision"))
        until = clock.today() + timedelta(days=lasts)
        given = {"decided_amount": max(1, int(euros * share)) * 100, "conditions": "Minder.", "valid_until": until}
        left = town.work("teun").act_on(MandateRequest, request.id, "amend", given).decided_amount
    at = MONDAY
    for days, here, wanted in tries:
        at += timedelta(days=days)
        with clock.standing_at(at):
            covered = here and clock.today() <= until and wanted * 100 <= left
            fields = {"power": "wmo_provision", "amount": wanted * 100, "motivation": "Nodig"}
            try:
                town.work("fenna").act_on(HouseholdCase, (case if here else other).id, "decide", fields)
            except NoMandate:
                assert not covered
            else:
                assert covered
                left -= wanted * 100
    town.close()


WORKING = st.builds(lambda days: RungTerm(within=f"P{days}D"), st.integers(1, 30))
ELAPSED = st.builds(lambda hours: RungTerm(within=f"PT{hours}H", clock=Clock.ELAPSED), st.integers(1, 200))
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))


@given(term=WORKING | ELAPSED, at=MOMENTS, late=st.integers(0, 90))
def test_a_rung_is_reminded_within_its_term_and_then_has_what_is_left_of_it(
    term: RungTerm, at: datetime, late: int
) -> None:
    rung = Rung(number=1, function="team_lead", layer={"nl": "Team", "en": "Team"}, term=term)
    ladder = Ladder(ladder="mandate", title={"nl": "L", "en": "L"}, source="local", rungs=[rung])
    request = MandateRequest(rung=1, source=None)
    answering.begin(request, ladder, at)
    reminded = answering.term(request, ladder, at).end(at)
    assert at < reminded < request.answer_by
    request.reminders = 1
    fired = reminded + timedelta(seconds=late)
    end = answering.term(request, ladder, fired).end(fired)
    assert end - request.answer_by < timedelta(seconds=1) or fired >= request.answer_by
    assert end >= request.answer_by
