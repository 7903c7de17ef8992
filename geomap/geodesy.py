"""Bearings, destinations, discs and sectors on WGS84, in bulk: every function takes arrays as gladly as single numbers.

Distances are metres, bearings degrees clockwise from north, order lon, lat. Geodesics come from pyproj (Karney); polygons are
for drawing, and whether a point lies in a sector is decided by the inverse geodesic, never by a polygon.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
import shapely
import shapely.affinity
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod

Floats: TypeAlias = NDArray[np.float64]

GEOD = Geod(ellps="WGS84")

WINDS = ("N", "NbE", "NNE", "NEbN", "NE", "NEbE", "ENE", "EbN", "E", "EbS", "ESE", "SEbE", "SE", "SEbS", "SSE", "SbE",
         "S", "SbW", "SSW", "SWbS", "SW", "SWbW", "WSW", "WbS", "W", "WbN", "WNW", "NWbW", "NW", "NWbN", "NNW", "NbW")  # fmt: skip
BEARINGS = {wind: index * 11.25 for index, wind in enumerate(WINDS)}
# Half of what a wind spans among winds of its own kind: four cardinal, eight principal, sixteen, thirty-two.
HALF_ANGLES = {1: 45.0, 2: 22.5, 3: 11.25}
QUARTER_M = 10_000_000.0  # a quarter of the way around: beyond it a ring closes again on the other side
DEGREES_HALF_ANGLE = 1.0  # a bearing given in degrees is good to one degree

ARC_STEP = 5.0  # degrees between the vertices of a drawn arc, at most: 0.1 % of the radius between chord and arc


def half_angle(wind: str | None) -> float:
    """Degrees to each side that a wind of the compass covers; 1 for a bearing in degrees (``None``).

    >>> half_angle("S"), half_angle("SE"), half_angle("SSE"), half_angle("SbE")
    (45.0, 22.5, 11.25, 5.625)
    """
    if wind is None:
        return DEGREES_HALF_ANGLE
    return 5.625 if "b" in wind else HALF_ANGLES[len(wind)]


def turn(angle: ArrayLike) -> Floats:
    """An angle, or the difference of two bearings, brought into -180 to 180 degrees."""
    return np.asarray((np.asarray(angle, dtype=float) + 180.0) % 360.0 - 180.0)


def destination(lon: ArrayLike, lat: ArrayLike, bearing: ArrayLike, distance: ArrayLike) -> tuple[Floats, Floats]:
    """Where the geodesic from each point ends: arrays of lon and lat of the broadcast shape."""
    x, y, azimuth, far = (np.array(part, dtype=float) for part in np.broadcast_arrays(lon, lat, bearing, distance))
    lons, lats, _ = GEOD.fwd(x, y, azimuth, far, return_back_azimuth=False, inplace=True)
    return np.asarray(lons), np.asarray(lats)


def inverse(lon: ArrayLike, lat: ArrayLike, to_lon: ArrayLike, to_lat: ArrayLike) -> tuple[Floats, Floats]:
    """Distance in metres and bearing at the start, from the first points to the second."""
    x, y, to_x, to_y = (np.array(part, dtype=float) for part in np.broadcast_arrays(lon, lat, to_lon, to_lat))
    bearing, _, distance = GEOD.inv(x, y, to_x, to_y, return_back_azimuth=False, inplace=True)
    return np.asarray(distance), np.asarray(bearing) % 360.0


def distance(lon: float, lat: float, to_lon: float, to_lat: float) -> float:
    """Metres between two points: what ``inverse`` gives, many times quicker where there are only two."""
    return float(GEOD.inv(lon, lat, to_lon, to_lat)[2])


def in_sector(
    lon: ArrayLike, lat: ArrayLike, centre: tuple[float, float], inner: float, outer: float, bearing: float, half: float
) -> NDArray[np.bool_]:
    """Which points lie in an annular sector: exact at the poles and across the antimeridian, edges included."""
    distance, towards = inverse(centre[0], centre[1], lon, lat)
    beside = np.abs(turn(towards - bearing)) <= half + 1e-9
    return np.asarray((inner <= distance) & (distance <= outer) & (beside | (half >= 180.0) | (distance == 0.0)))


# -- drawn shapes -----------------------------------------------------------------------------------------------------


def sectors(
    lon: ArrayLike, lat: ArrayLike, inner: ArrayLike, outer: ArrayLike, bearing: ArrayLike, half: ArrayLike
) -> NDArray[Any]:
    """Annular sectors as polygons, one a row; ``half`` of 180 gives rings and, with ``inner`` 0, discs."""
    columns = [np.atleast_1d(np.asarray(part, dtype=float)) for part in (lon, lat, inner, outer, bearing, half)]
    table = np.stack(np.broadcast_arrays(*columns), axis=1)
    steps = _arc_steps(table)
    sides = _side_steps(table)
    whole, hollow = table[:, 5] >= 180.0, table[:, 2] > 0.0
    shapes = np.empty(len(table), dtype=object)
    kinds = ((steps * 64 + sides) * 2 + whole) * 2 + hollow  # what is drawn in as many pieces is drawn together
    for kind in sorted({*kinds.tolist()}):  # np.unique would import all of numpy.ma for it
        chosen = np.flatnonzero(kinds == kind)
        first = chosen[0]
        draw = _rings if whole[first] else _wedges
        shapes[chosen] = draw(table[chosen], int(steps[first]), int(sides[first]), bool(hollow[first]))
    return shapes


def _arc_steps(table: Floats) -> NDArray[np.int_]:
    """Pieces that an arc is drawn in: the thinner a band, the finer, so that chord and arc differ by 1 % of its width."""
    width = np.maximum(table[:, 3] - np.maximum(table[:, 2], 0.0), 1.0)
    finest = np.degrees(2.0 * np.sqrt(2.0 * 0.01 * width / np.maximum(table[:, 3], 1.0)))
    step = ARC_STEP / 2.0 ** np.clip(np.ceil(np.log2(ARC_STEP / finest)), 0, 3)
    return np.asarray(2 * np.ceil(table[:, 5] / step), dtype=int)


def _side_steps(table: Floats) -> NDArray[np.int_]:
    """Pieces that a straight side is drawn in: a geodesic is bent on a map of lon and lat, most of all near the poles."""
    length = table[:, 3] - np.maximum(table[:, 2], 0.0)
    nearest_pole = 90.0 - np.abs(table[:, 1]) - table[:, 3] / 111_000.0
    return np.where(nearest_pole < 5.0, 32, np.where(length < 30_000.0, 1, np.where(length < 300_000.0, 4, 12)))


def _wedges(table: Floats, steps: int, sides: int, hollow: bool) -> NDArray[Any]:
    """Counter-clockwise rings: along the outer arc against the clock, in, along the inner arc with it, and out."""
    lon, lat, inner, outer, bearing, half = table.T[:, :, None]
    sweep = np.linspace(1.0, -1.0, steps + 1)
    depth = np.linspace(1.0, 0.0, sides + 1)[1:-1]
    if hollow:
        turns = [sweep, np.full(len(depth), -1.0), -sweep, np.full(len(depth), 1.0)]
        radii = [np.ones_like(sweep), depth, np.zeros(len(turns[2])), depth[::-1]]
    else:
        turns = [sweep, np.full(len(depth), -1.0), np.zeros(1), np.full(len(depth), 1.0)]
        radii = [np.ones_like(sweep), depth, np.zeros(1), depth[::-1]]
    along, out = np.concatenate(turns), np.concatenate(radii)
    lons, lats = destination(lon, lat, bearing + half * along, inner + (outer - inner) * out)
    return polygons(lons, lats)


def _rings(table: Floats, steps: int, _sides: int, hollow: bool) -> NDArray[Any]:
    lon, lat, inner, outer = (table[:, [column]] for column in range(4))
    around = np.linspace(360.0, 0.0, steps, endpoint=False)
    discs = polygons(*destination(lon, lat, around, outer))
    if not hollow:
        return discs
    return np.asarray(shapely.difference(discs, polygons(*destination(lon, lat, around, inner))))


def from_polar(lon: float, lat: float, loops: Sequence[tuple[ArrayLike, ArrayLike]]) -> Any:
    """One region from loops of (bearing, distance) around a centre; a loop within another is a hole of it."""
    shape = shapely.Polygon()
    for bearing, distance in loops:
        shape = shapely.symmetric_difference(shape, polygons(*destination(lon, lat, bearing, distance))[0])
    return shape


def polygons(lons: ArrayLike, lats: ArrayLike) -> NDArray[Any]:
    """Rings given as rows of lon and lat, open or closed, as polygons; cut where they cross 180 degrees or hold a pole."""
    x, y = np.atleast_2d(np.asarray(lons, dtype=float)), np.atleast_2d(np.asarray(lats, dtype=float))
    shapes = np.asarray(shapely.polygons(shapely.linearrings(np.stack([x, y], axis=-1))))
    jumps = np.abs(np.diff(x, axis=1, append=x[:, :1])).max(axis=1) > 180.0
    for row in np.flatnonzero(jumps):
        shapes[row] = _cut(x[row], y[row])
    return shapes


def _cut(x: Floats, y: Floats) -> Any:
    """The polygon of a ring that crosses the antimeridian, in parts that each keep to one side (RFC 7946, 3.1.9)."""
    x = x[0] + np.concatenate([[0.0], np.cumsum(turn(np.diff(x)))])
    closing = x[-1] + turn(x[0] - x[-1])
    if abs(closing - x[0]) > 180.0:  # once around the earth: the ring holds the nearer pole
        pole = 90.0 if y.mean() > 0 else -90.0
        x, y = np.concatenate([x, [closing, closing, x[0]]]), np.concatenate([y, [y[0], pole, pole]])
    return wrap(shapely.make_valid(shapely.Polygon(np.column_stack([x, y]))))


def wrap(shape: Any) -> Any:
    """A shape drawn beyond 180 degrees, brought back into -180 to 180 in parts."""
    west, _, east, _ = shape.bounds
    parts: list[Any] = []
    for turns in range(int(np.floor((west + 180.0) / 360.0)), int(np.ceil((east + 180.0) / 360.0))):
        strip = shapely.box(-180.0 + 360.0 * turns, -90.0, 180.0 + 360.0 * turns, 90.0)
        parts.append(shapely.transform(shape.intersection(strip), lambda xy, t=turns: xy - [360.0 * t, 0.0]))
    return area_of(shapely.union_all(parts))


# -- a plane about a point --------------------------------------------------------------------------------------------


def to_plane(shape: Any, lon: float, lat: float) -> Any:
    """A shape on the plane of metres east and north of a point, true in distance and bearing from it (azimuthal equidistant)."""

    def project(xy: Floats) -> Floats:
        distance, bearing = inverse(lon, lat, xy[:, 0], xy[:, 1])
        angle = np.radians(bearing)
        return np.column_stack([distance * np.sin(angle), distance * np.cos(angle)])

    return shapely.make_valid(shapely.transform(shape, project))


def from_plane(shape: Any, lon: float, lat: float) -> Any:
    """The way back from ``to_plane``; cut at the antimeridian."""
    whole = shapely.Polygon()
    for part in _faces(shape):
        rings = [part.exterior, *part.interiors]
        for ring in rings:
            east, north = shapely.get_coordinates(ring)[:-1].T
            loop = polygons(*destination(lon, lat, np.degrees(np.arctan2(east, north)), np.hypot(east, north)))[0]
            whole = shapely.symmetric_difference(whole, shapely.make_valid(loop))
    return whole


def area_of(shape: Any) -> Any:
    """The Polygon or MultiPolygon in a shape, without the lines, points and slivers that cutting leaves."""
    faces = [part for part in _faces(shape) if part.area > 1e-14]
    return faces[0] if len(faces) == 1 else shapely.MultiPolygon(faces)


def _faces(shape: Any) -> Iterable[Any]:
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            yield part
        elif part.geom_type == "MultiPolygon":
            yield from part.geoms


def ellipse(lon: float, lat: float, along: float, across: float, bearing: float) -> Any:
    """An ellipse about a point with its semi-axes in metres, the first one turned to the bearing."""
    turned = np.radians(np.arange(360.0, 0.0, -5.0))
    distance = along * across / np.hypot(across * np.cos(turned), along * np.sin(turned))
    return from_polar(lon, lat, [(np.degrees(turned) + bearing, distance)])


def middle(shape: Any) -> tuple[float, float]:
    """The centre of a shape if that lies within it, else a point that does: lon, lat."""
    point = shape.centroid if shape.contains(shape.centroid) else shape.representative_point()
    return float(point.x), float(point.y)


def part_of(shape: Any, part: str) -> Any:
    """The half of a shape that lies towards a wind ("S"), seen from its centre; for "C" the middle half of its reach."""
    lon, lat = middle(shape)
    plane = to_plane(shape, lon, lat)
    far = 2.0 * reach(lon, lat, shape) + 1.0
    if part == "C":
        return from_plane(plane.intersection(shapely.Point(0.0, 0.0).buffer(far / 4.0)), lon, lat)
    side = shapely.affinity.rotate(shapely.box(-far, 0.0, far, far), -BEARINGS[part], origin=(0.0, 0.0))
    return from_plane(plane.intersection(side), lon, lat)


def reach(lon: float, lat: float, shape: Any) -> float:
    """Metres from a point to the farthest vertex of a shape; 0 for an empty one."""
    corners = shapely.get_coordinates(shape)
    return float(inverse(lon, lat, corners[:, 0], corners[:, 1])[0].max()) if len(corners) else 0.0


def area(shape: Any) -> float:
    """Square metres on the ellipsoid."""
    return abs(float(GEOD.geometry_area_perimeter(shapely.orient_polygons(shape))[0])) if not shape.is_empty else 0.0
