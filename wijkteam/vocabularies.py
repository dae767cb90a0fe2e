"""What definitions may name: the vocabulary of each kind of subject, tied to cases, the register and the grounds."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from wijkteam.access import readers, sharing
from wijkteam.access.breaking_vocabulary import GlassRules
from wijkteam.access.grounds import Grounds, working_ground
from wijkteam.access.involved import involved_in, made_known_on
from wijkteam.access.lasting import named_ids
from wijkteam.access.reading_rules import ReadingRules as TeamReading
from wijkteam.access.sharing_vocabulary import SharingRules
from wijkteam.access.telling import telling_readers
from wijkteam.appointments import queries as appointments
from wijkteam.appointments.vocabulary import AppointmentRules
from wijkteam.case_files.vocabulary import CaseFileRules
from wijkteam.cases import queries as cases
from wijkteam.cases import vocabulary as case_vocabulary
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.protecting import ProtectionRules
from wijkteam.data_requests import vocabulary as data_request_vocabulary
from wijkteam.engine.checks.surroundings import Surroundings
from wijkteam.engine.definition import Text
from wijkteam.engine.fields import MOST_CENTS
from wijkteam.engine.ladder import CodeList, Ladder
from wijkteam.engine.vocabulary import Authority, Children, Situation, Vocabulary
from wijkteam.escalation import queries as escalations
from wijkteam.escalation.backing_rules import BackingRules, BackingTies, LiftedLimit
from wijkteam.escalation.breakthrough_rules import BreakthroughRules
from wijkteam.escalation.structural_rules import PatternTies, StructuralRules
from wijkteam.escalation.vocabulary import CaseTies, LadderRules
from wijkteam.exporting import vocabulary as exporting
from wijkteam.legal_terms import queries as legal_terms
from wijkteam.legal_terms.table import LIST, REASONS
from wijkteam.legal_terms.vocabulary import LegalTermRules
from wijkteam.letters.vocabulary import LetterRules
from wijkteam.mandate import queries as mandate
from wijkteam.mandate import service as mandate_service
from wijkteam.mandate.change_vocabulary import ChangeRules
from wijkteam.mandate.granting import CaseMandate, grant_for_case, take_back_for_case
from wijkteam.mandate.keeping import Names
from wijkteam.mandate.service import AskedDecision
from wijkteam.mandate.vocabulary import RequestRules
from wijkteam.measuring.vocabulary import MeasuringTies
from wijkteam.measuring.vocabulary import vocabulary as measuring_vocabulary
from wijkteam.network.vocabulary import NetworkRules
from wijkteam.objections.queries import POWER as ON_OBJECTIONS
from wijkteam.objections.vocabulary import ObjectionRules
from wijkteam.people import queries as people_queries
from wijkteam.plans.vocabulary import LISTS as LISTS_OF_PLANS
from wijkteam.plans.vocabulary import PlanRules, PlanTies
from wijkteam.quotes.vocabulary import QuoteRules
from wijkteam.residents import queries as residents
from wijkteam.residents.vocabulary import HouseholdTies, ResidentRules
from wijkteam.retention.correcting import CorrectionRules
from wijkteam.retention.vocabulary import ListRules
from wijkteam.rulebook import (
    read_bsn_grounds,
    read_forms,
    read_glass,
    read_instruments,
    read_ladders,
    read_legal_table,
    read_lists,
    read_reading_rules,
    read_refusal_grounds,
    read_retention,
    read_sharing,
    read_signal_table,
)
from wijkteam.signals.complaint_vocabulary import ComplaintRules
from wijkteam.signals.vocabulary import SignalRules
from wijkteam.tracks import queries as tracks
from wijkteam.tracks.vocabulary import TrackRules


def vocabularies(folders: Iterable[Path]) -> dict[str, Vocabulary]:
    """What the definitions of each kind of subject may name. Raises WrongDefinition."""
    places = tuple(folders)
    lists = {name: dict(each.items) for name, each in read_lists(places).items()}
    table = read_legal_table(places)
    lists[LIST] = dict(table.as_list().items)
    ladders = read_ladders(places)
    children = {
        "escalation": Children(_open_escalations, Text(nl="opschaling(en)", en="escalation(s)")),
        "mandate_request": Children(_open_requests, Text(nl="mandaatverzoek(en)", en="mandate request(s)")),
        "track": Children(_open_tracks, Text(nl="spoor of sporen", en="track(s)")),
        "legal_term": Children(_open_legal_terms, Text(nl="wettelijke termijn(en)", en="legal term(s)")),
        "appointment": Children(_open_appointments, Text(nl="afspraak of afspraken", en="appointment(s)")),
        "guest_access": Children(_open_shares, Text(nl="keer gedeeld", en="share(s)")),
    }
    grounds = Grounds(ladders["ave"], ladders["mandate"])
    signal_table = read_signal_table(places)
    case_lists = {**_some(lists, "barriers"), "powers": _in_cases(lists["powers"])}
    found = [
        case_vocabulary.vocabulary(case_lists, children, ProtectionRules(readers.TIES)),
        LadderRules(ladders["ave"], CaseTies(_case_of, _works_on, _involved)).vocabulary(
            _some(lists, "barriers", "remedies")
        ),
        *_patterns(ladders, lists, read_reading_rules(places)),
        RequestRules(ladders["mandate"], _case_of).vocabulary(),
        TrackRules(_case_of, named_ids).vocabulary(_some(lists, "life_domains")),
        LegalTermRules(table, _case_of).vocabulary(_some(lists, LIST, REASONS)),
        LetterRules(_case_of).vocabulary(),
        ObjectionRules(_case_of, made_known_on, involved_in).vocabulary(),
        SignalRules(ladders["ave"], signal_table).vocabulary(),
        ComplaintRules(signal_table).vocabulary(),
        data_request_vocabulary.vocabulary(read_refusal_grounds(places)),
        ResidentRules(read_bsn_grounds(places), HOUSEHOLD_TIES).vocabulary(),
        NetworkRules(HOUSEHOLD_TIES).helpers(_some(lists, "life_domains")),
        NetworkRules(HOUSEHOLD_TIES).relations(),
        AppointmentRules(_case_of, _person_works_on).vocabulary(),
        CaseFileRules(_case_of, _works_on).vocabulary(),
        QuoteRules(_case_of, _works_on, _some(lists, "barriers")).vocabulary(),
        ChangeRules(register_names(read_lists(places))).vocabulary(),
        GlassRules(
            read_glass(places), lambda session, person, case: grounds.full_ground(session, person, case) is not None
        ).vocabulary(),
        SharingRules(read_sharing(places), _case_of).vocabulary(),
        ListRules(read_retention(places)).vocabulary(),
        exporting.vocabulary(),
        CorrectionRules(_case_of).vocabulary(),
        *PlanRules(PlanTies(_case_of, _works_on), _some(lists, *LISTS_OF_PLANS)).vocabularies(),
        measuring_vocabulary(MeasuringTies(_case_of, _works_on, _is_of_household)),
    ]
    return {each.subject: telling_readers(each, _case_of) for each in found}


def register_names(lists: dict[str, CodeList]) -> Names:
    """What rows of the mandate register may name: bodies by their Dutch words, reserved cases and wijken by code."""
    return Names(
        bodies=frozenset(title.nl for title in lists["bodies"].items.values()),
        reserved=frozenset(lists["reserved_cases"].items),
        wijken=lambda session: frozenset(wijk.code for wijk in cases.wijken(session)),
    )


def _patterns(ladders: dict[str, Ladder], lists: dict[str, dict[str, Text]], rules: TeamReading) -> list[Vocabulary]:
    """Structural escalations, breakthroughs and backing, tied to cases and to the register."""
    grounds = Grounds(ladders["ave"], ladders["mandate"], rules)

    def may_read(situation: Situation, case: HouseholdCase) -> bool:
        return grounds.full_ground(situation.work.session, situation.actor, case) is not None

    structural = StructuralRules(ladders["ave"], PatternTies(cases.cases, may_read))
    ties = BackingTies(_case_of, structural.people_behind, _may_decide, _give_mandate, take_back_for_case)
    return [
        structural.vocabulary(_some(lists, "barriers")),
        BreakthroughRules(ladders["ave"], structural.people_behind).vocabulary(),
        BackingRules(ladders["ave"], ties).vocabulary(_some(lists, "powers")),
    ]


def surroundings(folders: Iterable[Path], session: Session | None = None) -> Surroundings:
    """What definitions are checked against; with a session also today's people and register.

    Raises WrongDefinition.
    """
    places = tuple(folders)
    read_instruments(places)
    known = Surroundings(vocabularies(places), frozenset(read_lists(places)["functions"].items))
    read_forms(places, known.vocabularies)
    if session is None:
        return known
    return replace(known, held=people_queries.held_functions(session), mandated=mandate.functions_with(session))


def _some(lists: dict[str, dict[str, Text]], *names: str) -> dict[str, dict[str, Text]]:
    return {name: lists[name] for name in names}


def _in_cases(powers: dict[str, Text]) -> dict[str, Text]:
    """What is decided in a case itself: on an objection is decided in the objection only."""
    return {code: title for code, title in powers.items() if code != ON_OBJECTIONS}


def _open_escalations(situation: Situation) -> list[Any]:
    return _not_ended(situation, escalations.escalations_of_case(situation.work.session, situation.subject.id))


def _open_requests(situation: Situation) -> list[Any]:
    return _not_ended(situation, mandate.requests_of_case(situation.work.session, situation.subject.id))


def _open_tracks(situation: Situation) -> list[Any]:
    return _not_ended(situation, tracks.tracks_of_case(situation.work.session, situation.subject.id))


def _open_legal_terms(situation: Situation) -> list[Any]:
    return _not_ended(situation, legal_terms.legal_terms_of_case(situation.work.session, situation.subject.id))


def _open_appointments(situation: Situation) -> list[Any]:
    return _not_ended(situation, appointments.appointments_of_case(situation.work.session, situation.subject.id))


def _open_shares(situation: Situation) -> list[Any]:
    return _not_ended(situation, sharing.shares_of_case(situation.work.session, situation.subject.id))


def _not_ended(situation: Situation, children: Iterable[Any]) -> list[Any]:
    return [each for each in children if not situation.work.engine.has_ended(each)]


def _case_of(situation: Situation) -> HouseholdCase | None:
    """The case as this transaction has it in hand, with changes that are not written yet."""
    case_id = situation.subject.case_id
    session: Session = situation.work.session
    return session.get(HouseholdCase, case_id) if case_id else None


def _works_on(situation: Situation) -> bool:
    case = _case_of(situation)
    return case is not None and working_ground(situation.work.session, situation.actor, case) is not None


def _person_works_on(situation: Situation, person_id: int) -> bool:
    session: Session = situation.work.session
    case, person = _case_of(situation), people_queries.acting_person(session, person_id)
    return case is not None and person is not None and working_ground(session, person, case) is not None


def _works_for_household(situation: Situation) -> bool:
    session: Session = situation.work.session
    of = cases.cases_of_household(session, situation.subject.household_id)
    return any(working_ground(session, situation.actor, case) is not None for case in of)


def _household_has_open_case(situation: Situation) -> bool:
    of = cases.cases_of_household(situation.work.session, situation.subject.household_id)
    return any(case.state != cases.CLOSED for case in of)


def _is_of_household(situation: Situation) -> bool:
    """Whether the resident that a subject is about lives in the household of its case."""
    case = _case_of(situation)
    resident = residents.find_resident(situation.work.session, situation.subject.resident_id)
    return case is not None and resident is not None and resident.household_id == case.household_id


HOUSEHOLD_TIES = HouseholdTies(_works_for_household, _household_has_open_case)
"""What residents, helpers and relations need to know of the cases of their household."""


def _involved(situation: Situation) -> list[int]:
    case = _case_of(situation)
    if case is None:
        return []
    return [case.owner_id, case.next_step_by, *tracks.workers_of(situation.work.session, case.id)]


def _may_decide(situation: Situation, case: HouseholdCase | None, power: str, amount: int | None) -> Authority:
    """Without an amount it is without a limit, and only who holds no limit may give that."""
    asked = AskedDecision(
        power,
        MOST_CENTS if amount is None else amount,
        situation.fields.get("deviation", ""),
        case.id if case else None,
        case.household_id if case else None,
        case.team_id if case else None,
    )
    return mandate_service.may_decide(situation.work, situation.actor, asked)


def _give_mandate(situation: Situation, case: HouseholdCase, limit: LiftedLimit) -> int:
    new = CaseMandate(
        limit.power, case.id, limit.person_id, limit.function, limit.amount, limit.until, f"Rugdekking: {limit.why}"
    )
    return grant_for_case(situation, new).id
