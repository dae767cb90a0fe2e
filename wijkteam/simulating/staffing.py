"""Who does which step, and how many of them there are."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from wijkteam.engine.definition import CLOCK_ROLE, PARENT_ROLE, Deed, Workflow
from wijkteam.engine.vocabulary import Vocabulary
from wijkteam.simulating.figures import Figures
from wijkteam.simulating.history import Life


@dataclass(frozen=True)
class People:
    """Who works here, as the people tables say."""

    holders: Mapping[str, int]
    """How many active people hold each function today."""
    functions: Mapping[int, tuple[str, ...]]
    """Which functions each person ever held."""


@dataclass
class Doers:
    """Which function took each step in the past, and on which rungs somebody answered."""

    by_step: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    functions: set[str] = field(default_factory=set)
    rungs: set[int] = field(default_factory=set)
    """Rungs on which a person ended a stay."""

    def usual(self, step: str) -> str | None:
        """The function that took this step most; None when nobody did."""
        counted = self.by_step.get(step)
        return min(counted, key=lambda name: (-counted[name], name)) if counted else None


def doers(lives: Iterable[Life], workflow: Workflow, vocabulary: Vocabulary, people: People) -> Doers:
    """Count who did what: of a person's functions the one that the step is for, else the first."""
    found = Doers()
    fitting = {each.name: _functions(each, vocabulary) for each in workflow.transitions}
    for life in lives:
        for stay in life.stays:
            for step in [*stay.steps, *([stay.left] if stay.left else [])]:
                held = people.functions.get(step.actor_id or 0, ())
                if held and step.actor_id is not None:
                    function = next((each for each in held if each in fitting.get(step.name, ())), held[0])
                    found.by_step[step.name][function] += 1
                    found.functions.add(function)
            if stay.left is not None and stay.rung is not None and not stay.left.by_clock:
                found.rungs.add(stay.rung)
    return found


def _functions(deed: Deed, vocabulary: Vocabulary) -> frozenset[str]:
    named = [vocabulary.roles[role].functions for role in deed.by if role in vocabulary.roles]
    return frozenset(function for functions in named for function in functions or ())


def functions_of(workflow: Workflow, vocabulary: Vocabulary) -> frozenset[str]:
    """Every function that the workflow's roles and its ladder name."""
    rungs = vocabulary.ladder.rungs if vocabulary.ladder else []
    named = [_functions(each, vocabulary) for each in workflow.transitions]
    return frozenset().union(*named, (rung.function for rung in rungs))


@dataclass(frozen=True)
class Post:
    """A function in the simulation: how many people, and where that number comes from."""

    function: str
    people: int | None
    """None: always enough, so that nothing waits for them."""
    source: str


class Staffing:
    """Looks up who does a step. Functions come from the definition; where nobody holds that one, from the past."""

    def __init__(
        self,
        workflow: Workflow,
        vocabulary: Vocabulary,
        figures: Figures,
        wanted: Mapping[str, int],
        people: People | None = None,
        past: Doers | None = None,
    ) -> None:
        self.workflow = workflow
        self.vocabulary = vocabulary
        self.figures = figures
        self.people = people
        self.past = past or Doers()
        self.wanted = {**figures.staff, **wanted}
        self.too_few: set[str] = set()
        """Functions with fewer people than the past's own work took: they cannot be all who did it."""
        self.function = cache(self._function)

    def held(self, function: str) -> bool:
        """Whether somebody holds a function of the ladder: as told, or today, or as the past shows by answers."""
        if function in self.wanted:
            return self.wanted[function] > 0
        if self.people is None or self.people.holders.get(function, 0) > 0:
            return True
        ladder = self.vocabulary.ladder
        rungs = ladder.rungs if ladder else []
        return any(rung.function == function and rung.number in self.past.rungs for rung in rungs)

    def post(self, function: str) -> Post:
        """How many people do this function's work, and how that is known."""
        if function in self.wanted:
            return Post(function, self.wanted[function], "given")
        if function in self.too_few:
            return Post(function, None, "more than hold it today, by the past's work")
        today = self.people.holders.get(function, 0) if self.people else 0
        if today:
            return Post(function, today, "people today")
        if function in self.past.functions:
            return Post(function, None, "somebody in the past, nobody today")
        if self.people is None:
            return Post(function, self.figures.people, self.figures.source)
        return Post(function, 0, "nobody holds it")

    def _function(self, state: str, step: str, rung: int | None) -> str | None:
        """The function whose time a step in this state and on this rung takes; None when no function is known."""
        deed = self.workflow.transition(step)
        if deed is None:
            return None
        roles = [role for role in deed.by if role not in (CLOCK_ROLE, PARENT_ROLE)]
        holder = self.workflow.states[state].holder
        role = holder if holder in roles else (roles[0] if roles else None)
        own = self._of_role(role, step, rung)
        usual = self.past.usual(step)
        if own is None or (own not in self.wanted and usual is not None and self.post(own).people == 0):
            return usual
        return own

    def _of_role(self, role: str | None, step: str, rung: int | None) -> str | None:
        known = self.vocabulary.roles.get(role or "")
        if known is None or not known.functions:
            return None
        ladder = self.vocabulary.ladder
        if ladder is not None and rung is not None and ladder.rung(rung).function in known.functions:
            return ladder.rung(rung).function
        usual = self.past.usual(step)
        return usual if usual in known.functions else min(known.functions)

    def depends_on_rung(self, state: str) -> bool:
        """Whether it makes a difference in this state on which rung the subject stands."""
        ladder = self.vocabulary.ladder
        rule = self.workflow.states[state].term
        if ladder is None:
            return False
        if rule is not None and rule.named is not None:
            return True
        role = self.vocabulary.roles.get(self.workflow.states[state].holder or "")
        return role is not None and any(rung.function in (role.functions or ()) for rung in ladder.rungs)
