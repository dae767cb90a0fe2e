"""Of an extra-protected case only its named readers are told."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from wijkteam.access.lasting import named_ids
from wijkteam.engine.vocabulary import Recipients, Situation, Vocabulary

CASE = "household_case"
ONLY_READERS = frozenset({CASE, "track", "legal_term", "letter", "goal", "plan_consent", "measurement"})
"""Kinds of subjects of which nobody is told who may not read their case. What is put to somebody is told to them."""


def telling_readers(vocabulary: Vocabulary, case_of: Callable[[Situation], Any]) -> Vocabulary:
    """The same vocabulary, in which of an extra-protected case nobody is told but its named readers."""
    if vocabulary.subject not in ONLY_READERS:
        return vocabulary

    def only_readers(found: Recipients) -> Recipients:
        def find(situation: Situation) -> list[int]:
            case = situation.subject if vocabulary.subject == CASE else case_of(situation)
            told = found.find(situation)
            if case is None or case.protected_why is None:
                return told
            named = named_ids(situation.work.session, case.id)
            return [each for each in told if each in named]

        return replace(found, find=find)

    return replace(vocabulary, recipients={name: only_readers(each) for name, each in vocabulary.recipients.items()})
