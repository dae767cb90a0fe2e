"""Who requires what forms ask: for questions of a definition as it says itself, for all others as a table says."""

from collections.abc import Callable, Iterator, Mapping
from typing import Literal, Protocol

from pydantic import Field, PrivateAttr, model_validator

from wijkteam.engine.definition import Name, Part

FILE = "required.yaml"
MOST_KEPT = 5_000


class Required(Protocol):
    """What says who requires a field: the law with its article, the municipality, or nobody."""

    @property
    def basis(self) -> Literal["law", "local", "optional"]:
        """Who wants this known."""

    @property
    def article(self) -> str | None:
        """Where the law says so."""


class RequiredBy(Part):
    """Who requires one question that no definition asks."""

    basis: Literal["law", "local", "optional"]
    article: str | None = Field(default=None, min_length=1, max_length=80)

    @model_validator(mode="after")
    def _law_has_an_article(self) -> "RequiredBy":
        if (self.basis == "law") != (self.article is not None):
            raise ValueError("basis: law needs an article, such as Awb 3:46, and nothing else has one")
        return self


class FormEntry(Part):
    """Some forms: by how the ids of their questions begin, or by the area of their page where that is with nothing."""

    ids: str = ""
    area: str | None = None
    of: Name | None = None
    """The definition whose fields these forms ask under their own names."""
    fields: dict[str, RequiredBy] = {}
    """What they ask beside it, or under another name."""


class FormTable(Part):
    """All forms whose questions are not asked by the step of a definition itself."""

    forms: list[FormEntry] = Field(min_length=1, max_length=500)
    _fitting: dict[tuple[str, str | None], list[FormEntry]] = PrivateAttr(default_factory=dict)

    def unknown_definitions(self, known: Mapping[str, object]) -> Iterator[tuple[int, str]]:
        """Definitions that are named and not there, with the number of the entry."""
        yield from ((at, each.of) for at, each in enumerate(self.forms) if each.of and each.of not in known)

    def required_by(
        self, prefix: str, name: str, area: str | None, fields_of: Callable[[str], Mapping[str, Required]]
    ) -> Required | None:
        """Who requires the question with this id on a page of this area; None when nothing says so.

        `fields_of` gives the fields of a workflow by its name. The entry with the longest beginning of the id counts.
        """
        for each in self._those(prefix, area):
            found = each.fields.get(name) or (fields_of(each.of).get(name) if each.of else None)
            if found is not None:
                return found
        return None

    def _those(self, prefix: str, area: str | None) -> list[FormEntry]:
        """The entries that fit an id, the closest first; each page asks the same ones."""
        if (prefix, area) not in self._fitting:
            if len(self._fitting) >= MOST_KEPT:
                self._fitting.clear()
            fits = [each for each in self.forms if _fits(each, prefix, area)]
            self._fitting[prefix, area] = sorted(fits, key=_closest_first)
        return self._fitting[prefix, area]


def _closest_first(entry: FormEntry) -> tuple[int, bool]:
    return -len(entry.ids), entry.area is None


def _fits(entry: FormEntry, prefix: str, area: str | None) -> bool:
    if entry.area is not None and entry.area != area:
        return False
    return prefix.startswith(entry.ids) if entry.ids else not prefix
