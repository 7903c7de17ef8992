"""From pairs to incidents: the surest link first, at most one event a party, and no incident that most of its pairs deny."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from geomap.comparison.events import Events, Ints
from geomap.comparison.moving import Moving
from geomap.comparison.parts import parts
from geomap.comparison.scoring import Scored

LINK = 0.5  # chance from which two events are taken for one incident
WORTH_A_LOOK = 0.1  # chance from which a pair may still be one with the help of others
STRANGERS = -3.0  # bits for two events that were no candidates at all


@dataclass(frozen=True)
class Clusters:
    """``label[e]`` is the incident of event e; ``part_of`` marks pairs of a total and one of its parts."""

    label: Ints
    part_of: npt.NDArray[np.bool_]


def cluster(events: Events, scored: Scored) -> Clusters:
    """Merge greedily, best pair first; a merge needs the sum over all its cross pairs to speak for it.

    Where every pair of a group says yes and no party stands in it twice, greed has nothing to choose: such groups (nearly
    all) are taken whole, and only the tangled ones are gone through pair by pair.
    """
    strong = np.flatnonzero((scored.total > 0) & (scored.chance >= WORTH_A_LOOK))
    label = _components(len(events), scored.i[strong], scored.j[strong])
    tangled = ~_plain(events, scored, strong, label)
    groups = _Groups(events, scored, np.flatnonzero(tangled[label[scored.i]] & (label[scored.i] == label[scored.j])))
    doubtful = strong[tangled[label[scored.i[strong]]]]
    for pair in doubtful[np.argsort(-scored.total[doubtful], kind="stable")].tolist():
        groups.take(pair)
    settled = Moving(events, groups.of, groups.bits, STRANGERS).settle()
    for event in np.flatnonzero(tangled[label]).tolist():
        label[event] = 2 * len(events) + settled.get(event, event)
    return Clusters(label, parts(events, scored, label))


def _components(n: int, i: Ints, j: Ints) -> Ints:
    graph = coo_matrix((np.ones(len(i), np.int8), (i, j)), shape=(n, n))
    label: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
    return label


def _plain(events: Events, scored: Scored, strong: Ints, label: Ints) -> npt.NDArray[np.bool_]:
    """Components in which all events are of different parties and all pairs are likely."""
    size = np.bincount(label)
    likely = strong[scored.chance[strong] >= LINK]
    pairs = np.bincount(label[scored.i[likely]], minlength=len(size))
    together = label * np.int64(events.party.max(initial=0) + 1) + events.party
    parties = np.bincount(np.unique(together) // (events.party.max(initial=0) + 1), minlength=len(size))
    plain: npt.NDArray[np.bool_] = (pairs == size * (size - 1) // 2) & (parties == size)
    return plain


class _Groups:
    """Growing groups of events with their parties and members; an event that is not named stands alone."""

    def __init__(self, events: Events, scored: Scored, pairs: Ints) -> None:
        self.scored = scored
        ends = zip(scored.i[pairs].tolist(), scored.j[pairs].tolist(), strict=True)
        self.bits = dict(zip(ends, scored.total[pairs].tolist(), strict=True))
        named = {event for pair in self.bits for event in pair}
        self.of = {event: event for event in named}
        self.members = {event: [event] for event in named}
        self.parties = {event: {int(events.party[event])} for event in named}

    def take(self, pair: int) -> None:
        """Merge the groups of a pair where that is supported and no party would stand in it twice."""
        a, b = self.of[int(self.scored.i[pair])], self.of[int(self.scored.j[pair])]
        if a == b or self.parties[a] & self.parties[b]:
            return
        if self.scored.chance[pair] >= LINK or len(self.members[a]) + len(self.members[b]) > 2:
            self._merge_if_supported(a, b)

    def _merge_if_supported(self, a: int, b: int) -> None:
        """Merge two groups where their cross pairs, strangers included, add up to more than nothing."""
        cross = ((min(one, other), max(one, other)) for one in self.members[a] for other in self.members[b])
        if sum(self.bits.get(pair, STRANGERS) for pair in cross) <= 0:
            return
        if len(self.members[a]) < len(self.members[b]):
            a, b = b, a
        for event in self.members[b]:
            self.of[event] = a
        self.members[a].extend(self.members.pop(b))
        self.parties[a] |= self.parties.pop(b)
