"""Do two counts mean the same? Seventeen killed twice over says more than one killed twice over."""

from __future__ import annotations

import numpy as np

from geomap.comparison.events import Events, Floats, Ints

BELIEVED = 20.0  # events' worth of the law of small numbers below, before the table's own counts outweigh it
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
        self.meet = self._chance(least, most)
        self.close = np.maximum(self._chance(np.floor(least / 1.5), np.ceil(most * 1.5 + 1)) - self.meet, 0.02)

    def _chance(self, low: Floats, high: Floats) -> Floats:
        lows, highs = np.sort(np.nan_to_num(self.low)[self.known]), np.sort(self._tops()[self.known])
        seen = np.searchsorted(lows, high, "right") - np.searchsorted(highs, low, "left") - 1.0
        # Deaths of strikes fall off about as 1 / (k (k + 1)), from Lotka's law; it stands in while rows are few.
        law = 1 / (low + 1) - np.where(np.isinf(high), 0.0, 1 / (np.where(np.isinf(high), 0, high) + 2))
        chance: Floats = (np.maximum(seen, 0) + BELIEVED * law) / (len(lows) + BELIEVED)
        return np.clip(chance, NEAREST, 0.95)

    def _tops(self) -> Floats:
        return np.where(np.isnan(self.high), self.low, self.high)

    def compare(self, i: Ints, j: Ints) -> tuple[Ints, Floats]:
        """Level of each pair (0 ranges meet, 1 within half as much again or by one, 2 farther, -1 unknown), and its chance."""
        below = np.fmin(self.high[i], self.high[j])  # they meet where the larger minimum is not above the smaller maximum
        above = np.fmax(self.low[i], self.low[j])
        near = (above <= 1.5 * below) | (above - below <= 1)
        level = np.where(~(above > below), 0, np.where(near, 1, 2))
        level = np.where(self.known[i] & self.known[j], level, -1).astype(np.int64)
        meet, close = np.sqrt(self.meet[i] * self.meet[j]), np.sqrt(self.close[i] * self.close[j])
        rest = np.maximum(1 - meet - close, 0.05)
        return level, np.choose(np.maximum(level, 0), [meet, close, rest])
