"""Do two counts mean the same? Seventeen killed twice over says more than one killed twice over."""

from __future__ import annotations

import numpy as np

from geomap.comparison.events import Events, Floats, Ints, Levels

BELIEVED = 20.0  # events' worth of the law of small numbers below, before the table's own counts outweigh it
NEAR = ((1.0, 1.0), (1.5, 1.0), (2.5, 2.0))  # a factor and a difference: levels 1, 2 and 3
NEAREST = 0.005  # chance that nothing unrelated falls below


class Counts:
    """One count of each event, as a range, and how often another event's range would meet it by accident."""

    def __init__(self, events: Events, name: str) -> None:
        self.low, self.high = events.counts[name]
        told = ~(np.isnan(self.low) & np.isnan(self.high))
        # "at least some" meets everything and says nothing
        vague = (np.isinf(self.high) & (np.nan_to_num(self.low) <= 2)) | (np.isnan(self.low) & (self.high > 50))
        self.known = told & ~vague
        least, most = np.nan_to_num(self.low), np.where(np.isnan(self.high), self.low, self.high)
        if not self.known.any():
            self.by_level = np.ones((len(NEAR) + 2, 1))
            return
        windows = [self._chance(least, most)]
        for times, more in NEAR:
            windows.append(self._chance(np.floor(np.maximum(least - more, 0) / times), np.ceil(most * times + more)))
        nested = np.maximum.accumulate(np.array(windows), axis=0)
        self.by_level = np.maximum(np.diff(nested, axis=0, prepend=0.0), 0.02)
        self.by_level[0] = nested[0]
        self.by_level = np.vstack([self.by_level, np.maximum(1 - nested[-1], 0.05)])

    def _chance(self, low: Floats, high: Floats) -> Floats:
        lows, highs = np.sort(np.nan_to_num(self.low)[self.known]), np.sort(self._tops()[self.known])
        seen = np.searchsorted(lows, high, "right") - np.searchsorted(highs, low, "left") - 1.0
        # Deaths of strikes fall off about as 1 / (k (k + 1)), from Lotka's law; it stands in while rows are few.
        law = 1 / (low + 1) - np.where(np.isinf(high), 0.0, 1 / (np.where(np.isinf(high), 0, high) + 2))
        chance: Floats = (np.maximum(seen, 0) + BELIEVED * law) / (len(lows) + BELIEVED)
        return np.clip(chance, NEAREST, 0.95)

    def _tops(self) -> Floats:
        return np.where(np.isnan(self.high), self.low, self.high)

    def compare(self, i: Ints, j: Ints) -> tuple[Levels, Floats]:
        """Level of each pair, and its chance: 0 the ranges meet, 1 within one, 2 and 3 within a factor, 4 farther, -1 unknown."""
        level, chance = np.full(len(i), -1, np.int8), np.ones(len(i))
        told = np.flatnonzero(self.known[i] & self.known[j])
        i, j = i[told], j[told]
        below = np.fmin(self.high[i], self.high[j])  # they meet where the larger minimum is not above the smaller maximum
        above = np.fmax(self.low[i], self.low[j])
        found = np.full(len(i), len(NEAR) + 1, np.int8)
        for step, (times, more) in reversed(list(enumerate(NEAR, 1))):
            found[above <= times * below + more] = step
        found[~(above > below)] = 0
        level[told], chance[told] = found, np.sqrt(self.by_level[found, i] * self.by_level[found, j])
        return level, chance
