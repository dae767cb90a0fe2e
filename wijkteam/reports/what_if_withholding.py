"""Which figures of a replay are kept back, so that no small group of households can be read from them. Pure.

Every request is in exactly one class: what would have become of it in each of the scenarios. Classes fall into coarser
ones (in the front line or not), which make up everything that was asked. Those counts are withheld as in the other
reports; a figure is shown only when all classes that it is made of are, so that all shown figures together say no more
than shown classes do.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wijkteam.mandate.what_if.past import PastRequest
from wijkteam.mandate.what_if.replaying import REFUSED_EVER, Fate, Replay, fate
from wijkteam.reports.withholding import FEWEST, TOTAL, Count, Counted, Layout, withheld_counts

COLUMN = "requests"
GROUPS_OF = {
    "front": {"front_line"},
    "same": {"still_asked", "allowed_already"},
    "unplaced": {"unplaced"},
}
"""The groups that are told of each coarse class; what does not change is one class, of two groups."""
GRANTED = (Fate.AS_ASKED, Fate.CHANGED, Fate.REFUSED_THEN_GRANTED)


@dataclass(frozen=True)
class Shown:
    """Which groups of requests may be told in one scenario."""

    hidden: frozenset[str] = frozenset()
    withholds: bool = False
    """Whether anything can be withheld at all: not in a log without households."""

    def __call__(self, code: str) -> bool:
        """Whether a figure on this group may be told."""
        return code not in self.hidden

    def without(self, hidden: frozenset[str]) -> "Shown":
        """The same with more kept back."""
        return replace(self, hidden=self.hidden | hidden)


SHOWN = Shown()
"""Everything."""
EVERY_GROUP = frozenset(
    {*Fate, "front_line", "granted", "refused_ever", "with_colleagues", "unknown_wait", "still_asked"}
    | {"allowed_already", "unplaced", "unplaced_refused", "deviating", "everything"}
)
"""All groups that a figure can rest on."""


def households(requests: Sequence[PastRequest]) -> int:
    """How many different households stand behind requests; one that has none counts as one of its own."""
    return len({("", each.household_id) if each.household_id else (each.id, None) for each in requests})


def shown_in(replays: Sequence[Replay]) -> list[Shown]:
    """What may be told in each scenario of one history, all of them seen together."""
    labels = _labels(replays)
    fine: dict[str, list[PastRequest]] = {}
    coarse: dict[str, list[PastRequest]] = {}
    above: dict[str, str] = {}
    every = replays[0].history.requests if replays else ()
    for request in every:
        label = labels[request.id]
        one, over = f"fine {label}", f"coarse {tuple(each.split(':')[0] for each in label)}"
        above[one] = over
        fine.setdefault(one, []).append(request)
        coarse.setdefault(over, []).append(request)
    counts = {
        (key, COLUMN): Count(len(requests), households(requests))
        for key, requests in [*fine.items(), *coarse.items(), (TOTAL, every)]
    }
    hidden = {row for row, _ in withheld_counts(Counted(counts, Layout(above)))} if every else set()
    return [_shown(replay, number, labels, above, hidden) for number, replay in enumerate(replays)]


def _labels(replays: Sequence[Replay]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for replay in replays:
        label = {each.request.id: f"front:{each.fate}" for each in replay.in_front}
        label |= {each.id: "same" for each in (*replay.still_asked, *replay.allowed_already)}
        label |= {each.id: f"unplaced:{fate(each.rounds)}" for each in replay.unplaced}
        for each in replay.history.requests:
            found.setdefault(each.id, []).append(label[each.id])
    return {identity: tuple(labels) for identity, labels in found.items()}


def _shown(
    replay: Replay, number: int, labels: dict[str, tuple[str, ...]], above: dict[str, str], hidden: set[str]
) -> Shown:
    """A group is hidden when any class that it is made of is."""
    dark: set[str] = {"everything"} if TOTAL in hidden else set()
    for label in set(labels.values()):
        one = f"fine {label}"
        kind, _, end = label[number].partition(":")
        if above[one] in hidden:
            dark |= GROUPS_OF[kind]
        if one in hidden:
            dark |= _resting_on(kind, end)
    if _few(replay.still_asked) or _few(replay.allowed_already):
        dark |= GROUPS_OF["same"]
    dark |= {code for code in ("with_colleagues", "unknown_wait") if _small(replay, code) or "front_line" in dark}
    if _few(_refused_elsewhere(replay)):
        dark.add("everything")
    return Shown(frozenset(dark), True)


def _resting_on(kind: str, end: str) -> set[str]:
    if kind == "unplaced":
        return {"unplaced_refused"} if end in REFUSED_EVER else set()
    if kind != "front":
        return set()
    found = {end}
    if end in REFUSED_EVER:
        found.add("refused_ever")
    if end in GRANTED:
        found.add("granted")
    return found


def _small(replay: Replay, code: str) -> bool:
    """Whether a part of what the front line would have decided, or its rest, is of too few households."""
    parts: dict[bool, list[PastRequest]] = {True: [], False: []}
    for each in replay.in_front:
        parts[each.unknown_wait if code == "unknown_wait" else each.covered.colleagues > 0].append(each.request)
    return any(_few(each) for each in parts.values())


def _refused_elsewhere(replay: Replay) -> list[PastRequest]:
    others = (*replay.still_asked, *replay.allowed_already, *replay.unplaced)
    return [each for each in others if fate(each.rounds) in REFUSED_EVER]


def _few(requests: Sequence[PastRequest]) -> bool:
    return 0 < households(requests) < FEWEST
