"""Notes are found by their words, and the index does not say which words those are.

What was noted is kept only in the events of a case, sealed (see `wijkteam.events.payloads`). Its words would lie open
in an index, so each stands there as a blind index (HMAC) under the newest key for indexes: who has the database and
not the key ring reads nothing in it. So a note is found by whole words and their other forms, not by beginnings.

One entry a case, for all of its notes together. It begins with the id of the key that it stands under.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, func, select, true, update
from sqlalchemy.orm import Session

from wijkteam.cases.model import HouseholdCase
from wijkteam.engine.running import Step
from wijkteam.engine.vocabulary import Vocabulary
from wijkteam.events.contents import ToldEvent, stream
from wijkteam.events.model import Event
from wijkteam.events.payload_keys import keys_of
from wijkteam.events.payloads import CannotOpenPayload
from wijkteam.keys.ring import ID_LENGTH, KeyRing, Purpose
from wijkteam.keys.sealing import blind_index_under
from wijkteam.search.folding import stem, tokens
from wijkteam.search.model import SearchEntry
from wijkteam.storage.rows import add_row
from wijkteam.storage.work import Work

KIND = "note"
CASE = HouseholdCase.workflow
NOTED = ("note", "how_it_goes", "came_in", "contact_tried", "contact_regained")
"""What of the steps of a case is found: what somebody noted, and no column of the case keeps. Not what was written of
safety, of handing over, or of why only some may read it."""
BLIND = "_n"
SIGNS = 20
"""So many signs of each blind index are kept: 80 bits, so that no two words are taken for one."""
NO_RING = "unsealed"
"""In the place of a key's id where the house has no key ring: there events are recorded unsealed too."""
AT_HAND = 20_000


@lru_cache(maxsize=AT_HAND)
def _under(key_id: str, secret: bytes, word: str) -> str:
    return BLIND + blind_index_under(secret, f"{KIND}:{word}")[:SIGNS]


def _unkeyed(word: str) -> str:
    return BLIND + sha256(f"{KIND}:{word}".encode()).hexdigest()[:SIGNS]


def has_ring(ring: KeyRing) -> bool:
    """Whether anything is sealed here at all."""
    return ring.path is not None and ring.path.exists()


def blind_words(session: Session, words: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """How each of these words may stand in the index: under every key that an entry can stand under."""
    ring = keys_of(session).ring
    if not has_ring(ring):
        return {each: frozenset({_unkeyed(each)}) for each in words}
    keys = ring.usable(Purpose.INDEX)
    return {each: frozenset(_under(key.id, key.secret, each) for key in keys) for each in words}


def _marked(key_id: str) -> str:
    return f"{BLIND}k{key_id}"


def _newest(ring: KeyRing) -> str:
    return _marked(ring.newest(Purpose.INDEX).id if has_ring(ring) else NO_RING)


def _terms(ring: KeyRing, text: str) -> list[str]:
    words = tokens(text)
    forms = dict.fromkeys((*words, *map(stem, words)))
    if not has_ring(ring):
        return [_unkeyed(each) for each in forms]
    key = ring.newest(Purpose.INDEX)
    return [_under(key.id, key.secret, each) for each in forms]


def _said(fields: Mapping[str, Any]) -> str:
    return "\n".join(str(fields[name]) for name in NOTED if fields.get(name))


class NoteJournal:
    """Keeps what notes are found by in step with each step of a case, in its transaction.

    After the event: that one is guarded by the version of the case, so that nobody adds a note at the same time.
    """

    def record(self, step: Step, vocabulary: Vocabulary) -> None:
        """Add the words of what was noted to the entry of its case. Raises WrongKeyRing."""
        text = _said(step.fields) if step.subject.workflow_name() == CASE else ""
        if not text:
            return
        session: Session = step.situation.work.session
        ring = keys_of(session).ring
        kept = session.connection().scalar(KEPT, {"of": step.subject.id})
        anew = None
        if kept is not None and kept.split(" ", 1)[0] != _newest(ring):
            with suppress(CannotOpenPayload):  # else they stay under the older key, and this one stands beside them
                anew = _all_terms(ring, _events(session, [step.subject.id]))
        terms = anew or _joined(ring, kept, _terms(ring, text))
        if terms != kept:
            _write(session, step.subject.id, terms)


ENTRIES = cast(Table, SearchEntry.__table__)
OF_CASE = (ENTRIES.c.kind == KIND) & (ENTRIES.c.ref == bindparam("of"))
KEPT = select(ENTRIES.c.terms).where(OF_CASE)
WRITE = update(ENTRIES).where(OF_CASE).values(terms=bindparam("written"))
FORGET = delete(ENTRIES).where(OF_CASE)
"""Asked by each step that notes something, and so built once."""


def _joined(ring: KeyRing, kept: str | None, more: Iterable[str]) -> str:
    return " ".join(dict.fromkeys((*(kept.split(" ") if kept else (_newest(ring),)), *more)))


def _write(session: Session, case_id: str, terms: str | None) -> None:
    connection = session.connection()
    if terms is None:
        connection.execute(FORGET, {"of": case_id})
    elif not connection.execute(WRITE, {"of": case_id, "written": terms}).rowcount:
        add_row(session, SearchEntry, _entry(case_id, terms))


def _entry(case_id: str, terms: str) -> dict[str, Any]:
    of: dict[str, Any] = dict.fromkeys(("household_id", "signal_id", "person_id"))
    return {**of, "kind": KIND, "ref": case_id, "case_id": case_id, "names": "", "terms": terms}


def _events(session: Session, case_ids: Collection[str] | None = None) -> Iterator[ToldEvent]:
    which = None if case_ids is None else Event.subject_id.in_(case_ids)
    return stream(session, CASE, which, true())


def _all_terms(ring: KeyRing, events: Iterable[ToldEvent]) -> str | None:
    terms: str | None = None
    for event in events:
        text = _said(event.contents.fields)
        if text:
            terms = _joined(ring, terms, _terms(ring, text))
    return terms


def note_entries(session: Session) -> Iterator[dict[str, Any]]:
    """The entries of all notes, from the events. Raises CannotOpenPayload and WrongKeyRing."""
    ring, case_id, terms = keys_of(session).ring, "", None
    never_was = select(HouseholdCase.id).where(HouseholdCase.undone_at.is_not(None))
    for event in stream(session, CASE, Event.subject_id.not_in(never_was), true()):
        if event.subject_id != case_id:
            if terms is not None:
                yield _entry(case_id, terms)
            case_id, terms = event.subject_id, None
        text = _said(event.contents.fields)
        if text:
            terms = _joined(ring, terms, _terms(ring, text))
    if terms is not None:
        yield _entry(case_id, terms)


def renew_notes(session: Session, case_id: str) -> None:
    """Look at the notes of one case anew, because what an event recorded was erased in this transaction.

    Where one of the others cannot be opened now, none is found any more: better too little than what was struck.
    """
    session.flush()
    try:
        terms = _all_terms(keys_of(session).ring, _events(session, [case_id]))
    except CannotOpenPayload:
        terms = None
    _write(session, case_id, terms)


def notes_by_key(session: Session) -> dict[str, int]:
    """How many entries stand under each key for indexes, by its id."""
    of = func.substr(SearchEntry.terms, len(_marked("")) + 1, ID_LENGTH)
    rows = session.execute(select(of, func.count()).where(SearchEntry.kind == KIND).group_by(of))
    return {key: count for key, count in rows if key != NO_RING}


def move_notes(work: Work) -> int:
    """Bring the entries of all notes under the newest key, case by case; returns how many. Can be run again.

    What cannot be opened with this key ring stays as it was.
    """
    ring, moved = keys_of(work.session).ring, 0
    newest = _newest(ring)
    older = ~SearchEntry.terms.startswith(newest, autoescape=True)
    ids = list(work.session.scalars(select(SearchEntry.ref).where(SearchEntry.kind == KIND, older)))
    for case_id in ids:
        with work.transaction() as session:
            session.get(HouseholdCase, case_id, with_for_update=True)
            with suppress(CannotOpenPayload):
                _write(session, case_id, _all_terms(ring, _events(session, [case_id])))
                moved += 1
    return moved
