"""Ways to break a definition: each operator changes one thing, everywhere that it can be changed.

An operator says whether what it makes is broken by construction (CERTAIN), or has to be judged by playing it out.
"""

from collections.abc import Callable, Container, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from tests.engine.random_definitions import Data, Family
from wijkteam.engine.checks.surroundings import Surroundings
from wijkteam.engine.vocabulary import Vocabulary

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Mutant:
    """A family in which one thing was changed."""

    operator: str
    where: str
    family: Family
    certain: bool
    """Whether it is broken by construction."""

    def __str__(self) -> str:
        return f"{self.operator}: {self.where}"


@dataclass(frozen=True)
class Site:
    """One definition of a family, in which something is to be changed."""

    family: Family
    name: str

    @property
    def data(self) -> Data:
        return self.family.definitions[self.name]

    @property
    def words(self) -> Vocabulary:
        found = self.family.around.vocabulary(self.data["subject"])
        assert found is not None
        return found

    def deeds(self) -> Iterator[tuple[Path, Data]]:
        """The opening and all transitions, with where they stand."""
        yield ("opening",), self.data["opening"]
        yield from self.transitions()

    def transitions(self) -> Iterator[tuple[Path, Data]]:
        for number, each in enumerate(self.data["transitions"]):
            yield ("transitions", number), each

    def states(self) -> Iterator[tuple[Path, Data]]:
        for name, state in self.data["states"].items():
            yield ("states", name), state

    def at(self, path: Path) -> Any:
        found: Any = self.data
        for key in path:
            found = found[key]
        return found

    def put(self, path: Path, value: Any) -> Data:
        """A copy with something else at this place."""
        return put(self.data, path, value)

    def without(self, path: Path) -> Data:
        """A copy in which this is not said."""
        data, around = _reopened(self.data, path)
        del around[path[-1]]
        return data


def put(definition: Data, path: Path, value: Any) -> Data:
    """A copy with something else at this place; whatever does not lie on the way there is shared with the first."""
    data, around = _reopened(definition, path)
    around[path[-1]] = value
    return data


def _reopened(definition: Data, path: Path) -> tuple[Data, Any]:
    data: Any = copy(definition)
    around = data
    for key in path[:-1]:
        around[key] = copy(around[key])
        around = around[key]
    return data, around


Change = tuple[str, Data] | tuple[str, Data, Surroundings]
Operator = Callable[[Site], Iterator[Change]]
OPERATORS: dict[str, tuple[Operator, bool]] = {}


def operator_called(name: str, certain: bool) -> Callable[[Operator], Operator]:
    """Put an operator in the catalogue."""

    def register(operator: Operator) -> Operator:
        OPERATORS[name] = operator, certain
        return operator

    return register


CERTAIN, JUDGED = True, False


def mutants(family: Family, name: str, operators: Mapping[str, tuple[Operator, bool]] = OPERATORS) -> Iterator[Mutant]:
    """Every mutant that the operators make of one definition of the family."""
    site = Site(family, name)
    for operator, (change, certain) in operators.items():
        for where, data, *around in change(site):
            changed = family.with_one(name, data)
            if around:
                changed = replace(changed, around=around[0])
            yield Mutant(operator, f"{name}: {where}", changed, certain)


def shown(path: Path) -> str:
    return ".".join(str(key) for key in path)


def listed(value: Any) -> list[Any]:
    """What may be written as one name or as a list of them."""
    return list(value) if isinstance(value, list) else [value]


def misspelt(name: str, known: Container[str] = ()) -> str:
    """The name with a slip of the pen that makes no other known name."""
    slip = f"{name[:-1]}{'q' if name[-1] != 'q' else 'x'}"
    return slip if slip not in known else f"{name}qq"
