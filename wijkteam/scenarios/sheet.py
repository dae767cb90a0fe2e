"""A scenario file that was read, and what scenarios can name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wijkteam import assembly, rulebook
from wijkteam.engine.checks.surroundings import Surroundings
from wijkteam.engine.definition import Text, Workflow
from wijkteam.engine.findings import KeyPath
from wijkteam.engine.loading import Examined, WrongDefinition, load_document
from wijkteam.engine.reading import Document, Place
from wijkteam.mandate.register_file import RegisterFile
from wijkteam.scenarios.format import Happening, Scenarios
from wijkteam.vocabularies import surroundings


@dataclass(frozen=True)
class Known:
    """What scenarios can name: definitions with their places, functions, registers and lists."""

    folders: tuple[Path, ...]
    examined: Examined
    around: Surroundings
    registers: Mapping[str, RegisterFile]
    lists: Mapping[str, Mapping[str, Text]]

    def workflow(self, name: str, version: int | None = None) -> Workflow | None:
        """A definition by name, the newest version unless told; None when there is none."""
        found = [each for each in self.examined.workflows if each.workflow == name and version in (None, each.version)]
        return max(found, key=lambda each: each.version, default=None)

    def names(self) -> list[str]:
        """The names of all workflows."""
        return sorted({each.workflow for each in self.examined.workflows})


def look_around(folders: tuple[Path, ...]) -> Known:
    """Everything that scenarios can name. Raises WrongDefinition when the definitions hold mistakes."""
    around = surroundings(folders)
    examined = assembly.examine_definitions(folders, around)
    if examined.mistakes:
        raise WrongDefinition(examined.mistakes)
    registers = [load_document(path, RegisterFile) for path in rulebook.data_files(folders, "registers")]
    lists = {name: each.items for name, each in rulebook.read_lists(folders).items()}
    return Known(folders, examined, around, {each.name: each for each in registers}, lists)


@dataclass(frozen=True)
class Sheet:
    """A scenario file that was read: what it says, where it says it, and the workflow that it is about."""

    document: Document
    said: Scenarios
    workflow: Workflow

    @property
    def file(self) -> str:
        """The path of the file."""
        return self.document.file

    def place(self, path: KeyPath) -> Place:
        """The file and line of a key path."""
        return self.document.place(path)

    def given(self, number: int) -> Iterator[tuple[KeyPath, Happening]]:
        """All that happens before a scenario's first step, with its place; beginnings are written out."""
        scenario = self.said.scenarios[number]
        return written_out(self.said, scenario.given, ("scenarios", number, "given"))


def written_out(
    said: Scenarios, happenings: Sequence[Happening], path: KeyPath, seen: tuple[str, ...] = ()
) -> Iterator[tuple[KeyPath, Happening]]:
    """Happenings one by one with their key paths, beginnings replaced by what happens in them.

    A beginning that is not known, or that begins with itself, is handed over as it is.
    """
    for number, happening in enumerate(happenings):
        name = happening.begin
        if name is not None and name in said.beginnings and name not in seen:
            yield from written_out(said, said.beginnings[name], ("beginnings", name), (*seen, name))
        else:
            yield (*path, number), happening
