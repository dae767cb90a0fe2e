"""From what somebody types to a question for either database, and the one place that asks its index.

The order of what is found follows from each row by itself, never from how often a word stands anywhere else: a rank
by rarity (bm25) would change with rows that the reader may not see, and so tell of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

from sqlalchemy import Boolean, ColumnElement, String, bindparam, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

from wijkteam.search.folding import SHORTEST_PREFIX, name_parts, stem, tokens, trigrams
from wijkteam.search.model import AS_VECTOR, SearchEntry
from wijkteam.search.notes import blind_words
from wijkteam.storage.among import ListOf
from wijkteam.storage.lookups import BESIDES, FILTERED

MOST_WORDS = 8
SHORTEST_FUZZY = 4


@dataclass(frozen=True)
class Asked:
    """What somebody looks for: its words, what counts of them in names, each at most so many."""

    words: tuple[str, ...]
    parts: tuple[str, ...]
    blind: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """How its words and their other forms stand among those of notes; empty where notes are not searched."""

    @classmethod
    def of(cls, typed: str) -> "Asked":
        """Read what was typed; whatever the signs in it, it is a question about words and nothing else."""
        found, parts = tokens(typed[:300]), name_parts(typed[:300])
        chosen = [each for each in found if each.replace("ij", "y") in parts]
        return cls(tuple(dict.fromkeys(chosen))[:MOST_WORDS], tuple(dict.fromkeys(parts))[:MOST_WORDS])

    def in_notes(self, session: Session) -> "Asked":
        """The same, also asked of notes."""
        forms = dict.fromkeys((*self.words, *map(stem, self.words)))
        return replace(self, blind=blind_words(session, forms))

    def question(self, dialect: str, fuzzy: bool = True) -> str:
        """The question in the language of the database: any of the words, and for names what looks like them."""
        quote, both, either, prefix = (
            ("'", " & ", " | ", ":*") if dialect == "postgresql" else ('"', " AND ", " OR ", "*")
        )
        ways: list[str] = []
        for word in self.words:
            for form in dict.fromkeys((word, word.replace("ij", "y"))):
                begins = len(word) >= SHORTEST_PREFIX and not word.isdigit()
                ways.append(f"{quote}{form}{quote}" + (prefix if begins else ""))
            ways.append(f"{quote}{stem(word)}{quote}")
        ways += [f"{quote}{each}{quote}" for forms in self.blind.values() for each in sorted(forms)]
        for part in self.parts if fuzzy else ():
            if len(part) >= SHORTEST_FUZZY and not part.isdigit():
                grams = [f"{quote}_{each}{quote}" for each in trigrams(part)]
                together = 3 if len(grams) > 6 else 2
                ways += [f"({both.join(some)})" for some in combinations(grams[:12], together)]
        return either.join(dict.fromkeys(ways))


class _IsFound(FunctionElement[bool]):
    """Whether an entry answers a question."""

    type = Boolean()
    inherit_cache = True
    name = "is_found"


class _IsFoundByReader(_IsFound):
    """The same, asked by a reader of PostgreSQL: of entries that they may read, found through the index."""

    inherit_cache = True
    name = "is_found_by_reader"


@compiles(_IsFound, "sqlite")
def _by_fts5(element: Any, compiler: Any, **kw: Any) -> str:
    entry, question = element.clauses
    match = "SELECT rowid FROM search_match WHERE search_match MATCH"
    return f"{compiler.process(entry, **kw)} IN ({match} {compiler.process(question, **kw)})"


@compiles(_IsFound, "postgresql")
def _by_vector(element: Any, compiler: Any, **kw: Any) -> str:
    entry, question = element.clauses
    owner = compiler.process(entry, **kw).rpartition(".")[0]
    vector = AS_VECTOR.replace("terms", f"{owner}.terms" if owner else "terms")
    return f"{vector} @@ CAST({compiler.process(question, **kw)} AS tsquery)"


@compiles(_IsFoundByReader, "postgresql")
def _by_definer(element: Any, compiler: Any, **kw: Any) -> str:
    entry, question, besides = element.clauses
    asked, others = compiler.process(question, **kw), compiler.process(besides, **kw)
    # as a list: the policy judges those rows, and not all that there are on the way to them
    return f"{compiler.process(entry, **kw)} = ANY (ARRAY(SELECT wijkteam_found(CAST({asked} AS text), {others})))"


def is_found(session: Session, asked: Asked, fuzzy: bool = True) -> ColumnElement[bool]:
    """The condition that an entry answers the question, as this session's database and its reader ask it."""
    dialect = session.get_bind().dialect.name
    question = literal(asked.question(dialect, fuzzy))
    if not session.info.get(FILTERED, False) or dialect != "postgresql":
        return _IsFound(SearchEntry.id, question)
    besides = bindparam(None, session.info[BESIDES](), type_=ListOf(String), unique=True)
    return _IsFoundByReader(SearchEntry.id, question, besides)
