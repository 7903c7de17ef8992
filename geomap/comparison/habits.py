"""Which two data sets a pair of events is of: where data sets are few, each two have habits of their own worth learning."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from geomap.comparison.events import FEW_PARTIES, Events, Floats, Ints

STRANGERS = 60_000


class Habits:
    """Numbers of the pairs of data sets; where these are many, or reports, all pairs are of one habit."""

    def __init__(self, events: Events) -> None:
        self.party = events.party
        self.parties = int(events.party.max(initial=0)) + 1
        self.few = self.parties <= FEW_PARTIES
        self.many = max(self.parties * (self.parties - 1) // 2, 1) if self.few else 1

    def of(self, i: Ints, j: Ints) -> Ints:
        """The number of each pair."""
        if not self.few:
            return np.zeros(len(i), np.int64)
        one, other = self.party[i], self.party[j]
        return number(np.minimum(one, other), np.maximum(one, other))

    def strangers(self) -> tuple[Ints, Ints]:
        """Pairs of different parties drawn by lot (always the same): what they have in common is accident."""
        lot = np.random.default_rng(0)
        drawn = [np.empty((2, 0), np.int64)]
        for one, other in self._pairs():
            amount = min(len(one) * len(other), STRANGERS // self.many)
            drawn.append(np.stack([one[lot.integers(0, len(one), amount)], other[lot.integers(0, len(other), amount)]]))
        i, j = np.concatenate(drawn, axis=1)
        apart = self.party[i] != self.party[j]
        return i[apart], j[apart]

    def _pairs(self) -> Iterator[tuple[Ints, Ints]]:
        everyone = np.arange(len(self.party), dtype=np.int64)
        if not self.few:
            yield everyone, everyone
            return
        members = [np.flatnonzero(self.party == party) for party in range(self.parties)]
        for high in range(1, len(members)):
            for low in range(high):
                yield members[low], members[high]

    def might(self, around: Floats, share: float) -> Floats:
        """How many counterparts there might have been, for each pair of data sets: as many as the smaller has events.

        Of reports each could be about any event of about its time (``around``); ``share`` is that of the pairs looked at.
        """
        if not self.few:
            size = np.bincount(self.party)
            return np.array([float(np.nansum(np.maximum(around - 1, 0))) / 2 * len(size) / len(self.party) * share])
        smaller, _ = self._sizes()
        return smaller * share

    def prior_bits(self, coverage: Floats) -> Floats:
        """log2 of the odds of one strike before anything is compared, from the share of the smaller list that the larger has.

        Of S strikes the lists tell shares p and q. A pair that is one strike comes about S p q times, one that is two strikes
        that the other list lacks S p (1 - q) times S q (1 - p); S q unrelated events of a list are in the chances of the fields.
        """
        smaller, larger = self._sizes() if self.few else (np.ones(1), np.ones(1))
        ratio = smaller / larger
        bits: Floats = np.log2(coverage * np.sqrt(ratio) / ((1 - coverage) * (1 - coverage * ratio)))
        return bits

    def _sizes(self) -> tuple[Floats, Floats]:
        """Events of the smaller and of the larger of each two data sets."""
        size = np.bincount(self.party, minlength=1)
        if len(size) < 2:
            return np.ones(self.many), np.ones(self.many)
        low, high = np.tril_indices(len(size), -1)[::-1]
        return np.minimum(size[low], size[high]).astype(float), np.maximum(size[low], size[high]).astype(float)


def number(low: Ints, high: Ints) -> Ints:
    """The number of a pair of data sets, low < high."""
    found: Ints = high * (high - 1) // 2 + low
    return found
