"""Putting the house together: definitions, vocabularies and journals into one engine."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine as Database
from sqlalchemy.orm import Session, sessionmaker

from wijkteam.access import readers, sharing
from wijkteam.access.breaking_vocabulary import GlassRules
from wijkteam.access.grounds import Grounds, working_ground
from wijkteam.access.involved import involved_in, made_known_on
from wijkteam.access.lasting import named_ids
from wijkteam.access.reading_rules import ReadingRules as TeamReading
from wijkteam.access.rules import GlassTable, SharingTable
from wijkteam.access.sharing_vocabulary import SharingRules
from wijkteam.access.telling import telling_readers
from wijkteam.appointments import queries as appointments
from wijkteam.appointments.vocabulary import AppointmentRules
from wijkteam.case_files.vocabulary import CaseFileRules
from wijkteam.caseload.rules import CaseloadRule
from wijkteam.cases import queries as cases
from wijkteam.cases import vocabulary as case_vocabulary
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.protecting import ProtectionRules
from wijkteam.data_requests import vocabulary as data_request_vocabulary
from wijkteam.data_requests.grounds import LIST as REFUSAL_GROUNDS
from wijkteam.data_requests.grounds import RefusalGrounds
from wijkteam.deadlines.journal import DeadlineJournal
from wijkteam.engine.checks.surroundings import Surroundings
from wijkteam.engine.definition import Text, Workflow
from wijkteam.engine.fields import MOST_CENTS
from wijkteam.engine.ladder import CodeList, Ladder
from wijkteam.engine.loading import Examined, WrongDefinition, examine, examine_ladder, load_document
from wijkteam.engine.running import Engine, FindVersion, Journal
from wijkteam.engine.vocabulary import Actor, Authority, Children, Situation, Vocabulary
from wijkteam.escalation import queries as escalations
from wijkteam.escalation.backing_rules import BackingRules, BackingTies, LiftedLimit
from wijkteam.escalation.breakthrough_rules import BreakthroughRules
from wijkteam.escalation.structural_rules import PatternTies, StructuralRules
from wijkteam.escalation.suggesting import Words, read_words
from wijkteam.escalation.vocabulary import CaseTies, LadderRules
from wijkteam.events.journal import EventJournal, NoticeJournal
from wijkteam.events.payload_keys import BESIDE, KEYS, PayloadKeys
from wijkteam.keys.ring import KeyRing
from wijkteam.legal_terms import queries as legal_terms
from wijkteam.legal_terms.table import LIST, REASONS, LegalTable
from wijkteam.legal_terms.vocabulary import LegalTermRules
from wijkteam.letters.journal import LetterJournal
from wijkteam.letters.vocabulary import LetterRules
from wijkteam.logs.rules import FILE as READING_LOG
from wijkteam.logs.rules import ReadingRules
from wijkteam.mandate import queries as mandate
from wijkteam.mandate import service as mandate_service
from wijkteam.mandate.change_vocabulary import ChangeRules
from wijkteam.mandate.granting import CaseMandate, grant_for_case, take_back_for_case
from wijkteam.mandate.keeping import Names
from wijkteam.mandate.register_queries import Titles
from wijkteam.mandate.service import AskedDecision
from wijkteam.mandate.vocabulary import RequestRules
from wijkteam.mandate.what_if.cost import ApprovalCost
from wijkteam.measuring.instrument import Instruments
from wijkteam.measuring.vocabulary import MeasuringTies
from wijkteam.measuring.vocabulary import vocabulary as measuring_vocabulary
from wijkteam.messages import model as messages_model  # noqa: F401, notices refer to messages
from wijkteam.network.vocabulary import NetworkRules
from wijkteam.objections.queries import POWER as ON_OBJECTIONS
from wijkteam.objections.vocabulary import ObjectionRules
from wijkteam.people import queries as people_queries
from wijkteam.people import service as people
from wijkteam.plans.vocabulary import PlanRules, PlanTies
from wijkteam.residents import queries as residents
from wijkteam.residents.legal_grounds import LIST as BSN_GROUNDS
from wijkteam.residents.legal_grounds import BsnGrounds
from wijkteam.residents.vocabulary import HouseholdTies, ResidentRules
from wijkteam.retention import table as retention
from wijkteam.retention.correcting import CorrectionRules
from wijkteam.retention.vocabulary import ListRules
from wijkteam.rulebook import (
    cost_file,
    data_files,
    read_bsn_grounds,
    read_caseload,
    read_glass,
    read_instruments,
    read_ladders,
    read_languages,
    read_legal_table,
    read_lists,
    read_reading_rules,
    read_refusal_grounds,
    read_retention,
    read_sharing,
    read_sign_in_policy,
    read_signal_table,
    workflow_folders,
)
from wijkteam.search.keeping import keep_in_step
from wijkteam.signals.complaint_vocabulary import ComplaintRules
from wijkteam.signals.languages import Language
from wijkteam.signals.table import SignalTable
from wijkteam.signals.vocabulary import SignalRules
from wijkteam.signing_in.policy import SignInPolicy
from wijkteam.storage.work import CLOCKWORK, Work
from wijkteam.tracks import queries as tracks
from wijkteam.tracks.vocabulary import TrackRules
from wijkteam.versions.keeping import VersionJournal, keep_definitions, stored_definition
from wijkteam.wall.reader import Reader
from wijkteam.wall.session import ReadingSession


@dataclass(frozen=True)
class House:
    """Everything that views, commands and the worker need: the engine, ladders, lists, grounds and a database."""

    engine: Engine
    ladder: Ladder
    mandate_ladder: Ladder
    lists: dict[str, CodeList]
    legal_table: LegalTable
    retention: retention.RetentionTable
    register_names: Names
    """What rows of the mandate register may name."""
    words: dict[str, Words]
    grounds: Grounds
    database: Database
    open_session: Callable[[], Session]
    approving: ApprovalCost
    """What an approver's time is worth."""
    sign_in_policy: SignInPolicy
    """Who has to prove what to sign in."""
    bsn_grounds: BsnGrounds
    """On which grounds a BSN may be recorded."""
    reading_rules: ReadingRules
    """How the log of readings is told and searched."""
    glass: GlassTable
    """For how long glass can be broken."""
    sharing: SharingTable
    """On which legal grounds cases are shared."""
    surroundings: Surroundings
    """What the definitions were checked against."""
    refusal_grounds: RefusalGrounds
    """On which grounds a request about data can be refused."""
    instruments: Instruments
    """What can be measured with."""
    signal_table: SignalTable
    """What the municipality decided about signals of residents."""
    languages: dict[str, Language]
    """What residents read on the pages without account, by language; Dutch first."""
    caseload: CaseloadRule = field(default_factory=CaseloadRule)
    """How what somebody has in hand is weighed, and how far ahead my work looks."""
    key_ring: KeyRing = field(default_factory=KeyRing)
    """What is sealed in the database is sealed under this; an empty one where the settings were not asked."""
    payload_keys: PayloadKeys = field(default_factory=lambda: PayloadKeys(KeyRing()))
    """The keys of what events recorded, under the key ring; sessions know them too."""

    def work(self, actor: Actor = CLOCKWORK) -> Work:
        """A new unit of work with a session of its own; the caller closes the session."""
        return Work(self.open_session(), self.engine, actor, grounds=self.grounds)

    def reading(self, reader: Reader, beside: Session | None = None) -> ReadingSession:
        """A new session in which only that is there what this reader may read; the caller closes it.

        The keys of what it reads are looked up with `beside`, a session that sees everything, or for a moment apart.
        """
        found = ReadingSession(self.database, reader)
        found.info.update({KEYS: self.payload_keys, BESIDE: beside})
        return found

    def register_titles(self, session: Session) -> Titles:
        """Dutch words for the codes that rows of the register name."""
        reserved = {code: title.nl for code, title in self.lists["reserved_cases"].items.items()}
        return Titles.from_database(session, reserved, {wijk.code: wijk.name for wijk in cases.wijken(session)})

    def title(self, list_name: str, code: str | None) -> str:
        """The Dutch title of a code in a list; the code itself when it is not listed, empty for none."""
        if code is None:
            return ""
        found = self.lists[list_name].items.get(code)
        return found.nl if found else code


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
        CaseFileRules(_case_of, _person_works_on).vocabulary(),
        ChangeRules(register_names(read_lists(places))).vocabulary(),
        GlassRules(
            read_glass(places), lambda session, person, case: grounds.full_ground(session, person, case) is not None
        ).vocabulary(),
        SharingRules(read_sharing(places), _case_of).vocabulary(),
        ListRules(read_retention(places)).vocabulary(),
        CorrectionRules(_case_of).vocabulary(),
        *PlanRules(PlanTies(_case_of, _works_on), _some(lists, "life_domains")).vocabularies(),
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


def examine_definitions(folders: Iterable[Path], around: Surroundings) -> Examined:
    """Everything in the definitions and ladders of these folders."""
    places = tuple(folders)
    examined = examine(places, around)
    for path in data_files(places, "ladders"):
        examined.findings += examine_ladder(path, around)
    return examined


def build_house(database: Database, folders: tuple[Path, ...] | None = None, key_ring: KeyRing | None = None) -> House:
    """The whole house on one database, with the definitions that stand in it beside those in the folders.

    Raises WrongDefinition with every mistake, also when a version that is in use was changed.
    """
    places = folders or workflow_folders()
    around = surroundings(places)
    examined = examine_definitions(places, around)
    if examined.mistakes:
        raise WrongDefinition(examined.mistakes)
    ring = key_ring or KeyRing()
    payload_keys = PayloadKeys(ring)
    open_session = _sessions(database, payload_keys)
    known = list(around.vocabularies.values())
    with open_session() as session:
        older = keep_definitions(Work(session, Engine([], known, [])), examined, around)
    ladders, lists, table = read_ladders(places), read_lists(places), read_legal_table(places)
    bsn_grounds, refusing = read_bsn_grounds(places), read_refusal_grounds(places)
    return House(
        engine=Engine([*examined.workflows, *older], known, _journals(), _elsewhere(open_session, around)),
        ladder=ladders["ave"],
        mandate_ladder=ladders["mandate"],
        lists={**lists, LIST: table.as_list(), BSN_GROUNDS: bsn_grounds.as_list(), REFUSAL_GROUNDS: refusing.as_list()},
        legal_table=table,
        retention=read_retention(places),
        register_names=register_names(lists),
        words={name: read_words(places, name) for name in ("barriers", "remedies", "life_domains")},
        grounds=Grounds(ladders["ave"], ladders["mandate"], read_reading_rules(places)),
        database=database,
        open_session=open_session,
        approving=load_document(cost_file(places), ApprovalCost),
        sign_in_policy=read_sign_in_policy(places),
        bsn_grounds=bsn_grounds,
        key_ring=ring,
        payload_keys=payload_keys,
        reading_rules=load_document(
            next(path for path in data_files(places, "logs") if path.name == READING_LOG), ReadingRules
        ),
        glass=read_glass(places),
        sharing=read_sharing(places),
        surroundings=around,
        refusal_grounds=refusing,
        instruments=read_instruments(places),
        caseload=read_caseload(places),
        signal_table=read_signal_table(places),
        languages=read_languages(places),
    )


def house_on(house: House, database: Database, key_ring: KeyRing | None = None) -> House:
    """The same house on another database, in which the same definitions stand: nothing is read or checked anew.

    What changed meanwhile in that database is found as it always is, when a subject begins on a version.
    """
    ring = key_ring or house.key_ring
    payload_keys = PayloadKeys(ring)
    open_session = _sessions(database, payload_keys)
    engine = house.engine.living_on(_journals(), _elsewhere(open_session, house.surroundings))
    return replace(
        house,
        engine=engine,
        database=database,
        open_session=open_session,
        key_ring=ring,
        payload_keys=payload_keys,
    )


def _sessions(database: Database, payload_keys: PayloadKeys) -> sessionmaker[Session]:
    sessions = sessionmaker(database, expire_on_commit=False, info={KEYS: payload_keys})
    keep_in_step(sessions)
    return sessions


def _journals() -> list[Journal]:
    return [VersionJournal(), EventJournal(), DeadlineJournal(), NoticeJournal(), LetterJournal()]


def _elsewhere(open_session: Callable[[], Session], around: Surroundings) -> FindVersion:
    def find(name: str, version: int) -> Workflow | None:
        with open_session() as session:
            return stored_definition(session, name, version, around)

    return find


def keep_code_lists(house: House, work: Work) -> None:
    """Bring functions and powers in the database in line with the lists, so that rows can refer to them."""
    with work.transaction():
        for code, title in house.lists["functions"].items.items():
            people.add_function(work, code, title.nl, title.en)
        for code, title in house.lists["powers"].items.items():
            mandate_service.add_power(work, code, title.nl, title.en)
