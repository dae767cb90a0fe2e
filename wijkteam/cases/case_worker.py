"""The role of whoever works on a case, for everything that is part of one."""

from collections.abc import Callable

from wijkteam.engine.definition import Text
from wijkteam.engine.vocabulary import Reason, Role, Situation

WorksOn = Callable[[Situation], bool]
"""Whether the actor works on the case, or for the household, that a subject is part of."""
WORDS = Text(nl="wie aan de casus werkt", en="who works on the case")


def case_worker(works_on: WorksOn, functions: frozenset[str] | None = None) -> Role:
    """The role; `functions` are those whose holders can have it, None when it takes no function. Never the clock's."""
    return Role(
        lambda situation: situation.actor.person_id is not None and works_on(situation),
        lambda situation: Reason(WORDS.nl, WORDS.en),
        WORDS,
        functions,
    )
