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

        Safe means: it can take another value, no hidden count being zero; and no sum that can be computed and
        contains it tells about fewer than `least` households.
        """
        arc = self.arcs[place]
        if arc.tail == arc.head:
            return None
        return self._small_sum(arc, least) or self._pinned(arc)

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

    def _pinned(self, arc: Arc) -> set[Hashable] | None:
        """A cut that leaves this count a single value: it can be neither one higher nor one lower."""

        def other(each: Arc) -> bool:
            return each is not arc

        def can_fall(each: Arc) -> bool:
            return each is not arc and each.value > 1

        higher = self._reach(arc.head, arc.tail, other, can_fall)
        if arc.tail in higher:
            return None
        if arc.value > 1 and arc.head in self._reach(arc.tail, arc.head, other, can_fall):
            return None
        return set(higher)

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
