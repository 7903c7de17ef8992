"""What a phrase claims, in numbers: every locality type becomes a sector about a centre, or an area, before anything is computed.

A disc is a sector of the whole circle; a ring one that begins far out. So a table of phrases is one calculation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Any

import shapely
from msgspec import Struct
from msgspec.structs import replace

from geomap import geodesy
from geomap.georeferencing import protocol
from geomap.model import Locality, LocalityType, Modifier, Offset, Place, Resolution

# Choices the guides leave to the georeferencer ("an arbitrary, documented distance"); each is said in the remarks.
NEAR_M = 5_000.0  # near, around, outskirts of a place
NEAR_SITE_M = 2_000.0  # ... of a building, an airfield, a camp: feature classes S and R
# "West of Mosul" with no distance, where no border closes the wedge, and "the countryside of Aleppo": out to where the next
# place of its size would be named instead; taken as ten times the anchor's own radial, within these bounds.
HEADING_REACH_M = (10_000.0, 50_000.0)
HEADING_REACH_RADIALS = 10.0
_CITY_M = 10_000.0  # radial of a division that is no more than its city
DISTRICT_M = 15_000.0  # a district of which nothing but its seat is known
OFFSHORE_M = 22_224.0  # "off the coast": the twelve nautical miles of the territorial sea
BY_ROAD = 0.6  # as the crow flies a distance along a road may be this much shorter: 5 % of bare long offsets fall below .62
SITES = ("S", "R")


class Claim(Struct, frozen=True, gc=False):
    """A sector about a centre in metres and degrees; ``at`` is where on its axis the point goes.

    ``low`` and ``high`` are the distances as said; ``slack_m`` is what the protocol adds on both sides (extent, half the
    precision, measurement). ``area`` replaces the sector where the place's own outline is known.
    """

    type: LocalityType
    lon: float
    lat: float
    at: float = 0.0
    low: float = 0.0
    high: float = 0.0
    bearing: float = 0.0
    half: float = 180.0
    slack_m: float = 0.0
    extent_m: float = 0.0
    coordinate_deg: float = 0.0
    modifier: Modifier | None = None
    by_air: bool = False  # nautical miles, or said so: not measured along a road
    area: Any = None
    remarks: tuple[str, ...] = ()
    also: tuple[Claim, ...] = ()  # further clauses: the truth lies in all of them


def meant(resolution: Resolution) -> Place | None:
    """The place that an anchor means; where its town stands in for a village that no gazetteer knows, somewhere in the district of that town."""
    place, village = resolution.place, resolution.toponym.kind == "village"
    if place is None or not (village and resolution.notes and place.feature_code.startswith("PPL")):
        return place
    return replace(place, radial_m=max(place.radial_m, DISTRICT_M))


def claim(locality: Locality, places: Sequence[Place | None]) -> Claim | str:
    """The claim of a locality whose anchors mean ``places``; a sentence that says why, where it cannot be located."""
    if locality.type == "coordinates":
        return _coordinates(locality)
    missing = [toponym.name for toponym, place in zip(locality.anchors, places, strict=True) if place is None]
    if missing and len(missing) < len(locality.anchors) == len(locality.offsets):
        return _of_those_known(locality, places, missing)
    if missing:
        return f"unknown place: {missing[0]}"
    known = [place for place in places if place is not None]
    if not known:
        return "no place named to start from"
    if any(o.distance is not None and protocol.read(o.distance).high > geodesy.QUARTER_M for o in locality.offsets):
        return "a distance over a quarter of the earth: not taken for an offset"
    if locality.offsets and locality.offsets[0].distance is not None and locality.offsets[0].distance.by_time:
        return _offset(locality, known)
    return _READ[locality.type](locality, known)


def _of_those_known(locality: Locality, places: Sequence[Place | None], missing: Sequence[str]) -> Claim | str:
    """ "9 km from Zarbuta and 40 km from Homs": so far from a place that nobody knows leaves what is said of the other."""
    kept = [index for index, place in enumerate(places) if place is not None]
    some = replace(locality, anchors=tuple(locality.anchors[i] for i in kept), offsets=tuple(locality.offsets[i] for i in kept))
    found = claim(some, [places[index] for index in kept])
    return found if isinstance(found, str) else replace(found, remarks=(*found.remarks, f"unknown place: {', '.join(missing)}"))


def feature(locality: Locality, place: Place) -> Claim:
    """The place itself: its outline, or the disc of its radial."""
    return Claim(locality.type, place.lon, place.lat, slack_m=place.radial_m, extent_m=place.radial_m, area=outline(place))


def outline(place: Place) -> Any:
    """The footprint of a place where it is an area; None where only its radial is known."""
    shape = place.footprint
    return shape if shape is not None and shape.geom_type in ("Polygon", "MultiPolygon") and not shape.is_empty else None


def buffer_of(place: Place) -> float:
    """Metres that "near" adds to a place."""
    site = place.feature_code[:1] in SITES or place.feature_code.startswith(("AIR", "MIL", "OIL"))
    return NEAR_SITE_M if site else NEAR_M


def _coordinates(locality: Locality) -> Claim | str:
    if locality.point is None:
        return "no coordinates could be read"
    lon, lat = locality.point
    return Claim("coordinates", lon, lat, coordinate_deg=locality.precision_deg or 0.0)


def _feature(locality: Locality, places: Sequence[Place]) -> Claim:
    """A place; of several named in one breath ("Gaza City, Rafah and Khan Younis") the first, with the area of all."""
    first = feature(locality, places[0])
    if len(places) == 1:
        return _district_around(locality, places[0]) or first
    area = shapely.union_all(_extents(places))
    named = ", ".join(place.name for place in places)
    return replace(first, area=area, remarks=(f"several places named together: the point is the first, the area holds all: {named}",))


def _district_around(locality: Locality, place: Place) -> Claim | None:
    """ "مديرية وشحة", "Kajaki district", of which only the town of that name is known: the district reaches farther than its seat."""
    town = place.feature_code.startswith("PPL") and place.feature_code != "PPLX" and outline(place) is None
    if locality.anchors[0].kind != "district" or not town or place.radial_m >= DISTRICT_M:
        return None
    said = f"district of {place.name}: only the place of that name is known; taken to reach {DISTRICT_M / 1000:g} km from it"
    return Claim(locality.type, place.lon, place.lat, slack_m=DISTRICT_M, extent_m=DISTRICT_M, remarks=(said,))


def _countryside(locality: Locality, places: Sequence[Place]) -> Claim:
    """What lies around towns and is called after them ("ريف إدلب الجنوبي"): no town is meant by it, however sure its point is."""
    parts = [_around(place, locality.part) for place in places]
    whole = shapely.union_all(parts) if len(parts) > 1 else parts[0]
    lon, lat = geodesy.middle(whole)
    said = [
        f"countryside of {place.name}: taken to reach {_reach(place) / 1000:g} km from the centre"
        + (f", the half of it towards {locality.part}" if locality.part and locality.part != "C" else "")
        for place in places
        if _is_town(place)
    ]
    return Claim("region", lon, lat, extent_m=places[0].radial_m, area=whole, remarks=tuple(said))


@lru_cache(maxsize=4096)
def _around(place: Place, towards: str | None) -> Any:
    """The land around a town, or a division as it is, or their half towards a wind."""
    whole = _disc(place, _reach(place)) if _is_town(place) else _extents([place])[0]
    part = geodesy.part_of(whole, towards) if towards and towards != "C" else whole
    return whole if part.is_empty else part


def _extents(places: Sequence[Place]) -> list[Any]:
    """The outline of each place, or the disc of its radial, all discs drawn in one go."""
    shapes = [outline(place) for place in places]
    bare = [place for place, shape in zip(places, shapes, strict=True) if shape is None]
    columns = zip(*((place.lon, place.lat, 0.0, place.radial_m, 0.0, 180.0) for place in bare), strict=True)
    discs = iter(geodesy.sectors(*columns) if bare else ())
    return [next(discs) if shape is None else shape for shape in shapes]


def _disc(place: Place, radius: float) -> Any:
    return geodesy.sectors(place.lon, place.lat, 0.0, radius, 0.0, 180.0)[0]


def _is_town(place: Place) -> bool:
    """A town, or a division that is no more than one: "ريف محافظة دمشق"."""
    return place.feature_code.startswith(("PPL", "STLMT")) or (place.feature_code == "ADM1" and place.radial_m < _CITY_M)


def _reach(place: Place) -> float:
    """Metres from the centre out to where the next place of its size would be named instead (Guide, 2020); nothing measures it."""
    near, most = HEADING_REACH_M
    return place.radial_m + min(max(near, HEADING_REACH_RADIALS * place.radial_m), most)


def _near(locality: Locality, places: Sequence[Place]) -> Claim:
    """What lies around a place; of several ("near Mosul, Kisik and Tal Afar") around the first, with the area around each."""
    place, extra = places[0], buffer_of(places[0])
    first = Claim(
        "F-near", place.lon, place.lat, slack_m=place.radial_m + extra, extent_m=place.radial_m,
        remarks=(f"near: {extra / 1000:g} km added to the extent of {place.name}",),
    )  # fmt: skip
    if len(places) == 1:
        return first
    area = shapely.union_all([_disc(each, each.radial_m + buffer_of(each)) for each in places])
    named = ", ".join(each.name for each in places)
    return replace(first, area=area, remarks=(f"near several places named together: the point is the first, the area holds all: {named}",))


def _offset(locality: Locality, places: Sequence[Place]) -> Claim:
    """One offset from one anchor; each further anchor with an offset of its own is a further clause."""
    if not locality.offsets:
        return feature(locality, places[0])
    clauses = [_leg(locality, offset, place) for offset, place in zip(locality.offsets, places, strict=False)]
    return replace(clauses[0], also=tuple(clauses[1:])) if len(clauses) > 1 else clauses[0]


def _leg(locality: Locality, offset: Offset, place: Place) -> Claim:
    if offset.distance is None:
        return _heading(locality, offset, place)
    length = protocol.read(offset.distance)
    towards = offset.bearing_deg is not None
    remarks = length.remarks
    if locality.modifier == "approx" or offset.distance.modifier == "approx":
        remarks = (*remarks, "about: no change to point or radius (Guide, 2020); the plausible region knows of it")
    if offset.distance.by_time:
        remarks = (*remarks, f"{offset.distance.written}: taken as {offset.distance.min:g} to {offset.distance.max:g} km")
    if place.radial_m > length.high:
        remarks = (*remarks, f"the offset is shorter than {place.name} itself is wide: the centre may not be what was meant")
    return Claim(
        locality.type, place.lon, place.lat,
        at=length.at if towards else 0.0, low=length.low, high=length.high,
        bearing=offset.bearing_deg or 0.0, half=geodesy.half_angle(offset.wind) if towards else 180.0,
        slack_m=place.radial_m + length.precision / 2, extent_m=place.radial_m,
        modifier=offset.distance.modifier or locality.modifier, remarks=remarks, by_air=offset.distance.unit == "nmi",
    )  # fmt: skip


def _heading(locality: Locality, offset: Offset, place: Place) -> Claim:
    far = _reach(place)
    return Claim(
        "FH", place.lon, place.lat, at=far / 2, high=far, bearing=offset.bearing_deg or 0.0,
        half=geodesy.half_angle(offset.wind), extent_m=place.radial_m,
        remarks=(f"heading without a distance: wedge of {far / 1000:g} km from the centre, unless a border closes it",),
    )  # fmt: skip


def _orthogonal(locality: Locality, places: Sequence[Place]) -> Claim:
    """Headings taken as exact: one geodesic along the resultant, and the precision of both legs (Guide, 2020)."""
    legs = [(o, protocol.read(o.distance)) for o in locality.offsets if o.distance is not None and o.bearing_deg is not None]
    if len(legs) < 2:
        return _offset(locality, places)
    step = max(length.precision for _, length in legs)
    north = sum(length.at * math.cos(math.radians(offset.bearing_deg or 0.0)) for offset, length in legs)
    east = sum(length.at * math.sin(math.radians(offset.bearing_deg or 0.0)) for offset, length in legs)
    made = orthogonal(places[0].lon, places[0].lat, north, east, step, places[0].radial_m)
    return replace(made, remarks=tuple(remark for _, length in legs for remark in length.remarks))


def orthogonal(lon: float, lat: float, north: float, east: float, step: float, slack: float) -> Claim:
    """So far north and so far east: a disc about the end of the resultant."""
    there = geodesy.destination(lon, lat, math.degrees(math.atan2(east, north)), math.hypot(east, north))
    radius = math.sqrt(2) * step / 2 + slack
    return Claim("FOO", float(there[0]), float(there[1]), slack_m=radius, extent_m=slack)


def _path_offset(locality: Locality, places: Sequence[Place]) -> Claim:
    """Along a road or river whose course is not known here: anything from well short of the distance up to it."""
    straight = _offset(locality, places)
    remark = f"measured along a path whose course is not known: straight distance from {BY_ROAD:g} of it up to all of it"
    return replace(straight, low=min(straight.low, BY_ROAD * straight.high), remarks=(*straight.remarks, remark))


def _between(locality: Locality, places: Sequence[Place]) -> Claim:
    """Midpoint of the two centres (of three, those farthest apart), radius half their distance (Guide, 2020); an ellipse half as wide as long."""
    if len(places) < 2:
        return _near(locality, places)
    ends = max(combinations(places, 2), key=lambda two: geodesy.distance(two[0].lon, two[0].lat, two[1].lon, two[1].lat))
    return _between_two(locality.type, *ends)


@lru_cache(maxsize=4096)  # the same roads are told of again and again
def _between_two(kind: LocalityType, first: Place, second: Place) -> Claim:
    distance, bearing = (float(v) for v in geodesy.inverse(first.lon, first.lat, second.lon, second.lat))
    lon, lat = (float(v) for v in geodesy.destination(first.lon, first.lat, bearing, distance / 2))
    turned = float(geodesy.inverse(lon, lat, second.lon, second.lat)[1])
    slack = max(first.radial_m, second.radial_m)
    remark = "on the road between, its course not known" if kind == "P-between" else "between two centres"
    return Claim(
        kind, lon, lat, slack_m=max(distance / 2, slack), extent_m=slack,
        area=geodesy.ellipse(lon, lat, max(distance / 2, slack), max(distance / 4, slack), turned),
        remarks=(f"{remark}: ellipse along the line of {distance / 1000:.3g} km, half as wide as long",),
    )  # fmt: skip


def _offshore(locality: Locality, places: Sequence[Place]) -> Claim:
    if locality.offsets:
        return _offset(locality, places)
    place = places[0]
    return Claim(
        "F-offshore", place.lon, place.lat, slack_m=place.radial_m + OFFSHORE_M, extent_m=place.radial_m,
        remarks=(f"off the coast: within {OFFSHORE_M / 1852:g} nautical miles of {place.name}",),
    )  # fmt: skip


def _part(locality: Locality, places: Sequence[Place]) -> Claim:
    """A part of an area: the half of it towards the wind, or its middle."""
    place, towards = places[0], locality.part or "C"
    part, middle = _part_of(place, towards)
    if middle is None:
        return feature(locality, place)
    lon, lat = middle
    said = "its middle half" if towards == "C" else f"the half of it towards {towards}"
    return Claim("region-part", lon, lat, extent_m=place.radial_m, area=part, remarks=(f"part of {place.name}: {said}",))


@lru_cache(maxsize=4096)  # "northern Syria" is said every day
def _part_of(place: Place, towards: str) -> tuple[Any, tuple[float, float] | None]:
    """The part of a place's outline, or of the disc of its radial, that lies towards a wind ("C" is its middle), and the middle of that."""
    part = geodesy.part_of(_extents([place])[0], towards)
    return part, None if part.is_empty else geodesy.middle(part)


_READ: dict[LocalityType, Callable[[Locality, Sequence[Place]], Claim]] = {
    "F": _feature, "region": _countryside, "P": _feature, "F-near": _near, "F-between": _between, "P-between": _between,
    "FOH": _offset, "FO": _offset, "FH": _offset, "FO-offshore": _offshore, "F-offshore": _offshore,
    "FOO": _orthogonal, "FPOH": _path_offset, "FPO": _path_offset, "region-part": _part,
}  # fmt: skip
