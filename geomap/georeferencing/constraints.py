"""What else the text or the map says of the same spot: land, a country or district, a second name. Choices told, nothing repaired.

A constraint that fits narrows the regions and says so; one that does not leaves them as computed and warns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from msgspec.structs import replace

from geomap import geodesy
from geomap.georeferencing.claims import Claim, outline
from geomap.georeferencing.shapes import REGIONS, Located
from geomap.model import Place


def opened(claim: Claim, within: Sequence[Place]) -> Claim:
    """A heading without a distance reaches to the far border of the smallest area that the text names around its anchor."""
    areas = [
        shape for shape in map(outline, within) if shape is not None and shape.intersects(shapely.Point(claim.lon, claim.lat))
    ]
    if claim.type != "FH" or not areas:
        return claim
    far = min(geodesy.reach(claim.lon, claim.lat, shape) for shape in areas)
    return replace(claim, high=far, at=far / 2.0, remarks=("heading without a distance: wedge up to the border",))


def narrow(found: Located, within: Sequence[Place] = (), land: Any = None, named: Place | None = None) -> None:
    """Apply what is known of the spot to one computed location, in place."""
    for place in within:
        _within(found, place)
    if land is not None:
        _land(found, land)
    if named is not None:
        _named(found, named)


def _within(found: Located, place: Place) -> None:
    area = outline(place)
    if area is None:
        away = float(geodesy.inverse(found.lon, found.lat, place.lon, place.lat)[0])
        if away > found.uncertainty_m + place.radial_m:
            _warn(found, place, f"the text names {place.name}, {away / 1000:.3g} km away and not within reach")
    elif not found.footprint.intersects(area):
        _warn(found, place, f"the text names {place.name}, and the footprint lies outside it: kept as computed")
    elif not area.contains(found.footprint):
        _clip(found, area, f"clipped to {place.name}, which the text names")
        if found.claim.type == "FH":
            found.lon, found.lat = geodesy.middle(found.footprint)
            found.uncertainty_m = geodesy.reach(found.lon, found.lat, found.footprint)


def _clip(found: Located, area: Any, said: str) -> None:
    """Keep what lies in the area of every region that has a part there. The radius stays: it holds the smaller footprint too."""
    for name in REGIONS:
        shape = getattr(found, name)
        kept = geodesy.area_of(shape.intersection(area)) if shape is not None else None
        if kept is not None and not kept.is_empty:
            setattr(found, name, kept)
    inside = area.intersects(shapely.Point(found.lon, found.lat))
    found.remarks = (*found.remarks, said if inside or found.claim.type == "FH" else f"{said}; the point itself lies outside")


def _land(found: Located, land: Any) -> None:
    """On land, or for an offshore phrase off it."""
    shapes = [shape for name in REGIONS if (shape := getattr(found, name)) is not None]
    near = shapely.make_valid(shapely.clip_by_rect(land, *shapely.total_bounds(np.array(shapes, dtype=object))))
    if "offshore" in found.claim.type:
        sea = geodesy.area_of(shapely.box(*shapely.total_bounds(np.array(shapes, dtype=object))).difference(near))
        area, said = sea, "clipped to the sea"
    else:
        area, said = near, "clipped to land"
    if not found.footprint.intersects(area):
        found.remarks = (*found.remarks, f"could not be {said}: no part of the footprint lies there")
    elif not area.contains(found.footprint):
        _clip(found, area, said)


def _named(found: Located, place: Place) -> None:
    """A second name for the same spot, against the sector itself widened by that place's own radial."""
    if not _reaches(found.claim, place):
        far, towards = geodesy.inverse(found.claim.lon, found.claim.lat, place.lon, place.lat)
        said = f"{place.name}, named for the same spot, lies {float(far) / 1000:.3g} km at {float(towards):.0f} degrees"
        _warn(found, place, f"{said}: outside the footprint, kept as computed")


def _reaches(claim: Claim, place: Place, turned: float = 0.0) -> bool:
    far = float(geodesy.inverse(claim.lon, claim.lat, place.lon, place.lat)[0])
    wider = claim.half + np.degrees(np.arcsin(min(1.0, place.radial_m / max(far, 1.0))))
    inner, outer = claim.low - claim.slack_m - place.radial_m, claim.high + claim.slack_m + place.radial_m
    centre = (claim.lon, claim.lat)
    return bool(geodesy.in_sector(place.lon, place.lat, centre, inner, outer, claim.bearing + turned, min(180.0, float(wider))))


def _warn(found: Located, place: Place, said: str) -> None:
    """A contradiction is told; where the opposite direction would fit, that is told too (one in thirty is reversed)."""
    if found.claim.half < 180.0 and _reaches(found.claim, place, 180.0):
        said = f"{said} (the opposite direction would fit: reversed?)"
    found.remarks = (*found.remarks, f"warning: {said}")
