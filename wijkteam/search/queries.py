"""Finding: the entries that answer, how well each does, and the cases, signals and people behind them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wijkteam.cases.model import HouseholdCase
from wijkteam.people.model import PersonOffer
from wijkteam.search.folding import SHORTEST_PREFIX, likeness, stem
from wijkteam.search.matching import Asked, is_found
from wijkteam.search.model import SearchEntry
from wijkteam.search.notes import KIND as NOTE
from wijkteam.storage.among import among
from wijkteam.storage.asking import written_once
from wijkteam.suggesting.words import Words, suggest

MOST_ENTRIES = 2_000
"""So many entries are looked at, the newest; more answer only to a word that says nothing."""
ALIKE = 0.4
"""From here on two parts of a name are taken for the same one with a typing error."""


@dataclass(frozen=True)
class Entry:
    """One entry that answers, as its reader may see it."""

    kind: str
    ref: str
    case_id: str | None
    household_id: int | None
    signal_id: str | None
    person_id: int | None
    names: str
    terms: str


@dataclass
class Found:
    """One thing that was found: its case, its signal or its person; which words answered, how well, and where."""

    case_id: str | None = None
    household_id: int | None = None
    signal_id: str | None = None
    person_id: int | None = None
    words: dict[str, float] = field(default_factory=dict)
    """How well each word that was asked is answered: 1 for the word itself, less for what looks like it."""
    kinds: dict[str, None] = field(default_factory=dict)
    """Where it was found, by kind of entry, each once."""

    @property
    def score(self) -> float:
        """More for more of the words, and for better answers."""
        return sum(self.words.values())


def entries(session: Session, asked: Asked, kinds: Collection[str] = (), fuzzy: bool = True) -> list[Entry]:
    """The entries that answer, as far as this session's reader may read them; empty for no words."""
    if not asked.words:
        return []
    columns = [getattr(SearchEntry, name) for name in Entry.__dataclass_fields__]
    rows = select(*columns).where(is_found(session, asked, fuzzy))
    if kinds:
        rows = rows.where(among(SearchEntry.kind, kinds))
    found = session.execute(rows.order_by(SearchEntry.id.desc()).limit(MOST_ENTRIES))
    return [Entry(*row) for row in found]


def answers(entry: Entry, asked: Asked) -> dict[str, float]:
    """Which of the words an entry answers, and how well; empty where it only shares some signs."""
    terms, names = set(entry.terms.split()), entry.names.split()
    found: dict[str, float] = {}
    for word in asked.words:
        how = _noted(word, asked, terms) if entry.kind == NOTE else _how_well(word, terms, names)
        if how:
            found[word] = how
    return found


def _noted(word: str, asked: Asked, terms: set[str]) -> float:
    if terms & asked.blind.get(word, frozenset()):
        return 1.0
    return 0.9 if terms & asked.blind.get(stem(word), frozenset()) else 0.0


def _how_well(word: str, terms: set[str], names: list[str]) -> float:
    """1 for the word itself, less for another form of it, for its beginning, and for a name that looks like it."""
    part = word.replace("ij", "y")
    if word in terms or part in names:
        return 1.0
    if stem(word) in terms:
        return 0.9
    if word.isdigit():
        return 0.0
    if len(word) >= SHORTEST_PREFIX:
        longer = [len(each) for each in terms if each.startswith((word, part))]
        if longer:
            return 0.5 + 0.3 * len(word) / min(longer)
    best = max((likeness(part, name) for name in names if not name.isdigit()), default=0.0)
    return best * 0.7 if best >= ALIKE else 0.0


def find(session: Session, typed: str) -> list[Found]:
    """What answers to what was typed, best first; where something answers every word, only what does.

    `session` is that of the reader: what they may not read takes no part in it, not even in the order.
    """
    asked = Asked.of(typed).in_notes(session)
    seen = entries(session, asked)
    homes = _cases_of(session, {each.household_id for each in seen if each.household_id is not None})
    found: dict[tuple[str, str], Found] = {}
    for entry in seen:
        said = answers(entry, asked)
        if not said:
            continue
        for key, empty in _things(entry, homes):
            thing = found.setdefault(key, empty)
            thing.kinds.setdefault(entry.kind)
            for word, how in said.items():
                thing.words[word] = max(how, thing.words.get(word, 0.0))
    whole = [each for each in found.values() if len(each.words) == len(asked.words)]
    return sorted(whole or found.values(), key=_best_first)


def _best_first(found: Found) -> tuple[float, str]:
    return -found.score, f"{found.case_id or ''}{found.signal_id or ''}{found.person_id or ''}"


def _things(entry: Entry, homes: dict[int, list[str]]) -> list[tuple[tuple[str, str], Found]]:
    if entry.person_id is not None:
        return [(("person", str(entry.person_id)), Found(person_id=entry.person_id))]
    if entry.signal_id is not None:
        return [(("signal", entry.signal_id), Found(signal_id=entry.signal_id))]
    ids = [entry.case_id] if entry.case_id is not None else homes.get(entry.household_id or 0, [])
    return [(("case", each), Found(case_id=each)) for each in ids]


@written_once
def _standing_of(household_ids: Any) -> Select[str, int]:
    rows = select(HouseholdCase.id, HouseholdCase.household_id)
    rows = rows.where(among(HouseholdCase.household_id, household_ids), HouseholdCase.undone_at.is_(None))
    return rows.order_by(HouseholdCase.opened_at.desc(), HouseholdCase.id)


def _cases_of(session: Session, household_ids: Collection[int]) -> dict[int, list[str]]:
    rows: Sequence[tuple[str, int]] = [
        (case_id, home)
        for case_id, home in session.execute(
            *_standing_of(list(household_ids)),
        )
    ]
    found: dict[int, list[str]] = {}
    for case_id, home in rows:
        found.setdefault(home, []).append(case_id)
    return found


def find_people(session: Session, typed: str, domain_words: Words | None = None) -> dict[int, int]:
    """People who answer to what was typed, each with their place: by name, or by what they want to help with.

    Also by the life domains that the words of both are about: who asks for debts finds who helps with finances.
    """
    asked = Asked.of(typed)
    found: dict[int, dict[str, float]] = {}
    for entry in entries(session, asked, ("person", "offer")):
        for word, how in answers(entry, asked).items():
            words = found.setdefault(entry.person_id or 0, {})
            words[word] = max(how, words.get(word, 0.0))
    for person, domains in _domains_offered(session, asked_domains(typed, domain_words or {}), domain_words or {}):
        found.setdefault(person, {}).update(domains)
    ranked = sorted(found, key=lambda person: (-sum(found[person].values()), person))
    return {person: place for place, person in enumerate(ranked)}


TICKED, RECOGNISED = 0.8, 0.5
"""How well a life domain answers that somebody ticked themselves, or that their own words are about."""


def asked_domains(typed: str, domain_words: Words) -> list[str]:
    """The life domains that what was typed is about, by its words."""
    return [each.code for each in suggest(typed, domain_words)]


def _domains_offered(
    session: Session, domains: Collection[str], domain_words: Words
) -> Iterator[tuple[int, dict[str, float]]]:
    """Who offers help in these life domains, by how they say so."""
    if not domains:
        return
    for offer in session.scalars(select(PersonOffer)):
        ticked, said = offer.life_domains.split(), asked_domains(offer.words, domain_words)
        how = {f"_{each}": TICKED if each in ticked else RECOGNISED for each in domains if each in (*ticked, *said)}
        if how:
            yield offer.person_id, how
