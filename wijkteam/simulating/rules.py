"""The definition's own rules for a subject of which only state, previous state and rung are known."""

from collections.abc import Callable
from datetime import date, datetime, time
from functools import cache
from types import SimpleNamespace

from wijkteam.engine.definition import PREVIOUS, SAME, Deed, StateTerm, Transition, Workflow
from wijkteam.engine.rungs import RungMove, rung_after, rung_allows
from wijkteam.engine.vocabulary import Vocabulary
from wijkteam.simulating.hours import local_of, moment_of
from wijkteam.terms import clock
from wijkteam.terms.term import Clock, Term, Until

NOON = time(12)


class CannotSimulate(Exception):
    """The workflow has something that cannot be known without a real subject."""


class Rules:
    """What each step would do, and when each term ends. Guards that look at more than the rung count as open."""

    def __init__(self, workflow: Workflow, vocabulary: Vocabulary, held: Callable[[str], bool]) -> None:
        self.workflow = workflow
        self.vocabulary = vocabulary
        self.held = held
        self.by_name = {each.name: each for each in workflow.transitions}
        self.term = cache(self._term)
        self._end_of_day_term = cache(self._end_counted_in_days)

    def target(self, transition: Transition, state: str, previous: str | None) -> str | None:
        """The state that the step leads to; None when there is none to go back to."""
        if transition.to == PREVIOUS:
            return previous
        return state if transition.to == SAME else transition.to

    def previous(self, source: str, target: str) -> str | None:
        """The state to go back to after a step from source to another state."""
        return source if self.workflow.states[target].side else None

    def rung_after(self, deed: Deed, rung: int | None, first: int | None) -> int | None:
        """The rung after all effects of a step; `first` is where a subject like this begins."""
        ladder = self.vocabulary.ladder
        if ladder is None:
            return rung
        for name in deed.effects:
            move = self.vocabulary.effects[name].moves_rung
            if move is not None:
                start = first if move is RungMove.FIRST else rung
                rung = rung_after(move, ladder, start or 1, self.held)
        return rung

    def is_open(self, transition: Transition, state: str, rung: int | None) -> bool:
        """Whether the state knows the step and no guard about the rung closes it."""
        ladder = self.vocabulary.ladder
        rules = [self.vocabulary.guards[name].rung_rule for name in transition.when]
        return state in transition.from_ and all(
            rule is None or ladder is None or rung is None or rung_allows(rule, ladder, rung, self.held)
            for rule in rules
        )

    def leads_away(self, transition: Transition, state: str, rung: int | None) -> bool:
        """Whether the step ends the stay in this state, on this rung."""
        return transition.to not in (SAME, state) or self.rung_after(transition, rung, rung) != rung

    def ways(self, state: str, rung: int | None) -> list[Transition]:
        """What people can do to end a stay."""
        return [
            each
            for each in self.workflow.transitions_from(state)
            if each.is_for_people and self.is_open(each, state, rung) and self.leads_away(each, state, rung)
        ]

    def _term(self, state: str, rung: int | None) -> Term | None:
        """The term of a state on a rung. Raises CannotSimulate when it looks at more than the rung."""
        rule = self.workflow.states[state].term
        if rule is None:
            return None
        if rule.within is not None:
            return Term(rule.within, rule.clock)
        try:
            found = self.vocabulary.terms[rule.named or ""](SimpleNamespace(rung=rung or 1), moment_of(0))
        except AttributeError as error:
            wrong = f"the term '{rule.named}' of '{state}' looks at more than the rung of a subject: {error}"
            raise CannotSimulate(wrong) from error
        if isinstance(found, Until):
            raise CannotSimulate(f"the term '{rule.named}' of '{state}' ends at a moment of its own for each subject")
        return found

    def term_end(self, state: str, rung: int | None, opened_at: float, at: float, again: bool) -> float | None:
        """When the term ends (POSIX seconds) that is set at a moment; None where none runs."""
        rule: StateTerm | None = self.workflow.states[state].term
        term = self.term(state, rung)
        if rule is None or term is None:
            return None
        start = rule.begins(moment_of(opened_at), moment_of(at), again)
        if term.clock is Clock.ELAPSED:
            return term.end(start).timestamp()
        return self._end_of_day_term(term, local_of(start.timestamp()).date())

    def _end_counted_in_days(self, term: Term, day: date) -> float:
        """The same for every moment of a day."""
        return term.end(datetime.combine(day, NOON, clock.NETHERLANDS)).timestamp()
