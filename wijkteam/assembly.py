"""Putting the house together: definitions, vocabularies and journals into one engine."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine as Database
from sqlalchemy.orm import Session, sessionmaker

from wijkteam.access.grounds import Grounds, working_ground
from wijkteam.cases import queries as cases
from wijkteam.cases import vocabulary as case_vocabulary
from wijkteam.cases.model import HouseholdCase
from wijkteam.deadlines.journal import DeadlineJournal
from wijkteam.engine.checks.surroundings import Surroundings
from wijkteam.engine.definition import Text, Workflow
from wijkteam.engine.fields import MOST_CENTS
from wijkteam.engine.ladder import CodeList, Ladder
from wijkteam.engine.loading import Examined, WrongDefinition, examine, examine_ladder, load_document
from wijkteam.engine.reading import read_document
from wijkteam.engine.running import Engine, Journal
from wijkteam.engine.vocabulary import Actor, Authority, Children, Situation, Vocabulary
from wijkteam.escalation import queries as escalations
from wijkteam.escalation.backing_rules import BackingRules, BackingTies, LiftedLimit
from wijkteam.escalation.breakthrough_rules import BreakthroughRules
from wijkteam.escalation.structural_rules import PatternTies, StructuralRules
from wijkteam.escalation.suggesting import Words, read_words
from wijkteam.escalation.vocabulary import CaseTies, LadderRules
from wijkteam.events.journal import EventJournal, NoticeJournal
from wijkteam.mandate import queries as mandate
from wijkteam.mandate import service as mandate_service
from wijkteam.mandate.granting import CaseMandate, grant_for_case, take_back_for_case
from wijkteam.mandate.service import AskedDecision
from wijkteam.mandate.vocabulary import RequestRules
from wijkteam.people import queries as people_queries
from wijkteam.people import service as people
from wijkteam.shipped import folder
from wijkteam.signals import vocabulary as signal_vocabulary
from wijkteam.storage.work import CLOCKWORK, Work
from wijkteam.tracks import queries as tracks
from wijkteam.tracks.vocabulary import TrackRules
from wijkteam.versions.keeping import VersionJournal, keep_definitions, stored_definition


@dataclass(frozen=True)
class House:
    """Everything that views, commands and the worker need: the engine, ladders, lists, grounds and a database."""

    engine: Engine
    ladder: Ladder
    mandate_ladder: Ladder
    lists: dict[str, CodeList]
    words: dict[str, Words]
    grounds: Grounds
    database: Database
    open_session: Callable[[], Session]

    def work(self, actor: Actor = CLOCKWORK) -> Work:
        """A new unit of work with a session of its own; the caller closes the session."""
        return Work(self.open_session(), self.engine, actor)

    def title(self, list_name: str, code: str | None) -> str:
        """The Dutch title of a code in a list; the code itself when it is not listed, empty for none."""
        if code is None:
            return ""
        found = self.lists[list_name].items.get(code)
        return found.nl if found else code


def workflow_folders(own: Path | None = None) -> tuple[Path, ...]:
    """Where definitions stand: the municipality's own folder first when it has one, then the shipped ones."""
    shipped = folder("workflows")
    return (own, shipped) if own is not None else (shipped,)


def data_files(folders: Iterable[Path], kind: str) -> list[Path]:
    """The files of one kind (ladders, lists, mappings, registers); of two with one name the first folder's."""
    found: dict[str, Path] = {}
    for place in folders:
        for path in sorted((place / kind).glob("*.yaml")):
            found.setdefault(path.name, path)
    return [found[name] for name in sorted(found)]


def read_lists(folders: Iterable[Path]) -> dict[str, CodeList]:
    """All code lists by name. Raises WrongDefinition."""
    files = data_files(folders, "lists")
    found = {each.list: each for each in (load_document(path, CodeList) for path in files)}
    _check_there(files, "list", found, ("barriers", "functions", "powers", "remedies"))
    return found


def read_ladders(folders: Iterable[Path]) -> dict[str, Ladder]:
    """All ladders by name. Raises WrongDefinition."""
    files = data_files(folders, "ladders")
    found = {each.ladder: each for each in (load_document(path, Ladder) for path in files)}
    _check_there(files, "ladder", found, ("ave", "mandate"))
    return found


def _check_there(files: list[Path], key: str, found: Collection[str], needed: Iterable[str]) -> None:
    """What the house cannot do without is there; a file takes the place of the shipped one of its name."""
    wrong = [
        read_document(path).finding("unknown-name", (key,), f"there is no {key} '{path.stem}'", f"name it {path.stem}")
        for path in files
        if path.stem in needed and path.stem not in found
    ]
    if wrong:
        raise WrongDefinition(wrong)


def vocabularies(folders: Iterable[Path]) -> dict[str, Vocabulary]:
    """What the definitions of each kind of subject may name. Raises WrongDefinition."""
    places = tuple(folders)
    lists = {name: dict(each.items) for name, each in read_lists(places).items()}
    ladders = read_ladders(places)
    children = {
        "escalation": Children(_open_escalations, Text(nl="opschaling(en)", en="escalation(s)")),
        "mandate_request": Children(_open_requests, Text(nl="mandaatverzoek(en)", en="mandate request(s)")),
        "track": Children(_open_tracks, Text(nl="spoor of sporen", en="track(s)")),
    }
    found = [
        case_vocabulary.vocabulary(_some(lists, "barriers", "powers"), children),
        LadderRules(ladders["ave"], CaseTies(_case_of, _works_on, _involved)).vocabulary(
            _some(lists, "barriers", "remedies")
        ),
        *_patterns(ladders, lists),
        RequestRules(ladders["mandate"], _case_of).vocabulary(),
        TrackRules(_case_of).vocabulary(_some(lists, "life_domains")),
        signal_vocabulary.vocabulary(),
    ]
    return {each.subject: each for each in found}


def _patterns(ladders: dict[str, Ladder], lists: dict[str, dict[str, Text]]) -> list[Vocabulary]:
    """Structural escalations, breakthroughs and backing, tied to cases and to the register."""
    grounds = Grounds(ladders["ave"], ladders["mandate"])

    def may_read(situation: Situation, case: HouseholdCase) -> bool:
        return grounds.ground(situation.work.session, situation.actor, case) is not None

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
    known = Surroundings(vocabularies(places), frozenset(read_lists(places)["functions"].items))
    if session is None:
        return known
    return replace(known, held=people_queries.held_functions(session), mandated=mandate.functions_with(session))


def _some(lists: dict[str, dict[str, Text]], *names: str) -> dict[str, dict[str, Text]]:
    return {name: lists[name] for name in names}


def _open_escalations(situation: Situation) -> list[Any]:
    return _not_ended(situation, escalations.escalations_of_case(situation.work.session, situation.subject.id))


def _open_requests(situation: Situation) -> list[Any]:
    return _not_ended(situation, mandate.requests_of_case(situation.work.session, situation.subject.id))


def _open_tracks(situation: Situation) -> list[Any]:
    return _not_ended(situation, tracks.tracks_of_case(situation.work.session, situation.subject.id))


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


def build_house(database: Database, folders: tuple[Path, ...] | None = None) -> House:
    """The whole house on one database, with the definitions that stand in it beside those in the folders.

    Raises WrongDefinition with every mistake, also when a version that is in use was changed.
    """
    places = folders or workflow_folders()
    around = surroundings(places)
    examined = examine_definitions(places, around)
    if examined.mistakes:
        raise WrongDefinition(examined.mistakes)
    open_session = sessionmaker(database, expire_on_commit=False)
    journals: list[Journal] = [VersionJournal(), EventJournal(), DeadlineJournal(), NoticeJournal()]
    known = list(around.vocabularies.values())
    with open_session() as session:
        older = keep_definitions(Work(session, Engine([], known, [])), examined, around)

    def elsewhere(name: str, version: int) -> Workflow | None:
        with open_session() as session:
            return stored_definition(session, name, version, around)

    ladders = read_ladders(places)
    return House(
        engine=Engine([*examined.workflows, *older], known, journals, elsewhere),
        ladder=ladders["ave"],
        mandate_ladder=ladders["mandate"],
        lists=read_lists(places),
        words={name: read_words(places, name) for name in ("barriers", "remedies")},
        grounds=Grounds(ladders["ave"], ladders["mandate"]),
        database=database,
        open_session=open_session,
    )


def keep_code_lists(house: House, work: Work) -> None:
    """Bring functions and powers in the database in line with the lists, so that rows can refer to them."""
    with work.transaction():
        for code, title in house.lists["functions"].items.items():
            people.add_function(work, code, title.nl, title.en)
        for code, title in house.lists["powers"].items.items():
            mandate_service.add_power(work, code, title.nl, title.en)
