"""Running scenario files: each scenario on a fresh database, and what they touched of the definitions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from time import perf_counter

from sqlalchemy.orm import sessionmaker

from wijkteam.assembly import House, build_house, keep_code_lists
from wijkteam.engine.reading import Place
from wijkteam.events.queries import all_events
from wijkteam.scenarios.casting import cast
from wijkteam.scenarios.coverage import Coverage
from wijkteam.scenarios.databases import Databases
from wijkteam.scenarios.format import Scenario
from wijkteam.scenarios.playing import Failure, Play
from wijkteam.scenarios.sheet import Known, Sheet
from wijkteam.scenarios.stage import Stage

Key = tuple[str, int]


@dataclass(frozen=True)
class Played:
    """One scenario that was played, and what was not as it says."""

    sheet: Sheet
    scenario: Scenario
    place: Place
    failures: tuple[Failure, ...]
    seconds: float


@dataclass
class Run:
    """All that was played, and the coverage of each workflow version that the scenarios are about."""

    played: list[Played] = field(default_factory=list)
    coverage: dict[Key, Coverage] = field(default_factory=dict)

    @property
    def failed(self) -> list[Played]:
        """The scenarios in which something was not as it says."""
        return [each for each in self.played if each.failures]


def run(
    sheets: Iterable[Sheet],
    known: Known,
    databases: Databases,
    names: Iterable[str],
    wanted: Callable[[Scenario], bool] = lambda scenario: True,
) -> Run:
    """Play the wanted scenarios of these files, one after another.

    Workflows in `names` count in the coverage, with scenarios or without.
    """
    done = Run()
    for name in names:
        workflow = known.workflow(name)
        if workflow is not None:
            _coverage(done, known, (name, workflow.version))
    with databases.ready() as database:
        house = build_house(database, known.folders)
        work = house.work()
        keep_code_lists(house, work)
        work.session.close()
    for sheet in sheets:
        engine = house.engine.beginning_on(sheet.workflow.workflow, sheet.workflow.version)
        for number, scenario in enumerate(sheet.said.scenarios):
            if wanted(scenario):
                with databases.fresh() as database:
                    open_session = sessionmaker(database, expire_on_commit=False)
                    lived_in = replace(house, engine=engine, database=database, open_session=open_session)
                    done.played.append(_run_one(done, sheet, number, known, lived_in))
    return done


def _coverage(done: Run, known: Known, key: Key) -> Coverage:
    workflow = known.workflow(*key)
    if workflow is None:
        raise LookupError(key)
    return done.coverage.setdefault(key, Coverage(workflow, known.examined.documents[key]))


def _run_one(done: Run, sheet: Sheet, number: int, known: Known, house: House) -> Played:
    began = perf_counter()
    scenario = sheet.said.scenarios[number]
    work = house.work()
    register = known.registers[sheet.said.register_] if sheet.said.register_ else None
    people = cast(work, sheet.said, scenario, register)
    work.session.close()
    start = scenario.clock or sheet.said.clock
    play = Play(sheet, number, Stage(house, sheet.workflow, people, start, start))
    play.play()
    events = all_events(work.session)
    work.session.close()
    _coverage(done, known, (sheet.workflow.workflow, sheet.workflow.version)).add(events, play.refusals)
    place = sheet.place(("scenarios", number, "name"))
    return Played(sheet, scenario, place, tuple(play.failures), perf_counter() - began)
