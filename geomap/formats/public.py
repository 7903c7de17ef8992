"""Positions fit for the public: coarsened to a grid, a radius or a district, and every record says that and how.

What would give the true position away goes with it: the anchor with distance and bearing, the words of the location,
both areas, and every column of a foreign table. Quotes, names and links go if asked.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from geomap.columns import COLUMNS
from geomap.errors import UsageError
from geomap.formats.table import DECIMALS, Batch

DEGREE_M = 111_320.0  # a degree of latitude, or of longitude on the equator; a cell need not be exact, only stated
TELLING = (
    "location_text", "location_modifier", "anchor_name", "anchor_id", "anchor_lat", "anchor_lon", "distance_m", "bearing_deg",
    "georeference_remarks",
)  # fmt: skip
DROPS = {
    "quotes": ("quote", "quote_start", "quote_end", "date_text", "time_text", "reported_text"),
    "names": ("actor", "target", "quote", "quote_start", "quote_end"),
    "links": ("url", "archived_url"),
}
# (lon, lat) -> name, lon, lat, radius in metres of the district that holds the point; None where none does
Districts: TypeAlias = Callable[[float, float], "tuple[str, float, float, float] | None"]


@dataclass(slots=True)
class Public:
    """How to coarsen: ``grid`` with cells of ``metres``, ``radius`` of ``metres``, or ``district``; what else to drop."""

    kind: str
    metres: float = 0.0
    drop: tuple[str, ...] = ()
    districts: Districts | None = None

    def __call__(self, batch: Batch) -> Batch:
        """The batch with coarse positions, a text in ``data_generalizations``, and nothing that tells more."""
        gone = {*TELLING, *(name for drop in self.drop for name in DROPS[drop])}
        columns: dict[str, list[Any]] = {
            name: [None] * batch.size if name in gone else list(batch.columns[name]) for name in COLUMNS
        }
        said: list[str | None] = []
        for index, (lon, lat) in enumerate(batch.points):
            if lon is None or lat is None:
                said.append(None)
                continue
            place, radius, how = self.coarse(lon, lat)
            own = columns["uncertainty_m"][index]
            total = None if own is None or radius is None else round(own + radius, 1)
            columns["lon"][index], columns["lat"][index] = place or (None, None)
            columns["uncertainty_m"][index] = total
            for code, least in (("precision_ged", 2 if total and total <= 25_000 else 5), ("precision_acled", 2)):
                if columns[code][index] is not None:
                    columns[code][index] = max(columns[code][index], least) if place else None
            columns["georeference_protocol"][index] = "generalised"
            said.append(f"{how}; words and areas that tell the location withheld")
        columns["data_generalizations"] = said
        return Batch(columns, {}, batch.size, batch.ids, columns["lon"], columns["lat"])

    def told(self) -> str:
        """What is done to the positions, for the file's own record."""
        how = self.kind if self.kind == "district" else f"{self.kind} of {_km(self.metres)}"
        dropped = f"; withheld: {', '.join(self.drop)}" if self.drop else ""
        return f"positions generalised by {how}; words and areas that tell the location withheld{dropped}"

    def notes(self) -> list[str]:
        """What whoever publishes should know."""
        open_ = [name for name in ("quotes", "links") if name not in self.drop]
        return [f"{' and '.join(open_)} are still there and may tell the place"] if open_ else []

    def coarse(self, lon: float, lat: float) -> tuple[tuple[float, float] | None, float | None, str]:
        """The new point, the most that it may lie off the old one (metres), and the words for the record."""
        if self.kind == "district":
            assert self.districts is not None
            found = self.districts(lon, lat)
            if found is None:
                return None, None, "position withheld: no district is known that holds it"
            name, lon, lat, radius = found
            return (lon, lat), radius, f"position generalised to the district {name}"
        side = self.metres if self.kind == "grid" else self.metres * math.sqrt(2)
        place, off = cell(lon, lat, side)
        if self.kind == "grid":
            return place, off, f"position generalised to the centre of a grid cell of {_km(self.metres)}"
        return place, max(off, self.metres), f"position generalised within a radius of {_km(self.metres)}"


def cell(lon: float, lat: float, side: float) -> tuple[tuple[float, float], float]:
    """The centre of the cell of about ``side`` metres that holds the point, and its half diagonal in metres."""
    rows = max(1, math.ceil(180 * DEGREE_M / side))
    height = 180 / rows
    row = min(int((lat + 90) / height), rows - 1)
    middle = -90 + (row + 0.5) * height
    columns = max(1, math.ceil(360 * DEGREE_M * math.cos(math.radians(middle)) / side))
    width = 360 / columns
    column = min(int((lon + 180) / width), columns - 1)
    centre = (round(-180 + (column + 0.5) * width, DECIMALS), round(middle, DECIMALS))
    widest = max(math.cos(math.radians(edge)) for edge in (middle - height / 2, middle + height / 2))
    return centre, math.hypot(height * DEGREE_M, width * DEGREE_M * widest) / 2


def parse(text: str, *, drop: Sequence[str] = (), districts: Districts | None = None) -> Public:
    """``grid:10km``, ``radius:5km`` or ``district``; ``drop`` of quotes, names, links."""
    kind, _, size = text.strip().lower().partition(":")
    unknown = [name for name in drop if name not in DROPS]
    if unknown:
        raise UsageError(f"nothing called {unknown[0]!r} to drop; known: {' '.join(DROPS)}")
    if kind == "district":
        if districts is None:
            raise UsageError("district needs places to look districts up in; use grid:10km or radius:5km")
        return Public(kind, drop=tuple(drop), districts=districts)
    metres = _metres(size)
    if kind not in ("grid", "radius") or metres is None:
        raise UsageError(f"cannot coarsen by {text!r}; say grid:10km, radius:5km or district")
    return Public(kind, metres, tuple(drop))


def _metres(size: str) -> float | None:
    number, unit = (size[:-2], 1000.0) if size.endswith("km") else (size.removesuffix("m"), 1.0)
    try:
        metres = float(number) * unit
    except ValueError:
        return None
    return metres if 100 <= metres <= 2_000_000 else None


def _km(metres: float) -> str:
    return f"{metres / 1000:g} km"
