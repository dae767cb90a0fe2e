"""Cases that differ in who stands in which relation to them; every free text holds a word of its own, to look for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.conftest import Town
from tests.escalation.town import number, passed_up
from wijkteam.access.model import BreakGlass, GuestAccess, NamedReader
from wijkteam.appointments.service import NewAppointment, plan_appointment
from wijkteam.case_files.service import NewCaseFile, add_case_file
from wijkteam.cases.made_up_areas import made_up_areas
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, keep_areas, open_case
from wijkteam.demo.town import found_town
from wijkteam.documents.model import Document
from wijkteam.escalation.model import Escalation
from wijkteam.escalation.service import NewEscalation, SentFile, attach, escalate
from wijkteam.legal_terms.service import NewLegalTerm, start_legal_term
from wijkteam.letters import queries as letters
from wijkteam.mandate.model import MandateRequest
from wijkteam.mandate.service import AskedDecision, request_mandate
from wijkteam.measuring.service import NewMeasurement, take_measurement
from wijkteam.network.service import OUTSIDE, NewHelper, NewRelation, add_helper, relate
from wijkteam.objections.model import Objection
from wijkteam.objections.service import NewObjection, register_objection
from wijkteam.plans.service import NewAgreement, NewConsent, NewGoal, agree_on, record_consent, set_goal
from wijkteam.quotes.service import NewQuote, write_quote
from wijkteam.residents.service import NewResident, record_resident
from wijkteam.storage.subject import new_id
from wijkteam.terms import clock
from wijkteam.tracks.service import NewTrack, begin_track

OWNERS = ("fenna",)
TEAM = ("fenna", "teun", "kim.1", "noa.1")
"""Who works in the team of every case here, and so reads it unless it is protected."""
PEOPLE = (*TEAM, "sam.2", "rik.2", "teamleider.2", "petra", "mo", "bea", "fia", "olga", "ada", "pia", "gijs")


@dataclass
class Dossier:
    """One case with what hangs under it, and who reads which of it."""

    name: str
    ids: dict[str, Any] = field(default_factory=dict)
    """What a route asks for, by the name of its parameter."""
    readers: dict[str, set[str]] = field(default_factory=dict)
    """Who reads a thing: case, track, letter, escalation …; nobody else does."""

    def word(self, thing: str) -> str:
        """The word that the texts of this thing hold, and nothing else does."""
        return f"zoekwoord{self.name}{thing}".lower()

    def reads(self, person: str, thing: str) -> bool:
        """Whether this person may read that thing of this dossier."""
        return person in self.readers.get(thing, set())


def two_teams(town: Town) -> None:
    """A second team beside the first, with people of its own."""
    work = town.clockwork()
    keep_areas(work, made_up_areas(1, wijken=14, buurten_per_wijk=1), {})
    found_town(town.house, work)


def dossiers(town: Town) -> list[Dossier]:
    """Two teams and every relation that there is."""
    two_teams(town)
    makers: list[Callable[[Town], Dossier]] = [
        plain,
        asked_of_the_process_director,
        asked_of_the_bestuurder,
        requested,
        to_pay,
        objected,
        protected,
        shared,
        shared_before,
        read_through_broken_glass,
        read_through_glass_that_is_whole_again,
    ]
    made = []
    for make in makers:
        made.append(make(town))
        town.close()
    return made


def _case(town: Town, name: str, readers: set[str]) -> tuple[Dossier, HouseholdCase]:
    made = Dossier(name)
    word = made.word("case")
    new = NewCase(f"Huis {word}", f"Er is {word}", f"Doe {word}", clock.today())
    case = open_case(town.work("fenna"), new)
    made.ids["case_id"] = case.id
    made.ids["household_id"] = case.household_id
    made.readers["case"] = readers
    made.readers["full"] = made.readers["work"] = readers
    made.readers["whole_file"] = {"fenna", "pia"} & {*readers, "pia"}
    made.readers["protection"] = {*readers, "pia"}
    return made, case


def plain(town: Town) -> Dossier:
    """A case with a track that somebody of another team works on, a legal term and a letter."""
    made, case = _case(town, "plain", {*TEAM, "sam.2"})
    fenna = town.work("fenna")
    word = made.word("track")
    new = NewTrack(case.id, case.team_id, "finance", word, word, clock.today(), number(town, "sam.2"))
    made.ids["track_id"] = begin_track(fenna, new).id
    term = NewLegalTerm(case.id, case.team_id, "wmo_investigation", clock.today().isoformat(), None, made.word("term"))
    made.ids["term_id"] = start_legal_term(fenna, term).id
    fields = {"power": "urgent_wmo_provision", "motivation": made.word("letter"), "amount": 30_000}
    town.work("fenna").act_on(HouseholdCase, case.id, "decide", fields)
    [letter] = letters.letters_of_case(town.clockwork().session, case.id).values()
    made.ids["letter_id"] = letter.id
    new_resident = NewResident(case.household_id, made.word("resident"))
    made.ids["resident_id"] = record_resident(town.work("fenna"), new_resident).id
    _plan(town, made, case)
    _family(town, made, case)
    for thing in (
        "track",
        "term",
        "letter",
        "resident",
        "goal",
        "helper",
        "relation",
        "appointment",
        "case_file",
        "quote",
    ):
        made.readers[thing] = made.readers["case"]
    return made


def _plan(town: Town, made: Dossier, case: HouseholdCase) -> None:
    """A goal with an agreement, who agreed with the plan, and a measurement."""
    fenna, word = town.work("fenna"), made.word("goal")
    here = {"case_id": case.id, "team_id": case.team_id}
    goal = set_goal(fenna, NewGoal(**here, words=word, life_domain="finance"))
    agreed = agree_on(fenna, NewAgreement(**here, what=word, who=word, goal_id=goal.id))
    consent = NewConsent(**here, covers="plan", who=word, answer="agreed", how="said", on_day=clock.today())
    safe = NewMeasurement(**here, instrument="safety", taken_on=clock.today(), scores={"safe_at_home": 4}, note=word)
    made.ids["goal_id"], made.ids["part_id"] = goal.id, agreed.id
    made.ids["consent_id"] = record_consent(fenna, consent).id
    made.ids["measurement_id"] = take_measurement(fenna, town.house.instruments, safe).id


def _family(town: Town, made: Dossier, case: HouseholdCase) -> None:
    fenna, at_home = town.work("fenna"), case.household_id
    helper = add_helper(fenna, NewHelper(at_home, made.word("helper"), "family", made.word("helper")))
    resident = str(made.ids["resident_id"])
    relation = relate(fenna, NewRelation(at_home, resident, "child", f"{OUTSIDE}{helper.id}"))
    tomorrow = clock.today() + timedelta(days=1)
    appointment = plan_appointment(fenna, NewAppointment(case.id, made.word("appointment"), tomorrow, "10:00"))
    word = made.word("case_file")
    kept = add_case_file(fenna, NewCaseFile(case.id, f"{word}.txt", "text/plain", word.encode(), word))
    made.ids |= {
        "helper_id": helper.id,
        "relation_id": relation.id,
        "appointment_id": appointment.id,
        "file_id": kept.id,
        "quote_id": write_quote(fenna, NewQuote(case.id, "professional", made.word("quote"))).id,
    }


def _escalated(town: Town, name: str, readers: set[str], times_up: int) -> tuple[Dossier, Escalation]:
    made, case = _case(town, name, readers)
    new = NewEscalation(case.id, case.team_id, made.word("escalation"), "housing")
    escalation = escalate(town.work("fenna"), new)
    file = SentFile(f"{made.word('escalation')}.txt", "text/plain", made.word("escalation").encode())
    attach(town.work("fenna"), escalation.id, file)
    passed_up(town, escalation, times_up)
    made.ids["escalation_id"] = escalation.id
    session = town.clockwork().session
    found = session.query(Document).filter_by(subject_kind="escalation", subject_id=escalation.id).one()
    made.ids["document_id"] = found.id
    return made, escalation


def asked_of_the_process_director(town: Town) -> Dossier:
    """An escalation that waits on the second rung: whoever is asked reads the case too."""
    made, _ = _escalated(town, "asked", {*TEAM, "petra"}, 1)
    made.readers["escalation"] = made.readers["file"] = {*TEAM, "petra"}
    return made


def asked_of_the_bestuurder(town: Town) -> Dossier:
    """An escalation that waits on the last rung: a bestuurder reads the question, not the household."""
    made, _ = _escalated(town, "executive", {*TEAM, "petra", "mo"}, 3)
    made.readers["escalation"] = {*TEAM, "petra", "mo", "bea"}
    made.readers["file"] = {*TEAM, "petra", "mo"}
    return made


def requested(town: Town) -> Dossier:
    """A mandate request that was passed up to the manager."""
    made, case = _case(town, "requested", {*TEAM, "mo"})
    asked = AskedDecision("tailored_budget", 180_000, made.word("request"), case.id, case.household_id, case.team_id)
    request = request_mandate(town.work("fenna"), asked)
    town.work("teun").act_on(MandateRequest, request.id, "pass_up", {})
    made.ids["request_id"] = request.id
    made.readers["request"] = {*TEAM, "mo"}
    return made


def to_pay(town: Town) -> Dossier:
    """A decision that the finance officer has to pay."""
    made, case = _case(town, "paid", {*TEAM, "fia"})
    asked = AskedDecision("tailored_budget", 180_000, made.word("request"), case.id, case.household_id, case.team_id)
    request = request_mandate(town.work("fenna"), asked)
    town.work("teun").act_on(MandateRequest, request.id, "approve", {})
    town.work("fenna").act_on(MandateRequest, request.id, "order_payment", {})
    made.ids["request_id"] = request.id
    made.readers["request"] = {*TEAM, "fia"}
    return made


def objected(town: Town) -> Dossier:
    """An objection that the objection officer handles; whoever works on the case sees that it is there."""
    made, case = _case(town, "objected", {*TEAM, "olga"})
    fields = {"power": "urgent_wmo_provision", "motivation": "Hulp.", "amount": 30_000}
    town.work("fenna").act_on(HouseholdCase, case.id, "decide", fields)
    [letter] = letters.letters_of_case(town.clockwork().session, case.id).values()
    new = NewObjection(
        case.id, case.team_id, case.household_id, letter.decision_id, clock.today(), made.word("objection")
    )
    objection = register_objection(town.work("teun"), new)
    town.work("olga").act_on(Objection, objection.id, "take_up", {"confirmed_on": clock.today(), "committee": False})
    made.ids["objection_id"] = objection.id
    made.readers["objection"] = {*TEAM, "olga"}
    return made


def protected(town: Town) -> Dossier:
    """Only named readers, whatever other ground there is."""
    made, case = _case(town, "protected", {"fenna", "noa.1"})
    work = town.clockwork()
    with work.transaction() as session:
        session.get_one(HouseholdCase, case.id).protected_why = made.word("protection")
        for name in ("fenna", "noa.1"):
            session.add(_named(town, case.id, name))
    _insert(town, _glass(town, case.id, "rik.2", timedelta(hours=4)))
    _insert(town, _guest(town, case.id, clock.today(), clock.today()))
    return made


def shared(town: Town) -> Dossier:
    """Shared with somebody of another organisation, today."""
    made, case = _case(town, "shared", {*TEAM, "gijs"})
    _share(town, made, _guest(town, case.id, clock.today(), clock.today()))
    return made


def shared_before(town: Town) -> Dossier:
    """Shared up to yesterday."""
    made, case = _case(town, "before", {*TEAM})
    _share(town, made, _guest(town, case.id, clock.today() - timedelta(days=9), clock.today() - timedelta(days=1)))
    return made


def read_through_broken_glass(town: Town) -> Dossier:
    """Somebody of another team broke the glass."""
    made, case = _case(town, "broken", {*TEAM, "rik.2"})
    _broken(town, made, _glass(town, case.id, "rik.2", timedelta(hours=4)))
    return made


def read_through_glass_that_is_whole_again(town: Town) -> Dossier:
    """The time of a broken glass is over, also when nobody came to end it."""
    made, case = _case(town, "whole", {*TEAM})
    _broken(town, made, _glass(town, case.id, "rik.2", -timedelta(minutes=1)))
    return made


def _share(town: Town, made: Dossier, row: GuestAccess) -> None:
    row.purpose = made.word("share")
    made.ids["share_id"] = row.id
    made.readers["share"] = {*TEAM, "gijs"}
    made.readers["full"] = made.readers["work"] = {*TEAM}
    made.readers["protection"] = {*TEAM, "pia"}
    _insert(town, row)


def _broken(town: Town, made: Dossier, row: BreakGlass) -> None:
    row.reason = made.word("glass")
    made.ids["glass_id"] = row.id
    made.readers["glass"] = {"fenna", "rik.2", "pia"}
    made.readers["work"] = {*TEAM}
    _insert(town, row)


def _insert(town: Town, row: Any) -> None:
    work = town.clockwork()
    with work.transaction() as session:
        session.add(row)


def _named(town: Town, case_id: str, name: str) -> NamedReader:
    return NamedReader(
        case_id=case_id, person_id=number(town, name), named_by=number(town, "fenna"), named_at=clock.now()
    )


def _row() -> dict[str, Any]:
    return {
        "id": new_id(),
        "workflow_version": 1,
        "state": "in_force",
        "version": 1,
        "event_hash": "",
        "opened_at": clock.now(),
        "state_since": clock.now(),
    }


def _glass(town: Town, case_id: str, name: str, still: timedelta) -> BreakGlass:
    return BreakGlass(
        **_row(), case_id=case_id, person_id=number(town, name), reason="Brand", until=clock.now() + still
    )


def _guest(town: Town, case_id: str, first: date, last: date) -> GuestAccess:
    return GuestAccess(
        **_row(),
        case_id=case_id,
        person_id=number(town, "gijs"),
        shared_by=number(town, "fenna"),
        purpose="Samen één plan",
        ground="wmo",
        categories="Plan",
        necessity="Zonder kan het niet",
        informed_on=first,
        first_day=first,
        last_day=last,
    )
