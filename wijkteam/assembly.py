"""Putting the house together: definitions, vocabularies and journals into one engine."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine as Database
from sqlalchemy.orm import Session, sessionmaker

from wijkteam.access.grounds import Grounds
from wijkteam.cases import queries as cases
from wijkteam.cases import vocabulary as case_vocabulary
from wijkteam.deadlines.journal import DeadlineJournal
from wijkteam.engine.definition import Text
from wijkteam.engine.ladder import CodeList, Ladder
from wijkteam.engine.loading import load_document, load_workflows
from wijkteam.engine.running import Engine
from wijkteam.engine.vocabulary import Actor, Situation, Vocabulary
from wijkteam.escalation import queries as escalations
from wijkteam.escalation.vocabulary import LadderRules
from wijkteam.events.journal import EventJournal, NoticeJournal
from wijkteam.mandate import queries as mandate
from wijkteam.mandate import service as mandate_service
from wijkteam.mandate.vocabulary import RequestRules
from wijkteam.people import service as people
from wijkteam.shipped import folder
from wijkteam.signals import vocabulary as signal_vocabulary
from wijkteam.storage.work import CLOCKWORK, Work


@dataclass(frozen=True)
class House:
    """Everything that views, commands and the worker need: the engine, ladders, lists, grounds and a database."""

    engine: Engine
    ladder: Ladder
    mandate_ladder: Ladder
    lists: dict[str, CodeList]
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


def workflow_folder() -> Path:
    """Where the shipped workflow definitions stand."""
    return folder("workflows")


def read_lists(workflows: Path) -> dict[str, CodeList]:
    """All code lists by name. Raises WrongDefinition."""
    found = [load_document(path, CodeList) for path in sorted((workflows / "lists").glob("*.yaml"))]
    return {each.list: each for each in found}


def read_ladder(workflows: Path, name: str) -> Ladder:
    """One ladder by name. Raises WrongDefinition."""
    return load_document(workflows / "ladders" / f"{name}.yaml", Ladder)


def vocabularies(workflows: Path) -> list[Vocabulary]:
    """What the definitions of each kind of subject may name. Raises WrongDefinition."""
    lists = {name: dict(each.items) for name, each in read_lists(workflows).items()}
    return [
        case_vocabulary.vocabulary(_some(lists, "barriers", "powers"), _count_open_questions),
        LadderRules(read_ladder(workflows, "ave"), _owner_of_case).vocabulary(_some(lists, "barriers", "remedies")),
        RequestRules(read_ladder(workflows, "mandate")).vocabulary(),
        signal_vocabulary.vocabulary(),
    ]


def _some(lists: dict[str, dict[str, Text]], *names: str) -> dict[str, dict[str, Text]]:
    return {name: lists[name] for name in names}


def _count_open_questions(session: Session, case_id: str) -> int:
    requests = [each for each in mandate.requests_of_case(session, case_id) if each.state in mandate.OPEN_STATES]
    return escalations.count_open(session, case_id) + len(requests)


def _owner_of_case(situation: Situation) -> int | None:
    case = cases.find_case(situation.work.session, situation.subject.case_id)
    return case.owner_id if case else None


def build_engine(workflows: Path) -> Engine:
    """The engine with all shipped definitions. Raises WrongDefinition with every mistake in them."""
    known = vocabularies(workflows)
    return Engine(load_workflows(workflows, known), known, [EventJournal(), DeadlineJournal(), NoticeJournal()])


def build_house(database: Database, workflows: Path | None = None) -> House:
    """The whole house on one database. Raises WrongDefinition."""
    place = workflows or workflow_folder()
    ladder, mandate_ladder = read_ladder(place, "ave"), read_ladder(place, "mandate")
    return House(
        engine=build_engine(place),
        ladder=ladder,
        mandate_ladder=mandate_ladder,
        lists=read_lists(place),
        grounds=Grounds(ladder, mandate_ladder),
        database=database,
        open_session=sessionmaker(database, expire_on_commit=False),
    )


def keep_code_lists(house: House, work: Work) -> None:
    """Bring functions and powers in the database in line with the lists, so that rows can refer to them."""
    with work.transaction():
        for code, title in house.lists["functions"].items.items():
            people.add_function(work, code, title.nl, title.en)
        for code, title in house.lists["powers"].items.items():
            mandate_service.add_power(work, code, title.nl, title.en)
