"""Geometries as RFC 7946 wants them: cut at the antimeridian, outer rings counter-clockwise, seven decimals, a bbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geomap.formats.bounds import Bounds
from geomap.formats.table import DECIMALS

Shapes = NDArray[Any]


def tidy(geometries: Sequence[Any]) -> Shapes:
    """Geometries (or None) ready for any file; an empty one becomes None."""
    shapes = np.array([*geometries, None], dtype=object)[:-1]  # the None keeps numpy from looking into geometries
    shapes[shapely.is_empty(shapes)] = None
    for index in np.flatnonzero(wraps(shapes)):
        shapes[index] = cut(shapes[index])
    shapes = shapely.transform(shapes, lambda points: np.round(points, DECIMALS) + 0.0)  # + 0.0: no "-0.0"
    broken = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    if broken.any():
        shapes[broken] = [_mended(shape) for shape in shapes[broken]]
    return np.asarray(shapely.orient_polygons(shapes), dtype=object)


def wraps(shapes: Shapes) -> NDArray[np.bool_]:
    """Which geometries leave -180..180, or have neighbours more than half the globe apart (but on a pole's edge)."""
    found = np.zeros(len(shapes), dtype=bool)
    parts, part_of = shapely.get_parts(shapes, return_index=True)
    rings, ring_of = shapely.get_rings(parts, return_index=True)
    lines = np.flatnonzero(shapely.get_type_id(parts) == 1)
    rings, ring_of = np.concatenate([rings, parts[lines]]), np.concatenate([ring_of, lines])
    points, point_of = shapely.get_coordinates(rings, return_index=True)
    if len(points):
        owner = part_of[ring_of[point_of]]
        found[owner[np.abs(points[:, 0]) > 180]] = True
        far = (np.abs(np.diff(points[:, 0])) > 180) & (np.diff(point_of) == 0)
        pole = (np.abs(points[:-1, 1]) == 90) & (np.abs(points[1:, 1]) == 90)
        found[owner[:-1][far & ~pole]] = True
    return found


def cut(shape: Any) -> Any:
    """One polygon or line, cut at the antimeridian, whichever way its rings turn."""
    import antimeridian  # rarely needed

    match shape.geom_type:
        case "Polygon":
            return _cut_polygon(antimeridian, shape)
        case "MultiPolygon":
            return shapely.union_all([_cut_polygon(antimeridian, part) for part in shape.geoms])
        case "LineString":
            return antimeridian.fix_line_string(shape, great_circle=False)
    return shape


def _cut_polygon(antimeridian: Any, polygon: Any) -> Any:
    rings = [_unwrapped(ring) for ring in (polygon.exterior, *polygon.interiors)]
    outer = rings[0]
    if outer[0, 0] != outer[-1, 0]:  # once round the globe: it holds a pole
        north = outer[:, 1].mean() > 0
        return antimeridian.fix_polygon(polygon, fix_winding=True, force_north_pole=north, force_south_pole=not north)
    for hole in rings[1:]:
        hole[:, 0] += 360 * np.round((outer[:, 0].mean() - hole[:, 0].mean()) / 360)
    return antimeridian.fix_polygon(shapely.orient_polygons(shapely.Polygon(outer, rings[1:])))


def _unwrapped(ring: Any) -> NDArray[np.float64]:
    """The ring's points with longitudes that never jump."""
    points: NDArray[np.float64] = shapely.get_coordinates(ring)
    points[:, 0] = np.round(np.unwrap(points[:, 0], period=360), 9)
    return points


def _mended(shape: Any) -> Any:
    """A valid geometry of the same dimension: rounding may have folded a sliver."""
    valid = shapely.make_valid(shape)
    if shapely.get_dimensions(shape) != 2:
        return valid
    areas = [part for part in shapely.get_parts(valid) if shapely.get_dimensions(part) == 2]
    return shapely.union_all(areas) if areas else shape


def multi(shapes: Shapes) -> Shapes:
    """Polygons as MultiPolygons, so that a layer has one type of geometry."""
    kinds = shapely.get_type_id(shapes)
    single = kinds == 3
    if single.any():
        shapes = shapes.copy()
        shapes[single] = [shapely.MultiPolygon([shape]) for shape in shapes[single]]
    return shapes


def single(shapes: Shapes) -> list[Any]:
    """The way back from ``multi``: a collection of one is that one."""
    alone = shapely.get_num_geometries(shapes) == 1
    return np.where(alone, shapely.get_geometry(shapes, 0), shapes).tolist()  # type: ignore[no-any-return]


def add_bounds(bounds: Bounds, shapes: Shapes) -> None:
    """Every part of tidy geometries, into the bounds of a file."""
    for west, south, east, north in shapely.bounds(shapely.get_parts(shapes)).tolist():
        bounds.add(west, south, east, north)


def bbox(shape: Any) -> list[float] | None:
    """The bbox of one tidy geometry."""
    bounds = Bounds()
    add_bounds(bounds, np.array([shape, None], dtype=object)[:1])
    return bounds.bbox
