"""Who can answer on a ladder today, also where people left, are away, or hold their function no longer."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from wijkteam.engine.ladder import Ladder
from wijkteam.engine.rungs import RungMove, rung_after
from wijkteam.people.acting import ActingPerson
from wijkteam.people.queries import Reach, held_ids, holder_ids

Held = Callable[[str], bool]


class Standing:
    """A ladder as it is staffed today for one team; looked up once for each function.

    Who is away does not count, but where everyone on the ladder is away at once, who holds a function counts again:
    escalating is a right, and a question must lie somewhere.
    """

    def __init__(self, session: Session, ladder: Ladder, team_id: int | None, reach: Reach | None = None) -> None:
        """`reach` is who can be reached in the functions of the ladder, when that is known already."""
        self.session = session
        self.reach = reach
        self.ladder = ladder
        self.team_id = team_id
        self._reachable: dict[str, list[int]] = {}
        self._all_away: bool | None = None

    def _reached(self, function: str) -> list[int]:
        if function not in self._reachable:
            self._reachable[function] = (
                self.reach.holder_ids(function, self.team_id)
                if self.reach is not None
                else holder_ids(self.session, function, self.team_id)
            )
        return self._reachable[function]

    def who(self, function: str) -> list[int]:
        """Numbers of those who can act in this function today."""
        found = self._reached(function)
        if found or not self.everyone_is_away:
            return found
        return held_ids(self.session, function, self.team_id)

    def held(self, function: str) -> bool:
        """Whether anyone can act in it today."""
        return bool(self.who(function))

    @property
    def everyone_is_away(self) -> bool:
        """Whether nobody on the whole ladder can be reached today."""
        if self._all_away is None:
            self._all_away = not any(self._reached(rung.function) for rung in self.ladder.rungs)
        return self._all_away

    @property
    def anyone(self) -> bool:
        """Whether anyone on the ladder can answer at all."""
        return any(self.held(rung.function) for rung in self.ladder.rungs)

    def answering_rung(self, rung: int) -> int:
        """The rung that answers today for a question on this one: itself, or the nearest one that is staffed.

        The clock moves the question there when its term ends; until then nobody has to wait for who is not there.
        """
        return rung_after(RungMove.HERE, self.ladder, rung, self.held)

    def answerers(self, rung: int) -> list[int]:
        """Numbers of those who can answer a question on this rung today."""
        return self.who(self.ladder.rung(self.answering_rung(rung)).function)

    def may_answer(self, person: ActingPerson, rung: int) -> bool:
        """Whether this person can answer a question on this rung now."""
        held = person.holds(self.ladder.rung(rung).function, self.team_id)
        return held or person.person_id in self.answerers(rung)
