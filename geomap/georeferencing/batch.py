"""The computation alone, from numbers: a line of the batch form becomes a claim, and what was computed a line again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import shapely

from geomap import geodesy
from geomap.columns import METRES
from geomap.errors import InputError
from geomap.georeferencing import protocol
from geomap.georeferencing.claims import Claim, orthogonal
from geomap.georeferencing.shapes import Located
from geomap.model import LocalityType

TYPES: Mapping[str, LocalityType] = {
    "heading": "FOH", "distance_only": "FO", "orthogonal": "FOO", "path": "FPO", "named_place": "F", "coordinates": "coordinates",
}  # fmt: skip


def claim_of(line: Mapping[str, Any]) -> Claim:
    """The claim of one line; InputError names the field that is missing or makes no sense."""
    kind = TYPES.get(line.get("type", ""))
    if kind is None:
        raise InputError(f"unknown type {line.get('type')!r}; known: {' '.join(TYPES)}")
    lon, lat = _number(line, "lon"), _number(line, "lat")
    if not (-90.0 <= lat <= 90.0 and -360.0 <= lon <= 360.0):
        raise InputError(f"lat {lat:g} lon {lon:g} is no place on earth; lat is -90 to 90, lon -180 to 180")
    unit = _unit(line)
    extent, measured = _size(line, "extent_m"), _size(line, "measurement_error_m")
    degrees = _size(line, "coordinate_precision")
    remarks: tuple[str, ...] = ()
    slack = extent + measured + (0.0 if kind in ("F", "coordinates") else _step(line) * unit / 2)
    if line.get("datum") == "unknown":
        shift = protocol.unknown_datum(lon, lat)
        slack, remarks = slack + shift, (f"datum not known: {shift:.0f} m added, the largest shift to WGS84 there",)
    if kind == "FOO":
        made = _orthogonal(line, lon, lat, unit, slack - _step(line) * unit / 2)
        return Claim(
            made.type,
            made.lon,
            made.lat,
            slack_m=made.slack_m,
            extent_m=extent,
            coordinate_deg=degrees,
            remarks=remarks,
        )
    at = _size(line, "distance", needed=True) * unit if kind in ("FOH", "FO") else 0.0
    if at > geodesy.QUARTER_M:
        raise InputError(f"distance {line['distance']} {line.get('unit')} is over a quarter of the earth; is the unit right?")
    bearing, half = _heading(line) if kind == "FOH" else (0.0, 180.0)
    return Claim(
        kind, lon, lat, at=at if kind == "FOH" else 0.0, low=at, high=at, bearing=bearing, half=half, slack_m=slack,
        extent_m=extent, coordinate_deg=degrees, by_air=line.get("unit") == "nmi", remarks=remarks,
    )  # fmt: skip


def _orthogonal(line: Mapping[str, Any], lon: float, lat: float, unit: float, slack: float) -> Claim:
    signs = {"N": 1.0, "S": -1.0, "E": 1.0, "W": -1.0}
    try:
        north = _number(line, "ns") * unit * signs[line["nsdir"]]
        east = _number(line, "ew") * unit * signs[line["ewdir"]]
    except KeyError as error:
        raise InputError(f"orthogonal needs ns, nsdir (N or S), ew, ewdir (E or W): {error}") from error
    return orthogonal(lon, lat, north, east, _step(line) * unit, slack)


def _heading(line: Mapping[str, Any]) -> tuple[float, float]:
    """Bearing and half angle: a wind spans its sector, degrees are good to one."""
    wind = line.get("heading")
    if wind is None:
        return _number(line, "bearing_deg"), geodesy.DEGREES_HALF_ANGLE
    if wind not in geodesy.BEARINGS:
        raise InputError(f"unknown heading {wind!r}; known are the 32 winds: {' '.join(geodesy.WINDS)}")
    return _number(line, "bearing_deg", geodesy.BEARINGS[wind]), geodesy.half_angle(wind)


def _step(line: Mapping[str, Any]) -> float:
    """The precision as given, else read from the distance as written."""
    given = line.get("distance_precision")
    return _size(line, "distance_precision") if given is not None else protocol.precision(_number(line, "distance", 0.0))


def _unit(line: Mapping[str, Any]) -> float:
    unit = line.get("unit") or "m"
    if unit not in METRES:
        raise InputError(f"unknown unit {unit!r}; known: {' '.join(METRES)}")
    return METRES[unit]


def _size(line: Mapping[str, Any], name: str, *, needed: bool = False) -> float:
    """A length that is not negative; 0 where it is absent and not needed."""
    value = _number(line, name, None if needed else 0.0)
    if value < 0.0:
        raise InputError(f"{name} is {value:g}: a length cannot be negative")
    return value


def _number(line: Mapping[str, Any], name: str, otherwise: float | None = None) -> float:
    value = line.get(name)
    if value is None and otherwise is not None:
        return otherwise
    try:
        number = float(value)  # type: ignore[arg-type]  # None and text end below
    except (TypeError, ValueError):
        raise InputError(f"{name} is {value!r}, not a number") from None
    if not math.isfinite(number):
        raise InputError(f"{name} is {number}, not a number on earth")
    return number


def answer(line: Mapping[str, Any], found: Located) -> dict[str, Any]:
    """One line out: point to a tenth of a millimetre, regions as GeoJSON to a centimetre, and which asked points lie inside."""
    out: dict[str, Any] = {
        "id": line.get("id"), "lat": round(found.lat, 9), "lon": round(found.lon, 9), "uncertainty_m": round(found.uncertainty_m, 3),
        **{name: geometry(getattr(found, name)) for name in ("footprint", "plausible", "plausible_80", "plausible_50")},
        "remarks": list(found.remarks),
    }  # fmt: skip
    if line.get("points") is not None:
        out["contains"] = contains(found, line["points"])
    return out


def contains(found: Located, points: list[list[float]]) -> list[bool]:
    """Whether each point (lat, lon) lies in the footprint: by distance and bearing from the anchor, not by the polygon."""
    claim = found.claim
    inner, outer = max(0.0, claim.low - claim.slack_m), claim.high + claim.slack_m
    lats, lons = [p[0] for p in points], [p[1] for p in points]
    inside = geodesy.in_sector(lons, lats, (claim.lon, claim.lat), inner, outer, claim.bearing, claim.half)
    return [bool(one) for one in inside]


def geometry(shape: Any) -> dict[str, Any] | None:
    """GeoJSON of a region, counter-clockwise, seven decimals; None where there is none."""
    if shape is None or shape.is_empty:
        return None
    made: dict[str, Any] = shapely.geometry.mapping(shapely.orient_polygons(shapely.transform(shape, lambda xy: xy.round(7))))
    return {"type": made["type"], "coordinates": made["coordinates"]}
