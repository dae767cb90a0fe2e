"""Counts that add up, as a network: what a reader could compute about the counts that are hidden.

A count is an arc from one equation to another. Raising or lowering hidden counts together, so that all that
is shown stays true, is a flow round through their arcs. A hidden count is safe when enough can flow through
it.
"""

from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

Place = tuple[str, str]
"""A row's key and a column's key."""


@dataclass(frozen=True)
class Arc:
    """A count between the two equations it stands in.

    `weight` is how many households it tells about. `cover` is how many of those it surely adds to a sum with
    other counts, fewer when a household can stand behind several of them.
    """

    place: Place
    tail: Hashable
    head: Hashable
    value: int
    weight: int
    cover: int


_Step = tuple[Arc, bool]
"""An arc and whether it is taken along its direction."""


@dataclass
class Network:
    """All counts of a table, and which of them are hidden. No hidden count is zero."""

    arcs: dict[Place, Arc]
    hidden: set[Place]
    shown_before: frozenset[Place] = frozenset()
    """What a reader has seen already, so that hiding it helps little: taken last."""
    _at: dict[Hashable, list[Arc]] = field(default_factory=dict)
    _hidden_at: dict[Hashable, list[Arc]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for arc in self.arcs.values():
            for node in {arc.tail, arc.head}:
                self._at.setdefault(node, []).append(arc)
        for place in self.hidden:
            self._hide(self.arcs[place])

    def _hide(self, arc: Arc) -> None:
        self.hidden.add(arc.place)
        for node in {arc.tail, arc.head}:
            self._hidden_at.setdefault(node, []).append(arc)

    def cut_around(self, place: Place, least: int) -> set[Hashable] | None:
        """Equations that together give this hidden count away, or None when it is safe.

        Safe means: it can take another value, no hidden count being zero, and one of fewer than `least` households
        at least so many values; and no sum that can be computed and contains it tells about fewer than `least`
        households.
        """
        arc = self.arcs[place]
        if arc.tail == arc.head:
            return None
        return self._small_sum(arc, least) or self._narrow(arc, least if arc.weight < least else 2)

    def hide_one_across(self, cut: set[Hashable]) -> None:
        """Hide the shown count of fewest households that stands in one of these equations and in one other.

        There is one: without it the hidden counts that leave the cut would add up to zero, and none of them
        is zero.
        """
        crossing = [
            arc
            for node in cut
            for arc in self._at[node]
            if (arc.tail in cut) != (arc.head in cut) and arc.value > 0 and arc.place not in self.hidden
        ]
        self._hide(min(crossing, key=lambda arc: (arc.place in self.shown_before, arc.weight, arc.value, arc.place)))

    def _small_sum(self, arc: Arc, least: int) -> set[Hashable] | None:
        """A cut that only leads outward, whose sum tells about fewer than `least` households.

        Sums of hidden counts that can be computed are such cuts, so the smallest one is a maximum flow in
        which arcs hold their cover along their direction and anything against it (Ford and Fulkerson).
        """
        used: dict[Place, int] = {}
        flow = 0

        def room(each: Arc) -> int:
            return each.cover - used.get(each.place, 0)

        while flow < least:
            steps = self._reach(arc.tail, arc.head, lambda each: room(each) > 0, lambda each: True)
            if arc.head not in steps:
                return set(steps)
            path = _path(steps, arc.head)
            pushed = min((room(each) for each, along in path if along), default=least)
            for each, along in path:
                used[each.place] = used.get(each.place, 0) + (pushed if along else -pushed)
            flow += pushed
        return None

    def _narrow(self, arc: Arc, values: int) -> set[Hashable] | None:
        """A cut that leaves this count fewer than so many values.

        By how much it can rise is how much can flow round from its head to its tail, and by how much it can fall how
        much flows the other way: every hidden count can rise without end, and fall as long as it is no zero.
        """
        rises, cut = self._flow(arc, arc.head, arc.tail, values - 1)
        if rises >= values - 1:
            return None
        falls, _ = self._flow(arc, arc.tail, arc.head, min(values - 1 - rises, arc.value - 1))
        return cut if rises + falls < values - 1 else None

    def _flow(self, arc: Arc, start: Hashable, end: Hashable, most: int) -> tuple[int, set[Hashable]]:
        """How much flows from one equation to another past this count, `most` at most, and the cut that stops it."""
        used: dict[Place, int] = {}
        flow = 0

        def along(each: Arc) -> bool:
            return each is not arc

        def against(each: Arc) -> bool:
            return each is not arc and used.get(each.place, 0) + each.value > 1

        while flow < most:
            steps = self._reach(start, end, along, against)
            if end not in steps:
                return flow, set(steps)
            path = _path(steps, end)
            falls = (each.value - 1 + used.get(each.place, 0) for each, forward in path if not forward)
            pushed = min(falls, default=most - flow)
            for each, forward in path:
                used[each.place] = used.get(each.place, 0) + (pushed if forward else -pushed)
            flow += pushed
        return flow, set()

    def _reach(
        self, start: Hashable, end: Hashable, along: Callable[[Arc], bool], against: Callable[[Arc], bool]
    ) -> dict[Hashable, _Step | None]:
        """Equations to be reached from `start` over hidden counts, each with the last step towards it.

        It stops at `end`: who looks for it needs no more, and all are there when it cannot be reached.
        """
        steps: dict[Hashable, _Step | None] = {start: None}
        waiting = deque([start])
        while waiting and end not in steps:
            node = waiting.popleft()
            for arc in self._hidden_at.get(node, ()):
                forward = arc.tail == node
                reached = arc.head if forward else arc.tail
                if reached not in steps and (along if forward else against)(arc):
                    steps[reached] = (arc, forward)
                    if reached == end:
                        return steps
                    waiting.append(reached)
        return steps


def _path(steps: dict[Hashable, _Step | None], end: Hashable) -> list[_Step]:
    path = []
    step = steps[end]
    while step is not None:
        path.append(step)
        arc, forward = step
        step = steps[arc.tail if forward else arc.head]
    return path
