"""What a definition is checked against: the names there are, the functions people hold, the register."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wijkteam.engine.definition import Workflow
from wijkteam.engine.vocabulary import Vocabulary


@dataclass(frozen=True)
class Surroundings:
    """The municipality around a definition. What is None is not known, and so not checked against."""

    vocabularies: Mapping[str, Vocabulary]
    """By kind of subject."""
    functions: frozenset[str] | None = None
    """The functions that exist."""
    held: frozenset[str] | None = None
    """The functions that somebody holds today."""
    mandated: Mapping[str, frozenset[str]] | None = None
    """For each power in the register, the functions that hold a mandate in force for it."""
    workflows: tuple[Workflow, ...] = field(default=())
    """Other definitions in use, among which children are looked up."""

    def vocabulary(self, subject: str) -> Vocabulary | None:
        """What definitions about this kind of subject may name."""
        return self.vocabularies.get(subject)

    def can_be_held(self, functions: frozenset[str] | None) -> bool:
        """Whether a role that takes one of these functions can be had by anyone."""
        if functions is None:
            return True
        return bool(functions if self.functions is None else functions & self.functions)
