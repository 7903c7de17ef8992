"""Which district holds a point: by outlines where the gazetteer has them, else by the nearest town.

What comes back is the same for every point of a district, so that it tells no more of the point than that: the
district's own point, and a radius that holds nearly all of its towns. A point that the radius does not hold has no district.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from geomap import geodesy
from geomap.gazetteer import store
from geomap.gazetteer.layers import Layers
from geomap.gazetteer.lookup import Lookup

District: TypeAlias = tuple[str, float, float, float]  # name, lon, lat, radius in metres
REACHES = (25_000.0, 100_000.0)  # where towns are sought; beyond the second the nearest one tells nothing
DEGREE_M = 111_320.0
WITHIN = (
    "SELECT {what} FROM rtree_{layer}_geom r JOIN {layer} t ON t.fid = r.id {more} "
    "WHERE r.minx <= :east AND r.maxx >= :west AND r.miny <= :north AND r.maxy >= :south {only}"
)
OUTLINES = WITHIN.format(
    what="p.name, p.lon, p.lat, t.geom", layer="footprints", more="JOIN places p ON p.fid = t.place",
    only="AND p.feature_code LIKE 'ADM%' AND p.retired = 0",
)  # fmt: skip
TOWNS = WITHIN.format(
    what="t.lon, t.lat, t.country, t.admin1", layer="places", more="",
    only="AND t.feature_class = 'P' AND t.admin1 IS NOT NULL AND t.country IS NOT NULL",
)  # fmt: skip


class Districts:
    """The districts of a gazetteer: ask it for the one that holds a point."""

    def __init__(self, gazetteer: Lookup | Layers) -> None:
        layers = gazetteer.layers if isinstance(gazetteer, Layers) else (gazetteer,)
        self._bases = [store.read_only(layer.path) for layer in reversed(layers)]
        self._division = lru_cache(10_000)(self._found)

    def __call__(self, lon: float, lat: float) -> District | None:
        """Name, point and radius of the district, or None where none is known that holds the point."""
        return self._outlined(lon, lat) or self._of_towns(lon, lat)

    def _ask(self, query: str, lon: float, lat: float, reach: float) -> Iterator[tuple[Any, ...]]:
        """What lies in a window around the point; across the antimeridian it is two."""
        high = reach / DEGREE_M
        wide = min(high / max(math.cos(math.radians(lat)), 0.01), 179.0)
        for turn in (-360.0, 0.0, 360.0):
            window = {"west": lon + turn - wide, "east": lon + turn + wide, "south": lat - high, "north": lat + high}
            if window["west"] <= 180 and window["east"] >= -180:
                for base in self._bases:
                    yield from base.execute(query, window)

    def _outlined(self, lon: float, lat: float) -> District | None:
        """The smallest outline of a division that holds the point."""
        found = []
        for name, at_lon, at_lat, geom in self._ask(OUTLINES, lon, lat, 0.0):
            import shapely

            shape = shapely.from_wkb(store.wkb(geom))
            if shapely.intersects_xy(shape, lon, lat):
                x, y = shapely.get_coordinates(shape).T
                found.append((shape.area, (name, at_lon, at_lat, float(geodesy.inverse(at_lon, at_lat, x, y)[0].max()))))
        return min(found)[1] if found else None

    def _of_towns(self, lon: float, lat: float) -> District | None:
        """The first-level division of the nearest town, if its radius holds the point."""
        for reach in REACHES:
            towns = list(self._ask(TOWNS, lon, lat, reach))
            if towns:
                lons, lats, countries, divisions = zip(*towns, strict=True)
                nearest = int(geodesy.inverse(lon, lat, lons, lats)[0].argmin())
                district = self._division(countries[nearest], divisions[nearest])
                if district and float(geodesy.inverse(lon, lat, *district[1:3])[0]) <= district[3]:
                    return district
                return None
        return None

    def _found(self, country: str, name: str) -> District | None:
        """A first-level division, with a radius as wide as its own and its towns need, but the farthest fiftieth of them."""
        for base in self._bases:
            row = base.execute(
                "SELECT name, lon, lat, radial_m FROM places WHERE feature_code = 'ADM1' AND country = ? AND admin1 = ? "
                "AND retired = 0 ORDER BY fid LIMIT 1", (country, name),
            ).fetchone()  # fmt: skip
            if row is None:
                continue
            towns = base.execute(
                "SELECT lon, lat FROM places WHERE feature_class = 'P' AND country = ? AND admin1 = ?", (country, name)
            ).fetchall()
            radius = row[3] or 0.0
            if towns:  # some of which may be entered under a wrong division
                far = geodesy.inverse(row[1], row[2], *zip(*towns, strict=True))[0]
                radius = max(radius, float(np.quantile(far, 0.98)))
            return row[0], row[1], row[2], math.ceil(radius / 1000) * 1000.0
        return None
