"""How many broken definitions the checker finds: python -m tests.engine.mutation_score [--families N] [--seed S]."""

import argparse
import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

from tests.engine import deed_mutations, family_mutations, road_mutations, word_mutations  # noqa: F401 (the catalogue)
from tests.engine.file_mutations import Broken, broken_files, broken_ladders
from tests.engine.mutations import OPERATORS, Mutant, mutants
from tests.engine.playing import problems
from tests.engine.random_definitions import Data, Family, sound_families
from tests.engine.stand_ins import stage
from wijkteam import rulebook
from wijkteam.engine.definition import Workflow
from wijkteam.engine.loading import examine_documents, load_document
from wijkteam.engine.reading import Document, Finding, read_document
from wijkteam.mandate.register_file import RegisterFile
from wijkteam.vocabularies import surroundings

SHIPPED = ("household_case", "escalation", "mandate_request", "resident_signal", "track", "legal_term", "guest_access")


@dataclass
class Tally:
    """What came of the mutants of one operator."""

    broken: int = 0
    killed: int = 0
    equivalent: int = 0
    """Judged to be as sound as before, and so not counted."""
    survivors: list[str] = field(default_factory=list)
    strict: list[str] = field(default_factory=list)
    """Judged to be sound, and still refused or warned about: by a rule that is stricter than what was played out."""


@dataclass
class Score:
    """The score of the checker, operator by operator."""

    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))

    def judge(self, mutant: Mutant) -> None:
        """Whether it is broken, and whether the checker sees it."""
        found = findings(mutant.family)
        tally = self.tallies[mutant.operator]
        wrong = ["by construction"] if mutant.certain else sorted(what_is_broken(mutant.family))
        if not wrong:
            tally.equivalent += 1
            if found:
                tally.strict.append(f"{mutant.where}: {found[0].kind}: {found[0].wrong}")
            return
        tally.broken += 1
        tally.killed += bool(found)
        if not found:
            tally.survivors.append(f"{mutant.where}: {wrong[0]}")

    def note(self, operator: str, where: str, found: bool) -> None:
        """Something that is broken by construction."""
        tally = self.tallies[operator]
        tally.broken += 1
        tally.killed += found
        if not found:
            tally.survivors.append(f"{where}: by construction")

    def total(self) -> Tally:
        """All operators together."""
        whole = Tally()
        for each in self.tallies.values():
            whole.broken += each.broken
            whole.killed += each.killed
            whole.equivalent += each.equivalent
            whole.survivors += each.survivors
            whole.strict += each.strict
        return whole

    def table(self) -> str:
        """The score for people: a line an operator, then what survived."""
        lines = [f"{'operator':<58}{'broken':>8}{'found':>8}{'score':>8}{'sound':>8}{'strict':>8}"]
        rows = [*sorted(self.tallies.items()), ("all", self.total())]
        for name, each in rows:
            share = f"{each.killed / each.broken:.1%}" if each.broken else "-"
            lines.append(
                f"{name:<58}{each.broken:>8}{each.killed:>8}{share:>8}{each.equivalent:>8}{len(each.strict):>8}"
            )
        survivors = [f"  {name}: {one}" for name, each in sorted(self.tallies.items()) for one in each.survivors]
        return "\n".join([*lines, f"survivors: {len(survivors)}", *survivors])

    @property
    def share(self) -> float:
        """Found of broken."""
        whole = self.total()
        return whole.killed / whole.broken


def findings(family: Family) -> list[Finding]:
    """What the checker says of these definitions."""
    documents = [Document(f"{name}.yaml", data) for name, data in family.definitions.items()]
    return examine_documents(documents, family.around).findings


def what_is_broken(family: Family) -> set[str]:
    """What goes wrong when it is played out, without asking the checker."""
    try:
        workflows = [Workflow.model_validate(data) for data in family.definitions.values()]
        here = stage(workflows, family.around)
    except (ValueError, KeyError) as error:
        return {f"cannot be read: {error}"}
    return problems(here, workflows) | _static(family, workflows)


def _static(family: Family, workflows: list[Workflow]) -> set[str]:
    """What can be read off: questions that nothing works with or that nobody asks, ways out of an end."""
    found: set[str] = set()
    for workflow in workflows:
        words = family.around.vocabularies[workflow.subject]
        for deed in [workflow.opening, *workflow.transitions]:
            read: set[str] = set()
            for name in deed.when:
                read |= words.guards[name].reads
            for name in deed.effects:
                read |= words.effects[name].reads | words.effects[name].needs
            if deed.decision:
                read |= words.decisions[deed.decision].reads | words.decisions[deed.decision].needs
            asked = {ask.field for ask in deed.questions if not workflow.fields[ask.field].for_record}
            found |= {f"{name} is asked for nothing" for name in asked - read}
        asked_for = {ask.field for deed in [workflow.opening, *workflow.transitions] for ask in deed.questions}
        found |= {f"{name} is never asked" for name in workflow.fields if name not in asked_for}
        finals = {name for name, state in workflow.states.items() if state.final}
        found |= {f"{each.name} leaves an end" for each in workflow.transitions if finals & set(each.from_)}
    return found


@cache
def shipped_families() -> dict[str, Family]:
    """The shipped definitions in their real surroundings, each with the ones that it belongs with; read once."""
    folders = rulebook.workflow_folders()
    register = load_document(folders[-1] / "registers" / "demo.yaml", RegisterFile)
    around = replace(surroundings(folders), mandated=register.functions_with())
    data: dict[str, Data] = {name: read_document(folders[-1] / f"{name}.yaml").data for name in SHIPPED}
    household = ("household_case", "escalation", "mandate_request", "track", "legal_term", "guest_access")
    together = {name: household if name in household else (name,) for name in SHIPPED}
    return {name: Family({each: data[each] for each in names}, around) for name, names in together.items()}


def shipped_together() -> dict[tuple[str, ...], Family]:
    """The shipped definitions by the names of those that belong together, each in one family only."""
    return {tuple(family.definitions): family for family in shipped_families().values()}


def random_families(count: int, seed: int) -> list[Family]:
    """So many drawn families, the same for the same seed."""
    drawn: list[Family] = []

    @seeded(seed)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(sound_families())
    def draw(family: Family) -> None:
        drawn.append(family)

    draw()
    return drawn[:count]


def sampled(found: Iterable[Mutant], most: int, seed: int) -> list[Mutant]:
    """At most so many of each operator, the same for the same seed."""
    by_operator: dict[str, list[Mutant]] = defaultdict(list)
    for each in found:
        by_operator[each.operator].append(each)
    choose = random.Random(seed)
    return [each for some in by_operator.values() for each in choose.sample(some, min(most, len(some)))]


def score(families: int, per_random: int, per_shipped: int, seed: int = 1) -> Score:
    """The score over so many random families and the shipped definitions, with so many mutants of each operator.

    `per_random` counts for each definition of a family, `per_shipped` for all definitions that belong together.
    """
    found = Score()
    for number, family in enumerate(random_families(families, seed)):
        for name in family.definitions:
            for mutant in sampled(mutants(family, name), per_random, seed + number):
                found.judge(mutant)
    for names, family in shipped_together().items():
        everywhere = (mutant for name in names for mutant in mutants(family, name))
        for mutant in sampled(everywhere, per_shipped, seed):
            found.judge(mutant)
    _files(found, per_shipped, seed)
    return found


def _files(found: Score, most: int, seed: int) -> None:
    """The shipped files and ladders, broken as text or as data."""
    shipped = rulebook.workflow_folders()[-1]
    around = next(iter(shipped_families().values())).around
    with TemporaryDirectory() as name:
        broken = [one for each in SHIPPED for one in broken_files(Path(name), shipped / f"{each}.yaml", around)]
        for path in rulebook.data_files([shipped], "ladders"):
            broken += broken_ladders(Path(name), path, around)
        by_operator: dict[str, list[Broken]] = defaultdict(list)
        for one in broken:
            by_operator[one[0]].append(one)
        choose = random.Random(seed)
        for some in by_operator.values():
            for operator, where, examined in choose.sample(some, min(most, len(some))):
                found.note(operator, where, bool(examined()))


def main() -> None:
    """Print the score."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=40, help="random families to break")
    parser.add_argument("--per-random", type=int, default=4, help="mutants of each operator in each random definition")
    parser.add_argument("--per-shipped", type=int, default=100, help="mutants of each operator in the shipped ones")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--strict", action="store_true", help="also list what is found in what plays out well")
    chosen = parser.parse_args()
    found = score(chosen.families, chosen.per_random, chosen.per_shipped, chosen.seed)
    print(found.table())
    if chosen.strict:
        for name, each in sorted(found.tallies.items()):
            for one in each.strict:
                print(f"  stricter: {name}: {one}")
    print(f"operators: {len(OPERATORS)}")


if __name__ == "__main__":
    main()
