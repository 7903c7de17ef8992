"""The chance of each pair when every event has at most one counterpart in each other party: rivals share what odds there are."""

from __future__ import annotations

import numpy as np

from geomap.comparison.events import Events, Floats, Ints

ROUNDS = 8  # of messages; chains of rivals are short


class Rivals:
    """Pairs in groups: ``left`` are those of one event i with one party, ``right`` those of one event j with one party."""

    def __init__(self, events: Events, i: Ints, j: Ints) -> None:
        parties = np.int64(events.party.max(initial=0) + 1)
        self.left = _numbered(i * parties + events.party[j])
        self.right = _numbered(j * parties + events.party[i])

    def chance(self, total: Floats) -> Floats:
        """Marginal probabilities of a matching, by belief propagation.

        A candidate that is wanted elsewhere with better odds is less of a rival here. Exact where the graph of candidates
        is a tree.
        """
        if not len(total):
            return np.zeros(0)
        odds = np.exp2(np.clip(total, -60, 60))
        from_left, from_right = np.ones(len(odds)), np.ones(len(odds))
        for _ in range(ROUNDS):
            left, right = _free(self.left, odds * from_right), _free(self.right, odds * from_left)
            # The geometric middle of old and new: rivals in a ring would else take turns for ever.
            from_left, from_right = np.sqrt(from_left * left), np.sqrt(from_right * right)
        weight = odds * from_left * from_right
        chance: Floats = weight / (1 + weight)
        return chance


def _free(group: Ints, weight: Floats) -> Floats:
    """How free an event is of all candidates of a group but this one."""
    others = np.maximum(np.bincount(group, weight)[group] - weight, 0.0)
    return 1 / (1 + others)


def _numbered(keys: Ints) -> Ints:
    if not len(keys):
        return keys
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    number = np.empty(len(keys), np.int64)
    number[order] = np.concatenate([[0], np.cumsum(ordered[1:] != ordered[:-1])])
    return number
