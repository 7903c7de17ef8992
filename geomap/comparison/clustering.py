"""From pairs to incidents: the surest link first, at most one event a party, and no incident that most of its pairs deny."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geomap.comparison.events import Events, Ints
from geomap.comparison.scoring import Scored

LINK = 0.5  # chance from which two events are taken for one incident
STRANGERS = -3.0  # bits for two events that were no candidates at all


@dataclass(frozen=True)
class Clusters:
    """``label[e]`` is the incident of event e; ``part_of`` marks pairs that only the one-a-party rule kept apart."""

    label: Ints
    part_of: npt.NDArray[np.bool_]


def cluster(events: Events, scored: Scored) -> Clusters:
    """Merge greedily, best pair first; a merge needs the sum over all its cross pairs to speak for it."""
    groups = _Groups(events, scored)
    part_of = np.zeros(len(scored.i), bool)
    strong = np.flatnonzero((scored.total > 0) & (scored.chance >= LINK * 0.2))
    for pair in strong[np.argsort(-scored.total[strong], kind="stable")]:
        a, b = groups.of[int(scored.i[pair])], groups.of[int(scored.j[pair])]
        if a == b:
            continue
        if groups.parties[a] & groups.parties[b]:
            part_of[pair] = scored.total[pair] > 3
        elif scored.chance[pair] >= LINK or len(groups.members[a]) + len(groups.members[b]) > 2:
            groups.merge_if_supported(a, b)
    return Clusters(np.array(groups.of, np.int64), part_of)


class _Groups:
    """Growing groups of events with their parties and members."""

    def __init__(self, events: Events, scored: Scored) -> None:
        n = len(events)
        self.of = list(range(n))
        self.members: dict[int, list[int]] = {e: [e] for e in range(n)}
        self.parties: dict[int, set[int]] = {e: {int(party)} for e, party in enumerate(events.party)}
        pairs = zip(scored.i.tolist(), scored.j.tolist(), strict=True)
        self.bits = dict(zip(pairs, scored.total.tolist(), strict=True))

    def merge_if_supported(self, a: int, b: int) -> None:
        """Merge two groups where their cross pairs, strangers included, add up to more than nothing."""
        support = sum(
            self.bits.get((min(one, other), max(one, other)), STRANGERS) for one in self.members[a] for other in self.members[b]
        )
        if support <= 0:
            return
        if len(self.members[a]) < len(self.members[b]):
            a, b = b, a
        for event in self.members[b]:
            self.of[event] = a
        self.members[a].extend(self.members.pop(b))
        self.parties[a] |= self.parties.pop(b)
