"""How many of the events near a place bear a name: among neighbours sharing one is no wonder, across a country it is."""

from __future__ import annotations

import numpy as np

from geomap.comparison.background import WIDE, Background
from geomap.comparison.events import Floats, Ints
from geomap.comparison.words import Words

NEAREST_KM, FARTHEST_KM = 3.0, 150.0  # neighbours are sought as far as the pair lies apart, within these
ALL = 2.0  # neighbours that the share of the whole table counts as


class Neighbours:
    """The named events on grids of doubling cells."""

    def __init__(self, background: Background, words: Words) -> None:
        self.words = words
        self.named = np.flatnonzero((words.code >= 0) & np.isfinite(background.x))
        self.x, self.y = background.x, background.y
        self.size = len(words.telling)  # numbers of words, and one for no word

    def sharing(self, i: Ints, j: Ints, mine: Ints, yours: Ints, far: Floats) -> Floats:
        """Chance that an unrelated event about there shares the word of i (of j), itself and the other not counted."""
        levels = np.round(np.log2(np.clip(far, NEAREST_KM, FARTHEST_KM))).astype(np.int64)
        found = np.zeros(len(i))
        for level in np.unique(levels):
            here = levels == level
            table = _Table(self, 2.0**level)
            one, two = (table.share(end[here], word[here]) for end, word in ((i, mine), (j, yours)))
            found[here] = np.sqrt(one * two)
        return found


class _Table:
    """Events and their words in cells of one size (km)."""

    def __init__(self, of: Neighbours, size: float) -> None:
        self.of, self.km = of, size
        keys = self._key(np.floor(of.x[of.named] / size), np.floor(of.y[of.named] / size))
        self.cells, number, self.amount = np.unique(keys, return_inverse=True, return_counts=True)
        bag = of.words.bag[of.words.code[of.named]]
        entries = (number[:, None] * of.size + bag)[bag >= 0]
        self.entries, self.bearing = np.unique(entries, return_counts=True)

    def _key(self, column: Floats, row: Floats) -> Ints:
        key: Ints = (column * WIDE + row).astype(np.int64)
        return key

    def share(self, event: Ints, word: Ints) -> Floats:
        """Share of the neighbours of each event (the four nearest cells) that bear its word."""
        x, y = self.of.x[event] / self.km, self.of.y[event] / self.km
        column, row = np.floor(x), np.floor(y)
        east, north = np.where(x - column >= 0.5, 1, -1), np.where(y - row >= 0.5, 1, -1)
        named, bearing = np.zeros(len(event)), np.zeros(len(event))
        for right in (0, 1):
            for up in (0, 1):
                key = self._key(column + right * east, row + up * north)
                at = _found(self.cells, key)
                named += np.where(at >= 0, self.amount[at], 0)
                entry = _found(self.entries, at * self.of.size + word)
                bearing += np.where((at >= 0) & (entry >= 0), self.bearing[entry], 0)
        overall = np.exp2(-self.of.words.telling[word])
        # Half of what is left after the pair itself may be other accounts of the same strike: neither counted nor left out.
        share: Floats = (np.maximum(bearing - 2, 0) + ALL * overall) / (np.maximum(named - 2, 0) + ALL)
        return share


def _found(keys: Ints, wanted: Ints) -> Ints:
    """Where each key stands in a sorted array, -1 nowhere."""
    at = np.clip(np.searchsorted(keys, wanted), 0, max(len(keys) - 1, 0))
    found: Ints = np.where(keys[at] == wanted, at, -1) if len(keys) else np.full(len(wanted), -1, np.int64)
    return found
