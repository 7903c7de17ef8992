"""The bbox of a whole file, found while its events stream by."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from geomap.formats.table import DECIMALS


@dataclass(slots=True)
class Bounds:
    """The smallest bbox of what passed by, in constant memory; west > east across the antimeridian (RFC 7946, 5.2).

    Longitudes are kept as the extent of what fell into each tenth of a degree, so the widest empty gap is exact.
    """

    south: float = 90.0
    north: float = -90.0
    bins: dict[int, tuple[float, float]] = field(default_factory=dict)

    def add(self, west: float, south: float, east: float, north: float) -> None:
        """One point or box that does not itself span the antimeridian."""
        self.south, self.north = min(self.south, south), max(self.north, north)
        for bin_ in range(int((west + 180) * 10), int((east + 180) * 10) + 1):
            low, high = max(west, bin_ / 10 - 180), min(east, (bin_ + 1) / 10 - 180)
            old = self.bins.get(bin_)
            self.bins[bin_] = (min(old[0], low), max(old[1], high)) if old else (low, high)

    @property
    def bbox(self) -> list[float] | None:
        """[west, south, east, north], or None where nothing has a place."""
        if not self.bins:
            return None
        spans = [self.bins[bin_] for bin_ in sorted(self.bins)]
        west, east = spans[0][0], spans[-1][1]
        if east - west > 180:  # more than half the globe: is the other way round shorter?
            gap, index = max((after[0] - before[1], at) for at, (before, after) in enumerate(pairwise(spans)))
            if gap > 360 - (east - west):
                west, east = spans[index + 1][0], spans[index][1]
        return [round(end, DECIMALS) + 0.0 for end in (west, self.south, east, self.north)]
