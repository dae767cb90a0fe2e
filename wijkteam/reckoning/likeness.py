"""Residents' signals that are about the same thing, by their words and their place.

Two texts are as alike as the words that they share, each weighing more the fewer texts have it (term frequency and
inverse document frequency, Spärck Jones, Journal of Documentation 28, 1972; cosine of the weights, Salton and others,
Communications of the ACM 18, 1975). How often a word stands in one text does not matter: a signal is short. Near each
other less likeness is enough: that is the connection that a reader of separate letters does not see.

Groups grow by joining the two most alike, as long as all their members are alike enough on average (group average
linkage: Sokal and Michener, 1958), so that a chain of texts does not end in one group about everything. The order in
which signals are handed in changes nothing.

Words come in folded and cut to their stem, as they are searched by; this module reads no text.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import log, sqrt

from wijkteam.reckoning.small import is_few

SAME_BUURT, SAME_WIJK, ELSEWHERE = 0.25, 0.35, 0.5
"""From this likeness on two texts are about the same, by how near they are to each other."""
COMMON = 0.5
"""A word that stands in more than this part of many texts says nothing of what they are about."""
MANY = 10
WORDS_SHOWN = 5


@dataclass(frozen=True)
class Signal:
    """One signal: its stems, who gave it and where, when, and whether its resident had an answer."""

    id: str
    stems: Collection[str]
    giver: Hashable
    buurt: str | None
    wijk: str | None
    given_on: date
    answered: bool


@dataclass(frozen=True)
class Group:
    """Signals that are alike, those without an answer first, then the oldest; with what they share.

    `words` are stems that at least half of them have, the most telling first; `places` how many came from each buurt.
    """

    signals: tuple[str, ...]
    givers: int
    waiting: int
    """Residents with a signal that has no answer."""
    unanswered: int
    oldest_unanswered: date | None
    words: tuple[str, ...]
    places: Mapping[str, int]

    @property
    def may_be_told(self) -> bool:
        """Whether so many residents stand behind it that a report may tell of it."""
        return not is_few(self.givers)

    @property
    def waiting_told(self) -> int | None:
        """How many residents have no answer yet; None where few of them have none, or few have one.

        Of a group in which few wait a report says that some do, not how many, nor since when the oldest waits: that
        would be the day of one resident.
        """
        return None if is_few(self.waiting) or is_few(self.givers - self.waiting) else self.waiting


def groups(signals: Iterable[Signal]) -> tuple[Group, ...]:
    """All signals in groups, one by itself too: those still without an answer first.

    Among those the groups with most unanswered signals first, then the one that waits longest.
    """
    every = {each.id: each for each in signals}
    weights = _weights(every)
    members = _joined(every, _alike(every, weights))
    found = [_group([every[each] for each in ids], weights) for ids in members]
    return tuple(sorted(found, key=lambda each: (-each.unanswered, each.oldest_unanswered or date.max, each.signals)))


def _weights(signals: Mapping[str, Signal]) -> dict[str, dict[str, float]]:
    """The weight of each telling stem in each text, so that their squares add up to one."""
    having = Counter(stem for each in signals.values() for stem in set(each.stems))
    many = len(signals) >= MANY
    rare = {
        stem: log(1 + len(signals) / count)
        for stem, count in having.items()
        if not many or count <= COMMON * len(signals)
    }
    found = {}
    for each in signals.values():
        telling = {stem: rare[stem] for stem in set(each.stems) if stem in rare}
        length = sqrt(sum(weight**2 for weight in telling.values())) or 1.0
        found[each.id] = {stem: weight / length for stem, weight in telling.items()}
    return found


Pair = tuple[str, str]


def _alike(signals: Mapping[str, Signal], weights: Mapping[str, Mapping[str, float]]) -> dict[Pair, float]:
    """For all pairs that share a stem: how far above what is enough for their distance, below zero when it is not."""
    sharing: dict[str, list[str]] = defaultdict(list)
    for each in sorted(signals):
        for stem in weights[each]:
            sharing[stem].append(each)
    likeness: dict[Pair, float] = defaultdict(float)
    for stem, ids in sharing.items():
        for one, other in combinations(ids, 2):
            likeness[one, other] += weights[one][stem] * weights[other][stem]
    return {pair: found / _enough(signals[pair[0]], signals[pair[1]]) for pair, found in likeness.items()}


def _enough(one: Signal, other: Signal) -> float:
    if one.buurt is not None and one.buurt == other.buurt:
        return SAME_BUURT
    return SAME_WIJK if one.wijk is not None and one.wijk == other.wijk else ELSEWHERE


def _joined(signals: Mapping[str, Signal], alike: Mapping[Pair, float]) -> list[list[str]]:
    """Groups by average likeness: of the pairs of groups that are alike enough the most alike are joined first."""
    group_of = {each: each for each in signals}
    members = {each: [each] for each in signals}

    def average(one: str, other: str) -> float:
        pairs = [(min(mine, theirs), max(mine, theirs)) for mine in members[one] for theirs in members[other]]
        return sum(alike.get(pair, 0.0) for pair in pairs) / len(pairs)

    for one, other in sorted((pair for pair in alike if alike[pair] >= 1), key=lambda pair: (-alike[pair], pair)):
        mine, theirs = sorted((group_of[one], group_of[other]))
        if mine != theirs and average(mine, theirs) >= 1:
            members[mine] += members.pop(theirs)
            group_of.update(dict.fromkeys(members[mine], mine))
    return list(members.values())


def _group(signals: list[Signal], weights: Mapping[str, Mapping[str, float]]) -> Group:
    ordered = sorted(signals, key=lambda each: (each.answered, each.given_on, each.id))
    waiting = [each for each in ordered if not each.answered]
    having = Counter(stem for each in signals for stem in weights[each.id])
    telling = {stem: sum(weights[each.id].get(stem, 0.0) for each in signals) for stem in having}
    shared = [stem for stem, count in having.items() if len(signals) > 1 and 2 * count >= len(signals) and count > 1]
    return Group(
        signals=tuple(each.id for each in ordered),
        givers=len({each.giver for each in signals}),
        waiting=len({each.giver for each in waiting}),
        unanswered=len(waiting),
        oldest_unanswered=min((each.given_on for each in waiting), default=None),
        words=tuple(sorted(shared, key=lambda stem: (-telling[stem], stem))[:WORDS_SHOWN]),
        places=dict(sorted(Counter(each.buurt for each in signals if each.buurt is not None).items())),
    )
