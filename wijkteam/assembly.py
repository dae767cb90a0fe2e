"""Putting the house together: definitions, vocabularies and journals into one engine, on one database."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine as Database
from sqlalchemy.orm import Session, sessionmaker

from wijkteam.access.grounds import Grounds
from wijkteam.access.rules import GlassTable, SharingTable
from wijkteam.area_figures.mapping import AreaFiguresMapping
from wijkteam.caseload.rules import CaseloadRule
from wijkteam.cases import queries as cases
from wijkteam.data_requests.grounds import LIST as REFUSAL_GROUNDS
from wijkteam.data_requests.grounds import RefusalGrounds
from wijkteam.deadlines.journal import DeadlineJournal
from wijkteam.engine.checks.surroundings import Surroundings
from wijkteam.engine.definition import Workflow
from wijkteam.engine.forms import FormTable
from wijkteam.engine.ladder import CodeList, Ladder
from wijkteam.engine.loading import Examined, WrongDefinition, examine, examine_ladder, load_document
from wijkteam.engine.running import Engine, FindVersion, Journal
from wijkteam.engine.vocabulary import Actor
from wijkteam.events.journal import EventJournal, NoticeJournal
from wijkteam.events.payload_keys import BESIDE, KEYS, PayloadKeys
from wijkteam.figures.costs import WaitingCosts
from wijkteam.figures.journal import FigureJournal, keep_measured
from wijkteam.keys.ring import KeyRing
from wijkteam.legal_terms.table import LIST, LegalTable
from wijkteam.letters.journal import LetterJournal
from wijkteam.logs.rules import FILE as READING_LOG
from wijkteam.logs.rules import ReadingRules
from wijkteam.mandate import service as mandate_service
from wijkteam.mandate.keeping import Names
from wijkteam.mandate.register_queries import Titles
from wijkteam.mandate.what_if.cost import ApprovalCost
from wijkteam.measuring.instrument import Instruments
from wijkteam.messages import model as messages_model  # noqa: F401, notices refer to messages
from wijkteam.people import service as people
from wijkteam.reckoning.rates import BenefitTable
from wijkteam.resident_mail.journal import ResidentMailJournal
from wijkteam.residents.legal_grounds import LIST as BSN_GROUNDS
from wijkteam.residents.legal_grounds import BsnGrounds
from wijkteam.retention import table as retention
from wijkteam.rulebook import (
    cost_file,
    data_files,
    read_area_figures,
    read_benefit,
    read_bsn_grounds,
    read_caseload,
    read_forms,
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
    read_waiting_costs,
    workflow_folders,
)
from wijkteam.search.keeping import keep_in_step
from wijkteam.search.notes import NoteJournal
from wijkteam.signals.languages import Language
from wijkteam.signals.table import SignalTable
from wijkteam.signing_in.policy import SignInPolicy
from wijkteam.storage.replica import Replica
from wijkteam.storage.work import CLOCKWORK, Work
from wijkteam.suggesting.days import DayWords, read_day_words
from wijkteam.suggesting.words import Words, read_words
from wijkteam.terms.words import Language as Tongue
from wijkteam.versions.keeping import VersionJournal, keep_definitions, stored_definition
from wijkteam.vocabularies import register_names, surroundings
from wijkteam.wall.reader import Reader
from wijkteam.wall.session import ReadingSession
from wijkteam.webhooks.journal import WebhookJournal


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
    day_words: DayWords
    """By which words a coming day is recognised."""
    forms: FormTable
    """Who requires what forms ask that no definition asks."""
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
    benefit: BenefitTable
    """What can be measured with."""
    signal_table: SignalTable
    """What the municipality decided about signals of residents."""
    languages: dict[str, Language]
    """What residents read on the pages without account, by language; Dutch first."""
    caseload: CaseloadRule = field(default_factory=CaseloadRule)
    """How what somebody has in hand is weighed, and how far ahead my work looks."""
    waiting_costs: WaitingCosts = field(default_factory=WaitingCosts)
    """What it costs when a household waits for an answer."""
    area_figures: AreaFiguresMapping | None = None
    """Which published figures of areas stand in the report; None: none."""
    key_ring: KeyRing = field(default_factory=KeyRing)
    """What is sealed in the database is sealed under this; an empty one where the settings were not asked."""
    payload_keys: PayloadKeys = field(default_factory=lambda: PayloadKeys(KeyRing()))
    """The keys of what events recorded, under the key ring; sessions know them too."""
    replica: Replica | None = None
    """A second database that follows this one, for figures, and for reading when this one is away."""
    waiting: bool = False
    """Whether its database was away when this was built: nothing is asked of it before the house is built anew."""

    def work(self, actor: Actor = CLOCKWORK) -> Work:
        """A new unit of work with a session of its own; the caller closes the session."""
        return Work(self.open_session(), self.engine, actor, grounds=self.grounds)

    def work_on_replica(self) -> Work:
        """A unit of work on the replica, where nothing can be changed; the caller closes the session."""
        assert self.replica is not None
        session = Session(self.replica.database, expire_on_commit=False, info={KEYS: self.payload_keys})
        return Work(session, self.engine, grounds=self.grounds)

    def reading(self, reader: Reader, beside: Session | None = None, on_replica: bool = False) -> ReadingSession:
        """A new session in which only that is there what this reader may read; the caller closes it.

        The keys of what it reads are looked up with `beside`, a session that sees everything, or for a moment apart.
        """
        place = self.replica.database if on_replica and self.replica is not None else self.database
        found = ReadingSession(place, reader)
        found.info.update({KEYS: self.payload_keys, BESIDE: beside})
        return found

    def close(self) -> None:
        """Close the connections that nobody uses."""
        self.database.dispose()
        if self.replica is not None:
            self.replica.database.dispose()

    def register_titles(self, session: Session, tongue: Tongue = "nl") -> Titles:
        """Words for the codes that rows of the register name."""
        listed = self.lists["reserved_cases"].items.items()
        reserved = {code: title.en if tongue == "en" else title.nl for code, title in listed}
        wijken = {wijk.code: wijk.name for wijk in cases.wijken(session)}
        return Titles.from_database(session, reserved, wijken, tongue)

    def title(self, list_name: str, code: str | None, tongue: Tongue = "nl") -> str:
        """The title of a code in a list; the code itself when it is not listed, empty for none."""
        if code is None:
            return ""
        found = self.lists[list_name].items.get(code)
        if found is None:
            return code
        return found.en if tongue == "en" else found.nl


def examine_definitions(folders: Iterable[Path], around: Surroundings) -> Examined:
    """Everything in the definitions and ladders of these folders."""
    places = tuple(folders)
    examined = examine(places, around)
    for path in data_files(places, "ladders"):
        examined.findings += examine_ladder(path, around)
    return examined


def build_house(
    database: Database,
    folders: tuple[Path, ...] | None = None,
    key_ring: KeyRing | None = None,
    waiting: bool = False,
) -> House:
    """The whole house on one database, with the definitions that stand in it beside those in the folders.

    One that is `waiting` asks nothing of its database, which is away: with it can be said that it is, and no more.
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
    older: list[Workflow] = []
    if not waiting:
        with open_session() as session:
            older = keep_definitions(Work(session, Engine([], known, [])), examined, around)
    languages = read_languages(places)
    ladders, lists, table = read_ladders(places), read_lists(places), read_legal_table(places)
    bsn_grounds, refusing = read_bsn_grounds(places), read_refusal_grounds(places)
    return House(
        engine=Engine([*examined.workflows, *older], known, _journals(languages), _elsewhere(open_session, around)),
        ladder=ladders["ave"],
        mandate_ladder=ladders["mandate"],
        lists={**lists, LIST: table.as_list(), BSN_GROUNDS: bsn_grounds.as_list(), REFUSAL_GROUNDS: refusing.as_list()},
        legal_table=table,
        retention=read_retention(places),
        register_names=register_names(lists),
        words={name: read_words(places, name) for name in ("barriers", "remedies", "life_domains")},
        day_words=read_day_words(places),
        forms=read_forms(places, around.vocabularies),
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
        waiting_costs=read_waiting_costs(places),
        area_figures=read_area_figures(places),
        benefit=read_benefit(places),
        signal_table=read_signal_table(places),
        languages=languages,
        waiting=waiting,
    )


def house_on(house: House, database: Database, key_ring: KeyRing | None = None) -> House:
    """The same house on another database, in which the same definitions stand: nothing is read or checked anew.

    What changed meanwhile in that database is found as it always is, when a subject begins on a version.
    """
    ring = key_ring or house.key_ring
    payload_keys = PayloadKeys(ring)
    open_session = _sessions(database, payload_keys)
    engine = house.engine.living_on(_journals(house.languages), _elsewhere(open_session, house.surroundings))
    return replace(
        house,
        engine=engine,
        database=database,
        open_session=open_session,
        key_ring=ring,
        payload_keys=payload_keys,
        replica=None,
    )


def with_replica(house: House, database: Database, bound: timedelta) -> House:
    """The same house beside which a second database stands, that may be so far behind for figures."""
    return replace(house, replica=Replica(house.database, database, bound, unseen=house.waiting))


def _sessions(database: Database, payload_keys: PayloadKeys) -> sessionmaker[Session]:
    sessions = sessionmaker(database, expire_on_commit=False, info={KEYS: payload_keys})
    keep_in_step(sessions)
    keep_measured(sessions)
    return sessions


def _journals(languages: dict[str, Language]) -> list[Journal]:
    found: list[Journal] = [VersionJournal(), EventJournal(), NoteJournal(), DeadlineJournal(), NoticeJournal()]
    told = {kind: frozenset(steps) for kind, steps in languages["nl"].done.items()}
    return [*found, LetterJournal(), FigureJournal(), ResidentMailJournal(told), WebhookJournal()]


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
