"""The bbox of a whole file, found while its events stream by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from geomap.formats.table import DECIMALS


@dataclass(slots=True)
class Bounds:
    """The bbox of what passed by, in constant memory; west > east across the antimeridian (RFC 7946, section 5.2).

    A box over the antimeridian that is narrower than half the globe leaves out longitude 0, so it is enough to know
    how close things come to 0 from either side.
    """

    west: float = 181.0
    east: float = -181.0
    south: float = 90.0
    north: float = -90.0
    nearest_east: float = 181.0  # the least longitude >= 0
    nearest_west: float = -181.0  # the greatest <= 0

    def add(self, west: float, south: float, east: float, north: float) -> None:
        """One point or box that does not itself span the antimeridian."""
        self.west, self.east = min(self.west, west), max(self.east, east)
        self.south, self.north = min(self.south, south), max(self.north, north)
        if east >= 0:
            self.nearest_east = min(self.nearest_east, max(west, 0.0))
        if west <= 0:
            self.nearest_west = max(self.nearest_west, min(east, 0.0))

    def add_points(self, points: Iterable[tuple[float, float] | tuple[None, None]]) -> None:
        """Many points, lon and lat; unknown ones are passed over."""
        known = [point for point in points if point[0] is not None]
        if known:
            lons, lats = zip(*known, strict=True)
            for side in ([lon for lon in lons if lon <= 0], [lon for lon in lons if lon >= 0]):
                if side:
                    self.add(min(side), min(lats), max(side), max(lats))

    @property
    def known(self) -> bool:
        """Did anything with a place pass by?"""
        return self.west <= self.east

    @property
    def bbox(self) -> list[float] | None:
        """[west, south, east, north], or None where nothing has a place."""
        if not self.known:
            return None
        west, east = self.west, self.east
        if self.nearest_east - self.nearest_west > 180 and self.nearest_west > -181 and self.nearest_east < 181:
            west, east = self.nearest_east, self.nearest_west
        return [round(end, DECIMALS) + 0.0 for end in (west, self.south, east, self.north)]
