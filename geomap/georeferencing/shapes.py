"""From claims to points, radii and footprints: one calculation for the whole table, singly only where shapes must be joined."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

import numpy as np
import shapely
from msgspec import Struct
from numpy.typing import NDArray

from geomap import geodesy
from geomap.georeferencing import protocol
from geomap.georeferencing import regions as plausible
from geomap.georeferencing.claims import Claim

_DEGREE_M = 110_000.0  # metres, at most, that a degree of latitude is taken for
REGIONS = ("footprint", "plausible", "plausible_80", "plausible_50")


class Located(Struct, gc=False):
    """What was computed for one claim."""

    claim: Claim
    lon: float
    lat: float
    uncertainty_m: float
    footprint: Any
    remarks: tuple[str, ...] = ()
    plausible: Any = None
    plausible_80: Any = None
    plausible_50: Any = None


def compute(claims: Sequence[Claim], *, footprints: Sequence[bool] | bool = True, regions: bool = True) -> list[Located]:
    """Point, radius and footprint of every claim, in order; ``footprints`` says for which one is drawn.

    An area has its outline always, and so have clauses that must meet: there point and radius follow from the shape.
    """
    wanted = [footprints] * len(claims) if isinstance(footprints, bool) else footprints
    found = [None if drawn or regions else _at_once(claim) for claim, drawn in zip(claims, wanted, strict=True)]
    asked = [(claim, drawn, regions) for claim, drawn, plain in zip(claims, wanted, found, strict=True) if plain is None]
    known = {one: kept for one in asked if (kept := _KEPT.get(one)) is not None}
    fresh = [one for one in dict.fromkeys(asked) if one not in known]
    if fresh:
        known.update(zip(fresh, _computed([one[0] for one in fresh], [one[1] for one in fresh], regions), strict=True))
        if len(_KEPT) + len(fresh) > _MOST:
            _KEPT.clear()
        _KEPT.update((one, known[one]) for one in fresh[:_MOST])
    rest = iter(asked)
    return [plain or copy(known[next(rest)]) for plain in found]  # a copy each: constraints may narrow it


def _at_once(claim: Claim) -> Located | None:
    """A place itself, or a ring about it, of which nothing is drawn: most of what a report names, and nothing to be computed."""
    if claim.at or claim.half < 180.0 or claim.coordinate_deg or claim.area is not None or claim.also:
        return None
    radius = claim.high + claim.slack_m
    return None if _over_a_pole(claim.lat, radius) else Located(claim, claim.lon, claim.lat, radius, None, claim.remarks)


def _over_a_pole(lat: Any, radius: Any) -> Any:
    """Does a circle reach near a pole, where edges run straight on the map and only its drawing tells how far it goes?"""
    return abs(lat) + radius / _DEGREE_M > 89.0


_KEPT: dict[tuple[Claim, bool, bool], Located] = {}  # the same towns are struck again and again
_MOST = 4_000  # some ten kilobytes each, where all regions are drawn


def _computed(claims: Sequence[Claim], footprints: Sequence[bool], regions: bool) -> list[Located]:
    """The same, all in one calculation."""
    found = _sectors(claims, np.array([drawn or bool(claim.also) for claim, drawn in zip(claims, footprints, strict=True)]))
    if regions:
        for one, drawn in zip(found, plausible.regions(claims), strict=True):
            one.plausible, one.plausible_80, one.plausible_50 = drawn
    for one in found:
        if one.claim.area is not None:
            _to_outline(one)
        if one.claim.also:
            _to_intersection(one, compute(one.claim.also, regions=regions))
    return found


def _sectors(claims: Sequence[Claim], drawn: NDArray[np.bool_]) -> list[Located]:
    """The claims as sectors, in one go: the radius holds the far corner of the footprint, by the law of cosines."""
    lon, lat, at, low, high, bearing, half, slack, degrees = np.array(
        [(c.lon, c.lat, c.at, c.low, c.high, c.bearing, c.half, c.slack_m, c.coordinate_deg) for c in claims],
        dtype=float,
    ).T
    doubt = protocol.coordinate_error(lat, degrees)
    inner, outer = np.maximum(0.0, low - slack), high + slack
    lons, lats = geodesy.destination(lon, lat, bearing, at)
    lons, lats = np.where(at == 0.0, lon, lons), np.where(at == 0.0, lat, lats)  # to the last digit
    radius = protocol.farthest(at, inner, outer, half) + doubt
    shapes = np.empty(len(claims), dtype=object)
    reach = np.where(half >= 180.0, outer + doubt, outer)  # a disc is drawn with the doubt of its own coordinates
    over = _over_a_pole(lat, outer)
    drawn = (drawn | over) & np.array([c.area is None for c in claims]) & (reach > 0.0)
    if drawn.any():
        shapes[drawn] = geodesy.sectors(*(column[drawn] for column in (lon, lat, inner, reach, bearing, half)))
        for row in np.flatnonzero(drawn & over):
            radius[row] = max(radius[row], geodesy.reach(lons[row], lats[row], shapes[row]))
    rows = zip(claims, lons.tolist(), lats.tolist(), radius.tolist(), shapes.tolist(), strict=True)
    return [Located(c, x, y, r, shape, c.remarks) for c, x, y, r, shape in rows]


def _to_outline(one: Located) -> None:
    """The place's own outline instead of a sector: the radius reaches its farthest corner."""
    one.footprint = one.claim.area
    one.uncertainty_m = max(one.uncertainty_m, geodesy.reach(one.lon, one.lat, one.footprint))


def _to_intersection(one: Located, others: Sequence[Located]) -> None:
    """All clauses hold at once: the point goes into their common part. Clauses that do not meet are all kept, and said."""
    meeting = one.footprint
    for other in others:
        meeting = meeting.intersection(other.footprint)
    meets = not geodesy.area_of(meeting).is_empty
    for name in REGIONS:
        shapes = [getattr(each, name) for each in (one, *others)]
        if None not in shapes:
            setattr(one, name, _common(shapes))
    if meets:
        one.lon, one.lat = geodesy.middle(one.footprint)
    said = "point and footprint where the clauses meet" if meets else "the clauses do not meet: all kept, point from the first"
    one.remarks = (*one.remarks, *(remark for other in others for remark in other.remarks), said)
    one.uncertainty_m = geodesy.reach(one.lon, one.lat, one.footprint)


def _common(shapes: Sequence[Any]) -> Any:
    """What all shapes share; all of them together where they share nothing."""
    shared = shapes[0]
    for shape in shapes[1:]:
        shared = geodesy.area_of(shared.intersection(shape))
    return shared if not shared.is_empty else geodesy.area_of(shapely.union_all(shapes))
