"""How crowded it is: the density of events about a place and a day, against which a coincidence is weighed."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from geomap.comparison.events import Events, Floats, Ints

WINDOW_DAYS = 30  # on either side
UNIFORM = 0.15  # share of the background that is spread evenly: sources know places that nobody has named yet
REPORT = 10  # events: a party of fewer is a report, which has picked them from many more
AT_LEAST = 1 / 20  # unrelated strikes a day that a report might as well speak of: a theatre in the news sees one or two a month
THEATRE_KM2 = 300_000.0  # ... and that theatre is about as large as Yemen, however far apart the reports' own subjects lie
WIDE = 1_000_003  # more rows than there are cells from pole to pole
_KM_A_DEGREE = 111.195


class Background:
    """Event counts on grids of doubling cells, and along time."""

    def __init__(self, events: Events) -> None:
        self.events = events
        self.n = max(len(events), 1)
        self.x = events.lon * _KM_A_DEGREE * np.cos(np.radians(events.lat))  # equal-area (sinusoidal)
        self.y = events.lat * _KM_A_DEGREE
        placed = np.isfinite(self.x)
        self.area = self._hull_area(placed)
        self.placed = np.flatnonzero(placed)
        self.size = np.bincount(events.party, minlength=1)[events.party]  # events of each one's party
        self._densities: dict[int, Floats] = {}
        days = events.first[np.isfinite(events.first)]
        self.days = np.sort(days)
        self.span = max(float(np.ptp(days)) if len(days) else 0.0, 60.0)

    def _hull_area(self, placed: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> float:
        """Square km that the events spread over, robustly; at least a province."""
        if not placed.any():
            return 1e6
        widths = [np.ptp(np.quantile(axis[placed], (0.02, 0.98))) + 100 for axis in (self.x, self.y)]
        return float(widths[0] * widths[1])

    def density(self, i: Ints, j: Ints, spread_km: Floats) -> Floats:
        """Chance per square km that an unrelated event is put where this pair is, seen as blurred as the pair itself."""
        levels = np.clip(np.round(np.log2(np.maximum(2 * np.nan_to_num(spread_km, nan=1.0), 1.0))), 0, 10).astype(np.int64)
        local = np.zeros(len(i))
        for level in np.unique(levels):
            here = levels == level
            counts = self._counts(int(level))
            cells = (2.0 * 2.0**level) ** 2
            # The pair itself is no background; of its neighbours half may be the same incident once more.
            others = np.maximum((counts[i[here]] + counts[j[here]]) / 2 - 2, 0.0)
            local[here] = others / (self.n * cells)
        found: Floats = (1 - UNIFORM) * local + UNIFORM / self.area
        report = np.minimum(self.size[i], self.size[j]) < REPORT
        return np.where(report, np.maximum(found, 1 / THEATRE_KM2), found)

    def _counts(self, level: int) -> Floats:
        """Events in the four cells (of 2**level km) nearest to each event."""
        if level not in self._densities:
            size = 2.0**level
            x, y = self.x[self.placed] / size, self.y[self.placed] / size
            column, row = np.floor(x), np.floor(y)
            keys, inverse, amount = np.unique((column * WIDE + row).astype(np.int64), return_inverse=True, return_counts=True)
            nearest = (x - column >= 0.5).astype(np.int64) * 2 + (y - row >= 0.5)
            by_quarter = np.stack([_four(keys, amount, east, north) for east in (-1, 1) for north in (-1, 1)])
            counts = np.zeros(len(self.x))
            counts[self.placed] = by_quarter[nearest, inverse]
            self._densities[level] = counts
        return self._densities[level]

    @cached_property
    def around(self) -> Floats:
        """Events within a month of each event's day."""
        days, inverse = np.unique(self.events.first, return_inverse=True)  # NaN sorts last
        upto, before = np.searchsorted(self.days, days + WINDOW_DAYS, "right"), np.searchsorted(self.days, days - WINDOW_DAYS)
        return np.where(np.isnan(days), 0.0, upto - before)[inverse]

    def theatres(self, i: Ints, j: Ints) -> Floats:
        """How many theatres two reports may speak of that do not say where; data sets tell by their size how much they cover."""
        report = np.minimum(self.size[i], self.size[j]) < REPORT
        return np.where(report, max(self.area / THEATRE_KM2, 1.0), 1.0)

    def a_day(self, i: Ints, j: Ints) -> Floats:
        """Unrelated events a day that a party would report about then, at these events' time; never below a slow trickle."""
        share = np.maximum(self.around - 2, 0) / self.n / (2 * WINDOW_DAYS + 1)
        share = np.minimum(share, 1 / (2 * WINDOW_DAYS + 1))
        rate = np.maximum(share, 0.3 / self.span)
        # Which of the two parties is asked makes no difference to the truth: take the geometric middle.
        party = np.where(self.size < REPORT, np.maximum(rate * self.size, AT_LEAST), rate * self.size)
        both: Floats = np.sqrt(party[i] * party[j])
        return both


def _four(keys: Ints, amount: Ints, east: int, north: int) -> Ints:
    """Events in each cell and in its three neighbours on one corner; keys are sorted, and so are the look-ups."""
    total = amount.copy()
    for step in (east * WIDE, north, east * WIDE + north):
        at = np.clip(np.searchsorted(keys, keys + step), 0, len(keys) - 1)
        total += np.where(keys[at] == keys + step, amount[at], 0)
    return total
